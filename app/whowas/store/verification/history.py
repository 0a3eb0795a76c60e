"""The first step of verifying: every event and payload is as it was appended, by the hash chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from whowas.domain.errors import DamagedError
from whowas.domain.progress import Progress, watched
from whowas.store.chain import ChainedRow, Damage, Head, first_damage
from whowas.store.file import database, schema
from whowas.store.read_rows import SELECT_CHAINED, chained_rows
from whowas.store.soundness import UnsoundEventError, require_sound_row

_ERASURES_IN_TABLE = "SELECT stream, position FROM event NOT INDEXED WHERE type = 'UserErased'"


def damage_in_history(
    connection: sqlite3.Connection, path: Path, expected: Head | None, total: int, progress: Progress
) -> Damage | None:
    """Walk all of about ``total`` rows; return the first damage, or None. Raises StoreError or CancelledError."""
    last = 0

    def readable() -> Iterator[ChainedRow]:
        nonlocal last
        for row in watched(chained_rows(connection.execute(SELECT_CHAINED)), total, progress):
            yield row
            require_sound_row(row[0])
            last = row[0][0]

    try:
        with database.sentences_for(path):
            hides = bool(connection.execute(f"SELECT {schema.HIDES}").fetchone()[0])
            return first_damage(readable(), expected, _erasures(connection), hides_passwords=hides)
    except UnsoundEventError as error:
        return Damage(error.position or last + 1, error.reason)
    except DamagedError as error:
        if database.is_invalid_text(error.__cause__):
            return Damage(last + 1, "the event was altered: it holds text that is none")
        return Damage(last + 1, "it, or the disk that it is on, cannot be read from here on")


def _erasures(connection: sqlite3.Connection) -> dict[bytes, int]:
    """Return the stored ids of the streams of erased users, with the position of their erasure.

    Read from the table itself where possible: a damaged index must not make a payload seem to be missing.
    """
    try:
        return dict(connection.execute(_ERASURES_IN_TABLE))
    except sqlite3.DatabaseError:  # walking the rows finds where that is
        return dict(connection.execute(schema.SELECT_ERASURES))
