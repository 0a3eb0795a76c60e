"""Rows with chips and a search field above them, which say which of the rows are shown."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from whowas.desktop.exchange.preview.filter_chips import HEIGHT, FilterChips
from whowas.desktop.exchange.preview.table.view import PreviewTable
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.search_field import SearchField
from whowas.domain.fields import counted

_SEARCH_WIDTH = 190
_APART = 12


class EmptyWords(NamedTuple):
    """What is said where no row is shown: a heading and a sentence where there is none, a sentence for a search."""

    heading: str
    sentence: str
    not_found: str


class FilteredRows(QWidget):
    """Puts a table together with what filters it; ``between`` stands between them."""

    def __init__(
        self,
        table: PreviewTable,
        search: str,
        empty: EmptyWords,
        between: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``search`` is what the search field is called."""
        super().__init__(parent)
        self.table = table
        self.chips = FilterChips()
        self.search = SearchField()
        self.search.setAccessibleName(search)
        self.search.setPlaceholderText(search)
        self.search.setFixedSize(_SEARCH_WIDTH, HEIGHT)
        self._empty = empty
        self._count = -1
        self._lay_out(between)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self._find)
        self.chips.chosen.connect(self._filter)
        self.search.searchChanged.connect(self._filter)
        table.preview.filtered.connect(self._say_how_many)

    def say_why_empty(self) -> None:
        """Have the table say why, should it show no row."""
        if self.search.text().strip():
            self.table.set_empty_text("Nothing found", self._empty.not_found)
        else:
            self.table.set_empty_text(self._empty.heading, self._empty.sentence)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on to the rows."""
        # A focus proxy would do so, too, but Tab would pass over all else here.
        self.table.setFocus(event.reason())

    def _filter(self, _changed: object) -> None:
        self.table.filter(self.chips.what, self.search.text())
        self.say_why_empty()

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _say_how_many(self) -> None:
        """Have a screen reader say how many rows are shown, where that is another number than before."""
        count = self.table.preview.rowCount()
        if count != self._count:
            self._count = count
            announce(self.table, counted(count, "row"))

    def _lay_out(self, between: QWidget | None) -> None:
        top = QHBoxLayout()
        top.setSpacing(_APART)
        top.addWidget(self.chips, 1)
        top.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_APART)
        column.addLayout(top)
        if between is not None:
            column.addWidget(between)
        column.addWidget(self.table, 1)
