"""Where on the timeline a step lies, and which step lies under a pixel: plain arithmetic, no painting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Moments: TypeAlias = npt.NDArray[np.int64]
"""UTC microseconds, ascending."""
Counts: TypeAlias = npt.NDArray[np.integer[Any]]

BEGINNING_GAP = 5.0
"""How far left of the first step value 0 lies, in pixels: it needs a place of its own to be dragged to."""

IDLE_FROM = 0.25
"""An empty stretch longer than this share of the whole span is compressed."""
IDLE_SHARE = 0.03
"""The share of the width that is left of it."""

Window: TypeAlias = tuple[float, float]
"""The part of the timeline in view, as shares of its length: begin and end."""
WHOLE: Window = (0.0, 1.0)
NARROWEST = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class TimeScale:
    """Lays the part of the steps that is in ``window`` over ``left..right`` (pixels), by date or by change.

    By change every step is as wide as any other. By date empty stretches are compressed, and steps that share one
    instant are spread evenly. A *value* is a place between steps: k means "after k steps", 0 the beginning,
    ``len(occurred_at)`` now. A *share* is a place from 0 (the first step) to 1 (the last).
    """

    occurred_at: Moments
    left: float
    right: float
    by_change: bool = False
    window: Window = WHOLE
    _moments: npt.NDArray[np.float64] = field(init=False)
    _shares: npt.NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        moments, shares = _laid_out(self.occurred_at)
        object.__setattr__(self, "_moments", moments)
        object.__setattr__(self, "_shares", shares)

    @property
    def steps(self) -> int:
        """How many steps there are; also the value that means now."""
        return len(self.occurred_at)

    @property
    def first(self) -> int:
        """The moment of the first step; only asked for when there are steps."""
        return int(self.occurred_at[0])

    @property
    def by_date(self) -> bool:
        """Whether steps lie at their dates: not where that is not wanted, or where there is no span of time."""
        return not self.by_change and self.steps > 1 and int(self.occurred_at[-1]) > self.first

    @property
    def visible(self) -> tuple[int, int]:
        """The moments at ``left`` and ``right``, of a scale that is by date."""
        return self.moment_at(self.window[0]), self.moment_at(self.window[1])

    @property
    def busy_share(self) -> float:
        """How much of the visible span of time is not compressed, as a share of that span."""
        first, last = self.visible
        idle = sum(min(end, last) - max(begin, first) for begin, end in self.idle() if begin < last and end > first)
        return max(1.0 - idle / max(last - first, 1), 0.01)

    def idle(self) -> list[tuple[int, int]]:
        """Return the empty stretches that are compressed: the moments before and after each, of a scale by date."""
        if not self.by_date:
            return []
        inner = [int(moment) for moment in self._moments[1:-1]]
        return list(zip(inner[::2], inner[1::2], strict=True))

    def x_of(self, value: int) -> float:
        """Return the pixel at which ``value`` lies, beyond ``left`` or ``right`` where that is out of view."""
        if not self.steps or value <= 0:
            return self._x(0.0) - BEGINNING_GAP
        return self._x(self._share_of(min(value, self.steps)))

    def x_at(self, moment: int) -> float:
        """Return the pixel of a moment (UTC µs) between the first step and the last, of a scale that is by date."""
        return self._x(float(np.interp(moment, self._moments, self._shares)))

    def moment_at(self, share: float) -> int:
        """Return the moment (UTC µs) that lies at ``share`` of the timeline, of a scale that is by date."""
        return int(np.interp(share, self._shares, self._moments))

    def value_at(self, x: float) -> int:
        """Return the value under pixel ``x``: 0 anywhere left of the first step, now at the right end."""
        if not self.steps:
            return 0
        low, high = self.window
        # Half a pixel of grace: a click on the very pixel where a step was drawn must reach that step.
        share = low + (x + 0.5 - self.left) / max(self.right - self.left, 1.0) * (high - low)
        if share < 0:
            return 0
        if x >= self._x(1.0) - 0.5:
            return self.steps
        if not self.by_date:
            return round(share * self.steps)
        return int(np.searchsorted(self.occurred_at, self.moment_at(share), side="right"))

    def bins(self, count: int) -> npt.NDArray[np.intp]:
        """Return ``count + 1`` borders: bin i holds the steps ``borders[i]..borders[i + 1]`` (0-based, half open)."""
        low, high = self.window
        shares = np.linspace(low, high, count + 1)
        if not self.by_date:
            return np.rint(shares * self.steps).astype(np.intp)
        edges = np.interp(shares, self._shares, self._moments).astype(np.int64)
        borders = np.searchsorted(self.occurred_at, edges, side="left")
        if high >= 1.0:
            borders[-1] = self.steps
        return borders

    def _x(self, share: float) -> float:
        low, high = self.window
        return self.left + (self.right - self.left) * (share - low) / (high - low)

    def _share_of(self, value: int) -> float:
        if not self.by_date:
            return value / self.steps
        if value == self.steps:
            return 1.0
        return float(np.interp(int(self.occurred_at[value - 1]), self._moments, self._shares))


def zoomed(window: Window, factor: float, share: float) -> Window:
    """Return ``window`` made narrower by ``factor`` (wider below 1); what lies at ``share`` of it stays there."""
    low, high = window
    length = min(max((high - low) / factor, NARROWEST), 1.0)
    return panned((low + share * ((high - low) - length), low + share * ((high - low) - length) + length), 0.0)


def panned(window: Window, share: float) -> Window:
    """Return ``window`` moved by ``share`` of its own length, as far as there is timeline."""
    low, high = window
    length = high - low
    low = min(max(low + share * length, 0.0), 1.0 - length)
    return low, low + length


def _laid_out(occurred_at: Moments) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return moments and their shares, ascending both, between which time runs evenly."""
    if len(occurred_at) < 2 or occurred_at[-1] <= occurred_at[0]:
        return np.zeros(1), np.zeros(1)
    span = float(occurred_at[-1] - occurred_at[0])
    idle = _idle_after(occurred_at, span * IDLE_FROM)
    borders = np.column_stack((occurred_at[idle], occurred_at[idle + 1])).ravel()
    moments = np.concatenate((occurred_at[:1], borders, occurred_at[-1:])).astype(np.float64)
    lengths = np.diff(moments)
    busy = lengths[::2].sum()
    if busy <= 0:
        return moments[[0, -1]], np.array([0.0, 1.0])
    shares = np.empty(len(lengths))
    shares[1::2] = IDLE_SHARE
    shares[::2] = lengths[::2] / busy * (1.0 - IDLE_SHARE * len(idle))
    return moments, np.concatenate(([0.0], np.cumsum(shares)[:-1], [1.0]))


def _idle_after(occurred_at: Moments, length: float) -> npt.NDArray[np.intp]:
    """Return the steps (0-based) that more than ``length`` of nothing follows.

    Such a stretch holds one of the points that lie half of it apart, so that only steps beside these are looked at.
    """
    points = np.arange(occurred_at[0], occurred_at[-1], max(length / 2, 1.0))
    following = np.searchsorted(occurred_at, points.astype(np.int64), side="right")
    # Ascending already; np.unique would cost a start-up the import of masked arrays.
    before = following[(following < len(occurred_at)) & (np.diff(following, prepend=-1) > 0)] - 1
    return before[occurred_at[before + 1] - occurred_at[before] > length]


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
