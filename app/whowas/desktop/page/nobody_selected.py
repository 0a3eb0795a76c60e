"""The right side of the window while nobody is selected."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.metrics import TABS_HEIGHT

WIDTH = 322
"""How wide the right side is until somebody drags its edge."""

NARROWEST = 260


class NobodyShown(TextLabel):
    """Says what to do, on the ground that the details of a user will have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Select a user to see their details", token="muted", wrap=True, parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMargin(16)
        self.setContentsMargins(0, sizes.scaled(TABS_HEIGHT), 0, 0)  # where the same words will stand below the tabs

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(NARROWEST, sizes.scaled(250)), 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().surface)
        painter.end()
        super().paintEvent(event)
