"""The register of hidden folders, in the state folder: an entry for each, called by its key, that says where it lies.

The process that works in a hidden folder holds the lock of its entry, from before the folder is made until it is gone.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from whowas.system import folders
from whowas.system.file_lock import made_and_locked
from whowas.system.hidden_names import key_of

_ENTRY = re.compile(rb"([0-9]{1,20}) ([0-9]{1,40})\n([^\0]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hidden folder lies.

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


def register() -> Path:
    """Return the folder of the register; it need not be there."""
    return folders.state() / "unfinished"


def registered(folder: Path, key: str) -> tuple[Path, int] | None:
    """Name a hidden folder in the register before it is made; return its entry and the lock of that.

    None is returned where the register cannot be written.
    """
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
    return None


def unregister(folder: Path, entry: tuple[Path, int] | None) -> None:
    """Let go of an entry, and remove it if the hidden folder is gone."""
    if entry is None:
        return
    path, lock = entry
    if sys.platform == "win32":  # where an open file cannot be removed
        os.close(lock)
    if not os.path.lexists(folder):
        with suppress(OSError):  # it is swept another time
            path.unlink()
    if sys.platform != "win32":
        os.close(lock)
