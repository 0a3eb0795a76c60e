"""Asking for a field and the value that it is to have for all."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from whowas.desktop.bulk.asked import BulkAsked, BulkForm
from whowas.desktop.bulk.choice_row import ChoiceRow, fields_of
from whowas.desktop.kit.field_row import LineRow, NotesRow
from whowas.domain.bulk_edit import setting
from whowas.domain.comparison_keys import is_readable
from whowas.domain.directory import Directory
from whowas.domain.done_sentences import saved
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, MULTILINE, checked, counted, shortened


class FieldForm(BulkForm):
    """A field, and below it its new value, which has several lines where the field may; without one it is cleared."""

    def __init__(self, directory: Directory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directory = directory
        self.field = ChoiceRow("field", "Field", fields_of(directory))
        self.line, self.notes = LineRow("value", "New value"), NotesRow("value", "New value")
        self.notes.hide()
        for row in (self.field, self.line, self.notes):
            self.column.addWidget(row)
        self.field.edited.connect(self._show_value)
        for row in (self.line, self.notes):
            row.edited.connect(self.edited)

    @property
    def value(self) -> LineRow | NotesRow:
        """The row of the value."""
        return self.notes if self.field.chosen in MULTILINE else self.line

    def asked(self) -> BulkAsked | None:
        field = self.field.chosen
        if not field:
            return None
        text = self.value.text()
        value = checked(self._named(field), text if is_readable(text) else "")
        edit, called = setting({field: value}), shortened(fields_of(self._directory)[field])

        def button(_users: int, cells: int) -> str:
            return f"{'Clear' if value is None else 'Change'} {counted(cells, 'cell')}"

        def cleared(users: int, _cells: int) -> str:
            return f"Without a value, {called} is cleared for {counted(users, 'user')}."

        done, clears = partial(saved, labels=[called]), cleared if value is None else None
        doing = f"{'Changing' if value else 'Clearing'} {called}"
        return BulkAsked(lambda _change: edit, edit, self._directory, doing, done, button, clears=clears)

    def refuse(self, error: RefusedError) -> bool:
        if error.field != self._named(self.field.chosen):
            return False
        self.value.set_note(str(error))
        return True

    def take_focus(self) -> None:
        self.field.take_focus()

    def _named(self, field: str) -> str:
        """Return a field as RefusedError names it: a custom one by its name."""
        return field if field in LABELS else ATTRIBUTE_PREFIX + fields_of(self._directory).get(field, "")

    def _show_value(self) -> None:
        several = self.field.chosen in MULTILINE
        self.notes.setVisible(several)
        self.line.setVisible(not several)
        for row in (self.line, self.notes):
            row.set_note("")
        self.value.take_focus()
        self.edited.emit()
