"""The backups of a directory that Whowas made by itself: which there are, of what moment, and where each ends.

A backup is a file of its own, named by when and why it was made: ``2026-11-28 14.05.12 before import.whowas``. Beside
it lies its description, hidden. That only saves opening each file to list them: where it is missing, or the file is not
as described any more, the head is read from the file, and the backup counts as not verified.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_ISREG

import msgspec

from whowas.domain.errors import StoreError
from whowas.safekeeping import backup_places, left_behind
from whowas.store.chain import Head
from whowas.store.event_log import EventLog
from whowas.store.file.copies import end_of, migration_copies
from whowas.system import folders

DAILY = "daily"
BEFORE_IMPORT = "before import"
BEFORE_RESTORE = "before restoring everything"
BEFORE_UPGRADE = "before migration"
AFTER_ERASING = "after erasing"
BEFORE_SHARING = "before sharing"
"""Why a backup was made, as its name says it."""

_NAME = re.compile(r"(?P<when>\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d) (?P<why>[a-z ]+?)(?: \d+)?\.whowas")
_WHEN = "%Y-%m-%d %H.%M.%S"

_SETTLED_WITHIN_S = 2.0
"""File systems of removable disks keep when a file was written to two seconds."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is there.

    ``made_at`` is in UTC microseconds, ``size`` in bytes; ``head`` is None if the file cannot be read. ``verified``
    says that it was found whole when it was made, and was not written since. ``managed`` ones are made, thinned and
    named by Whowas; the others are copies that a migration left beside the directory, or what sharing left behind.
    """

    path: Path
    made_at: int
    size: int
    head: Head | None
    verified: bool
    reason: str
    managed: bool = True


class _Description(msgspec.Struct, frozen=True):
    """What is kept beside a backup; ``written`` is when its file was written last, in seconds since 1970."""

    made_at: int
    size: int
    written: float
    head: str | None
    verified: bool
    reason: str


def backups_of(directory: EventLog | str) -> list[Backup]:
    """Return the backups of a directory, given open or by its id, the newest first.

    Of an open one those belong to it that migrations left beside its file. What cannot be reached is left out.
    """
    if isinstance(directory, str):
        return _newest_first([*_managed_of(directory), *_left_by_sharing(directory)])
    beside: list[Path] = []
    with suppress(StoreError, OSError):
        beside = migration_copies(directory.path, lambda position, chain: directory.chain_at(position) == chain)
    shared = _left_by_sharing(directory.directory_id)
    return _newest_first([*_managed_of(directory.directory_id), *shared, *_left_beside(beside, BEFORE_UPGRADE)])


def backups_of_path(path: Path) -> list[Backup]:
    """Return the backups of the directory that was at ``path``, where its file is gone or cannot be opened."""
    ids: set[str] = set()
    for place in backup_places.places():
        with suppress(OSError):
            ids |= {backup_places.directory_of(folder) for folder in backup_places.folders_of_path(path, place)}
    beside: list[Path] = []
    with suppress(StoreError, OSError):
        beside = migration_copies(path, lambda _position, _chain: True)
    return _newest_first(
        [*(backup for one in sorted(ids) for backup in _managed_of(one)), *_left_beside(beside, BEFORE_UPGRADE)]
    )


def backups_in(folder: Path) -> list[Backup]:
    """Return the backups in a folder of theirs, in no order. Raises OSError."""
    found = (_found(path) for path in folder.glob(f"*{folders.SUFFIX}"))
    return [backup for backup in found if backup is not None]


def size_told(size: int) -> str:
    """Return a count of bytes as people read it, like "1.4 MB"."""
    if size < 1_000:
        return f"{size} bytes"
    for unit, of in (("kB", 1_000), ("MB", 1_000_000)):
        if size < 999.5 * of:
            return f"{size / of:.1f} {unit}" if size < 9.95 * of else f"{size / of:.0f} {unit}"
    return f"{size / 1_000_000_000:,.1f} GB"


def new_name(folder: Path, made_at: int, reason: str) -> Path:
    """Return a free path in ``folder`` for a backup made at ``made_at`` (UTC microseconds)."""
    stem = f"{datetime.fromtimestamp(made_at / 1_000_000).astimezone().strftime(_WHEN)} {reason}"
    path, number = folder / f"{stem}{folders.SUFFIX}", 1
    while path.exists() or path.is_symlink():
        number += 1
        path = folder / f"{stem} {number}{folders.SUFFIX}"
    return path


def described(path: Path, made_at: int, head: Head | None, reason: str, *, verified: bool) -> Backup:
    """Describe a backup that lies at ``path``, and keep that beside it where that is possible. Raises OSError."""
    status = path.stat()
    told = None if head is None else str(head)
    kept = _Description(made_at, status.st_size, status.st_mtime, told, verified, reason)
    # Not atomically: half a description is none, and is made again.
    with suppress(OSError), open(_description_of(path), "wb", opener=folders.for_its_owner) as file:
        file.write(msgspec.json.encode(kept))
    return Backup(path, made_at, status.st_size, head, verified, reason)


def delete(backup: Backup) -> None:
    """Delete a backup with its description and whatever SQLite left beside it. Raises OSError."""
    backup.path.unlink(missing_ok=True)
    for suffix in ("-wal", "-shm", "-journal"):
        backup.path.with_name(backup.path.name + suffix).unlink(missing_ok=True)
    _description_of(backup.path).unlink(missing_ok=True)


def forget_lost(folder: Path) -> None:
    """Delete the descriptions in a folder whose backups are gone. Raises OSError."""
    for description in folder.glob(f".*{folders.SUFFIX}.json"):
        if not folder.joinpath(description.name.removeprefix(".").removesuffix(".json")).exists():
            description.unlink(missing_ok=True)


def _newest_first(backups: list[Backup]) -> list[Backup]:
    return sorted(backups, key=lambda backup: (backup.made_at, backup.path.name), reverse=True)


def _managed_of(directory_id: str) -> list[Backup]:
    found: list[Backup] = []
    for place in backup_places.places():
        with suppress(OSError):
            for folder in backup_places.folders_of(directory_id, place):
                found += backups_in(folder)
    return found


def _left_by_sharing(directory_id: str) -> list[Backup]:
    return _left_beside(left_behind.of_directory(directory_id), BEFORE_SHARING)


def _left_beside(copies: list[Path], reason: str) -> list[Backup]:
    found: list[Backup] = []
    for path in copies:
        with suppress(OSError):
            if not path.name.startswith("."):  # an unfinished one
                status = path.stat()
                made_at = int(status.st_mtime * 1_000_000)
                found.append(Backup(path, made_at, status.st_size, _head(path), False, reason, managed=False))
    return found


def _found(path: Path) -> Backup | None:
    """Return the backup at ``path``, None if no file is there any more."""
    try:
        status = path.lstat()
    except OSError:
        return None
    if not S_ISREG(status.st_mode):
        return None
    kept = _description(path)
    if kept is not None and kept.size == status.st_size and abs(kept.written - status.st_mtime) <= _SETTLED_WITHIN_S:
        with suppress(ValueError):
            head = None if kept.head is None else Head.parse(kept.head)
            return Backup(path, kept.made_at, kept.size, head, kept.verified, kept.reason)
    made_at, reason = _from_name(path.name) or (int(status.st_mtime * 1_000_000), "")
    try:
        return described(path, made_at, _head(path), reason, verified=False)
    except OSError:
        return None


def _description_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.json")


def _description(path: Path) -> _Description | None:
    try:
        return msgspec.json.decode(_description_of(path).read_bytes(), type=_Description)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _from_name(name: str) -> tuple[int, str] | None:
    """Return when (UTC microseconds) and why a backup was made, by its name; None if that does not say."""
    named = _NAME.fullmatch(name)
    if named is None:
        return None
    try:
        made_at = datetime.strptime(named["when"], _WHEN).astimezone()
        return int(made_at.timestamp() * 1_000_000), named["why"]
    except (ValueError, OverflowError):
        return None


def _head(path: Path) -> Head | None:
    """Return where the directory in a file ends that nobody writes to; None if that cannot be read."""
    try:
        return end_of(path)
    except (StoreError, OSError):
        return None
