"""The fields of several users, in order, and what is about to be changed in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.desktop.kit.field_row import FieldRow, LineRow, TextRow
from whowas.desktop.kit.notes_row import NotesRow
from whowas.desktop.kit.value_rows import value_row
from whowas.desktop.selection.groups_row import SharedGroups
from whowas.desktop.selection.shared_text import SharedText
from whowas.desktop.selection.status_row import SharedStatus
from whowas.domain.directory import Directory
from whowas.domain.field_definitions import ALL_PLAIN, PLAIN, Definitions, FieldDefinition
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, MULTILINE
from whowas.projections.queries.selection_summary import SelectionSummary

_GAP = 8
_SIDE_GAP = 9
_WHO_THEY_ARE = frozenset({"first_name", "last_name", "email", "external_id"})
"""What belongs to one person alone, and is not for several to share."""


class SharedFields(QWidget):
    """Every field that several users can share. Rows have the keys of ``SelectionDraft``."""

    edited = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts = {name: self._text(name, label) for name, label in LABELS.items() if name not in _WHO_THEY_ARE}
        self.attributes: dict[str, SharedText] = {}
        self.status = SharedStatus(self)
        self.groups = SharedGroups(self)
        self._custom: tuple[tuple[str, str, FieldDefinition], ...] = ()
        self._in_order: list[FieldRow] = []
        self._read_only = False
        for row in (self.status, self.groups):
            row.edited.connect(self.edited)
            row.submitted.connect(self.submitted)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_SIDE_GAP)
        self._grid.setVerticalSpacing(_GAP)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._lay_out()

    def row(self, field: str) -> FieldRow | None:
        """Return the row of a field by its key, or as RefusedError names it, or None if it has no row here."""
        names = {ATTRIBUTE_PREFIX + name: ATTRIBUTE_PREFIX + field_id for field_id, name, _ in self._custom}
        rows = {row.key: row for row in self.rows()}
        return rows.get(names.get(field, field)) or rows.get(field)

    def rows(self) -> Iterator[FieldRow]:
        """Yield every row."""
        yield from (text.row for text in self._all_texts())
        yield from (self.status, self.groups)

    def set_custom_fields(self, custom: Sequence[tuple[str, str]], definitions: Definitions = ALL_PLAIN) -> None:
        """Have exactly one row for each (name, label), in this order; what is typed in those that stay is kept."""
        described = ((name, label, definitions.get(name, PLAIN)) for name, label in custom)
        # What no two may have alike is not for several to share, as the email is not.
        defined = tuple(each for each in described if not each[2].unique)
        if self._custom == defined:
            return
        before, now = ({name: how for name, *how in each} for each in (self._custom, defined))
        kept = {name: text for name, text in self.attributes.items() if before[name] == now.get(name)}
        gone = {name: text for name, text in self.attributes.items() if name not in kept}
        self._custom = defined
        self.attributes = {
            name: kept.get(name) or self._shared(value_row(ATTRIBUTE_PREFIX + name, label, how, self))
            for name, label, how in defined
        }
        for name in self.attributes.keys() - kept.keys():
            self.attributes[name].row.set_read_only(self._read_only)
            self.attributes[name].row.set_plain(self._read_only)
        self._lay_out()
        for name, text in gone.items():
            self._grid.removeWidget(text.row)
            text.make_way(self.attributes.get(name))

    def show_summary(self, summary: SelectionSummary | None) -> None:
        """Show what the users share; None while that is being found out."""
        for text in self._all_texts():
            text.set_shared(None if summary is None else summary.fields.get(text.row.key))
        self.status.set_shared(None if summary is None else summary.by_status)
        members = {} if summary is None else summary.by_group
        self.groups.set_shared(members, 0 if summary is None else summary.count)

    def set_groups(self, directory: Directory) -> None:
        """Take the names and colours of groups."""
        self.groups.set_known(directory.groups, directory.looks.colours)

    def draft(self) -> SelectionDraft:
        """Return what is about to be changed in all of them."""
        values = {text.row.key: value for text in self._all_texts() if (value := text.value()) is not None}
        groups = self.groups
        return SelectionDraft(values, groups.joined(), groups.left(), groups.made(), self.status.chosen)

    def show_draft(self, draft: SelectionDraft, groups: Mapping[str, str]) -> None:
        """Show what was typed and chosen before for these users; ``groups`` maps ids to names, also of deleted ones."""
        for text in self._all_texts():
            if (value := draft.values.get(text.row.key)) is not None:
                text.show_typed(value)
        self.status.show_choice(draft.status)
        self.groups.show_choices(draft, groups)

    def clear_draft(self) -> None:
        """Show nothing of what was typed and chosen, which is for others."""
        for text in self._all_texts():
            text.clear_typed()
        self.status.show_choice(None)
        self.groups.show_choices(SelectionDraft(), {})

    def first_edited(self) -> FieldRow | None:
        """Return the first row that was edited, None where none is."""
        return next((row for row in self._in_order if row.was()), None)

    def take_saved(self, draft: SelectionDraft) -> None:
        """Show what was saved as what all of them have; what was typed since stays."""
        for text in self._all_texts():
            if text.row.key in draft.values:
                text.take_saved(draft.values[text.row.key])
        if draft.status is not None:
            self.status.take_saved(draft.status)
        self.groups.take_saved(draft)

    def put_back(self) -> None:
        """Drop everything that was typed and chosen."""
        for text in self._all_texts():
            if text.value() is not None:
                text.put_back()
        if self.status.chosen is not None:
            self.status.drop_choice()
        if self.groups.is_chosen:
            self.groups.put_back()

    def set_read_only(self, read_only: bool) -> None:
        """Make every row read only, or editable again."""
        self._read_only = read_only
        for row in self.rows():
            row.set_read_only(read_only)
            row.set_plain(read_only)

    def _all_texts(self) -> Iterator[SharedText]:
        yield from self.texts.values()
        yield from self.attributes.values()

    def _text(self, key: str, label: str) -> SharedText:
        return self._shared(NotesRow(key, label, self) if key in MULTILINE else LineRow(key, label, self))

    def _shared(self, row: TextRow) -> SharedText:
        text = SharedText(row)
        text.edited.connect(self.edited)
        row.submitted.connect(self.submitted)
        return text

    def _lay_out(self) -> None:
        """Lay what is short side by side: title and department first, the status beside the first custom field."""
        lines = [text.row for name, text in self.texts.items() if name not in MULTILINE]
        named = {row.key: row for row in lines}
        custom = [text.row for text in self.attributes.values()]
        first = [named.pop("title"), named.pop("department"), self.status]
        rest: list[FieldRow] = [*custom, *named.values()]
        pairs: list[Sequence[FieldRow]] = [first[:2], [self.status, *rest[:1]], [self.groups]]
        pairs += [rest[place : place + 2] for place in range(1, len(rest), 2)]
        pairs += [[text.row] for name, text in self.texts.items() if name in MULTILINE]
        for line, pair in enumerate(pairs):
            for column, row in enumerate(pair):
                self._grid.addWidget(row, line, column, 1, 2 if len(pair) == 1 else 1)
                row.show()
        self._in_order = [row for pair in pairs for row in pair]

    def stops(self) -> Iterator[QWidget]:
        """Yield what the Tab key goes to, from top to bottom."""
        for row in self._in_order:
            stops = [*self.groups.stops()] if row is self.groups else [row.editor]
            if row is self.status:
                stops.append(self.status.button)
            yield from stops
            if row.was():
                yield row.last_stop()
