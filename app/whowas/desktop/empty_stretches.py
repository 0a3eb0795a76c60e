"""Which stretches of time are clearly empty: long beside the busy time around them."""

from __future__ import annotations

from typing import Any

import numpy as np

from whowas.projections.steps import Int64

MOST = 10
"""More than so many are a rhythm of their own, which is left as it is."""

_LONG = 0.5
"""A stretch is empty where it is longer than this share of all that is busy."""
_CLEARLY = 2.0
"""It is clearly so where it is so many times as long as the longest that is left."""
_LOOKED_FOR = 16
"""Stretches shorter than this part of the busy time are none, however many there are."""
_ENOUGH = 64

Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]


def empty_stretches(occurred_at: Int64, begin: int, end: int) -> list[tuple[int, int]]:
    """Return the moments before and after each stretch of ``begin..end`` that is clearly empty, in their order.

    All in UTC microseconds, ``occurred_at`` ascending. Takes no longer for more steps than it takes to find them.
    """
    found = _long_ones(occurred_at, begin, end)
    found.sort(key=lambda stretch: stretch[0] - stretch[1])
    lengths = [after - before for before, after in found]
    for count in range(min(MOST, len(found)), 0, -1):
        busy = end - begin - sum(lengths[:count])
        longest_left = lengths[count] if count < len(lengths) else 0
        if 0 < busy and lengths[count - 1] > max(_LONG * busy, _CLEARLY * longest_left):
            return sorted(found[:count])
    return []


def _long_ones(occurred_at: Int64, begin: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches without a step that are long beside what is left, or rather too many of them."""
    found: list[tuple[int, int]] = []
    while len(found) < _ENOUGH:
        busy = _between(found, begin, end)
        limit = sum(after - before for before, after in busy) / _LOOKED_FOR
        more = _longer_than(occurred_at, busy, limit) if limit >= 1 else []
        if not more:
            break
        found = sorted(found + more)
    return found


def _between(stretches: list[tuple[int, int]], begin: int, end: int) -> list[tuple[int, int]]:
    """Return what of ``begin..end`` lies around the stretches, where it has any length."""
    borders = [begin, *(moment for stretch in stretches for moment in stretch), end]
    return [(one, other) for one, other in zip(borders[::2], borders[1::2], strict=True) if other > one]


def _longer_than(occurred_at: Int64, parts: list[tuple[int, int]], length: float) -> list[tuple[int, int]]:
    """Return the stretches of the parts that more than ``length`` of nothing fills.

    Such a stretch holds one of the points that lie half of it apart, so that only steps beside these are looked at.
    """
    points = [np.arange(begin, end, length / 2) for begin, end in parts]
    counts = [len(some) for some in points]
    first, last = (np.repeat(np.array(ends, dtype=np.int64), counts) for ends in zip(*parts, strict=True))
    following = np.searchsorted(occurred_at, np.concatenate(points).astype(np.int64), side="right")
    known = len(occurred_at) - 1
    before = np.where(following > 0, occurred_at[np.clip(following - 1, 0, known)], first)
    after = np.where(following <= known, occurred_at[np.clip(following, 0, known)], last)
    before, after = np.maximum(before, first), np.minimum(after, last)
    # Ascending already; np.unique would cost a start-up the import of masked arrays.
    wanted = (after - before > length) & (np.diff(before, prepend=before[0] - 1) > 0)
    return list(zip(before[wanted].tolist(), after[wanted].tolist(), strict=True))
