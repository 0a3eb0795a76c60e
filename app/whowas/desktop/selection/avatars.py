"""The first users of a selection as discs with initials, one laid over the next, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.line_text import initials

SHOWN = 4
"""How many users have a disc of their own."""
_SIDE = 32
_EVERY = 28
_RING = 2
_LETTERS = 11


class StackedAvatars(QWidget):
    """To look at only: who is selected stands in the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._more = 0
        keep_height(self, _SIDE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.signals.changed.connect(self.update)

    def show_users(self, names: Sequence[str], count: int) -> None:
        """Show the first of ``count`` users, whose names these are."""
        shown = tuple(names[:SHOWN])
        if (shown, count - len(shown)) != (self._names, self._more):
            self._names, self._more = shown, count - len(shown)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(sizes.scaled(SHOWN * _EVERY + _SIDE), sizes.scaled(_SIDE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, name in enumerate(self._names):
            self._draw(painter, place, initials(name), tokens.accent_soft, tokens.accent)
        if self._more > 0:
            self._draw(painter, len(self._names), _short(self._more), tokens.pressed, tokens.muted)
        painter.end()

    def _draw(self, painter: QPainter, place: int, text: str, ground: QColor, ink: QColor) -> None:
        side = sizes.scaled(_SIDE)
        disc = QRectF(place * sizes.scaled(_EVERY), 0, side, side)
        if place:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.current().surface)
            painter.drawEllipse(disc.adjusted(-_RING, -_RING, _RING, _RING))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(disc)
        font = QFont(self.font())
        font.setPixelSize(sizes.scaled(_LETTERS if len(text) < 5 else _LETTERS - 2))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), text)


def _short(count: int) -> str:
    """Return a count that fits into a disc: "+26", "+99k"."""
    if count < 1_000:
        return f"+{count}"
    return f"+{count // 1_000}k" if count < 1_000_000 else f"+{count // 1_000_000}M"
