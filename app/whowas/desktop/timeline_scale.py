"""Where on the timeline a step lies, and which step lies under a pixel: plain arithmetic, no painting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Moments: TypeAlias = npt.NDArray[np.int64]
"""UTC microseconds, ascending."""
Counts: TypeAlias = npt.NDArray[np.integer[Any]]

BEGINNING_GAP = 5.0
"""How far left of the first step value 0 lies, in pixels: it needs a place of its own to be dragged to."""


@dataclass(frozen=True, slots=True, eq=False)
class TimeScale:
    """Lays steps over ``left..right`` (pixels) by date; steps that share one instant are spread evenly.

    A *value* is a place between steps: k means "after k steps", 0 the beginning, ``len(occurred_at)`` now.
    """

    occurred_at: Moments
    left: float
    right: float

    @property
    def steps(self) -> int:
        """How many steps there are; also the value that means now."""
        return len(self.occurred_at)

    @property
    def first(self) -> int:
        """The moment at ``left``; only asked for when there are steps."""
        return int(self.occurred_at[0])

    @property
    def last(self) -> int:
        """The moment at ``right``; only asked for when there are steps."""
        return int(self.occurred_at[-1])

    @property
    def by_date(self) -> bool:
        """Whether there is any span of time to lay out."""
        return self.steps > 1 and self.last > self.first

    def x_of(self, value: int) -> float:
        """Return the pixel at which ``value`` lies."""
        if value >= self.steps:
            return self.right
        if value <= 0:
            return self.left - BEGINNING_GAP
        if not self.by_date:
            return self.left + (self.right - self.left) * value / self.steps
        return self.x_at(int(self.occurred_at[value - 1]))

    def x_at(self, moment: int) -> float:
        """Return the pixel of a moment (UTC µs) between the first step and the last, of a scale that is by date."""
        return self.left + (self.right - self.left) * (moment - self.first) / (self.last - self.first)

    def value_at(self, x: float) -> int:
        """Return the value under pixel ``x``: 0 anywhere left of the first step, now at the right end."""
        # Half a pixel of grace: a click on the very pixel where a step was drawn must reach that step.
        share = (x + 0.5 - self.left) / max(self.right - self.left, 1.0)
        if share < 0 or not self.steps:
            return 0
        if x >= self.right - 0.5:
            return self.steps
        if not self.by_date:
            return round(share * self.steps)
        moment = self.first + int(share * (self.last - self.first))
        return int(np.searchsorted(self.occurred_at, moment, side="right"))

    def bins(self, count: int) -> npt.NDArray[np.intp]:
        """Return ``count + 1`` borders: bin i holds the steps ``borders[i]..borders[i + 1]`` (0-based, half open)."""
        if not self.by_date:
            return np.arange(count + 1, dtype=np.intp) * self.steps // count
        span = self.last - self.first
        edges = np.array([self.first + span * i // count for i in range(count)], dtype=np.int64)
        borders = np.searchsorted(self.occurred_at, edges, side="left")
        return np.append(borders, self.steps)


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
