"""Files on their way: each is made in a hidden folder beside its place, and what a killed program leaves is found.

A hidden folder is called ``.whowas-XXXXXXXX.new`` (8 hexadecimal digits, its key). The process that makes something in
it holds the lock of a file there, so that nobody takes it for abandoned. A register in the state folder names it for as
long as it is there: it may lie on any disk. Only where the register cannot be written it is found by its name alone.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from whowas.system import folders
from whowas.system.file_lock import made_and_locked

OWNER = ".whowas-owner"
"""The name of the file in a hidden folder whose lock is held by the process that works there."""

_NAME = re.compile(r"\.whowas-([0-9a-f]{8})\.new")
_ENTRY = re.compile(rb"([0-9]{1,20}) ([0-9]{1,40})\n([^\0]+)")
_MOST_TRIES = 10
"""Sweeping takes a moment and a key is made at random, so that the second try is one too many already."""


def key_of(name: str) -> str | None:
    """Return the key of the hidden folder that is called so, None if none is."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


def register() -> Path:
    """Return the folder of the register, which has an entry for each hidden folder, called by its key."""
    return folders.state() / "unfinished"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hidden folder lies, as the register has it.

    ``device`` and ``number`` identify the folder that it lies in, to tell one that is gone from one whose disk is not
    there.
    """

    folder: Path
    device: int
    number: int

    @classmethod
    def of(cls, folder: Path) -> Place:
        """Return the place of a hidden folder that need not be there yet. Raises OSError."""
        folder = Path(os.path.realpath(folder.parent), folder.name)
        around = folder.parent.stat()
        return cls(folder, around.st_dev, around.st_ino)

    def written(self) -> bytes:
        """Return what stands in the register."""
        return b"%d %d\n%s" % (self.device, self.number, os.fsencode(self.folder))

    @classmethod
    def read(cls, entry: bytes) -> Place:
        """Return the place that an entry names. Raises ValueError if it is none, or was not written to its end."""
        found = _ENTRY.fullmatch(entry)
        path = Path(os.fsdecode(found[3])) if found else Path()
        if found is None or not path.is_absolute() or key_of(path.name) is None:
            raise ValueError("not an entry of the register")
        return cls(path, int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class HiddenFolder:
    """A hidden folder of this process, which is its own until ``removed``, or until it ends."""

    path: Path
    _owner: int
    _entry: Path | None
    _entry_lock: int | None

    @classmethod
    def made_in(cls, parent: Path) -> HiddenFolder:
        """Make a hidden folder (mode 0700) in another one. Raises OSError."""
        for _ in range(_MOST_TRIES - 1):
            with suppress(FileExistsError, FileNotFoundError):
                return cls._made(parent, os.urandom(4).hex())
        return cls._made(parent, os.urandom(4).hex())

    @classmethod
    def _made(cls, parent: Path, key: str) -> HiddenFolder:
        path = parent / f".whowas-{key}.new"
        entry = _registered(path, key)
        try:
            path.mkdir(mode=0o700)
            path.chmod(0o700)  # a umask may take even the owner's rights
            owner = made_and_locked(path / OWNER)
        except BaseException:
            with suppress(OSError):
                path.rmdir()
            _unregister(path, *entry)
            raise
        return cls(path, owner, *entry)

    def remove(self) -> None:
        """Remove the folder with all that is in it; what cannot be removed is left to be swept."""
        if os.name == "nt":  # where an open file cannot be removed
            os.close(self._owner)
        shutil.rmtree(self.path, ignore_errors=True)
        if os.name != "nt":
            os.close(self._owner)
        _unregister(self.path, self._entry, self._entry_lock)


@contextmanager
def unfinished_at(target: Path) -> Iterator[Path]:
    """Yield a path, called like ``target`` and in its file system, at which to make what is to be renamed or linked.

    Whatever is still there at the end of the block is removed. Raises OSError.
    """
    folder = HiddenFolder.made_in(target.parent)
    try:
        yield folder.path / target.name
    finally:
        folder.remove()


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file (mode 0600), over one that may be there, whole or not at all. Raises OSError."""
    with unfinished_at(path) as new:
        with open(new, "xb", opener=folders.for_its_owner) as file:
            file.write(content)
        new.replace(path)


def _registered(folder: Path, key: str) -> tuple[Path | None, int | None]:
    """Name a hidden folder in the register before it is made; return the entry and its lock.

    It is not named where the register cannot be written, nor if it lies in another hidden one, with which it goes.
    """
    if any(key_of(around.name) for around in folder.parents):
        return None, None
    entry = register() / key
    with suppress(OSError):
        place = Place.of(folder).written()
        folders.private_folder(entry.parent)
        lock = made_and_locked(entry)
        try:
            os.write(lock, place)
        except OSError:
            os.close(lock)
            entry.unlink()
        else:
            return entry, lock
    return None, None


def _unregister(folder: Path, entry: Path | None, lock: int | None) -> None:
    """Let go of an entry of the register, and remove it if the folder is gone."""
    if entry is None or lock is None:
        return
    if os.name == "nt":
        os.close(lock)
    if not os.path.lexists(folder):
        with suppress(OSError):  # it is swept another time
            entry.unlink()
    if os.name != "nt":
        os.close(lock)
