"""The second page of the assistant: every row with what it changes, before anything is written."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from whowas.desktop.exchange.preview.filtered_rows import EmptyWords, FilteredRows
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.exchange.preview.strips import Strips
from whowas.desktop.exchange.preview.table.reading import Names
from whowas.desktop.exchange.preview.table.view import PreviewTable

_EMPTY = EmptyWords(
    "No rows", "There is nothing in the file to be imported.", "No row shown here has all of these words."
)


class PreviewPage(FilteredRows):
    """Emits ``decided(RowKey, Decision | None)``, None where a decision is taken back, and ``agreed(bool)``.

    The latter is about more users that are missing than are suspended or deleted without a word. ``names`` tells
    users by their ids: "Ada Osei, ada@example.org".
    """

    decided = Signal(object, object)
    agreed = Signal(bool)

    def __init__(self, names: Names, parent: QWidget | None = None) -> None:
        strips = Strips()
        super().__init__(PreviewTable(names, checks=True), "Search rows", _EMPTY, strips, parent)
        self._strips = strips
        self.table.preview.decided.connect(self.decided)
        self._strips.agreed.connect(self.agreed)

    def show_rows(self, rows: PreviewRows, *, looking: bool, total: int) -> None:
        """Show rows; ``looking`` says that they are the first only of ``total``, the others being looked at."""
        self._strips.show_rows(rows, looking=looking, total=total)
        self.chips.show_counts(rows.counts, several_files=rows.several_files)
        self.table.show_rows(rows)
        self.say_why_empty()

    def forget_agreement(self) -> None:
        """Forget what was agreed to, without a word: the rules are others."""
        self._strips.forget()

    def forget_decisions(self) -> None:
        """Forget what was decided and agreed to, without a word: the rows shown next are others."""
        self.table.decisions.forget()
        self.table.preview.forget_decisions()
        self.forget_agreement()
