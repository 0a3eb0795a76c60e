"""The layout of every dialog: a heading, a body, and buttons at the lower right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from whowas.desktop.kit import plain_text, sizes
from whowas.desktop.kit.labels import TextLabel

EDGE = 20
"""How far from its sides, in pixels, a dialog has what is in it."""


class DialogFrame(QDialog):
    """A dialog that is modal to its window; ``exec()`` waits for the answer, ``open()`` does not."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain_text.title(title))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.heading = TextLabel(title, size=16, weight=QFont.Weight.DemiBold, wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, EDGE - 4, EDGE, EDGE - 4)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addSpacing(12)
        column.addLayout(self.body, 1)
        column.addSpacing(16)
        column.addLayout(self.buttons)

    def showEvent(self, event: QShowEvent) -> None:
        self.fit_screen()
        super().showEvent(event)

    def ask_width(self, width: int) -> None:
        """Be at least so wide, in pixels at 100 %, as far as the screen has room."""
        room = self.screen().availableGeometry().width() - 2 * EDGE
        self.setMinimumWidth(min(sizes.scaled(width), max(room, width)))

    def fit_screen(self) -> None:
        """Be as high as the content: Qt gives a dialog two thirds of the screen at most, which would cut large text."""
        column = self.layout()
        if column is not None and column.hasHeightForWidth():
            wanted, most = column.totalHeightForWidth(self.width()), self.screen().availableGeometry().height()
            self.resize(self.width(), min(max(self.height(), wanted), most))

    def add_button(self, text: str, *, primary: bool = False) -> QPushButton:
        """Add a button to the right of the others; Enter presses the primary one."""
        button = QPushButton(text)
        button.setProperty("primary", primary)
        button.setAutoDefault(False)
        button.setDefault(primary)
        self.buttons.addWidget(button)
        return button

    def add_cancel(self) -> QPushButton:
        """Add the button that closes the dialog and changes nothing."""
        button = self.add_button("Cancel")
        button.clicked.connect(self.reject)
        return button
