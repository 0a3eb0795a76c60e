"""The values of the timeline that one steps along: all of them, or those of the changes that count."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from whowas.projections.tables.arrays import Int32


class Stops:
    """Values from 0 to ``last``; where only some count, ``some`` are these (ascending, from 1).

    Looked up by bisecting: NumPy's own search would first widen all of them to the width of a Python number.
    """

    def __init__(self) -> None:
        self.last = 0
        self.some: Int32 | None = None

    def before(self, value: int) -> int | None:
        """Return the nearest below ``value``; None where there is none, and the beginning is none where some count."""
        if self.some is None:
            return value - 1 if value > 0 else None
        place = bisect_left(self.some, value)
        return int(self.some[place - 1]) if place else None

    def after(self, value: int) -> int | None:
        """Return the nearest above ``value``; None where there is none."""
        if self.some is None:
            return value + 1 if value < self.last else None
        place = bisect_right(self.some, value)
        return int(self.some[place]) if place < len(self.some) else None

    def further(self, value: int, count: int) -> int:
        """Return the one so many above ``value``, below where ``count`` is negative, or the last on the way there."""
        for _ in range(abs(count)):
            stop = self.after(value) if count > 0 else self.before(value)
            if stop is None:
                break
            value = stop
        return value

    def nearest(self, value: int, begin: int, end: int) -> int:
        """Return the last one of ``begin..end`` up to ``value``, or the first above it, or ``value``."""
        value = min(max(value, begin), end)
        below, above = self.before(value + 1), self.after(value)
        if below is not None and below >= begin:
            return below
        return above if above is not None and above <= end else value
