"""What was recognised or supposed of lists, in sentences that a person may want to read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.plain_text import tool_tip, wrapped_tip
from whowas.domain.fields import shortened

REMARKS = "What was recognised"
_MOST = 20
_LONGEST = 300


class RemarksButton(QToolButton):
    """Shows the sentences when it is pressed, and as its tool tip; it is away where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setIcon(icon("info", "muted"))
        self.setIconSize(QSize(16, 16))
        self.setAccessibleName(REMARKS)
        self.setFixedSize(24, 24)
        self.clicked.connect(self._show)
        self.hide()

    def show_remarks(self, sentences: Sequence[str]) -> None:
        """Have other sentences to show."""
        text = "\n".join(shortened(sentence, _LONGEST) for sentence in sentences[:_MOST])
        self._text = text
        self.setToolTip(tool_tip(text))
        self.setVisible(bool(text))

    def _show(self) -> None:
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), wrapped_tip(self._text), self)
