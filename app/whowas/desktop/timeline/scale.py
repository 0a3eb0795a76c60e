"""Where on the timeline a step lies, and which step lies under a pixel: plain arithmetic, no painting."""

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

Moments: TypeAlias = npt.NDArray[np.int64]
"""UTC microseconds, ascending."""
Counts: TypeAlias = npt.NDArray[np.integer[Any]]

BEGINNING_GAP = 5.0
"""How far left of the first step value 0 lies, in pixels: it needs a place of its own to be dragged to."""

IDLE_SHARE = 0.03
"""The share of the width that is left of a stretch that is clearly empty."""

Window: TypeAlias = tuple[float, float]
"""The part of the timeline in view, as shares of its length, in time or in steps: begin and end."""
WHOLE: Window = (0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class TimeScale:
    """Lays the part of the steps that is in ``window`` over ``left..right`` (pixels), by date or by change.

    By change every step is as wide as any other, and so they are where all share one instant. By date what is clearly
    empty of the part in view is compressed. A *value* is a place between steps: k means "after k steps", 0 the
    beginning, ``len(occurred_at)`` now.
    """

    occurred_at: Moments
    left: float
    right: float
    by_change: bool = False
    window: Window = WHOLE
    _idle: tuple[tuple[int, int], ...] = field(init=False)
    _knots: tuple[float, ...] = field(init=False)
    """Moments (by date) or values (by change) between which it runs evenly; ``_places`` are their pixels."""
    _places: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        length, start = (self.last - self.first, self.first) if self.by_date else (self.steps, 0)
        begin, end = (start + share * length for share in self.window)
        idle = []
        if self.by_date:
            begin, end = int(begin), max(int(end), int(begin) + 1)
            idle = empty_stretches(self.occurred_at, begin, end)
        knots = [float(begin), *(float(moment) for stretch in idle for moment in stretch), float(end)]
        object.__setattr__(self, "_idle", tuple(idle))
        object.__setattr__(self, "_knots", tuple(knots))
        object.__setattr__(self, "_places", tuple(_places(knots, self.left, self.right)))

    @property
    def steps(self) -> int:
        """How many steps there are; also the value that means now."""
        return len(self.occurred_at)

    @property
    def first(self) -> int:
        """The moment of the first step; only asked for when there are steps."""
        return int(self.occurred_at[0])

    @property
    def last(self) -> int:
        """The moment of the last step; only asked for when there are steps."""
        return int(self.occurred_at[-1])

    @property
    def by_date(self) -> bool:
        """Whether steps lie at their dates: not where that is not wanted, or where there is no span of time."""
        return not self.by_change and self.steps > 1 and self.last > self.first

    @property
    def visible(self) -> tuple[int, int]:
        """The moments at ``left`` and ``right``, of a scale that is by date."""
        return int(self._knots[0]), int(self._knots[-1])

    @property
    def idle(self) -> tuple[tuple[int, int], ...]:
        """The stretches in view that are compressed: the moments before and after each, of a scale by date."""
        return self._idle

    @property
    def busy(self) -> list[tuple[int, int]]:
        """The stretches in view that are not compressed, of a scale by date."""
        moments = [int(moment) for moment in self._knots]
        return list(zip(moments[::2], moments[1::2], strict=True))

    def x_of(self, value: int) -> float:
        """Return the pixel at which ``value`` lies, beyond ``left`` or ``right`` where that is out of view."""
        if not self.steps:
            return self.left - BEGINNING_GAP
        value = min(value, self.steps)
        if value <= 0:
            return _along(self.first if self.by_date else 0, self._knots, self._places) - BEGINNING_GAP
        return _along(int(self.occurred_at[value - 1]) if self.by_date else value, self._knots, self._places)

    def xs_of(self, values: Sequence[int]) -> npt.NDArray[np.float64]:
        """Return the pixels at which values lie (0 to the number of steps), infinitely far off where out of view."""
        wanted = np.array(values, dtype=np.int64)
        keys = self.occurred_at[np.maximum(wanted - 1, 0)] if self.by_date else wanted
        places = np.interp(keys, self._knots, self._places, left=-math.inf, right=math.inf)
        return np.where(wanted > 0, places, places - BEGINNING_GAP)

    def x_at(self, moment: float) -> float:
        """Return the pixel of a moment (UTC µs), of a scale that is by date."""
        return _along(moment, self._knots, self._places)

    def moment_at(self, x: float) -> float:
        """Return the moment (UTC µs) at a pixel, of a scale by date; out of view time runs as where it is busy."""
        return _along(x, self._places, self._knots)

    def value_at(self, x: float) -> int:
        """Return the value under pixel ``x``: 0 anywhere left of the first step, now at the right end."""
        if not self.steps:
            return 0
        if x >= self.x_of(self.steps) - 0.5:
            return self.steps
        # Half a pixel of grace: a click on the very pixel where a step was drawn must reach that step.
        under = _along(x + 0.5, self._places, self._knots)
        if self.by_date:
            return int(np.searchsorted(self.occurred_at, int(under), side="right"))
        return max(round(under), 0)

    def step_at(self, x: float) -> int:
        """Return the step (from 1) that pixel ``x`` belongs to, 0 left of the first."""
        if self.by_date or not self.steps:
            return self.value_at(x)
        return min(max(math.ceil(_along(x, self._places, self._knots)), 0), self.steps)

    def bins(self, count: int) -> npt.NDArray[np.intp]:
        """Return ``count + 1`` borders: bin i holds the steps ``borders[i]..borders[i + 1]`` (0-based, half open)."""
        edges = np.interp(np.linspace(self.left, self.right, count + 1), self._places, self._knots)
        if not self.by_date:
            return np.rint(edges).astype(np.intp)
        borders = np.searchsorted(self.occurred_at, edges.astype(np.int64), side="left")
        if self.window[1] >= 1.0:
            borders[-1] = self.steps
        return borders


def _places(knots: list[float], left: float, right: float) -> list[float]:
    """Return the pixels of knots: every other length between them is one that is drawn short."""
    lengths = [other - one for one, other in pairwise(knots)]
    idle = IDLE_SHARE * (right - left)
    wide = (right - left - idle * (len(lengths) // 2)) / max(sum(lengths[::2]), 1e-9)
    widths = [idle if number % 2 else length * wide for number, length in enumerate(lengths)]
    return [*accumulate(widths[:-1], initial=left), right]


def _along(wanted: float, inputs: tuple[float, ...], outputs: tuple[float, ...]) -> float:
    """Return the output at an input, between the nearest two or, out of view, as steep as where it is busy in view."""
    begin, end = min(max(wanted, inputs[0]), inputs[-1]), inputs[-1]
    if begin != wanted or wanted == end:
        steep = _busy(outputs) / max(_busy(inputs), 1e-9)
        return (outputs[-1] if begin == end else outputs[0]) + (wanted - begin) * steep
    place = bisect_right(inputs, wanted) - 1
    share = (wanted - inputs[place]) / (inputs[place + 1] - inputs[place])
    return outputs[place] + share * (outputs[place + 1] - outputs[place])


def _busy(borders: tuple[float, ...]) -> float:
    return sum(other - one for one, other in zip(borders[::2], borders[1::2], strict=True))


def bar_heights(events: npt.NDArray[np.int64], lowest: int, highest: int) -> npt.NDArray[np.int64]:
    """Return the height in pixels for bins of so many ``events``; 0 only where nothing happened.

    Nearly linear up to the usual bin and logarithmic beyond it, so that daily edits keep their shape and a
    single edit stays visible beside an import of a hundred thousand.
    """
    heights = np.zeros(len(events), dtype=np.int64)
    busy = events > 0
    if not busy.any():
        return heights
    relative = np.log1p(events[busy] / np.median(events[busy]))
    heights[busy] = np.maximum(lowest, np.rint(relative / relative.max() * highest).astype(np.int64))
    return heights
