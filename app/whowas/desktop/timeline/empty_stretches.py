"""Which stretches of time are clearly empty: long beside the busy time around them."""

from __future__ import annotations

import numpy as np

from whowas.projections.tables.arrays import Int64

MOST = 8
"""More than so many are a rhythm of their own, which is left as it is."""
LONG = 0.5
"""A stretch is empty where it is longer than this share of all that is busy."""
_CLEARLY = 2.0
"""It is clearly so where it is so many times as long as the longest that is left."""
_LOOKED_FOR = 16
"""Stretches shorter than this part of the busy time are none, however many there are."""
_ENOUGH = 64


def empty_stretches(occurred_at: Int64, begin: int, end: int) -> list[tuple[int, int]]:
    """Return the moments before and after each stretch of ``begin..end`` that is clearly empty, in their order.

    All in UTC microseconds, ``occurred_at`` ascending. Takes no longer for more steps than it takes to find them.
    """
    place, beyond = np.searchsorted(occurred_at, begin), np.searchsorted(occurred_at, end, side="right")
    if beyond - place < 2:
        return []
    first, last = int(occurred_at[place]), int(occurred_at[beyond - 1])
    found = sorted(_long_ones(occurred_at, first, last), key=lambda stretch: stretch[0] - stretch[1])
    empty, longest = _chosen(found, first, last)
    if not longest:
        return []
    return [
        *([(begin, first)] if first - begin > longest else []),
        *empty,
        *([(last, end)] if end - last > longest else []),
    ]


def _chosen(found: list[tuple[int, int]], first: int, last: int) -> tuple[list[tuple[int, int]], float]:
    """Choose as many of the stretches ``found``, the longest first, as are clearly longer than what is then left.

    Return them in their order, and the length above which any other would be so too.
    """
    lengths = [after - before for before, after in found]
    count = min(MOST, len(found))
    while True:
        empty = sorted(found[:count])
        busy = _between(empty, first, last)
        longest_left = lengths[count] if count < len(lengths) else 0
        longest = max(LONG * sum(after - before for before, after in busy), _CLEARLY * longest_left)
        # Steps that stand alone are no busy time, and between them nothing is clearly empty.
        if not count or (2 * len(busy) >= count and lengths[count - 1] > longest > 0):
            return empty, longest
        count -= 1


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
    """Return the stretches of the parts, which begin and end with steps, that more than ``length`` of nothing fills.

    Such a stretch holds one of the points that lie half of it apart, so that only steps beside these are looked at.
    """
    points = np.concatenate([np.arange(begin, end, length / 2) for begin, end in parts]).astype(np.int64)
    following = np.minimum(np.searchsorted(occurred_at, points, side="right"), len(occurred_at) - 1)
    # Ascending already; np.unique would cost a start-up the import of masked arrays.
    following = following[np.diff(following, prepend=-1) > 0]
    before, after = occurred_at[following - 1], occurred_at[following]
    wanted = after - before > length
    return list(zip(before[wanted].tolist(), after[wanted].tolist(), strict=True))
