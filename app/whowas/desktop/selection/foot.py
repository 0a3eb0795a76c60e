"""The foot below the fields of several users: saving what was edited, or dropping it."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.field_row import RowNote
from whowas.desktop.kit.flow_layout import FlowLayout
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.metrics import EDGE
from whowas.desktop.kit.plain_text import tool_tip
from whowas.domain.fields import counted

_ONE_CHANGE = "Saved as one change, can be undone"


class SelectionFoot(QWidget):
    """Two buttons, a note about what was refused, and that all of it will be one change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = RowNote(self)
        self._buttons = QWidget(self)
        self.save = QPushButton(self._buttons)
        self.save.setProperty("primary", True)
        self.save.setAutoDefault(False)
        self.discard = QPushButton("Discard", self._buttons)
        self.discard.setAutoDefault(False)
        self._words = TextLabel(token="muted", size=12, wrap=True, parent=self)
        line = FlowLayout(8, self._buttons)  # as many users in large text take a line of their own
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.save)
        line.addWidget(self.discard)
        rest = QWidget(self._buttons)
        rest.setFixedHeight(0)
        line.addWidget(rest)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, 12, EDGE, 12)
        column.setSpacing(8)
        column.addWidget(self.note)
        column.addWidget(self._buttons)
        column.addWidget(self._words)
        self.show_buttons(0, editable=False, drafted=False, off="")

    def show_buttons(self, count: int, *, editable: bool, drafted: bool, off: str) -> None:
        """Show the buttons for ``count`` users if they are ``editable``, on while anything is ``drafted``.

        ``off`` says why nothing can be saved just now, "" where it can.
        """
        self._buttons.setVisible(editable)
        self.save.setText(f"Save changes to {counted(count, 'user')}")
        self.save.setEnabled(drafted and not off)
        self.save.setToolTip(tool_tip(off))
        self.discard.setEnabled(drafted)
        self._words.setText(off or (_ONE_CHANGE if editable else ""))
        self._words.setVisible(bool(self._words.text()))
        self.setVisible(editable or bool(off) or bool(self.note.sentence()))

    def has_focus(self) -> bool:
        """Return whether one of the buttons has the focus, or will have it when its window is active."""
        return self.window().focusWidget() in {self.save, self.discard}

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.current().line)
        painter.end()
