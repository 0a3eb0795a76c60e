"""Asking for a moment of the past."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QDateTimeEdit, QWidget

from whowas.desktop.kit.dialogs.calendar import MonthView
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel

_SECOND = 1_000_000


class GoToDateDialog(DialogFrame):
    """Asks for a moment between ``first`` and ``last`` (UTC µs), beginning with ``shown``, in the local zone."""

    def __init__(self, first: int, last: int, shown: int, parent: QWidget | None = None) -> None:
        super().__init__("Go to date", parent)
        self.setMinimumWidth(340)
        self._edit = moment_edit()
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


def moment_edit() -> QDateTimeEdit:
    """Return a field for a date and a time, to the second."""
    edit = QDateTimeEdit()
    # The program speaks English, and its weeks begin on Mondays.
    locale = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    edit.setLocale(locale)
    edit.setDisplayFormat("d MMM yyyy HH:mm:ss")
    edit.setCalendarPopup(True)
    edit.setCalendarWidget(MonthView(locale))
    edit.setAccessibleName("Date and time")
    return edit


def _local(moment: int) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(moment // _SECOND)
