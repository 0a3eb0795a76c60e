"""Rows that are about one user, as arrays: a list may have a million rows, all of them about a few users."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np


class Groups:
    """The groups of rows that have several, called by their first; ``parents`` leads each row there, over others."""

    def __init__(self, parents: Sequence[int]) -> None:
        firsts = np.array(parents, dtype=np.int32)
        while (nearer := firsts[firsts]).tobytes() != firsts.tobytes():
            firsts = nearer
        self._sizes = np.bincount(firsts, minlength=len(firsts)).astype(np.int32)
        grouped = np.flatnonzero(self._sizes[firsts] > 1).astype(np.int32)
        self._rows = grouped[np.argsort(firsts[grouped], kind="stable")]
        self._firsts = firsts[self._rows]

    def __contains__(self, first: int) -> bool:
        return bool(self._sizes[first] > 1)

    def __getitem__(self, first: int) -> list[int]:
        """Return the rows of a group, in their order."""
        begin = int(np.searchsorted(self._firsts, first))
        numbers: list[int] = self._rows[begin : begin + int(self._sizes[first])].tolist()
        return numbers

    def __iter__(self) -> Iterator[list[int]]:
        for first in np.flatnonzero(self._sizes > 1).tolist():
            yield self[first]

    def later(self) -> bytearray:
        """Return for each row whether it is one behind the first of its group."""
        flags = np.zeros(len(self._sizes), dtype=np.uint8)
        flags[self._rows[self._rows != self._firsts]] = 1
        return bytearray(flags.tobytes())
