"""Since when lists are true: today, a day that a person chooses, or the dates in their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from whowas.desktop.kit import dates
from whowas.desktop.kit.dialogs.calendar import MonthView
from whowas.desktop.kit.segments import Segments
from whowas.domain.errors import RefusedError

TODAY, DAY, NAMES, FILES = "today", "day", "names", "files"
TRUE_SINCE = "True since"


class TrueSince(Segments):
    """``momentsChosen(moments)`` is emitted when a person chooses: UTC µs by the names of lists, nothing for today.

    ``filesWanted`` is emitted where the dates of several lists have to be said one by one.
    """

    momentsChosen = Signal(object)
    filesWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TRUE_SINCE, parent)
        self._names: Sequence[str] = ()
        self._day = today()
        self._said = TODAY
        self._in_names: Mapping[str, int] = {}
        self.add(TODAY, "Today")
        self.add(DAY, "", "calendar")
        self.add(NAMES, "The dates in their names")
        self.add(FILES, "Their dates…", "calendar")
        self.show_only([TODAY])
        self.chosen.connect(self._tell)
        self.pressed.connect(self._react)

    def show_moments(self, names: Sequence[str], moments: Mapping[str, int]) -> None:
        """Show since when the lists of these names are true."""
        if tuple(names) != tuple(self._names):
            self._names = names
            self._in_names = dated_by_names(names)
            self._day = _proposed(names)
        if len(names) > 1:
            said = NAMES if self._in_names and moments in ({}, self._in_names) else FILES
            self.show_only([TODAY, said])
        else:
            self.show_only([TODAY, DAY])
            said = DAY
            if moments:
                self._day = dates.local(next(iter(moments.values()))).date()
        self.set_text(DAY, dates.day_words(self._day))
        self._said = said if moments else TODAY
        self.choose(self._said)

    def _tell(self, key: str) -> None:
        from whowas.interchange.importing.dates.list_dates import moment_of

        if key == DAY:
            self.momentsChosen.emit(dict.fromkeys(self._names, moment_of(self._day)))
        elif key == FILES:
            self.choose(self._said)  # nothing is said before the dates are
        else:
            self.momentsChosen.emit(self._in_names if key == NAMES else {})

    def _react(self, key: str) -> None:
        if key == DAY:
            self._open_calendar()
        elif key == FILES:
            self.filesWanted.emit()

    def _open_calendar(self) -> None:
        popup = DayPopup(self._day, self)
        popup.dayChosen.connect(self._take_day)
        popup.open_below(self.button(DAY))

    def _take_day(self, day: date) -> None:
        self._day = day
        self.set_text(DAY, dates.day_words(day))
        self._tell(DAY)


class DayPopup(QFrame):
    """A month from which a day can be chosen that is not still to come; ``dayChosen(date)`` is emitted as it closes."""

    dayChosen = Signal(object)

    def __init__(self, day: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.month = MonthView(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom), self)
        self.month.setAccessibleName(TRUE_SINCE)
        self.month.setMaximumDate(_in_qt(today()))
        self.month.setSelectedDate(_in_qt(day))
        self.month.clicked.connect(self._choose)
        self.month.activated.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.month)

    def open_below(self, widget: QWidget) -> None:
        """Open below a widget, or above it where the screen ends."""
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        if place.y() + self.height() > widget.screen().availableGeometry().bottom():
            place = widget.mapToGlobal(QPoint(0, -self.height() - 2))
        self.move(place)
        self.show()
        self.month.setFocus(Qt.FocusReason.PopupFocusReason)

    def _choose(self, day: QDate) -> None:
        if self.isVisible():
            self.close()
            self.dayChosen.emit(date(day.year(), day.month(), day.day()))


def dated_by_names(names: Sequence[str]) -> Mapping[str, int]:
    """Return since when several lists are true by their names, nothing where some have no date of their own."""
    from whowas.interchange.importing.dates.list_dates import dated

    if len(names) > 1:
        with suppress(RefusedError):
            return dated(names)
    return {}


def today() -> date:
    """Return the present day in the local zone."""
    return dates.local(dates.microseconds_now()).date()


def _proposed(names: Sequence[str]) -> date:
    """Return the day in the name of a list, unless it is still to come, else the first of this month."""
    from whowas.interchange.importing.dates.list_dates import date_in_name

    said = date_in_name(names[0]) if names else None
    return said if said is not None and said <= today() else today().replace(day=1)


def _in_qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
