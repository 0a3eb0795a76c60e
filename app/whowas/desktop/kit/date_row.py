"""A field for a day: typed in any clear form, or taken from a calendar."""

from __future__ import annotations

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.button_line import ButtonLine
from whowas.desktop.kit.day_text import day_of, held_day, shown_day
from whowas.desktop.kit.field_row import LineRow
from whowas.domain.errors import RefusedError


class DateRow(LineRow):
    """Shows a day as the settings write dates; its text is the day as it is held, ``YYYY-MM-DD``.

    What was typed and means no day, or more than one, is its text as it is, and a note says so once the field is left.
    """

    def __init__(self, key: str, label: str, parent: QWidget | None = None) -> None:
        line = ButtonLine("Calendar", "calendar")
        super().__init__(key, label, parent, line=line)
        self.button = line.button
        self.button.clicked.connect(self.open_calendar)
        self.line.editingFinished.connect(self._check)
        self.line.installEventFilter(self)

    def text(self) -> str:
        return held_day(super().text())

    def set_text(self, text: str) -> None:
        super().set_text(self.words(text))

    def put_back(self, text: str) -> None:
        super().put_back(self.words(text))

    def words(self, text: str) -> str:
        return shown_day(text)

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.button.setVisible(not read_only)

    def open_calendar(self) -> None:
        """Open a month view at the day of the field; what is chosen there is typed."""
        from whowas.desktop.kit.dialogs.calendar import MonthView  # a start does not wait for it

        if self.line.isReadOnly():
            return
        sheet = QFrame(self, Qt.WindowType.Popup)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        month = MonthView(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom), sheet)
        month.setAccessibleName(f"Calendar for {self.line.accessibleName()}")
        held = QDate.fromString(self.text(), Qt.DateFormat.ISODate)
        if held.isValid():
            month.setSelectedDate(held)

        def take(day: QDate) -> None:
            sheet.close()
            self.put_back(day.toString(Qt.DateFormat.ISODate))
            self.take_focus()

        month.clicked.connect(take)
        month.activated.connect(take)
        sheet.setObjectName("sheet")
        sheet.setStyleSheet(f"QFrame#sheet {{ border: 1px solid {theme.current().line.name()}; }}")
        column = QVBoxLayout(sheet)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(month)
        sheet.adjustSize()
        sheet.move(self._beneath(sheet))
        sheet.show()
        month.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the calendar with the keys that open a drop-down."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
            if event.key() == Qt.Key.Key_F4 or alt_down:
                self.open_calendar()
                return True
        return super().eventFilter(watched, event)

    def _beneath(self, sheet: QWidget) -> QPoint:
        """Return where the calendar has room: below the line, or else above it."""
        room = self.screen().availableGeometry()
        spot = self.line.mapToGlobal(QPoint(0, self.line.height() + 1))
        if spot.y() + sheet.height() > room.bottom():
            spot = self.line.mapToGlobal(QPoint(0, -sheet.height() - 1))
        return QPoint(max(room.left(), min(spot.x(), room.right() - sheet.width())), max(room.top(), spot.y()))

    def _check(self) -> None:
        typed = self.line.text()
        if self.line.isReadOnly() or not typed.strip() or self.note.sentence():
            return
        try:
            day_of(typed)
        except RefusedError as error:
            self.set_note(str(error))
