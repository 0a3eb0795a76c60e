"""Where on the timeline a step lies, and which step lies under a pixel: plain arithmetic, no painting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from whowas.desktop.empty_stretches import empty_stretches

Moments: TypeAlias = npt.NDArray[np.int64]
"""UTC microseconds, ascending."""
Counts: TypeAlias = npt.NDArray[np.integer[Any]]
Pixels: TypeAlias = npt.NDArray[np.float64]

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
    _knots: Pixels = field(init=False)
    """Moments (by date) or values (by change) between which it runs evenly; ``_places`` are their pixels."""
    _places: Pixels = field(init=False)

    def __post_init__(self) -> None:
        length, start = (self.last - self.first, self.first) if self.by_date else (self.steps, 0)
        begin, end = (start + share * length for share in self.window)
        idle = []
        if self.by_date:
            begin, end = int(begin), max(int(end), int(begin) + 1)
            idle = empty_stretches(self.occurred_at, begin, end)
        knots = np.array([begin, *(moment for stretch in idle for moment in stretch), end], dtype=np.float64)
        lengths = np.diff(knots)
        shares = np.full(len(lengths), IDLE_SHARE)
        shares[::2] = lengths[::2] / max(lengths[::2].sum(), 1e-9) * (1.0 - IDLE_SHARE * len(idle))
        places = self.left + (self.right - self.left) * np.concatenate(([0.0], np.cumsum(shares)))
        places[-1] = self.right
        object.__setattr__(self, "_idle", tuple(idle))
        object.__setattr__(self, "_knots", knots)
        object.__setattr__(self, "_places", places)

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
        moments = self._knots.astype(np.int64).tolist()
        return list(zip(moments[::2], moments[1::2], strict=True))

    def x_of(self, value: int) -> float:
        """Return the pixel at which ``value`` lies, beyond ``left`` or ``right`` where that is out of view."""
        return float(self.xs_of([value])[0])

    def xs_of(self, values: Sequence[int]) -> Pixels:
        """Return the pixels at which values lie, see ``x_of``."""
        wanted = np.clip(np.asarray(values, dtype=np.int64), 0, self.steps)
        if self.by_date:
            places = self._laid(self.occurred_at[np.maximum(wanted - 1, 0)], self._knots, self._places)
        elif self.steps:
            places = self._laid(wanted, self._knots, self._places)
        else:
            places = np.full(len(wanted), self.left)
        return np.where(wanted == 0, places - BEGINNING_GAP, places)

    def x_at(self, moment: float) -> float:
        """Return the pixel of a moment (UTC µs), of a scale that is by date."""
        return float(self._laid(np.array([moment]), self._knots, self._places)[0])

    def moment_at(self, x: float) -> float:
        """Return the moment (UTC µs) at a pixel, of a scale by date; out of view time runs as where it is busy."""
        return float(self._laid(np.array([x]), self._places, self._knots)[0])

    def value_at(self, x: float) -> int:
        """Return the value under pixel ``x``: 0 anywhere left of the first step, now at the right end."""
        if not self.steps:
            return 0
        if x >= self.x_of(self.steps) - 0.5:
            return self.steps
        # Half a pixel of grace: a click on the very pixel where a step was drawn must reach that step.
        under = self.moment_at(x + 0.5)
        if self.by_date:
            return int(np.searchsorted(self.occurred_at, int(under), side="right"))
        return max(round(under), 0)

    def step_at(self, x: float) -> int:
        """Return the step (from 1) that pixel ``x`` belongs to, 0 left of the first."""
        if self.by_date or not self.steps:
            return self.value_at(x)
        return min(max(math.ceil(self.moment_at(x)), 0), self.steps)

    def bins(self, count: int) -> npt.NDArray[np.intp]:
        """Return ``count + 1`` borders: bin i holds the steps ``borders[i]..borders[i + 1]`` (0-based, half open)."""
        edges = self._laid(np.linspace(self.left, self.right, count + 1), self._places, self._knots)
        if not self.by_date:
            return np.rint(edges).astype(np.intp)
        borders = np.searchsorted(self.occurred_at, edges.astype(np.int64), side="left")
        if self.window[1] >= 1.0:
            borders[-1] = self.steps
        return borders

    def _laid(self, wanted: npt.NDArray[Any], inputs: Pixels, outputs: Pixels) -> Pixels:
        """Return the outputs for what is wanted, beyond the ends as steep as between the knots where it is busy."""
        laid: Pixels = np.interp(wanted, inputs, outputs)
        steep = np.diff(outputs)[::2].sum() / max(np.diff(inputs)[::2].sum(), 1e-9)
        before, beyond = np.minimum(wanted - inputs[0], 0.0), np.maximum(wanted - inputs[-1], 0.0)
        found: Pixels = laid + (before + beyond) * steep
        return found


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
