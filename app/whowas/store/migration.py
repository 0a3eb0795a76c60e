"""Bringing a directory file to the newest schema, after a verified copy."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from whowas.store.backup import back_up
from whowas.store.event_log import EventLog
from whowas.store.file.copies import migration_copy
from whowas.store.file.schema import SCHEMA_VERSION


def migrate(log: EventLog) -> Path | None:
    """Bring a directory file to the newest schema and return the copy made before that; None where it has it already.

    Raises StoreError where it cannot be copied beside itself, or altered; then it is as it was.
    """
    if log.schema_version == SCHEMA_VERSION:
        return None
    copy: Path | None = None
    try:
        with log.writing() as transaction:
            if log.schema_version == SCHEMA_VERSION:
                return None
            # First, because a file that may only be read says so here; nobody sees it before the copy is there.
            transaction.migrate()
            name = migration_copy(log.path)
            back_up(log.path, name)
            copy = name
    except BaseException:
        if copy is not None:
            with suppress(OSError):  # what happened before it is told
                copy.unlink()
        raise
    return copy
