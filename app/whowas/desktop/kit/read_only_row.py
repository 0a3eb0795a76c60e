"""A form row with read-only text, and a button that opens what changes it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.button_line import ButtonLine
from whowas.desktop.kit.field_row import FIELD_COMPACT, FIELD_HEIGHT, TextRow
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import TextLabel


class FactRow(TextRow):
    """A read-only text with a button that opens a menu or a dialog; ``button`` is its accessible name and tool tip."""

    def __init__(self, key: str, label: str, button: str, drawing: str, parent: QWidget | None = None) -> None:
        self._line = ButtonLine(button, drawing)
        self.button = self._line.button
        super().__init__(key, label, self._line, parent=parent)
        keep_height(self._line, FIELD_HEIGHT, FIELD_COMPACT)
        self._line.setReadOnly(True)

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
