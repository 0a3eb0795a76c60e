"""A text field of several users: their common value, or "Mixed" and how many values there are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.field_row import TextRow
from whowas.desktop.selection.words import MIXED, WAS_MIXED, said_of, values_counted, was_shared
from whowas.projections.queries.selection_summary import FieldShared

_RIGHT = 10
"""Space to the right of how many values there are, in pixels."""


class SharedText(QObject):
    """Keeps one ``row`` up with what the users share; what is typed there is for all of them.

    Where they differ nothing is typed at first: what is deleted again is as if it had never been typed.
    """

    edited = Signal()

    def __init__(self, row: TextRow) -> None:
        super().__init__(row)
        self.row = row
        self._shared: FieldShared | None = None
        self._own = ""
        """What the row says of its own accord: what all users have, or had while that is found out anew."""
        self._count = _Count(row.editor) if type(row.editor) is QLineEdit else None  # a button may be there
        row.edited.connect(self._typed)
        row.putBackRequested.connect(self.put_back)

    def value(self) -> str | None:
        """Return the value that all are to have, None where everybody keeps theirs."""
        text = self.row.text().strip()
        return text if text != self.row.as_shown(self._own).strip() else None

    def set_shared(self, shared: FieldShared | None) -> None:
        """Show what the users share, None while that is being found out; what was typed stays."""
        typed = self.value()
        self._shared = shared
        if shared is not None or typed is None:
            self._own = (None if shared is None else shared.text) or ""
        if typed is None and not (self.row.has_focus() and self.row.text().strip() == self._own.strip()):
            self.row.set_text(self._own)
        self._show()

    def make_way(self, other: SharedText | None) -> None:
        """Go, and leave what is shared and typed to the text that comes in place of this one, where one does."""
        if other is None:
            self.row.make_way(None)
        else:
            other.take_over(self.row, self._shared, self._own)

    def take_over(self, row: TextRow, shared: FieldShared | None, own: str) -> None:
        """Go on from a ``row`` that goes, with what was shared there."""
        self._shared, self._own = shared, own
        row.make_way(self.row)
        self._show()

    def take_saved(self, text: str) -> None:
        """Show a value that all have from now on, unless something else was typed meanwhile."""
        if self.value() == text:
            self._shared, self._own = FieldShared(text, 1 if text else 0, blank=not text), text
            self._show()

    def show_typed(self, text: str) -> None:
        """Show what was typed before for the users shown."""
        self.row.set_text(text)
        self._show()

    def clear_typed(self) -> None:
        """Show nothing of what was typed, which is for others."""
        if self.row.note.sentence():
            self.row.set_note("")
        self.row.set_text(self._own)
        self.row.forget_typing()
        self._show()

    def put_back(self) -> None:
        """Drop what was typed."""
        if self.row.note.sentence():
            self.row.set_note("")  # it was about what was typed
        had_link = self.row.was() and not self.row.has_focus()
        self.row.set_text(self._own)
        self.row.forget_typing()
        if had_link and self.row.isVisible():
            self.row.take_focus()  # the link goes that had it
        self._show()
        self.edited.emit()

    def _typed(self) -> None:
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        shared, typed = self._shared, self.value()
        mixed = shared is not None and shared.text is None
        self.row.set_placeholder(MIXED if mixed else "")
        if self._count is not None:
            self._count.set_text(values_counted(shared) if shared is not None and mixed and not self.row.text() else "")
        self.row.show_was("" if typed is None else was_shared(shared, self.row.words), WAS_MIXED if mixed else "")
        self.row.set_state(said_of(shared) if typed is None else "")


class _Count(QWidget):
    """Is painted at the right end of a line that has room for it beside "Mixed"; clicks go through it."""

    def __init__(self, line: QWidget) -> None:
        super().__init__(line)
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.installEventFilter(self)
        theme.signals.changed.connect(self.update)
        self._follow(line)
        self.hide()

    def set_text(self, text: str) -> None:
        """Show a few words, or nothing."""
        self._text = text
        self.setVisible(bool(text))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._follow(watched)
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = QFont(self.font())
        font.setPixelSize(sizes.scaled(12))
        painter.setFont(font)
        letters = QFontMetrics(font)
        if letters.horizontalAdvance(f"{MIXED}  {self._text}") <= self.width() - _RIGHT:
            painter.setPen(theme.current().muted)
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), self._text)
        painter.end()

    def _follow(self, line: QWidget) -> None:
        self.setGeometry(_RIGHT, 0, line.width() - 2 * _RIGHT, line.height())
