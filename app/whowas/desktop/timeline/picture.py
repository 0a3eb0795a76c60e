"""The picture of a timeline, drawn once for each width, history and theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from whowas.desktop.kit.theme import Theme
from whowas.desktop.timeline.axis import ticks
from whowas.desktop.timeline.drawing import (
    BASELINE,
    AxisMark,
    Drawn,
    axis_font,
    draw_all,
    draw_breaks,
    pixmap_of_signs,
)
from whowas.desktop.timeline.markers import Sign
from whowas.desktop.timeline.scale import Counts, TimeScale, bar_heights
from whowas.projections.tables.arrays import Int32

_PITCH = 9
_TALLEST = 40
_LOWEST = 4
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
        self.signs = signs
        self._size = size
        self._ratio = ratio
        self._font = axis_font(font)
        self._theme = theme
        marks = ticks(scale, QFontMetricsF(self._font).horizontalAdvance)
        self.drawn = Drawn(
            scale.left,
            scale.right,
            bars.borders,
            bars.heights,
            bars.parts,
            tuple((scale.x_at(begin) + scale.x_at(end)) / 2 for begin, end in scale.idle),
            tuple(AxisMark(mark.x, mark.label_x, mark.text) for mark in marks),
            tuple((sign.x, sign.drawing) for sign in signs),
        )

    @cached_property
    def happened(self) -> QPixmap:
        """The timeline with everything drawn as having happened."""
        pixmap = QPixmap(self._size * self._ratio)
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(self._theme.surface)
        painter = QPainter(pixmap)
        draw_all(painter, self.drawn, self._font, self._theme)
        painter.end()
        return pixmap

    @cached_property
    def to_come(self) -> QPixmap:
        """The timeline with nothing drawn as having happened: the same, with paler bars."""
        pixmap = QPixmap(self.happened)
        veil = QColor(self._theme.surface)
        veil.setAlphaF(_PALENESS)
        painter = QPainter(pixmap)
        painter.fillRect(QRectF(0, 0, self._size.width(), BASELINE), veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_breaks(painter, self.drawn, self._theme)
        painter.end()
        return pixmap

    @cached_property
    def marked(self) -> QPixmap:
        """The signs alone, to be drawn over the other layers; as wide as the timeline and as high as a sign."""
        return pixmap_of_signs(self.drawn, self._size.width(), self._ratio, self._theme)
