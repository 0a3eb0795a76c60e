"""Rows in the order of names, sorted in portions: Python runs nothing else while it sorts one list."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import chain

import numpy as np

from whowas.domain.progress import Progress, watched
from whowas.domain.text_folding import folded
from whowas.projections.tables.arrays import Int32

_SORTED_AT_ONCE = 4_096
_LONGEST = 200
"""How many characters of a name count."""
_NUMBER = 8
"""How many digits stand for a row's number behind its name, so that rows of one name stay in their order."""
_NAMELESS = "\U0010ffff"
"""Sorts after every name."""


class NameOrder:
    """Takes rows one after the other; ``last`` are those that stand behind all others."""

    def __init__(self) -> None:
        self._first = _Sorting()
        self._last = _Sorting()

    def add(self, number: int, name: str, *, last: bool) -> None:
        """Take one more row."""
        (self._last if last else self._first).add(number, name)

    def numbers(self, progress: Progress) -> tuple[Int32, int]:
        """Return the numbers of the rows in order, and how many come before the last. Raises CancelledError."""
        total = len(self._first) + len(self._last)
        numbers = watched(chain(self._first.numbers(), self._last.numbers()), total, progress)
        return np.fromiter(numbers, dtype=np.int32, count=total), len(self._first)


class _Sorting:
    def __init__(self) -> None:
        self._keys: list[str] = []
        self._portions: list[list[str]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, number: int, name: str) -> None:
        self._keys.append(f"{folded(name[:_LONGEST]).strip() or _NAMELESS}\0{number:0{_NUMBER}d}")
        self._count += 1
        if len(self._keys) == _SORTED_AT_ONCE:
            self._end_portion()

    def numbers(self) -> Iterator[int]:
        self._end_portion()
        portions, self._portions = self._portions, []
        return (int(key[-_NUMBER:]) for key in heapq.merge(*portions))

    def _end_portion(self) -> None:
        self._keys.sort()
        self._portions.append(self._keys)
        self._keys = []
