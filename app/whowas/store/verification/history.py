"""The first step of verifying: every event and payload is as it was appended, by the hash chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from whowas.domain.errors import DamagedError
from whowas.domain.progress import Progress, watched
from whowas.store.chain import ChainedRow, Damage, Head, first_damage
from whowas.store.file import database
from whowas.store.read_rows import chained_rows
from whowas.store.soundness import UnsoundEventError, require_sound_row

_ERASURES = "SELECT stream, position FROM event NOT INDEXED WHERE type = 'UserErased'"
"""Read from the table itself: an index that is damaged must not make a payload seem to be missing."""


def damage_in_history(
    connection: sqlite3.Connection, path: Path, expected: Head | None, total: int, progress: Progress
) -> Damage | None:
    """Walk all of about ``total`` rows; return the first damage, or None. Raises StoreError or CancelledError."""
    last = 0

    def readable() -> Iterator[ChainedRow]:
        nonlocal last
        for row in watched(chained_rows(connection), total, progress):
            yield row
            require_sound_row(row[0])
            last = row[0][0]

    try:
        with database.sentences_for(path):
            return first_damage(readable(), expected, dict(connection.execute(_ERASURES)))
    except UnsoundEventError as error:
        return Damage(error.position or last + 1, error.reason)
    except DamagedError as error:
        if database.is_invalid_text(error.__cause__):
            return Damage(last + 1, "the event was altered: it holds text that is none")
        return Damage(last + 1, "it, or the disk that it is on, cannot be read from here on")
