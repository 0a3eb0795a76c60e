"""The dialog that lists the custom fields of a directory in their order, deleted ones greyed below the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from whowas.desktop.fields.type_words import rules_words, type_words
from whowas.desktop.kit import theme
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView, row_height
from whowas.desktop.kit.field_row import LineRow, RowNote
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.domain.field_definitions import PLAIN, FieldDefinition

_WIDTH, _ROWS, _WIDTHS = 600, 8, (220, 90)
_HIDE = "Show the field in no table or form; it can still be searched and exported"
_SHOW = "Show the field in table and form again"
_SAYS = "What every user can have besides their name, email and the like. A deleted field keeps its values and history."


class FieldLine(NamedTuple):
    """A custom field: its id, its name, whether it is deleted, and what it is beside its name."""

    field_id: str
    name: str
    is_deleted: bool
    definition: FieldDefinition = PLAIN

    def texts(self) -> tuple[str, ...]:
        """Return the texts of its row."""
        return (
            self.name,
            type_words(self.definition.type),
            "Deleted" if self.is_deleted else rules_words(self.definition),
        )


class FieldsDialog(DialogFrame):
    """``added`` and ``moreWanted``, which asks for more than a name, carry the name of a new field.

    The other signals carry the id of a field that is listed, ``moved`` also by how many places down, or up.
    """

    added = Signal(str)
    moreWanted = Signal(str)
    editWanted = Signal(str)
    moved = Signal(str, int)
    hiddenWanted = Signal(str)
    deleted = Signal(str)
    restored = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Fields", parent)
        self._lines: Sequence[FieldLine] = ()
        self._may_change = True
        self.ask_width(_WIDTH)
        self.body.addWidget(TextLabel(_SAYS, token="muted", size=12, wrap=True))
        self._lay_out_new()
        self._list = LinesView("Custom fields", ("Field", "Type", ""), _WIDTHS)
        self._list.setItemDelegate(_Greyed(self))
        self._list.setMinimumHeight(_ROWS * row_height())
        self._list.selectionModel().currentRowChanged.connect(self._show_buttons)
        self._list.doubleClicked.connect(self._ask_edit)
        self._acts = QVBoxLayout()
        self._acts.setSpacing(6)
        self._lay_out_acts()
        side = QHBoxLayout()
        side.setSpacing(12)
        side.addWidget(self._list, 1)
        side.addLayout(self._acts)
        self.body.addLayout(side, 1)
        self.add_button("Close").clicked.connect(self.reject)
        self._new.take_focus()

    def show_fields(self, lines: Sequence[FieldLine], *, may_change: bool) -> None:
        """List fields; the one that was current stays so."""
        if lines != self._lines:
            current = self._current()
            ids = [line.field_id for line in lines]
            place = self._list.currentIndex().row() if current is None or current.field_id not in ids else -1
            place = min(max(place, 0), len(lines) - 1) if current is None or place >= 0 else ids.index(current.field_id)
            self._lines = lines
            self._list.lines.show(lines)
            if lines:
                self._list.selectRow(place)
        self._may_change = may_change
        self._new.set_read_only(not may_change)
        self._show_buttons()

    def line(self, row: int) -> FieldLine:
        """Return the field of a row."""
        return self._lines[row]

    def added_field(self) -> None:
        """Be ready for the next field once one was added."""
        self._new.set_text("")
        self._said.say("", error=True)
        self._new.take_focus()
        self._show_buttons()

    def refuse(self, sentence: str) -> None:
        """Say why what was asked for was not done."""
        self._said.say(sentence, error=True)
        announce(self, sentence, urgent=True)

    def _lay_out_new(self) -> None:
        self._new = LineRow("name", "New field")
        self._new.submitted.connect(self._add_new)
        self._new.edited.connect(self._show_buttons)
        self._add = QPushButton("Add")
        self._add.setAutoDefault(False)
        self._add.clicked.connect(self._add_new)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._new, 1)
        self._more = QPushButton("Add field…")
        self._more.setAutoDefault(False)
        self._more.setToolTip(tool_tip("Choose the type and rules of a new field as well"))
        self._more.clicked.connect(self._ask_more)
        for button in (self._add, self._more):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        self._said = RowNote(self)
        self.body.addLayout(row)
        self.body.addWidget(self._said)

    def _lay_out_acts(self) -> None:
        """Put what can be done with the current field beside the list."""
        self._edit = self._act("Edit…", self.editWanted.emit, "Give the field another name, type, rules or help text")
        self._up = self._act("Move up", lambda one: self.moved.emit(one, -1), "List the field before the one above")
        self._down = self._act("Move down", lambda one: self.moved.emit(one, 1), "List the field after the one below")
        self._hide = self._act("Hide", self.hiddenWanted.emit, _HIDE)
        self._delete = self._act("Delete", self.deleted.emit, "Show the field and its values no more; they are kept")
        self._restore = self._act("Bring back", self.restored.emit, "Show a deleted field again, with all its values")
        self._acts.addStretch(1)

    def _act(self, text: str, ask: Callable[[str], object], tip: str) -> QPushButton:
        """Return a button that asks for something to be done with the current field, by its id."""
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setToolTip(tool_tip(tip))
        button.clicked.connect(lambda: self._ask(ask))
        self._acts.addWidget(button)
        return button

    def _ask_edit(self) -> None:
        if self._edit.isEnabled():
            self._ask(self.editWanted.emit)

    def _ask(self, ask: Callable[[str], object]) -> None:
        self._said.say("", error=True)
        if (current := self._current()) is not None:
            ask(current.field_id)

    def _add_new(self) -> None:
        if self._add.isEnabled():
            self._said.say("", error=True)
            self.added.emit(self._new.text().strip())

    def _ask_more(self) -> None:
        self._said.say("", error=True)
        self.moreWanted.emit(self._new.text().strip())

    def _current(self) -> FieldLine | None:
        row = self._list.currentIndex().row()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def _show_buttons(self) -> None:
        current, may, row = self._current(), self._may_change, self._list.currentIndex().row()
        self._add.setEnabled(may and bool(self._new.text().strip()))
        self._more.setEnabled(may)
        there = may and current is not None and not current.is_deleted
        last = sum(not line.is_deleted for line in self._lines) - 1
        is_hidden = current is not None and current.definition.hidden
        self._hide.setText("Show" if is_hidden else "Hide")
        self._hide.setToolTip(tool_tip(_SHOW if is_hidden else _HIDE))
        can = {self._edit: there, self._hide: there, self._delete: there, self._up: there and row > 0}
        can |= {self._down: there and row < last, self._restore: may and current is not None and current.is_deleted}
        if any(button.hasFocus() and not possible for button, possible in can.items()):
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)  # else the focus would be lost with the button
        for button, possible in can.items():
            button.setEnabled(possible)


class _Greyed(QStyledItemDelegate):
    """Writes deleted and hidden fields in a fainter colour."""

    def __init__(self, dialog: FieldsDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """See QStyledItemDelegate."""
        super().initStyleOption(option, index)
        line = self._dialog.line(index.row())
        if line.is_deleted or line.definition.hidden:
            option.palette.setColor(QPalette.ColorRole.Text, theme.current().colour("muted"))
