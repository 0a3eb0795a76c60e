"""Verifying all of a directory file, in three steps: the history, the storage, and the streams of events.

Each step relies on the one before it: whether events follow each other can only be asked of events as they were
written, and user by user only where the index by user is whole.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from whowas.domain.errors import DamagedError
from whowas.domain.progress import Progress, part_of
from whowas.store.chain import Damage, Head
from whowas.store.file import database
from whowas.store.verification.history import damage_in_history
from whowas.store.verification.storage import damage_in_storage
from whowas.store.verification.streams import damage_in_streams

_STEPS = 3


def whole_damage(
    connection: sqlite3.Connection, path: Path, expected: Head | None, progress: Progress
) -> Damage | None:
    """Return what is wrong first with the file at ``path``, or None. Call it within one read transaction.

    ``expected`` is a head taken earlier. Raises CancelledError, or StoreError where the disk fails.
    """
    events = _last_position(connection)
    damage = damage_in_history(connection, path, expected, events, part_of(progress, 0, _STEPS))
    if damage is not None:
        return damage
    try:
        with database.sentences_for(path):
            damage = damage_in_storage(connection, events, part_of(progress, 1, _STEPS))
            if damage is not None:
                return damage
            (directory_id,) = connection.execute("SELECT value FROM directory WHERE key = 'id'").fetchone()
            return damage_in_streams(connection, directory_id, events, part_of(progress, 2, _STEPS))
    except DamagedError:
        return Damage(None, "something beside the history, or the disk that it is on, cannot be read")


def _last_position(connection: sqlite3.Connection) -> int:
    """Return the last position, or 0 where it cannot be read: walking the history finds where the damage begins."""
    try:
        (position,) = connection.execute("SELECT coalesce(max(position), 0) FROM event").fetchone()
    except sqlite3.DatabaseError:
        return 0
    return position if isinstance(position, int) else 0
