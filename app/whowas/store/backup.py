"""Backups: copies of a directory that are verified before anybody relies on them."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, unwatched
from whowas.store.event_log import EventLog
from whowas.store.file.copies import copy_file, make_copy, migration_copy
from whowas.store.file.schema import SCHEMA_VERSION


class DamagedBackupError(StoreError):
    """What was to be copied is damaged."""


def back_up(source: Path, target: Path) -> int:
    """Copy a directory to ``target`` (mode 0600, never over anything) and verify the copy; return its last position.

    Raises DamagedBackupError, or StoreError; then there is nothing at ``target`` that was not there before.
    """
    return copy_file(source, target, _verified)


def save_copy(log: EventLog, target: Path, progress: Progress = unwatched) -> int:
    """Copy all that an open directory holds to ``target``, wherever its own file is by now, as ``back_up`` does.

    What was committed by others after the file was moved may be elsewhere. Raises as ``back_up`` does, and
    CancelledError.
    """
    return make_copy(target, lambda unfinished: log.copy_into(unfinished, progress), _verified)


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


def _verified(path: Path) -> int:
    with closing(EventLog.open(path)) as log:
        damage, position = log.verify(), log.head().position
    if damage is not None:
        sentence = f"The directory is damaged at position {damage.position} ({damage.reason}), so it was not copied."
        raise DamagedBackupError(sentence)
    return position
