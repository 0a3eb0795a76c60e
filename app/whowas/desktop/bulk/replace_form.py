"""Asking what to find, and what to put in its place."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from whowas.desktop.bulk.asked import BulkAsked, BulkForm
from whowas.desktop.bulk.choice_row import ChoiceRow, fields_of
from whowas.desktop.kit.field_row import LineRow
from whowas.domain.bulk_edit import rewriting
from whowas.domain.directory import Directory
from whowas.domain.done_sentences import Whom
from whowas.domain.errors import RefusedError
from whowas.domain.fields import counted, shortened
from whowas.domain.rewriting import replacing

_EVERYWHERE = "everywhere"


class ReplaceForm(BulkForm):
    """Two texts, in which field, and how they are compared."""

    def __init__(self, directory: Directory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directory = directory
        self._fields = fields_of(directory)
        self.wanted, self.replacement = LineRow("find", "Find"), LineRow("replacement", "Replace with")
        self.among = ChoiceRow("among", "In", {_EVERYWHERE: "All text fields", **self._fields})
        self.among.choose(_EVERYWHERE)
        self.whole, self.match_case = QCheckBox("Whole field only"), QCheckBox("Match case")
        texts, options = QHBoxLayout(), QHBoxLayout()
        for row in (self.wanted, self.replacement, self.among):
            texts.addWidget(row, 1)
            row.edited.connect(self.edited)
        for box in (self.whole, self.match_case):
            options.addWidget(box)
            box.toggled.connect(lambda _on: self.edited.emit())
        texts.setSpacing(12)
        options.setSpacing(20)
        options.addStretch(1)
        self.column.addLayout(texts)
        self.column.addLayout(options)

    def asked(self) -> BulkAsked | None:
        rewrite = replacing(
            self.wanted.text(),
            self.replacement.text(),
            whole=self.whole.isChecked(),
            match_case=self.match_case.isChecked(),
        )
        fields = [*self._fields] if self.among.chosen == _EVERYWHERE else [self.among.chosen]
        edit = rewriting(fields, rewrite)
        if self.replacement.text():
            return BulkAsked(lambda _change: edit, edit, self._directory, "Replacing", _done, _change_cells)
        cleared = partial(_cleared, shortened(self.wanted.text()))
        return BulkAsked(lambda _change: edit, edit, self._directory, "Clearing", _done, _clear_text, clears=cleared)

    def refuse(self, error: RefusedError) -> bool:
        if error.field != self.wanted.key:
            return False
        self.wanted.set_note(str(error), error=False)
        return True

    def take_focus(self) -> None:
        self.wanted.take_focus()


def _change_cells(_users: int, cells: int) -> str:
    return f"Change {counted(cells, 'cell')}"


def _clear_text(_users: int, cells: int) -> str:
    return f"Clear text in {counted(cells, 'cell')}"


def _cleared(wanted: str, users: int, cells: int) -> str:
    return f"“{wanted}” is cleared from {counted(cells, 'cell')} of {counted(users, 'user')}."


def _done(users: Whom) -> str:
    return f"Replaced text for {users}"
