"""Drawing a timeline from plain numbers: bars on a baseline above an axis, signs, and the handle.

Nothing here asks NumPy: the first screen is drawn from what was kept of the last one, before that is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from whowas.desktop.kit import icons, sizes
from whowas.desktop.kit.theme import Theme
from whowas.desktop.kit.tints import mixed

BASELINE = 47
"""The y of the bottom of the bars, in pixels from the top; the axis is below."""
_HEIGHT = 79
KNOB = 7.0
"""Radius of the handle's knob in pixels, without the rim around it."""
SIGN = 14
"""The size of a sign, in pixels."""
NAME = "bookmark"
"""The drawing of a named moment."""
IMPORT = "import"
"""The drawing of an import."""
SIGNS = frozenset({NAME, IMPORT})
"""The drawings of signs."""

_BAR_GAP = 2
_CORNER = 2.0


class AxisMark(NamedTuple):
    """A mark of the axis at pixel ``x``, and its label beginning at pixel ``label_x`` (empty if it does not fit)."""

    x: float
    label_x: float
    text: str


class Drawn(NamedTuple):
    """All that a timeline is drawn from, in pixels: from ``left`` to ``right`` are bars, as in ``Bars``.

    ``breaks`` are where a compressed stretch of time is marked, ``signs`` the places and drawings of signs.
    """

    left: float
    right: float
    borders: tuple[int, ...]
    heights: tuple[int, ...]
    parts: tuple[tuple[int, int, int], ...]
    breaks: tuple[float, ...]
    marks: tuple[AxisMark, ...]
    signs: tuple[tuple[float, str], ...]


def height() -> int:
    """Return the height of a timeline, in pixels: of the labels of its axis, only the text grows."""
    return _HEIGHT - 11 + sizes.scaled(11)


def axis_font(font: QFont) -> QFont:
    """Return the font of the axis labels for a widget with ``font``."""
    small = QFont(font)
    small.setPixelSize(sizes.scaled(11))
    return small


def draw_all(painter: QPainter, drawn: Drawn, font: QFont, theme: Theme) -> None:
    """Draw bars and axis as having happened; ``font`` is that of the axis."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(drawn.left, BASELINE, drawn.right - drawn.left, 2), theme.line)
    _draw_bars(painter, drawn, _kind_colours(theme))
    draw_breaks(painter, drawn, theme)
    painter.setFont(font)
    _draw_axis(painter, drawn.marks, theme)


def draw_breaks(painter: QPainter, drawn: Drawn, theme: Theme) -> None:
    """Mark the compressed stretches of time."""
    for x in drawn.breaks:
        _draw_break(painter, x, theme)


def pixmap_of_signs(drawn: Drawn, width: int, ratio: float, theme: Theme) -> QPixmap:
    """Return the signs alone, as wide as the timeline and as high as a sign."""
    pixmap = QPixmap(QSize(width, SIGN + 2) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    for where, drawing in drawn.signs:
        x = round(where)
        painter.fillRect(QRectF(x - SIGN / 2 - 1, 0, SIGN + 2, SIGN + 2), theme.surface)
        painter.drawPixmap(QPointF(x - SIGN / 2, 1), icons.pixmap(drawing, SIGN, ratio, theme.muted))
    painter.end()
    return pixmap


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


def _draw_bars(painter: QPainter, drawn: Drawn, colours: Sequence[QColor]) -> None:
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setClipRect(QRectF(0, 0, drawn.right + drawn.left, BASELINE))
    for (begin, end), height, parts in zip(pairwise(drawn.borders), drawn.heights, drawn.parts, strict=True):
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


def _draw_axis(painter: QPainter, marks: Sequence[AxisMark], theme: Theme) -> None:
    for mark in marks:
        painter.fillRect(QRectF(round(mark.x), BASELINE + 2, 1, 4), theme.line)
        painter.setPen(theme.muted)
        painter.drawText(QPointF(mark.label_x, BASELINE + 8 + sizes.scaled(11)), mark.text)
