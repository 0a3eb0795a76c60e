"""The dialog that lists the custom fields of a directory, those that are deleted greyed below the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from whowas.desktop.kit import theme
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView, row_height
from whowas.desktop.kit.field_row import LineRow, RowNote
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.domain.fields import NAME_LIMIT

_WIDTH, _ROWS, _NAME_WIDTH = 480, 8, 320
_SAYS = "What every user can have besides their name, email and the like. A deleted field keeps its values and history."


class FieldLine(NamedTuple):
    """A custom field: its id, its name, and whether it is deleted."""

    field_id: str
    name: str
    is_deleted: bool

    def texts(self) -> tuple[str, ...]:
        """Return the texts of its row."""
        return self.name, "Deleted" if self.is_deleted else ""


class FieldsDialog(DialogFrame):
    """``added`` carries the name of a new field, the other signals the id of a field that is listed."""

    added = Signal(str)
    renameWanted = Signal(str)
    deleted = Signal(str)
    restored = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Fields", parent)
        self._lines: Sequence[FieldLine] = ()
        self._may_change = True
        self.setMinimumWidth(_WIDTH)
        self.body.addWidget(TextLabel(_SAYS, token="muted", size=12, wrap=True))
        self._lay_out_new()
        self._list = LinesView("Custom fields", ("Field", ""), (_NAME_WIDTH,))
        self._list.setItemDelegate(_Greyed(self))
        self._list.setMinimumSize(QSize(_WIDTH - 40, _ROWS * row_height()))
        self._list.selectionModel().currentRowChanged.connect(self._show_buttons)
        self.body.addWidget(self._list, 1)
        self._rename = self._act("Rename…", self.renameWanted, "Give the field another name; its values stay")
        self._delete = self._act("Delete", self.deleted, "Show the field and its values no more; they are kept")
        self._restore = self._act("Bring back", self.restored, "Show a deleted field again, with all its values")
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
        self._new.line.setMaxLength(NAME_LIMIT)
        self._new.submitted.connect(self._add_new)
        self._new.edited.connect(self._show_buttons)
        self._add = QPushButton("Add")
        self._add.setAutoDefault(False)
        self._add.clicked.connect(self._add_new)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._new, 1)
        row.addWidget(self._add, 0, Qt.AlignmentFlag.AlignBottom)
        self._said = RowNote(self)
        self.body.addLayout(row)
        self.body.addWidget(self._said)

    def _act(self, text: str, wanted: SignalInstance, tip: str) -> QPushButton:
        """Return a button that asks for something to be done with the current field."""
        button = self.add_button(text)
        button.setToolTip(tool_tip(tip))
        button.clicked.connect(lambda: self._ask(wanted))
        return button

    def _ask(self, wanted: SignalInstance) -> None:
        self._said.say("", error=True)
        if (current := self._current()) is not None:
            wanted.emit(current.field_id)

    def _add_new(self) -> None:
        if self._add.isEnabled():
            self._said.say("", error=True)
            self.added.emit(self._new.text().strip())

    def _current(self) -> FieldLine | None:
        row = self._list.currentIndex().row()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def _show_buttons(self) -> None:
        current, may = self._current(), self._may_change
        self._add.setEnabled(may and bool(self._new.text().strip()))
        for button in (self._rename, self._delete):
            button.setEnabled(may and current is not None and not current.is_deleted)
        self._restore.setEnabled(may and current is not None and current.is_deleted)


class _Greyed(QStyledItemDelegate):
    """Writes deleted fields in a fainter colour."""

    def __init__(self, dialog: FieldsDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """See QStyledItemDelegate."""
        super().initStyleOption(option, index)
        if self._dialog.line(index.row()).is_deleted:
            option.palette.setColor(QPalette.ColorRole.Text, theme.current().colour("muted"))
