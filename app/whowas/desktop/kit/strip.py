"""A coloured bar across the window with an icon: the base of banners and message bars."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.theme import Token
from whowas.desktop.kit.tints import mixed

HEIGHT, COMPACT = 45, 37
"""In pixels at 100 %, see ``sizes.spaced``."""


class Bar(QWidget):
    """A strip in the colour of one token, with a bottom line in a mix of that and another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill: Token = "surface"
        self._edge: Token = "line"
        self._drawing = "alert"
        self._icon = QLabel()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(14, 0, 14, 1)
        self.row.setSpacing(10)
        self.row.addWidget(self._icon)
        theme.signals.changed.connect(self._repaint)

    def dress(self, fill: Token, edge: Token, drawing: str) -> None:
        """Set the colours, and show the icon ``drawing`` in the colour of ``edge``."""
        self._fill, self._edge, self._drawing = fill, edge, drawing
        self._repaint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill, edge = theme.current().colour(self._fill), theme.current().colour(self._edge)
        painter = QPainter(self)
        painter.fillRect(self.rect(), fill)
        painter.fillRect(0, self.height() - 1, self.width(), 1, mixed(fill, edge, 0.33))
        painter.end()

    def _repaint(self) -> None:
        self._icon.setPixmap(pixmap(self._drawing, 18, self.devicePixelRatioF(), self._edge))
        self.update()
