"""A zone map: the least and the greatest number of every block of an array, so that few blocks need be looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whowas.projections.tables.arrays import Int32, Int64

BLOCK = 4_096
"""Numbers in a block, a power of two."""


class ZoneMap:
    """Finds numbers in an array that never changes.

    Where they stand roughly in order, as the moments at which rows begin do, looking for some takes looking at a few
    blocks; where they stand in none, at all of them.
    """

    def __init__(self, values: Int32) -> None:
        """Look at every number once: a millisecond for a million."""
        self._values = values
        whole = len(values) // BLOCK * BLOCK
        blocks = values[:whole].reshape(-1, BLOCK)
        rest = [values[whole:]] if whole < len(values) else []
        self._least: Int32 = np.array([*blocks.min(axis=1), *(part.min() for part in rest)], dtype=np.int32)
        self._greatest: Int32 = np.array([*blocks.max(axis=1), *(part.max() for part in rest)], dtype=np.int32)

    def where(self, wanted: Sequence[int]) -> Int64:
        """Return the places of numbers (0 or more) that are among ``wanted``, ascending."""
        sought = np.unique(np.array(wanted, dtype=np.int32))
        below = np.searchsorted(sought, self._least, side="left")
        through = np.searchsorted(sought, self._greatest, side="right")
        blocks = np.flatnonzero(below < through)
        if not len(blocks):
            return np.zeros(0, dtype=np.int64)
        # By looking up, in a table with a False at either end for whatever lies outside of it.
        first = int(sought[0]) - 1
        among = np.zeros(int(sought[-1]) - first + 2, dtype=np.bool_)
        among[sought - first] = True
        found = [np.zeros(0, dtype=np.int64)]
        for block in blocks.tolist():
            start = block * BLOCK
            found.append(np.flatnonzero(among.take(self._values[start : start + BLOCK] - first, mode="clip")) + start)
        return np.concatenate(found)
