"""Mapping steps to pixels of the timeline and back: plain arithmetic, no painting."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from whowas.desktop.timeline.empty_stretches import empty_stretches

Times: TypeAlias = npt.NDArray[np.int64]
"""UTC microseconds, ascending."""
Counts: TypeAlias = npt.NDArray[np.integer[Any]]

BEGINNING_GAP = 5.0
"""The distance of value 0 to the left of the first step, in pixels, so that the handle can be dragged there."""

IDLE_SHARE = 0.03
"""The share of the width that each compressed empty stretch takes."""

Window: TypeAlias = tuple[float, float]
"""(begin, end) of the part of the timeline in view, as shares of its length, in time or in steps."""
WHOLE: Window = (0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class TimeScale:
    """Lays out the steps within ``window`` over ``left..right`` (pixels), by date or by change.

    By change, and if all steps share one instant, every step has the same width. By date, clearly empty stretches of
    the part in view are compressed. A *value* k is the moment after k steps: 0 is the beginning,
    ``len(occurred_at)`` is now.
    """

    occurred_at: Times
    left: float
    right: float
    by_change: bool = False
    window: Window = WHOLE
    _idle: tuple[tuple[int, int], ...] = field(init=False)
    _knots: tuple[float, ...] = field(init=False)
    """Times (by date) or values (by change) between which the scale is linear; ``_pixels`` are their pixels."""
    _pixels: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        length, start = (self.last - self.first, self.first) if self.by_date else (self.steps, 0)
        begin, end = (start + share * length for share in self.window)
        idle = []
        if self.by_date:
            begin, end = int(begin), max(int(end), int(begin) + 1)
            idle = empty_stretches(self.occurred_at, begin, end)
        knots = [float(begin), *(float(when_us) for stretch in idle for when_us in stretch), float(end)]
        object.__setattr__(self, "_idle", tuple(idle))
        object.__setattr__(self, "_knots", tuple(knots))
        object.__setattr__(self, "_pixels", tuple(_pixels_of(knots, self.left, self.right)))

    @property
    def steps(self) -> int:
        """The number of steps, which is also the value of now."""
        return len(self.occurred_at)

    @property
    def first(self) -> int:
        """When the first step occurred (UTC µs); there must be steps."""
        return int(self.occurred_at[0])

    @property
    def last(self) -> int:
        """When the last step occurred (UTC µs); there must be steps."""
        return int(self.occurred_at[-1])

    @property
    def by_date(self) -> bool:
        """Whether steps are laid out by date: not if by change was chosen, or if there is no span of time."""
        return not self.by_change and self.steps > 1 and self.last > self.first

    @property
    def visible(self) -> tuple[int, int]:
        """The times (UTC µs) at ``left`` and ``right``, for a scale by date."""
        return int(self._knots[0]), int(self._knots[-1])

    @property
    def idle(self) -> tuple[tuple[int, int], ...]:
        """(before, after) in UTC µs of each compressed stretch in view, for a scale by date."""
        return self._idle

    @property
    def busy(self) -> list[tuple[int, int]]:
        """(begin, end) in UTC µs of each stretch in view that is not compressed, for a scale by date."""
        times = [int(when_us) for when_us in self._knots]
        return list(zip(times[::2], times[1::2], strict=True))

    def x_of(self, value: int) -> float:
        """Return the x of ``value`` in pixels; outside ``left..right`` if it is out of view."""
        if not self.steps:
            return self.left - BEGINNING_GAP
        value = min(value, self.steps)
        if value <= 0:
            return _along(self.first if self.by_date else 0, self._knots, self._pixels) - BEGINNING_GAP
        return _along(int(self.occurred_at[value - 1]) if self.by_date else value, self._knots, self._pixels)

    def xs_of(self, values: Sequence[int]) -> npt.NDArray[np.float64]:
        """Return the x of each value (0 to the number of steps) in pixels; ±infinity for those out of view."""
        wanted = np.array(values, dtype=np.int64)
        keys = self.occurred_at[np.maximum(wanted - 1, 0)] if self.by_date else wanted
        xs = np.interp(keys, self._knots, self._pixels, left=-math.inf, right=math.inf)
        return np.where(wanted > 0, xs, xs - BEGINNING_GAP)

    def x_at(self, when_us: float) -> float:
        """Return the x of a time (UTC µs) in pixels, for a scale by date."""
        return _along(when_us, self._knots, self._pixels)

    def time_at(self, x: float) -> float:
        """Return the time (UTC µs) at pixel ``x``, for a scale by date; out of view, with the slope of busy time."""
        return _along(x, self._pixels, self._knots)

    def value_at(self, x: float) -> int:
        """Return the value at pixel ``x``: 0 anywhere left of the first step, now at the right end."""
        if not self.steps:
            return 0
        if x >= self.x_of(self.steps) - 0.5:
            return self.steps
        # Half a pixel of tolerance, so that a click on the pixel at which a step was drawn reaches that step.
        under = _along(x + 0.5, self._pixels, self._knots)
        if self.by_date:
            return int(np.searchsorted(self.occurred_at, int(under), side="right"))
        return max(round(under), 0)

    def step_at(self, x: float) -> int:
        """Return the step (from 1) that pixel ``x`` belongs to, 0 left of the first."""
        if self.by_date or not self.steps:
            return self.value_at(x)
        return min(max(math.ceil(_along(x, self._pixels, self._knots)), 0), self.steps)

    def bins(self, count: int) -> npt.NDArray[np.intp]:
        """Return ``count + 1`` borders: bin i holds the steps ``borders[i]..borders[i + 1]`` (0-based, half open)."""
        edges = np.interp(np.linspace(self.left, self.right, count + 1), self._pixels, self._knots)
        if not self.by_date:
            return np.rint(edges).astype(np.intp)
        borders = np.searchsorted(self.occurred_at, edges.astype(np.int64), side="left")
        if self.window[1] >= 1.0:
            borders[-1] = self.steps
        return borders


def _pixels_of(knots: list[float], left: float, right: float) -> list[float]:
    """Return the pixels of knots: every second interval between them is a compressed one."""
    lengths = [other - one for one, other in pairwise(knots)]
    idle = IDLE_SHARE * (right - left)
    wide = (right - left - idle * (len(lengths) // 2)) / max(sum(lengths[::2]), 1e-9)
    widths = [idle if number % 2 else length * wide for number, length in enumerate(lengths)]
    return [*accumulate(widths[:-1], initial=left), right]


def _along(wanted: float, inputs: tuple[float, ...], outputs: tuple[float, ...]) -> float:
    """Interpolate linearly from inputs to outputs; beyond their ends, extrapolate with the slope of busy time."""
    begin, end = min(max(wanted, inputs[0]), inputs[-1]), inputs[-1]
    if begin != wanted or wanted == end:
        steep = _busy(outputs) / max(_busy(inputs), 1e-9)
        return (outputs[-1] if begin == end else outputs[0]) + (wanted - begin) * steep
    index = bisect_right(inputs, wanted) - 1
    share = (wanted - inputs[index]) / (inputs[index + 1] - inputs[index])
    return outputs[index] + share * (outputs[index + 1] - outputs[index])


def _busy(borders: tuple[float, ...]) -> float:
    return sum(other - one for one, other in zip(borders[::2], borders[1::2], strict=True))


def bar_heights(events: npt.NDArray[np.int64], lowest: int, highest: int) -> npt.NDArray[np.int64]:
    """Return the height of each bin in pixels from its number of ``events``; 0 only for empty bins.

    Nearly linear up to the median and logarithmic beyond it, so that daily edits keep their shape and a single edit
    stays visible beside an import of a hundred thousand.
    """
    heights = np.zeros(len(events), dtype=np.int64)
    busy = events > 0
    if not busy.any():
        return heights
    relative = np.log1p(events[busy] / np.median(events[busy]))
    heights[busy] = np.maximum(lowest, np.rint(relative / relative.max() * highest).astype(np.int64))
    return heights
