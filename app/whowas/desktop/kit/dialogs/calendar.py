"""The month view that a date field opens, in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QToolButton, QVBoxLayout, QWidget

from whowas.desktop.kit import dates, sizes, theme
from whowas.desktop.kit.icons import icon

_SHEET = """
QWidget#qt_calendar_navigationbar { background: palette(base); }
QToolButton { min-width: 20px; padding: 0 6px; }
QAbstractItemView { selection-background-color: palette(highlight); border: none; border-radius: 0; }
QAbstractItemView::item { padding: 0; }
"""


class MonthView(QCalendarWidget):
    """A QCalendarWidget without Qt's own colours: no filled header, and no red for weekends."""

    def __init__(self, locale: QLocale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(locale)
        self.setFirstDayOfWeek(dates.first_day_of_week())
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.setStyleSheet(_SHEET)
        self.setMinimumSize(QSize(sizes.scaled(292), sizes.scaled(236)))
        for name, drawing in (("prevmonth", "chevron-left"), ("nextmonth", "chevron-right")):
            button = self.findChild(QToolButton, f"qt_calendar_{name}")
            if isinstance(button, QToolButton):
                button.setIcon(icon(drawing, "muted"))
        theme.signals.changed.connect(self._recolour)
        self._recolour()

    def _recolour(self) -> None:
        tokens = theme.current()
        day, head = QTextCharFormat(), QTextCharFormat()
        day.setForeground(tokens.text)
        head.setForeground(tokens.muted)
        head.setBackground(tokens.surface)
        for weekday in Qt.DayOfWeek:
            self.setWeekdayTextFormat(weekday, day)
        self.setHeaderTextFormat(head)


class CalendarSheet(QFrame):
    """A month view over everything, in which one day is ``chosen(QDate)``; then it is closed.

    Whoever opens it deletes it once it is opened anew: deleted as it closes, it would go while the month still tells of
    what was chosen.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.month = MonthView(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom), self)
        self.month.setAccessibleName(name)
        self.month.clicked.connect(self._choose)
        self.month.activated.connect(self._choose)
        self.setObjectName("sheet")
        self.setStyleSheet(f"QFrame#sheet {{ border: 1px solid {theme.current().line.name()}; }}")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.month)
        self.adjustSize()

    def show_day(self, day: QDate) -> None:
        """Begin at a day, where it is one; else at today."""
        if day.isValid():
            self.month.setSelectedDate(day)

    def _choose(self, day: QDate) -> None:
        if self.isVisible():  # a double click says both that it was clicked and that it was chosen
            self.close()
            self.chosen.emit(day)
