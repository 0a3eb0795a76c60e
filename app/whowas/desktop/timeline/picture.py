"""Painting the timeline: bars on a baseline above an axis, drawn once for each width, history and theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from whowas.desktop.kit import icons
from whowas.desktop.kit.theme import Theme
from whowas.desktop.kit.tints import mixed
from whowas.desktop.timeline.axis import Tick, ticks
from whowas.desktop.timeline.markers import SIGN, Sign
from whowas.desktop.timeline.scale import Counts, TimeScale, bar_heights
from whowas.projections.tables.arrays import Int32

BASELINE = 47
"""The y of the bottom of the bars, in pixels from the top; the axis is below."""
HEIGHT = 79
KNOB = 7.0
"""Radius of the handle's knob in pixels, without the rim around it."""

_PITCH = 9
_BAR_GAP = 2
_TALLEST = 40
_LOWEST = 4
_CORNER = 2.0
_PALENESS = 0.73


@dataclass(frozen=True, slots=True)
class Bars:
    """``borders``: the x of each bin's left edge, and of the last one's right edge; ``heights``: pixels, one per bin.

    ``parts`` divides each height into the pixels for created, changed and removed, from the baseline up.
    ``steps``: bin i holds the steps ``steps[i]..steps[i + 1]`` (0-based, half open).
    """

    borders: tuple[int, ...]
    heights: tuple[int, ...]
    parts: tuple[tuple[int, int, int], ...]
    steps: tuple[int, ...]

    def end_of_bar_at(self, x: float) -> int:
        """Return the right edge of the bin at pixel ``x``, up to which bars are drawn as having happened."""
        border = int(np.searchsorted(self.borders, x, side="right"))
        return self.borders[min(border, len(self.borders) - 1)]

    def steps_at(self, x: float) -> tuple[int, int] | None:
        """Return the first and last step (from 1) of the bar at pixel ``x``, or None if there is no bar."""
        bin_ = int(np.searchsorted(self.borders, x, side="right")) - 1
        if not 0 <= bin_ < len(self.heights) or not self.heights[bin_]:
            return None
        return self.steps[bin_] + 1, self.steps[bin_ + 1]


def bars_of(scale: TimeScale, counts: Sequence[Counts], stops: Int32 | None = None) -> Bars:
    """Bin the history for the width of ``scale``; ``counts`` are three arrays: created, changed and removed a step.

    With ``stops``, only the steps that end at these values (ascending, from 1) count, and ``counts`` has only those.
    """
    left, width = round(scale.left), max(round(scale.right - scale.left), _PITCH)
    count = max(1, round(width / _PITCH))
    borders = scale.bins(count)
    bounds = borders if stops is None else np.searchsorted(stops, borders, side="right")
    events = np.array([_binned(kind, bounds) for kind in counts])
    heights = bar_heights(events.sum(axis=0), _LOWEST, _TALLEST)
    return Bars(
        borders=tuple(left + round(width * i / count) for i in range(count + 1)),
        heights=tuple(heights.tolist()),
        parts=tuple(_divided(height, kinds) for height, kinds in zip(heights.tolist(), events.T.tolist(), strict=True)),
        steps=tuple(borders.tolist()),
    )


