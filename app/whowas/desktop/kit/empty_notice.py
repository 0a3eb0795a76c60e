"""The notice shown instead of rows while a table is empty."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from whowas.desktop.kit.labels import TextLabel


class EmptyNotice(QWidget):
    """A title and a sentence in the middle of a table; clicks go through it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = TextLabel(size=15, weight=QFont.Weight.DemiBold, wrap=True)
        self._sentence = TextLabel(token="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 64)
        column.setSpacing(6)
        column.addStretch(1)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(1)

    def set_text(self, title: str, sentence: str) -> None:
        """Show this title and sentence."""
        self._title.setText(title)
        self._sentence.setText(sentence)
