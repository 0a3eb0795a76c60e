"""One field's whole life: each value it had, from when until when, who gave it, and what happened then."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from whowas.desktop.history.list import HistoryDelegate, HistoryItem, HistoryList
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel

_WIDTH = 480
_ROWS = 6
"""How many values are seen at once; more are scrolled to."""


class FieldHistoryDialog(DialogFrame):
    """Lists the values, newest first; accepted once one was chosen, to go to the moment from which it held."""

    def __init__(self, title: str, who: str, values: Sequence[HistoryItem], parent: QWidget | None = None) -> None:
        """``title`` is what people call the field; the last value that has begun is current."""
        super().__init__(f"History of “{title}”", parent)
        self._chosen: int | None = None
        self._list = HistoryList()
        self._list.setAccessibleName(f"Values of {title}")
        self._list.set_items(values)
        self._list.setMinimumSize(QSize(_WIDTH, min(max(len(values), 2), _ROWS) * HistoryDelegate.height()))
        self._list.stepActivated.connect(self._choose)
        self.body.addWidget(TextLabel(who, token="muted", wrap=True))
        self.body.addWidget(self._list, 1)
        self.add_button("Close").clicked.connect(self.reject)
        self.add_button("Go to its beginning", primary=True).clicked.connect(self._list.activate_current)
        shown = next((row for row, value in enumerate(values) if not value.future), 0)
        self._list.setCurrentIndex(self._list.model().index(shown, 0))
        self._list.setFocus()

    def step(self) -> int | None:
        """Return the step of the value chosen, or None."""
        return self._chosen

    def _choose(self, step: int) -> None:
        self._chosen = step
        self.accept()
