"""A field for a date and a time."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDateTimeEdit

from whowas.desktop.kit import dates
from whowas.desktop.kit.dialogs.calendar import MonthView


def date_time_edit() -> QDateTimeEdit:
    """Return a field for a date and a time, to the second."""
    edit = QDateTimeEdit()
    # The program speaks English, whatever the system does.
    locale = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    edit.setLocale(locale)
    edit.setDisplayFormat(f"{dates.date_pattern()} HH:mm:ss")
    edit.setCalendarPopup(True)
    edit.setCalendarWidget(MonthView(locale))
    edit.setAccessibleName("Date and time")
    return edit
