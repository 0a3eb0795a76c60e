"""The part of the timeline in view: zooming, panning, and keeping a value in view."""

from __future__ import annotations

import numpy as np

from whowas.desktop.timeline.empty_stretches import LONG
from whowas.desktop.timeline.scale import WHOLE, Times, TimeScale, Window

NARROWEST = 1e-5
"""The smallest share of all steps that can be in view, by change."""
SHORTEST = 10_000.0
"""The shortest time that can be in view, by date, in microseconds."""


class PartInView:
    """The scale of a timeline with ``margin`` pixels at either side, and what changes it; pixels are the widget's."""

    def __init__(self, margin: int) -> None:
        self._margin = margin
        self._width = 2 * margin + 1
        self._occurred_at: Times = np.empty(0, dtype=np.int64)
        self._by_change = False
        self._window = WHOLE
        self._length = 0.0
        self._scale: TimeScale | None = None

    @property
    def scale(self) -> TimeScale:
        """The present scale."""
        if self._scale is None:
            left, right = float(self._margin), float(max(self._width - self._margin, self._margin + 1))
            self._scale = TimeScale(self._occurred_at, left, right, self._by_change, self._window)
        return self._scale

    @property
    def window(self) -> Window:
        """The part in view, as shares of the whole."""
        return self._window

    @property
    def by_change(self) -> bool:
        """Whether every step has the same width."""
        return self._by_change

    def set_history(self, occurred_at: Times) -> None:
        """Take other steps (UTC µs, ascending); by date, the same time stays in view, and now if it was in view."""
        before, window = self.scale, self._window
        self._occurred_at, self._scale = occurred_at, None
        if window != WHOLE and before.by_date and self.scale.by_date:
            begin, end = before.visible
            self._show_time(begin, self.scale.last if window[1] == WHOLE[1] else end)

    def set_width(self, width: int) -> None:
        """Set the width of the widget, in pixels."""
        if width != self._width:
            self._width, self._scale = width, None

    def set_by_change(self, by_change: bool) -> None:
        """Lay out the steps by change or by date, with all of them in view."""
        self._by_change = by_change
        self.show_all()

    def show_all(self) -> None:
        """Bring everything into view."""
        self._show(WHOLE)

    def zoom(self, factor: float, x: float) -> None:
        """Zoom in by ``factor``, or out if it is below 1; what is at pixel ``x`` stays approximately there."""
        scale = self.scale
        x = min(max(x, scale.left), scale.right)
        if not scale.by_date:
            self._show(zoomed(self._window, factor, (x - scale.left) / (scale.right - scale.left)))
            return
        here = scale.time_at(x)
        begin, end = (scale.time_at(x + (edge - x) / factor) for edge in (scale.left, scale.right))
        begin, end = self._closer(here, begin, end) if factor > 1 else self._further(begin, end)
        if end - begin >= SHORTEST:
            self._show_time(begin, end)
            self._length = _busy(self.scale)

    def pan(self, share: float) -> None:
        """Move the part in view by ``share`` of its length, but not beyond the ends of the timeline."""
        scale = self.scale
        if not scale.by_date:
            self._show(panned(self._window, share))
            return
        width = scale.right - scale.left
        way = min(share * width, max(scale.x_at(scale.last) - scale.right, 0.0))
        way = max(way, min(scale.x_at(scale.first) - scale.left, 0.0))
        if way:
            begin, end = scale.time_at(scale.left + way), scale.time_at(scale.right + way)
            begin, end = (self._across(begin), end) if way < 0 else (begin, self._across(end))
            self._show_time(begin, end)

    def bring_in(self, value: int) -> bool:
        """If ``value`` is out of view, move the part in view to have it in the middle; return whether it was."""
        if self._window == WHOLE:
            return False
        scale = self.scale
        x = scale.x_of(value)
        if scale.left - 6 <= x <= scale.right + 1:
            return False
        if not scale.by_date:
            self._show(panned(self._window, (x - scale.left) / (scale.right - scale.left) - 0.5))
            return True
        length = min(max(self._length, SHORTEST), scale.last - scale.first)
        middle = int(scale.occurred_at[max(value - 1, 0)])
        begin = min(max(middle - length / 2, scale.first), scale.last - length)
        self._show_time(begin, begin + length)
        return True

    def _closer(self, here: float, begin: float, end: float) -> tuple[float, float]:
        """Return the new part without empty stretches at its ends."""
        for before, after in self._scale_of(begin, end).idle:
            if before <= begin < after <= here:
                begin = after
            if here <= before < end <= after:
                end = before
        return begin, end

    def _further(self, begin: float, end: float) -> tuple[float, float]:
        """Return the new part, extended over empty stretches at its ends to the next step."""
        first, last = self.scale.visible
        return self._across(begin) if begin < first else begin, self._across(end) if end > last else end

    def _across(self, when_us: float) -> float:
        """Return the far end of the empty stretch around a time out of view, or the time itself."""
        scale, occurred_at = self.scale, self._occurred_at
        following = int(np.searchsorted(occurred_at, int(when_us), side="right"))
        if not 0 < following < len(occurred_at):
            return when_us
        before, after = int(occurred_at[following - 1]), int(occurred_at[following])
        if after - before <= LONG * _busy(scale):
            return when_us
        return before if when_us < scale.visible[0] else after

    def _scale_of(self, begin: float, end: float) -> TimeScale:
        scale = self.scale
        return TimeScale(self._occurred_at, scale.left, scale.right, window=self._shares(begin, end))

    def _shares(self, begin: float, end: float) -> Window:
        first, length = self.scale.first, self.scale.last - self.scale.first
        return max((begin - first) / length, 0.0), min((end - first) / length, 1.0)

    def _show_time(self, begin: float, end: float) -> None:
        low, high = self._shares(begin, end)
        self._show((low, high) if low < high else WHOLE)

    def _show(self, window: Window) -> None:
        self._window, self._scale = window, None


def zoomed(window: Window, factor: float, share: float) -> Window:
    """Return ``window`` divided by ``factor`` (wider below 1); the point at ``share`` of it stays there."""
    low, high = window
    length = min(max((high - low) / factor, NARROWEST), 1.0)
    return panned((low + share * ((high - low) - length), low + share * ((high - low) - length) + length), 0.0)


def panned(window: Window, share: float) -> Window:
    """Return ``window`` moved by ``share`` of its own length, but not beyond 0 and 1."""
    low, high = window
    length = high - low
    low = min(max(low + share * length, 0.0), 1.0 - length)
    return low, low + length


def _busy(scale: TimeScale) -> float:
    return float(sum(end - begin for begin, end in scale.busy))
