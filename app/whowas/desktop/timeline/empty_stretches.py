"""Finding stretches of time without steps that are long compared with the busy time around them."""

from __future__ import annotations

import numpy as np

from whowas.projections.tables.arrays import Int64

MOST = 8
"""The maximum number of empty stretches: if there are more, they are a pattern that the timeline should show."""
LONG = 0.5
"""A stretch is empty if it is longer than this share of all busy time."""
_CLEARLY = 2.0
"""And it is clearly empty if it is this many times as long as the longest remaining stretch without a step."""
_LOOKED_FOR = 16
"""Stretches shorter than the busy time divided by this number are not considered."""
_ENOUGH = 64
"""The search for long stretches stops after this many."""


def empty_stretches(occurred_at: Int64, begin: int, end: int) -> list[tuple[int, int]]:
    """Return (before, after) of each stretch of ``begin..end`` that is clearly empty, in ascending order.

    All times are UTC microseconds, ``occurred_at`` ascending. Steps are found by bisection, so many take hardly longer.
    """
    start, beyond = np.searchsorted(occurred_at, begin), np.searchsorted(occurred_at, end, side="right")
    if beyond - start < 2:
        return []
    first, last = int(occurred_at[start]), int(occurred_at[beyond - 1])
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
    """Choose the longest stretches of ``found`` (in descending length) that are clearly longer than the rest.

    Return them in ascending order, and the length above which another stretch would be empty too.
    """
    lengths = [after - before for before, after in found]
    count = min(MOST, len(found))
    while True:
        empty = sorted(found[:count])
        busy = _between(empty, first, last)
        longest_left = lengths[count] if count < len(lengths) else 0
        longest = max(LONG * sum(after - before for before, after in busy), _CLEARLY * longest_left)
        # Isolated steps are not busy time, and nothing between them is clearly empty.
        if not count or (2 * len(busy) >= count and lengths[count - 1] > longest > 0):
            return empty, longest
        count -= 1


def _long_ones(occurred_at: Int64, begin: int, end: int) -> list[tuple[int, int]]:
    """Return all stretches without a step that are long compared with the rest, and perhaps some shorter ones."""
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
    """Return the parts of ``begin..end`` outside the stretches that are not of length 0."""
    borders = [begin, *(when_us for stretch in stretches for when_us in stretch), end]
    return [(one, other) for one, other in zip(borders[::2], borders[1::2], strict=True) if other > one]


def _longer_than(occurred_at: Int64, parts: list[tuple[int, int]], length: float) -> list[tuple[int, int]]:
    """Return the stretches without a step inside ``parts`` that are longer than ``length``.

    The parts begin and end with steps. A stretch of that length contains at least one of a series of points half a
    ``length`` apart, so only the steps next to these points are examined.
    """
    points = np.concatenate([np.arange(begin, end, length / 2) for begin, end in parts]).astype(np.int64)
    following = np.minimum(np.searchsorted(occurred_at, points, side="right"), len(occurred_at) - 1)
    # They are ascending; np.unique is not used because it imports masked arrays, which would slow the start down.
    following = following[np.diff(following, prepend=-1) > 0]
    before, after = occurred_at[following - 1], occurred_at[following]
    wanted = after - before > length
    return list(zip(before[wanted].tolist(), after[wanted].tolist(), strict=True))
