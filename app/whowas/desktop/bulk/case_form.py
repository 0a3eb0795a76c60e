"""Asking for the case that the letters of a field are to have."""

from __future__ import annotations

from typing import get_args

from PySide6.QtWidgets import QWidget

from whowas.desktop.bulk.asked import BulkAsked, BulkForm
from whowas.desktop.bulk.choice_row import ChoiceRow, fields_of
from whowas.desktop.kit.segments import Segments
from whowas.domain.bulk_edit import rewriting
from whowas.domain.directory import Directory
from whowas.domain.done_sentences import Whom
from whowas.domain.errors import RefusedError
from whowas.domain.fields import counted
from whowas.domain.rewriting import CASES, Case, in_case

_NAMES = "names"
_NAME_FIELDS = ("first_name", "last_name")
_OF_TITLES = (
    "Each word begins with a capital and goes on in small letters, whatever it is: “McDonald” becomes “Mcdonald”, "
    "“van der Berg” becomes “Van Der Berg”."
)


class CaseForm(BulkForm):
    """A field, and one of the cases."""

    def __init__(self, directory: Directory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directory = directory
        self._case: Case = "title"
        self.field = ChoiceRow("field", "Field", {_NAMES: "First name and last name", **fields_of(directory)})
        self.cases = Segments("Case")
        for case, text in CASES.items():
            self.cases.add(case, text)
        self.cases.choose(self._case)
        self.column.addWidget(self.field)
        self.column.addWidget(self.cases)
        self.field.edited.connect(self.edited)
        self.cases.chosen.connect(self._take_case)

    def asked(self) -> BulkAsked | None:
        chosen = self.field.chosen
        if not chosen:
            return None
        edit = rewriting(_NAME_FIELDS if chosen == _NAMES else (chosen,), in_case(self._case))

        def button(_users: int, cells: int) -> str:
            return f"Change {counted(cells, 'cell')}"

        note = _OF_TITLES if self._case == "title" else ""
        return BulkAsked(lambda _change: edit, edit, self._directory, "Changing the case", _done, button, note)

    def refuse(self, error: RefusedError) -> bool:
        return False

    def take_focus(self) -> None:
        self.field.take_focus()

    def _take_case(self, key: str) -> None:
        self._case = next(case for case in get_args(Case) if case == key)
        self.edited.emit()


def _done(users: Whom) -> str:
    return f"Changed the case for {users}"
