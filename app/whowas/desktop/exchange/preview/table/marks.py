"""Drawing the mark before a row of a preview: of what kind it is, or a box by which it is taken or left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.theme import Theme, Token
from whowas.interchange.importing.told.outcome import What

DISC: Final = 20
_ICON = 12
_BOX = 16

_DRAWN: Final[Mapping[What, tuple[str, Token, Token | None]]] = {
    "created": ("plus", "active_text", "added"),
    "changed": ("pencil", "changed_text", "changed"),
    "missing": ("minus", "error", "removed"),
    "refused": ("alert", "error", None),
    "similar": ("question", "accent", "accent_soft"),
    "left_out": ("x", "muted", "hover"),
}
"""The drawing of each kind, its colour and that of its disc; what is unchanged has no mark."""


def mark_icon(what: What) -> tuple[str, Token] | None:
    """Return the drawing and the colour that mark a kind of row, None where it has none."""
    found = _DRAWN.get(what)
    return None if found is None else found[:2]


def draw_mark(painter: QPainter, area: QRect, what: What, tokens: Theme) -> None:
    """Draw the mark of a kind in the middle of ``area``."""
    if what not in _DRAWN:
        return
    drawing, colour, disc = _DRAWN[what]
    middle = _middle(area)
    if disc is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(disc))
        painter.drawEllipse(QRectF(middle.x() - DISC / 2, middle.y() - DISC / 2, DISC, DISC))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    size = _ICON if disc is not None else _BOX
    drawn = pixmap(drawing, size, painter.device().devicePixelRatioF(), colour)
    painter.drawPixmap(middle - QPoint(size // 2, size // 2), drawn)


def draw_box(painter: QPainter, area: QRect, tokens: Theme, *, taken: bool) -> None:
    """Draw a check box in the middle of ``area``."""
    middle = _middle(area)
    box = QRectF(middle.x() - _BOX / 2 + 0.5, middle.y() - _BOX / 2 + 0.5, _BOX - 1, _BOX - 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(tokens.accent if taken else tokens.faint)
    painter.setBrush(tokens.accent if taken else tokens.window)
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if taken:
        drawn = pixmap("check", _ICON, painter.device().devicePixelRatioF(), "on_accent")
        painter.drawPixmap(middle - QPoint(_ICON // 2, _ICON // 2), drawn)


def _middle(area: QRect) -> QPoint:
    return QPoint(area.left() + area.width() // 2, area.top() + (area.height() - 1) // 2 + 1)
