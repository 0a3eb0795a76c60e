"""How the timeline looks: bars on a baseline over an axis, drawn once per width, history and theme."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from whowas.desktop.theme import Theme
from whowas.desktop.timeline_axis import Tick, ticks
from whowas.desktop.timeline_scale import TimeScale, bar_heights
from whowas.desktop.tints import mixed

BASELINE = 47
"""Where the bars stand, in pixels from the top; the axis is below."""
HEIGHT = 79
KNOB = 7.0
"""Radius of the handle's knob, without the rim that sets it off from the bars."""

_PITCH = 9
_BAR_GAP = 2
_TALLEST = 40
_LOWEST = 4
_CORNER = 2.0


@dataclass(frozen=True, slots=True)
class Bars:
    """``borders``: the x where each bin begins, and the end of the last; ``heights``: pixels, one per bin."""

    borders: tuple[int, ...]
    heights: tuple[int, ...]

    def end_of_bar_at(self, x: float) -> int:
        """Return where the bin that holds pixel ``x`` ends: what is drawn as having happened reaches so far."""
        place = int(np.searchsorted(self.borders, x, side="right"))
        return self.borders[min(place, len(self.borders) - 1)]


def bars_of(scale: TimeScale, events_before: npt.NDArray[np.int64]) -> Bars:
    """Bin the history for the width of ``scale``; ``events_before[k]`` counts the events of the first k steps."""
    left, width = round(scale.left), max(round(scale.right - scale.left), _PITCH)
    count = max(1, round(width / _PITCH))
    events = np.diff(events_before[scale.bins(count)])
    return Bars(
        borders=tuple(left + round(width * i / count) for i in range(count + 1)),
        heights=tuple(int(height) for height in bar_heights(events, _LOWEST, _TALLEST)),
    )


def axis_font(font: QFont) -> QFont:
    """Return the axis labels' font for a widget of ``font``."""
    small = QFont(font)
    small.setPixelSize(11)
    return small


class Picture:
    """One history at one size in one theme. Each layer is drawn when it is first asked for, and then kept."""

    def __init__(
        self,
        size: QSize,
        ratio: float,
        font: QFont,
        scale: TimeScale,
        events_before: npt.NDArray[np.int64],
        theme: Theme,
    ) -> None:
        """``size`` is in logical pixels, ``ratio`` the device's pixels in each; see ``bars_of`` for the events."""
        self.bars = bars_of(scale, events_before)
        self._size = size
        self._ratio = ratio
        self._font = axis_font(font)
        self._scale = scale
        self._marks = ticks(scale, QFontMetricsF(self._font).horizontalAdvance)
        self._theme = theme

    @cached_property
    def happened(self) -> QPixmap:
        """The timeline as it looks when all of it has happened."""
        accent, surface = self._theme.accent, self._theme.surface
        # On white, bars in the accent itself would look heavier than the words and buttons in it.
        return self._drawn(accent if self._theme.dark else mixed(accent.lighter(112), surface, 0.12))

    @cached_property
    def to_come(self) -> QPixmap:
        """The timeline as it looks when none of it has happened."""
        return self._drawn(mixed(self._theme.accent, self._theme.surface, 0.73))

    def _drawn(self, colour: QColor) -> QPixmap:
        left, right = self._scale.left, self._scale.right
        pixmap = QPixmap(self._size * self._ratio)
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(self._theme.surface)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(left, BASELINE, right - left, 2), self._theme.line)
        _draw_bars(painter, self.bars, QRectF(0, 0, self._size.width(), BASELINE), colour)
        painter.setFont(self._font)
        _draw_axis(painter, self._marks, self._theme)
        painter.end()
        return pixmap


def draw_handle(painter: QPainter, x: float, theme: Theme, focused: bool) -> None:
    """Draw the line and knob of the shown moment at pixel ``x``."""
    painter.fillRect(QRectF(round(x) - 1, 0, 2, BASELINE), theme.past)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = QPointF(x, BASELINE - 1)
    painter.setPen(QPen(theme.surface, 2.0))
    painter.setBrush(theme.past)
    painter.drawEllipse(centre, KNOB + 1, KNOB + 1)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.past, 2.0))
        painter.drawEllipse(centre, KNOB + 3, KNOB + 3)


def _draw_bars(painter: QPainter, bars: Bars, area: QRectF, colour: QColor) -> None:
    painter.save()
    painter.setClipRect(area)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for (begin, end), height in zip(pairwise(bars.borders), bars.heights, strict=True):
        if height:
            # The lower corners are rounded below the baseline, where the clip takes them away.
            bar = QRectF(begin, BASELINE - height, end - begin - _BAR_GAP, height + 2 * _CORNER)
            painter.drawRoundedRect(bar, _CORNER, _CORNER)
    painter.restore()


def _draw_axis(painter: QPainter, marks: list[Tick], theme: Theme) -> None:
    for mark in marks:
        painter.fillRect(QRectF(round(mark.x), BASELINE + 2, 1, 4), theme.line)
        painter.setPen(theme.muted)
        painter.drawText(QPointF(mark.label_x, BASELINE + 19), mark.text)
