"""The values of the timeline at which stepping stops: all of them, or those after the changes that count."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from whowas.projections.tables.arrays import Int32


class Stops:
    """The values from 0 to ``last``, or only those in ``some`` (ascending, from 1) if it is not None.

    Looked up with bisect, because NumPy's search would first convert the whole array to a wider type.
    """

    def __init__(self) -> None:
        self.last = 0
        self.some: Int32 | None = None

    def before(self, value: int) -> int | None:
        """Return the nearest stop below ``value``, or None; 0 is a stop only if all values are."""
        if self.some is None:
            return value - 1 if value > 0 else None
        index = bisect_left(self.some, value)
        return int(self.some[index - 1]) if index else None

    def after(self, value: int) -> int | None:
        """Return the nearest stop above ``value``, or None."""
        if self.some is None:
            return value + 1 if value < self.last else None
        index = bisect_right(self.some, value)
        return int(self.some[index]) if index < len(self.some) else None

    def skip(self, value: int, count: int) -> int:
        """Return the stop ``count`` stops above ``value``, or below it if negative; at most the outermost stop."""
        for _ in range(abs(count)):
            stop = self.after(value) if count > 0 else self.before(value)
            if stop is None:
                break
            value = stop
        return value

    def nearest(self, value: int, begin: int, end: int) -> int:
        """Return the last stop of ``begin..end`` up to ``value``, else the first one above it, else ``value``."""
        value = min(max(value, begin), end)
        below, above = self.before(value + 1), self.after(value)
        if below is not None and below >= begin:
            return below
        return above if above is not None and above <= end else value
