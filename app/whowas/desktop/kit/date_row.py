"""A field for a day: typed in any clear form, or taken from a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.button_line import ButtonLine
from whowas.desktop.kit.day_text import day_of, held_day, shown_day
from whowas.desktop.kit.field_row import LineRow
from whowas.domain.errors import RefusedError

if TYPE_CHECKING:
    from whowas.desktop.kit.dialogs.calendar import CalendarSheet


class DateRow(LineRow):
    """Shows a day as the settings write dates; its text is the day as it is held, ``YYYY-MM-DD``.

    What was typed and means no day, or more than one, is its text as it is, and a note says so once the field is left.
    """

    def __init__(self, key: str, label: str, parent: QWidget | None = None) -> None:
        line = ButtonLine("Calendar", "calendar")
        self._held = self._shown = ""
        """What is held, and how it is: untouched, a value of old stays as it is held, whatever it means."""
        self._sheet: CalendarSheet | None = None
        super().__init__(key, label, parent, line=line)
        self.button = line.button
        self.button.clicked.connect(self.open_calendar)
        self.line.editingFinished.connect(self._check)
        self.line.textChanged.connect(self._read)
        theme.signals.changed.connect(self._write_again)
        self.line.installEventFilter(self)

    def text(self) -> str:
        typed = super().text()
        return self._held if typed == self._shown else held_day(typed)

    def set_text(self, text: str) -> None:
        self._held, self._shown = text, self.words(text)
        super().set_text(self._shown)

    def put_back(self, text: str) -> None:
        self._held, self._shown = text, self.words(text)
        super().put_back(self._shown)

    def words(self, text: str) -> str:
        return shown_day(text)

    def set_note(self, sentence: str, *, error: bool = True) -> None:
        """See FieldRow; of what was typed and can be two days, say which, as where the field is left."""
        typed = self.line.text()
        if sentence and error and typed.strip():
            try:
                day_of(typed)
            except RefusedError as unclear:
                sentence = str(unclear)
        super().set_note(sentence, error=error)

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.button.setVisible(not read_only)

    def open_calendar(self) -> None:
        """Open a month view at the day of the field; what is chosen there is typed."""
        if self.line.isReadOnly():
            return
        from whowas.desktop.kit.dialogs.calendar import CalendarSheet  # a start does not wait for it

        if self._sheet is not None:
            self._sheet.deleteLater()
        sheet = self._sheet = CalendarSheet(f"Calendar for {self.line.accessibleName()}", self)
        sheet.chosen.connect(self._take)
        sheet.show_day(QDate.fromString(self.text(), Qt.DateFormat.ISODate))
        sheet.move(self._beneath(sheet))
        sheet.show()
        sheet.month.setFocus(Qt.FocusReason.PopupFocusReason)

    def _read(self, typed: str) -> None:
        """Take what is typed for the day that it means now: written in another style it would mean another."""
        if typed != self._shown:
            self._held, self._shown = held_day(typed), typed

    def _write_again(self) -> None:
        if self.words(self._held) != self._shown:
            self.set_text(self._held)

    def _take(self, day: QDate) -> None:
        if not self.line.isReadOnly():  # as it is once somebody else has deleted the user
            self.put_back(day.toString(Qt.DateFormat.ISODate))
            self.take_focus()

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
