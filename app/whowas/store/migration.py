"""Bringing a directory file to a schema in which somebody can be erased, after a verified copy."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from whowas.store.backup import back_up
from whowas.store.event_log import EventLog
from whowas.store.file.copies import migration_copy
from whowas.store.file.schema import ERASABLE


def migrate(log: EventLog, copied: Callable[[EventLog], Path]) -> Path | None:
    """Bring a file of schema 1 to schema 2; return the copy made before that, or None if nothing was to be done.

    ``copied`` makes the copy, verifies it and returns its path; it may use nothing of the log but its path and id, as
    the log is being written. Raises StoreError when the file cannot be copied, or altered; it is then as it was.
    """
    if log.schema_version >= ERASABLE:
        return None
    copy: Path | None = None
    try:
        with log.writing() as transaction:
            if log.schema_version >= ERASABLE:
                return None
            # First, because a read-only file fails here. Nothing is committed before the copy is finished.
            transaction.migrate()
            copy = copied(log)
    except BaseException:
        if copy is not None:
            with suppress(OSError):  # the error that led here is reported instead
                copy.unlink()
        raise
    return copy


def copy_beside(log: EventLog) -> Path:
    """Copy a directory file beside itself and verify the copy; return its path. Raises StoreError."""
    name = migration_copy(log.path)
    back_up(log.path, name)
    return name
