"""Checking that a path still leads to the file that was opened there, as files get renamed, removed and replaced."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Literal

from whowas.domain.errors import StoreError

Whereabouts = Literal["in place", "gone", "replaced"]
"""Where an open file is: at its path, no longer there, or replaced by another file."""


SET_ASIDE = " set aside"

_ENDS_BESIDE = ("-wal", "-shm", "-journal")

_LOG_HEADER_BYTES = 32


class MovedFileError(StoreError):
    """The open file is no longer at its path, so nothing may be written: nobody would find it."""


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What identifies a file across renames: its volume, and its inode number there (the file id on Windows)."""

    device: int
    number: int


def identity_of(path: Path) -> FileIdentity | None:
    """Return the identity of the file at ``path``, None if there is no file. Raises OSError."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return FileIdentity(found.st_dev, found.st_ino)


def beside(path: Path, suffix: str) -> Path:
    """Return the path of SQLite's companion file with ``suffix``: beside the target, if ``path`` is a symbolic link."""
    # On Windows SQLite does not resolve links.
    file = path if sys.platform == "win32" else path.resolve()
    return file.with_name(file.name + suffix)


def log_of(path: Path) -> Path:
    """Return the path of the write-ahead log of the file at ``path``."""
    return beside(path, "-wal")


def kept_beside(path: Path) -> list[Path]:
    """Return the database whose log or lock file ``path`` would be, judging by its name; usually an empty list."""
    file = path.resolve()
    return [file.with_name(file.name.removesuffix(end)) for end in _ENDS_BESIDE if file.name.endswith(end)]


def has_pages(log: Path) -> bool:
    """Return whether there is a write-ahead log with anything to replay; an empty one often stays behind."""
    try:
        return log.stat().st_size > _LOG_HEADER_BYTES
    except FileNotFoundError:
        return False


def free_name_aside(log: Path) -> Path:
    """Return a free path to which a log can be renamed that belongs to another file than the one beside it."""
    numbers = ("" if number == 1 else f" {number}" for number in count(1))
    names = (log.with_name(f"{log.name}{SET_ASIDE}{number}") for number in numbers)
    return next(name for name in names if not name.exists())


def whereabouts(path: Path | str, opened: FileIdentity) -> Whereabouts:
    """Return where the file is that was opened at ``path``. Raises OSError."""
    # os.stat and no Path or FileIdentity, because this runs before every save.
    try:
        found = os.stat(path)  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        return "gone"
    return "in place" if found.st_ino == opened.number and found.st_dev == opened.device else "replaced"


def require_in_place(path: Path | str, opened: FileIdentity) -> None:
    """Raise MovedFileError if the file that was opened at ``path`` is no longer there, or OSError."""
    where = whereabouts(path, opened)
    if where == "gone":
        raise MovedFileError(f"“{Path(path).name}” is no longer in its folder, so nothing was written.")
    if where == "replaced":
        raise MovedFileError(f"Another file has taken the place of “{Path(path).name}”, so nothing was written.")


class HeldFiles:
    """Counts the connections of this process to each file.

    On POSIX, opening such a file by other means than SQLite, and closing it, drops the locks of all its connections:
    another process could then delete the write-ahead log while it is in use.
    """

    def __init__(self) -> None:
        self._count: Counter[FileIdentity] = Counter()
        self._lock = Lock()

    def add(self, identity: FileIdentity) -> None:
        """Count one more connection to a file."""
        with self._lock:
            self._count[identity] += 1

    def remove(self, identity: FileIdentity) -> None:
        """Count one connection less."""
        with self._lock:
            self._count[identity] -= 1
            if self._count[identity] <= 0:
                del self._count[identity]

    def holds(self, path: Path) -> bool:
        """Return whether this process has a connection to the file at ``path``."""
        try:
            identity = identity_of(path)
        except OSError:
            return False
        return identity is not None and identity in self._count


held = HeldFiles()
