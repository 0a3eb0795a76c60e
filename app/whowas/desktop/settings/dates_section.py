"""How dates are written, and with which day weeks begin."""

from __future__ import annotations

from datetime import date
from typing import get_args

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import dates
from whowas.desktop.settings.section import Section


class DatesSection(Section):
    """Each style is called by how it writes a day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Dates", parent)
        # A day above the twelfth, so that it cannot be taken for a month.
        day = date(date.today().year, 11, 30)  # noqa: DTZ011 (only an example)
        styles: tuple[dates.DateStyle, ...] = get_args(dates.DateStyle)
        words: dict[str, str] = {style: dates.day_in(style, day) for style in styles}
        self.add_box("dates", "Date style", words | {"system": f"As the system: {words['system']}"})
        first = dates.WEEKDAYS[QLocale.system().firstDayOfWeek().value - 1]
        days = {"monday": "Monday", "sunday": "Sunday", "saturday": "Saturday"}
        self.add_box("first_day", "Week begins on", {"system": f"As the system: {first}", **days})
