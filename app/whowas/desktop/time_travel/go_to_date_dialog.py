"""Asking for a moment of the past."""

from __future__ import annotations

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QDateTimeEdit, QWidget

from whowas.desktop.kit.dialogs.date_time_field import date_time_edit
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel

_SECOND = 1_000_000


class GoToDateDialog(DialogFrame):
    """Asks for a moment between ``first`` and ``last`` (UTC µs), beginning with ``shown``, in the local zone."""

    def __init__(self, first: int, last: int, shown: int, parent: QWidget | None = None) -> None:
        super().__init__("Go to date", parent)
        self.ask_width(340)
        self._edit = date_time_edit()
        self._edit.setDateTimeRange(_local(first), _local(last))
        self._edit.setDateTime(_local(shown))
        label = TextLabel("Show the directory as it was at", token="muted", size=12)
        label.setBuddy(self._edit)
        self.body.addWidget(label)
        self.body.addWidget(self._edit)
        self.body.addStretch(1)
        self.add_cancel()
        self.add_button("Go", primary=True).clicked.connect(self.accept)
        self._edit.setFocus()
        self._edit.setSelectedSection(QDateTimeEdit.Section.DaySection)

    def moment(self) -> int:
        """Return the end of the chosen second, UTC µs: what is labelled with that second has happened by then."""
        return self._edit.dateTime().toSecsSinceEpoch() * _SECOND + _SECOND - 1


def _local(moment: int) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(moment // _SECOND)
