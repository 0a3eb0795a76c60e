"""The dialog that asks since when a change is true."""

from __future__ import annotations

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.dialogs.date_time_field import date_time_edit
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel

_SECOND = 1_000_000


class TrueSinceDialog(DialogFrame):
    """Asks for a past time in the local zone, starting with ``since`` (UTC µs; None means now)."""

    def __init__(self, since: int | None, parent: QWidget | None = None) -> None:
        super().__init__("True since", parent)
        self.ask_width(400)
        explanation = "The history shows the change at this moment, and that it was recorded now."
        self.body.addWidget(TextLabel(explanation, token="muted", wrap=True))
        self._now = QDateTime.currentDateTime()
        self._edit = date_time_edit()
        self._edit.setMaximumDateTime(self._now)
        self._edit.setDateTime(self._now if since is None else QDateTime.fromSecsSinceEpoch(since // _SECOND))
        self.body.addWidget(self._edit)
        self.body.addStretch(1)
        self.add_cancel()
        self._is_now = False
        self.add_button("Now").clicked.connect(self._take_now)
        self.add_button("Set", primary=True).clicked.connect(self.accept)
        self._edit.setFocus()

    def since(self) -> int | None:
        """Return the chosen time (UTC µs), None for now."""
        chosen = self._edit.dateTime()
        return None if self._is_now or chosen >= self._now else chosen.toSecsSinceEpoch() * _SECOND

    def _take_now(self) -> None:
        self._is_now = True
        self.accept()
