"""The rows of the details form, in order, and their values as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from whowas.desktop.details.draft import Draft, UserForm, differs
from whowas.desktop.details.groups_row import GroupsRow
from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.field_row import FieldRow, LineRow, TextRow
from whowas.desktop.kit.notes_row import NotesRow
from whowas.desktop.kit.read_only_row import FactRow, QuietFact
from whowas.desktop.kit.value_rows import value_row
from whowas.domain.field_definitions import PLAIN, Definitions, FieldDefinition
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, MULTILINE
from whowas.domain.users import STATUS_LABELS

_GAP, _COMPACT = 8, 4
_SIDE_GAP = 10
_SIDE_BY_SIDE = {"first_name": "last_name", "title": "department"}
"""Texts that share a line; every other has one of its own."""


class FormRows(QWidget):
    """Every field of a user. The keys of rows are the field names that RefusedError uses."""

    edited = Signal()
    submitted = Signal()
    putBackRequested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts: dict[str, TextRow] = {
            name: LineRow(name, label, self)
            for name, label in LABELS.items()
            if name not in MULTILINE and name != "external_id"
        }
        # Created in the order of the Tab key.
        self.status = FactRow("status", "Status", "More", "more", self)
        self.password = FactRow("password", "Password", "Set password…", "key", self)
        self.groups = GroupsRow(self)
        self.attributes: dict[str, TextRow] = {}
        self.texts |= {name: NotesRow(name, label, self) for name, label in LABELS.items() if name in MULTILINE}
        self.external_id = QuietFact(LABELS["external_id"], self)
        self._read_only = False
        self._custom: tuple[tuple[str, str, FieldDefinition], ...] = ()
        self._custom_rows = QVBoxLayout()
        self._lay_out()
        for row in (*self.texts.values(), self.groups):
            self._listen(row)

    def row(self, key: str) -> FieldRow | None:
        """Return the row of a field, or None if it has no row here."""
        others: dict[str, FieldRow] = {"groups": self.groups, "status": self.status, "password": self.password}
        return self.text_row(key) or others.get(key)

    def text_row(self, key: str) -> TextRow | None:
        """Return the row of a field whose text can be edited, or None."""
        if key.startswith(ATTRIBUTE_PREFIX):
            return self.attributes.get(key.removeprefix(ATTRIBUTE_PREFIX))
        return self.texts.get(key)

    def row_called(self, field: str) -> FieldRow | None:
        """Return the row of a field named as RefusedError does it: a custom one by its name."""
        ids = (ATTRIBUTE_PREFIX + key for key, label, _ in self._custom if ATTRIBUTE_PREFIX + label == field)
        return self.row(next(ids, field))

    def all(self) -> Iterator[FieldRow]:
        """Yield every row."""
        yield from self.texts.values()
        yield from self.attributes.values()
        yield from (self.groups, self.status, self.password)

    def set_custom_fields(self, custom: Sequence[tuple[str, str]], definitions: Definitions) -> bool:
        """Show exactly one row for each (key, label), in this order; return whether that differs from before.

        How a row is edited is said by its field's definition. Rows of fields that are as they were stay, so that
        nobody who is typing there is disturbed; new rows are empty until ``show_form``.
        """
        defined = tuple((key, label, definitions.get(key, PLAIN)) for key, label in custom)
        if self._custom == defined:
            return False
        before, same = self.attributes, {key for key, *_ in {*defined} & {*self._custom}}
        self._custom = defined
        self.attributes = {
            key: before[key] if key in same else self._made(key, label, definition)
            for key, label, definition in defined
        }
        stop = self.groups.last_stop()
        for row in before.values():
            self._custom_rows.removeWidget(row)
        for row in self.attributes.values():
            self._custom_rows.addWidget(row)
            # A layout shows a new widget only when the program is idle, and puts it last in the order of the Tab key.
            row.show()
            QWidget.setTabOrder(stop, row.focus_widget)
            stop = row.last_stop()
        for key in before.keys() - same:
            before[key].make_way(self.attributes.get(key))
        return True

    def _made(self, key: str, label: str, definition: FieldDefinition) -> TextRow:
        row = value_row(ATTRIBUTE_PREFIX + key, label, definition, self)
        row.set_read_only(self._read_only)
        if self._read_only:
            row.set_plain(True)
        self._listen(row)
        return row

    def show_form(self, form: UserForm, draft: Draft) -> None:
        """Show ``form`` with the texts and groups of ``draft`` instead of its own."""
        _fill(self.texts, form.values, draft.values)
        _fill(self.attributes, form.attributes, draft.attributes)
        groups = form.groups if draft.groups is None else draft.groups
        if self.groups.groups() != groups:
            self.groups.set_groups(groups)
        self.external_id.set_text(form.external_id)
        exists = form.user_id is not None
        self.status.setVisible(exists)
        self.password.setVisible(exists)
        self.status.set_text(STATUS_LABELS.get(form.status, form.status))
        self.password.set_text("Set" if form.has_password else "Not set")

    def forget_typing(self) -> None:
        """Clear the undo history of every field."""
        for row in (*self.texts.values(), *self.attributes.values()):
            row.forget_typing()

    def draft_from(self, form: UserForm) -> Draft:
        """Return the differences between the values of the rows and ``form``."""
        return self.differing(
            Draft(
                values={key: row.text() for key, row in self.texts.items()},
                groups=self.groups.groups(),
                attributes={key: row.text() for key, row in self.attributes.items()},
            ),
            form,
        )

    def differing(self, draft: Draft, form: UserForm) -> Draft:
        """Return the part of a draft, made in these rows, that differs from ``form``; rows may be gone meanwhile."""
        groups = form.groups if draft.groups is None else draft.groups
        return Draft(
            values=_differing(self.texts, draft.values, form.values),
            groups=None if set(groups) == set(form.groups) else groups,
            attributes=_differing(self.attributes, draft.attributes, form.attributes),
        )

    def set_read_only(self, read_only: bool) -> None:
        """Make every row read only, or editable again."""
        self._read_only = read_only
        for row in self.all():
            row.set_read_only(read_only)
            row.set_plain(read_only)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._column = column
        theme.signals.changed.connect(self._space)
        self._space()
        for name, row in self.texts.items():
            if name in _SIDE_BY_SIDE:
                column.addLayout(_beside(row, self.texts[_SIDE_BY_SIDE[name]]))
            elif name not in MULTILINE and name not in _SIDE_BY_SIDE.values():
                column.addWidget(row)
        column.addLayout(_beside(self.status, self.password))
        column.addWidget(self.groups)
        column.addLayout(self._custom_rows)
        for name, row in self.texts.items():
            if name in MULTILINE:
                column.addWidget(row)
        column.addWidget(self.external_id)

    def _space(self) -> None:
        """Let fields lie as close to each other as rows do."""
        for column in (self._column, self._custom_rows):
            column.setSpacing(sizes.spaced(_GAP, _COMPACT))

    def _listen(self, row: FieldRow) -> None:
        row.edited.connect(self.edited)
        row.submitted.connect(self.submitted)
        row.putBackRequested.connect(self.putBackRequested)


def _beside(*rows: FieldRow) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(_SIDE_GAP)
    for row in rows:
        line.addWidget(row, 1)
    return line


def _fill(rows: Mapping[str, TextRow], shown: Mapping[str, str], drafted: Mapping[str, str]) -> None:
    for key, row in rows.items():
        text = drafted.get(key, shown.get(key, ""))
        typed = row.text()
        # Keep a trailing space in the focused field, because the person may go on with the next word.
        if typed != text and (not row.has_focus() or differs(typed, row.as_shown(text))):
            row.set_text(text)


def _differing(rows: Mapping[str, TextRow], texts: Mapping[str, str], shown: Mapping[str, str]) -> dict[str, str]:
    return {
        key: text
        for key, text in texts.items()
        if key in rows and differs(text, rows[key].as_shown(shown.get(key, "")))
    }
