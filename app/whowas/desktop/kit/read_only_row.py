"""A form row with read-only text, and a button that opens what changes it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.field_row import FIELD_COMPACT, FIELD_HEIGHT, TextRow
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import tool_tip

_BUTTON = 24


class _FactLine(QLineEdit):
    """A read-only line with a button inside its right edge."""

    def __init__(self, button: QToolButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = button
        button.setParent(self)
        button.setFixedSize(QSize(_BUTTON, _BUTTON))
        self.setReadOnly(True)
        self.setTextMargins(0, 0, _BUTTON - 4, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inset = (self.height() - _BUTTON) // 2
        self._button.move(self.width() - _BUTTON - inset, inset)


class FactRow(TextRow):
    """A read-only text with a button that opens a menu or a dialog; ``button`` is its accessible name and tool tip."""

    def __init__(self, key: str, label: str, button: str, drawing: str, parent: QWidget | None = None) -> None:
        self.button = QToolButton()
        self._line = _FactLine(self.button)
        super().__init__(key, label, self._line, parent=parent)
        keep_height(self._line, FIELD_HEIGHT, FIELD_COMPACT)
        self.button.setIcon(icon(drawing, "muted"))
        self.button.setIconSize(QSize(16, 16))
        self.button.setAccessibleName(button)
        self.button.setToolTip(tool_tip(button))
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setCursor(Qt.CursorShape.ArrowCursor)
        self.button.setStyleSheet("QToolButton { padding: 0; min-height: 0; }")

    def text(self) -> str:
        return self._line.text()

    def set_text(self, text: str) -> None:
        self._line.setText(text)

    def set_read_only(self, read_only: bool) -> None:
        self.button.setVisible(not read_only)


class QuietFact(QWidget):
    """A small line, "label text", whose text can be selected and copied; hidden while the text is empty."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit()
        self._line.setReadOnly(True)
        self._line.setAccessibleName(label)
        theme.signals.changed.connect(self._style)
        self._style()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(TextLabel(label, token="muted", size=12))
        row.addWidget(self._line, 1)

    def _style(self) -> None:
        """Show the text as small as its label."""
        self._line.setStyleSheet(
            "QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 0;"
            f" min-height: {sizes.scaled(16)}px; font-size: {sizes.scaled(12)}px; }}"
        )

    def set_text(self, text: str) -> None:
        """Show ``text``, or hide the line if it is empty."""
        self._line.setText(text)
        self._line.setCursorPosition(0)
        self.setVisible(bool(text))