def _binned(counts: Counts, borders: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Return the sums of ``counts[borders[i]:borders[i + 1]]``."""
    inside = counts[borders[0] : borders[-1]]
    if not len(inside):
        return np.zeros(len(borders) - 1, dtype=np.int64)
    begins = np.minimum(borders[:-1] - borders[0], len(inside) - 1)
    sums: npt.NDArray[np.int64] = np.add.reduceat(inside, begins, dtype=np.int64)
    sums[np.diff(borders) == 0] = 0
    return sums


def _divided(height: int, kinds: list[int]) -> tuple[int, int, int]:
    """Divide a height in proportion to three counts; created and then removed are rounded up, so that both are seen."""
    created, changed, removed = kinds
    total = created + changed + removed
    if not total:
        return 0, 0, 0
    low = -(-height * created // total) if created else 0
    top = min(-(-height * removed // total) if removed else 0, height - low)
    return low, height - low - top, top


def axis_font(font: QFont) -> QFont:
    """Return the font of the axis labels for a widget with ``font``."""
    small = QFont(font)
    small.setPixelSize(11)
    return small


class Picture:
    """One history at one size in one theme. Each layer is drawn on first access and then kept."""

    def __init__(
        self,
        size: QSize,
        ratio: float,
        font: QFont,
        scale: TimeScale,
        bars: Bars,
        signs: Sequence[Sign],
        theme: Theme,
    ) -> None:
        """``size`` is in logical pixels; ``ratio`` is the number of device pixels to each."""
        self.bars = bars
        self._size = size
        self._ratio = ratio
        self._font = axis_font(font)
        self._scale = scale
        self.signs = signs
        self._marks = ticks(scale, QFontMetricsF(self._font).horizontalAdvance)
        self._theme = theme

    @cached_property
    def happened(self) -> QPixmap:
        """The timeline with everything drawn as having happened."""
        left, right = self._scale.left, self._scale.right
        pixmap = QPixmap(self._size * self._ratio)
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(self._theme.surface)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(left, BASELINE, right - left, 2), self._theme.line)
        _draw_bars(painter, self.bars, self._above, _kind_colours(self._theme))
        self._draw_breaks(painter)
        painter.setFont(self._font)
        _draw_axis(painter, self._marks, self._theme)
        painter.end()
        return pixmap

    @cached_property
    def to_come(self) -> QPixmap:
        """The timeline with nothing drawn as having happened: the same, with paler bars."""
        pixmap = QPixmap(self.happened)
        veil = QColor(self._theme.surface)
        veil.setAlphaF(_PALENESS)
        painter = QPainter(pixmap)
        painter.fillRect(self._above, veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_breaks(painter)
        painter.end()
        return pixmap

    @cached_property
    def marked(self) -> QPixmap:
        """The signs alone, to be drawn over the other layers; as wide as the timeline and as high as a sign."""
        pixmap = QPixmap(QSize(self._size.width(), SIGN + 2) * self._ratio)
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        for sign in self.signs:
            x = round(sign.x)
            painter.fillRect(QRectF(x - SIGN / 2 - 1, 0, SIGN + 2, SIGN + 2), self._theme.surface)
            drawing = icons.pixmap(sign.drawing, SIGN, self._ratio, self._theme.muted)
            painter.drawPixmap(QPointF(x - SIGN / 2, 1), drawing)
        painter.end()
        return pixmap

    @property
    def _above(self) -> QRectF:
        return QRectF(0, 0, self._size.width(), BASELINE)

    def _draw_breaks(self, painter: QPainter) -> None:
        for begin, end in self._scale.idle:
            _draw_break(painter, (self._scale.x_at(begin) + self._scale.x_at(end)) / 2, self._theme)


def _kind_colours(theme: Theme) -> list[QColor]:
    """Return the colours for created, changed and removed."""
    accent, surface = theme.accent, theme.surface
    # On white, bars in the accent colour itself would look heavier than text and buttons in it.
    changed = accent if theme.dark else mixed(accent.lighter(112), surface, 0.12)
    return [mixed(theme.active_dot, surface, 0.2), changed, mixed(theme.error, surface, 0.3)]


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


def _draw_bars(painter: QPainter, bars: Bars, area: QRectF, colours: Sequence[QColor]) -> None:
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setClipRect(area)
    for (begin, end), height, parts in zip(pairwise(bars.borders), bars.heights, bars.parts, strict=True):
        width, top = end - begin - _BAR_GAP, BASELINE
        for part, colour in zip(parts, colours, strict=True):
            top -= part
            if part and BASELINE - height < top - _CORNER:
                painter.fillRect(QRectF(begin, top, width, part), colour)
            elif part:
                _draw_top(painter, QRectF(begin, top, width, part), BASELINE - height, colour)
    painter.restore()


def _draw_top(painter: QPainter, part: QRectF, top: float, colour: QColor) -> None:
    """Draw a part of a bar with the rounded upper corners of the bar that it contains."""
    whole = QRectF(part.x(), top, part.width(), part.bottom() - top + 2 * _CORNER)
    painter.setBrush(colour)
    if part.bottom() >= BASELINE and part.top() <= top:
        painter.drawRoundedRect(whole, _CORNER, _CORNER)
        return
    painter.save()
    painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
    painter.drawRoundedRect(whole, _CORNER, _CORNER)
    painter.restore()


def _draw_break(painter: QPainter, x: float, theme: Theme) -> None:
    """Mark a compressed stretch of time with two strokes through the baseline."""
    painter.save()
    painter.fillRect(QRectF(x - 4, BASELINE, 8, 2), theme.surface)
    painter.setPen(QPen(theme.muted, 1.5))
    for offset in (-3.0, 3.0):
        painter.drawLine(QPointF(x + offset - 2, BASELINE + 5), QPointF(x + offset + 2, BASELINE - 3))
    painter.restore()


def _draw_axis(painter: QPainter, marks: list[Tick], theme: Theme) -> None:
    for mark in marks:
        painter.fillRect(QRectF(round(mark.x), BASELINE + 2, 1, 4), theme.line)
        painter.setPen(theme.muted)
        painter.drawText(QPointF(mark.label_x, BASELINE + 19), mark.text)
