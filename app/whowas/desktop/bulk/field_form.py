"""Asking for a field and the value that it is to have for all."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from whowas.desktop.bulk.asked import BulkAsked, BulkForm
from whowas.desktop.bulk.choice_row import ChoiceRow, fields_of
from whowas.desktop.kit.field_row import LineRow, TextRow
from whowas.desktop.kit.notes_row import NotesRow
from whowas.desktop.kit.value_rows import value_row
from whowas.domain.bulk_edit import setting
from whowas.domain.comparison_keys import is_readable
from whowas.domain.directory import Directory
from whowas.domain.done_sentences import saved
from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.field_values import checked_as
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, MULTILINE, checked, counted, shortened


class FieldForm(BulkForm):
    """A field, and below it its new value, which has several lines where the field may; without one it is cleared."""

    def __init__(self, directory: Directory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directory = directory
        self.field = ChoiceRow("field", "Field", fields_of(directory))
        self.value: TextRow = LineRow("value", "New value")
        """The row of the value, as the field chosen is edited."""
        self.value.edited.connect(self.edited)
        for row in (self.field, self.value):
            self.column.addWidget(row)
        self.field.edited.connect(self._show_value)

    def asked(self) -> BulkAsked | None:
        field = self.field.chosen
        if not field:
            return None
        text = self.value.text()
        given, name = text if is_readable(text) else "", fields_of(self._directory)[field]
        value = checked(field, given) if field in LABELS else checked_as(self._definition(field), name, given)
        edit, called = setting({field: value}), shortened(name)

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

    def _made_value(self, field: str) -> TextRow:
        if field in LABELS:
            return (NotesRow if field in MULTILINE else LineRow)("value", "New value")
        return value_row("value", "New value", self._definition(field))

    def _definition(self, field: str) -> FieldDefinition:
        return self._directory.definition(field.removeprefix(ATTRIBUTE_PREFIX))

    def _named(self, field: str) -> str:
        """Return a field as RefusedError names it: a custom one by its name."""
        return field if field in LABELS else ATTRIBUTE_PREFIX + fields_of(self._directory).get(field, "")

    def _show_value(self) -> None:
        before = self.value
        self.value = self._made_value(self.field.chosen)
        if type(before) is type(self.value) is LineRow:
            self.value.set_text(before.text())  # the value may have been typed before its field was chosen
        self.value.edited.connect(self.edited)
        self.column.replaceWidget(before, self.value)
        before.hide()
        before.deleteLater()
        self.value.show()
        QWidget.setTabOrder(self.field.box, self.value.focus_widget)
        self.value.take_focus()
        self.edited.emit()
