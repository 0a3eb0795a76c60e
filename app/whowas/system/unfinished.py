"""Files on their way: each is made in a hidden folder beside its place, and what a killed program leaves is found.

The process that makes something in a hidden folder holds the lock of a file there, so that nobody takes the folder for
abandoned. A register in the state folder names it for as long as it is there: it may lie on any disk. Only where the
register cannot be written it is found by its name alone.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whowas.system import folders
from whowas.system.hidden_names import OWNER, key_of, name_of, new_key

_MOST_TRIES = 10
"""Sweeping takes a moment and a key is made at random, so that the second try is one too many already."""


class HiddenFolder:
    """A hidden folder of this process, at ``path``, which is its own until ``remove``, or until it ends."""

    # No dataclass: the window waits for this module.
    __slots__ = ("_entry", "_owner", "path")

    def __init__(self, path: Path, owner: int, entry: tuple[Path, int] | None) -> None:
        self.path = path
        self._owner = owner
        self._entry = entry

    @classmethod
    def made_in(cls, parent: Path) -> HiddenFolder:
        """Make a hidden folder (mode 0700) in another one. Raises OSError."""
        for _ in range(_MOST_TRIES - 1):
            with suppress(FileExistsError, FileNotFoundError):
                return cls._made(parent, new_key())
        return cls._made(parent, new_key())

    @classmethod
    def _made(cls, parent: Path, key: str) -> HiddenFolder:
        from whowas.system.file_lock import made_and_locked  # as long as nothing is written, nothing of it is needed
        from whowas.system.unfinished_register import registered, unregister

        path = parent / name_of(key)
        # What lies in another hidden folder goes with that.
        entry = None if any(key_of(around.name) for around in path.parents) else registered(path, key)
        try:
            path.mkdir(mode=0o700)
            path.chmod(0o700)  # a umask may take even the owner's rights
            owner = made_and_locked(path / OWNER)
        except BaseException:
            with suppress(OSError):
                path.rmdir()
            unregister(path, entry)
            raise
        return cls(path, owner, entry)

    def remove(self) -> None:
        """Remove the folder with all that is in it; what cannot be removed is left to be swept."""
        from whowas.system.unfinished_register import unregister

        if sys.platform == "win32":  # where an open file cannot be removed
            os.close(self._owner)
        shutil.rmtree(self.path, ignore_errors=True)
        if sys.platform != "win32":
            os.close(self._owner)
        unregister(self.path, self._entry)


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
