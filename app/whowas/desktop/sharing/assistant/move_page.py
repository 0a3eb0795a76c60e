"""The last page: how far the move is."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.tinted_box import TintedBox

_STEPS = 1000
_WIDTH = 560
_STAYS = "The file stays as it is until the server has everything and both heads are equal."


class MovePage(QWidget):
    """Shows what it was told last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._box = TintedBox()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self._box.column.insertWidget(self._box.column.count() - 1, self._bar)
        self._box.setMaximumWidth(_WIDTH)
        told = TextLabel(_STAYS, token="muted", size=12, wrap=True)
        told.setMaximumWidth(_WIDTH)
        middle = QVBoxLayout()
        middle.setSpacing(12)
        middle.addStretch(2)
        middle.addWidget(self._box)
        middle.addWidget(told)
        middle.addStretch(3)
        column = QVBoxLayout(self)
        column.setContentsMargins(160, 0, 160, 0)
        column.addLayout(middle)

    def begin(self, title: str) -> None:
        """Say what is moved where."""
        self._title = title
        self.show_progress("", 0, 0)

    def show_progress(self, text: str, done: int, total: int) -> None:
        """Show how far it is; a total of 0 is unknown."""
        self._bar.setRange(0, _STEPS if total else 0)
        if total:
            self._bar.setValue(min(done, total) * _STEPS // total)
        self._box.say(self._title, text or "Connecting…", "hover", "server", "accent")
