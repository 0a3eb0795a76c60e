"""A box in a dialog with round corners, in the colour of a token, that says one thing: icon, title and a line below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.theme import Token

_HEIGHT = 72
_ICON = 32
_RADIUS = 6


class TintedBox(QWidget):
    """Shows what ``say`` was called with last; the text column is ``column``, for whatever else is to stand there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill: Token = "hover"
        self._colour: Token = "muted"
        self._drawing = ""
        self._icon = QLabel()
        self._icon.setFixedWidth(_ICON)
        self._title = TextLabel(weight=QFont.Weight.DemiBold, wrap=True)
        self._detail = TextLabel(token="muted", size=12, wrap=True)
        self.column = QVBoxLayout()
        self.column.setSpacing(3)
        self.column.addStretch(1)
        self.column.addWidget(self._title)
        self.column.addWidget(self._detail)
        self.column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(14)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self.column, 1)
        self.setMinimumHeight(_HEIGHT)
        theme.signals.changed.connect(self._draw)

    def say(self, title: str, detail: str, fill: Token, drawing: str, colour: Token) -> None:
        """Show a title and a line below it on ``fill``, with the icon ``drawing`` in a ``colour``."""
        self._fill, self._drawing, self._colour = fill, drawing, colour
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)
        self._draw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().colour(self._fill))
        painter.drawRoundedRect(self.rect(), _RADIUS, _RADIUS)
        painter.end()

    def _draw(self) -> None:
        if self._drawing:
            self._icon.setPixmap(pixmap(self._drawing, _ICON, self.devicePixelRatioF(), self._colour))
        self.update()
