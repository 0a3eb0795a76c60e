"""Backups: copies of a directory that are verified before they get their name."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, part_of, unwatched
from whowas.store.event_log import EventLog
from whowas.store.file.copies import copy_file, make_copy


class DamagedBackupError(StoreError):
    """The directory that was to be copied is damaged."""


def back_up(source: Path, target: Path, progress: Progress = unwatched) -> int:
    """Copy a directory to ``target`` (mode 0600, never over anything) and verify the copy; return its last position.

    ``progress`` is that of verifying. Raises CancelledError, DamagedBackupError, or StoreError; ``target`` is then left
    as it was.
    """
    return copy_file(source, target, partial(_verified, progress))


def save_copy(log: EventLog, target: Path, progress: Progress = unwatched) -> int:
    """Copy an open directory to ``target`` as ``back_up`` does, even if its file was moved or removed meanwhile.

    Commits that other programs made after the file was moved may be missing. Raises as ``back_up`` does, and
    CancelledError.
    """
    copying, verifying = part_of(progress, 0, 2), part_of(progress, 1, 2)
    return make_copy(target, lambda unfinished: log.copy_into(unfinished, copying), partial(_verified, verifying))


def save_clean_copy(log: EventLog, target: Path, progress: Progress = unwatched) -> int:
    """Copy an open directory as ``save_copy`` does, without the traces of erased users that may be left in its file."""
    return make_copy(target, log.copy_clean_into, partial(_verified, progress))


def _verified(progress: Progress, path: Path) -> int:
    with closing(EventLog.open(path)) as log:
        damage, position = log.verify(progress=progress), log.head().position
    if damage is not None:
        where = "" if damage.position is None else f" at position {damage.position}"
        raise DamagedBackupError(f"The directory is damaged{where} ({damage.reason}), so it was not copied.")
    return position
