"""The second page of the assistant: every row with what it changes, before anything is written."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from whowas.desktop.exchange.preview.chips import HEIGHT, FilterChips
from whowas.desktop.exchange.preview.reading import Names
from whowas.desktop.exchange.preview.rows import PreviewRows
from whowas.desktop.exchange.preview.strips import Strips
from whowas.desktop.exchange.preview.table import PreviewTable
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.search_field import SearchField

_SEARCH_WIDTH = 190
_APART = 12


class PreviewPage(QWidget):
    """Emits ``decided(RowKey, Decision | None)``, None where a decision is taken back, and ``agreed(bool)``.

    The latter is about more users that are missing than are suspended or deleted without a word. ``names`` tells
    users by their ids: "Ada Osei, ada@example.org".
    """

    decided = Signal(object, object)
    agreed = Signal(bool)

    def __init__(self, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = PreviewTable(names, checks=True)
        self.chips = FilterChips()
        self.search = SearchField()
        self.search.setAccessibleName("Search rows")
        self.search.setPlaceholderText("Search rows")
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self.search.setFixedHeight(HEIGHT)
        self._strips = Strips()
        self._count = -1
        self._lay_out()
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._find)
        self.chips.chosen.connect(self._filter)
        self.search.searchChanged.connect(self._filter)
        self.table.preview.decided.connect(self.decided)
        self.table.preview.filtered.connect(self._say_how_many)
        self._strips.agreed.connect(self.agreed)

    def show_rows(self, rows: PreviewRows, *, looking: bool, total: int) -> None:
        """Show rows; ``looking`` says that they are the first only of ``total``, the others being looked at."""
        self._strips.show_rows(rows, looking=looking, total=total)
        self.chips.show_counts(rows.counts, several_files=rows.several_files)
        self.table.show_rows(rows)
        self._say_why_empty()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on to the rows."""
        # A focus proxy would do so, too, but Tab would pass over all else on the page.
        self.table.setFocus(event.reason())

    def forget_agreement(self) -> None:
        """Forget what was agreed to, without a word: the rules are others."""
        self._strips.forget()

    def forget_decisions(self) -> None:
        """Forget what was decided and agreed to, without a word: the rows shown next are others."""
        self.table.decisions.forget()
        self.table.preview.forget_decisions()
        self.forget_agreement()

    def _filter(self, _changed: object) -> None:
        self.table.filter(self.chips.what, self.search.text())
        self._say_why_empty()

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _say_how_many(self) -> None:
        """Have a screen reader say how many rows are shown, where that is another number than before."""
        count = self.table.preview.rowCount()
        if count != self._count:
            self._count = count
            announce(self.table, "1 row" if count == 1 else f"{count:,} rows")

    def _say_why_empty(self) -> None:
        if self.search.text().strip():
            self.table.set_empty_text("Nothing found", "No row shown here has all of these words.")
        else:
            self.table.set_empty_text("No rows", "There is nothing in the file to be imported.")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(_APART)
        top.addWidget(self.chips, 1)
        top.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_APART)
        column.addLayout(top)
        column.addWidget(self._strips)
        column.addWidget(self.table, 1)
