"""Whether a path still leads to the file that was opened there: files are renamed, removed and replaced under us."""

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
"""Of an open file: at its path, no longer there, or another file has taken its place."""


SET_ASIDE = " set aside"

_ENDS_BESIDE = ("-wal", "-shm", "-journal")

_LOG_HEADER_BYTES = 32


class MovedFileError(StoreError):
    """The open file is not at its path any more, so nothing may be written: nobody would find it there."""


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What a file keeps while it is renamed: its volume, and its number there (the file id on Windows)."""

    device: int
    number: int


def identity_of(path: Path) -> FileIdentity | None:
    """Return the identity of the file at ``path``, None where there is none. Raises OSError."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return FileIdentity(found.st_dev, found.st_ino)


def beside(path: Path, suffix: str) -> Path:
    """Return where SQLite keeps one of the files that belong to the one at ``path``: beside what a link leads to."""
    # On Windows SQLite knows nothing of links.
    file = path if sys.platform == "win32" else path.resolve()
    return file.with_name(file.name + suffix)


def log_of(path: Path) -> Path:
    """Return where SQLite keeps the write-ahead log of the file at ``path``."""
    return beside(path, "-wal")


def kept_beside(path: Path) -> list[Path]:
    """Return the database that the file at ``path`` belongs to by its name, as a log or lock file; mostly none."""
    file = path.resolve()
    return [file.with_name(file.name.removesuffix(end)) for end in _ENDS_BESIDE if file.name.endswith(end)]


def has_pages(log: Path) -> bool:
    """Say whether there is a write-ahead log with anything to replay; one of no length often stays behind."""
    try:
        return log.stat().st_size > _LOG_HEADER_BYTES
    except FileNotFoundError:
        return False


def free_name_aside(log: Path) -> Path:
    """Return a name that nothing has yet for a log that belongs to another file than the one beside it."""
    numbers = ("" if number == 1 else f" {number}" for number in count(1))
    names = (log.with_name(f"{log.name}{SET_ASIDE}{number}") for number in numbers)
    return next(name for name in names if not name.exists())


def whereabouts(path: Path | str, opened: FileIdentity) -> Whereabouts:
    """Say where the file is that was opened at ``path``. Raises OSError."""
    # No object more than needed: this is asked before every save.
    try:
        found = os.stat(path)  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        return "gone"
    return "in place" if found.st_ino == opened.number and found.st_dev == opened.device else "replaced"


def require_in_place(path: Path | str, opened: FileIdentity) -> None:
    """Raise MovedFileError where the file that was opened at ``path`` is not there; OSError."""
    where = whereabouts(path, opened)
    if where == "gone":
        raise MovedFileError(f"“{Path(path).name}” is no longer in its folder, so nothing was written.")
    if where == "replaced":
        raise MovedFileError(f"Another file has taken the place of “{Path(path).name}”, so nothing was written.")


class HeldFiles:
    """The files that this process has connections to, counted.

    To open such a file by other means than SQLite, and close it, would lose the locks of all its connections on POSIX:
    another process would take the write-ahead log away under them.
    """

    def __init__(self) -> None:
        self._count: Counter[FileIdentity] = Counter()
        self._lock = Lock()

    def add(self, identity: FileIdentity) -> None:
        """Count one more connection."""
        with self._lock:
            self._count[identity] += 1

    def remove(self, identity: FileIdentity) -> None:
        """Count one less."""
        with self._lock:
            self._count[identity] -= 1
            if self._count[identity] <= 0:
                del self._count[identity]

    def holds(self, path: Path) -> bool:
        """Say whether there is a connection to the file at ``path``."""
        try:
            identity = identity_of(path)
        except OSError:
            return False
        return identity is not None and identity in self._count


held = HeldFiles()
