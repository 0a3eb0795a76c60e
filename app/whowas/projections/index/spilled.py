"""Large arrays in a file without a name: mapped, so that the system may take back the memory they hold."""

from __future__ import annotations

import mmap
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from whowas.projections.tables.arrays import Int32
from whowas.system import folders
from whowas.system.unfinished import unfinished_at


def spilled(folder: Path, pieces: Iterable[Int32]) -> Int32:
    """Write pieces one after the other into a file in ``folder``, and return all of them as one array that is mapped.

    The file is gone with the array, and with the process. Raises OSError, for example on a full disk, and where a file
    that is mapped cannot be removed.
    """
    if sys.platform == "win32":
        raise OSError("A file that is mapped cannot be removed.")
    with unfinished_at(folder / "spilled.bin") as path:
        with open(path, "xb", opener=folders.for_its_owner) as file:
            file.writelines(piece.data for piece in pieces)
        with path.open("rb") as file:
            mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(mapping, dtype=np.int32)
