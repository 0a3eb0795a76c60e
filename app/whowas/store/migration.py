"""Bringing a directory file to the newest schema, after a verified copy."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from whowas.store.backup import back_up
from whowas.store.event_log import EventLog
from whowas.store.file.copies import migration_copy
from whowas.store.file.schema import SCHEMA_VERSION


def migrate(log: EventLog) -> Path | None:
    """Bring a directory file to the newest schema; return the copy made before that, or None if nothing was to be done.

    Raises StoreError when the file cannot be copied beside itself, or altered; it is then as it was.
    """
    if log.schema_version == SCHEMA_VERSION:
        return None
    copy: Path | None = None
    try:
        with log.writing() as transaction:
            if log.schema_version == SCHEMA_VERSION:
                return None
            # First, because a read-only file fails here. Nothing is committed before the copy is finished.
            transaction.migrate()
            name = migration_copy(log.path)
            back_up(log.path, name)
            copy = name
    except BaseException:
        if copy is not None:
            with suppress(OSError):  # the error that led here is reported instead
                copy.unlink()
        raise
    return copy
