"""A line with a button inside its right edge."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.plain_text import tool_tip

_BUTTON = 24


class ButtonLine(QLineEdit):
    """Has a ``button`` with a drawing; what it does is its accessible name and tool tip."""

    def __init__(self, does: str, drawing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = button = QToolButton(self)
        button.setFixedSize(QSize(_BUTTON, _BUTTON))
        button.setIcon(icon(drawing, "muted"))
        button.setIconSize(QSize(16, 16))
        button.setAccessibleName(does)
        button.setToolTip(tool_tip(does))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setStyleSheet("QToolButton { padding: 0; min-height: 0; }")
        self.setTextMargins(0, 0, _BUTTON - 4, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QLineEdit; the button stays at the right."""
        super().resizeEvent(event)
        inset = (self.height() - _BUTTON) // 2
        self.button.move(self.width() - _BUTTON - inset, inset)
