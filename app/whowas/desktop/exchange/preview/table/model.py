"""The view-model of a preview: the rows that are shown, read a block at a time when they become visible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any, Final, Literal

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from whowas.desktop.exchange.preview.rows.preview_rows import BY_USER, PreviewRows, RowOrder
from whowas.desktop.exchange.preview.rows.search_text import Bools
from whowas.desktop.exchange.preview.table.reading import Names, RowReader
from whowas.desktop.exchange.preview.table.searching import RowSearch
from whowas.desktop.exchange.preview.words.plain_words import plain
from whowas.desktop.exchange.preview.words.row_words import NO_NAME, RowWords
from whowas.desktop.kit import dates
from whowas.desktop.kit.plain_text import wrapped_tip
from whowas.interchange.importing.given.rules import Decision, LeaveOut
from whowas.interchange.importing.told.outcome import RowOutcome, What
from whowas.projections.tables.arrays import Int32

_READ_AT_ONCE: Final = 32
_LONGEST_FILE: Final = 100
_LONGEST_TIP: Final = 4_000
_NOWHERE: Final = QModelIndex()

_AnyIndex = QModelIndex | QPersistentModelIndex


class PreviewColumn(IntEnum):
    """The columns, from left to right."""

    MARK = 0
    USER = 1
    CHANGES = 2
    SINCE = 3
    FILE = 4
    LINE = 5


TITLES: Final = ("", "User", "What changes", "True since", "File", "Line")
CHANGED: Final = "What changed"
ORDERS: Final[Mapping[int, Literal["user", "line"]]] = {PreviewColumn.USER: "user", PreviewColumn.LINE: "line"}
"""What rows are ordered by when a title is clicked."""

_ROLES: Final = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
    Qt.ItemDataRole.CheckStateRole,
    Qt.ItemDataRole.ToolTipRole,
)


class PreviewModel(QAbstractTableModel):
    """``checks`` says that rows can be left out and decided. ``decided(RowKey, Decision | None)`` tells of each.

    ``filtered`` is emitted when other rows are shown, which a search may take a while to find.
    """

    decided = Signal(object, object)
    filtered = Signal()

    def __init__(self, names: Names, *, checks: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = RowReader(names)
        self._checks = checks
        self._numbers: Int32 = np.empty(0, dtype=np.int32)
        self._what: What | None = None
        self._text = ""
        self._order = BY_USER
        self._found: Bools | None = None
        self._search = RowSearch(self)
        self._search.found.connect(self._take_found)

    def show(self, rows: PreviewRows) -> None:
        """Show other rows, by the same filter, search and order."""
        self.beginResetModel()
        self._reader.turn_to(rows)
        if not self._text.strip() or (self._found is not None and len(self._found) != len(rows.outcomes)):
            self._found = None
        self._arrange()
        self.endResetModel()
        self.filtered.emit()
        if self._text.strip():
            self._look()

    def filter(self, what: What | None, text: str) -> None:
        """Show only the rows of a kind, None for all, that contain every word of ``text``."""
        if text != self._text:
            self._what, self._text = what, text
            self._look()
        elif what != self._what:
            self._what = what
            self._show_arranged()

    @property
    def searching(self) -> bool:
        """Whether a search is on its way, so that the rows shown are those of the one before."""
        return self._search.busy

    @property
    def rows(self) -> PreviewRows | None:
        """The rows that are shown, None before any are."""
        return self._reader.rows

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """See QAbstractItemModel; there are orders by user and by line, and another column changes nothing."""
        if by := ORDERS.get(column):
            self._order = RowOrder(by, descending=order == Qt.SortOrder.DescendingOrder)
            self._show_arranged()

    def number_at(self, row: int) -> int:
        """Return the number of what a row of the table shows."""
        return int(self._numbers[row])

    def numbers_within(self, spans: Iterable[range]) -> list[int]:
        """Return the numbers in some runs of rows of the table, each once."""
        within = np.zeros(len(self._numbers), dtype=np.bool_)
        for span in spans:
            within[span.start : span.stop] = True
        numbers: list[int] = self._numbers[within].tolist()
        return numbers

    def row_of(self, number: int) -> int | None:
        """Return the table's row that shows a number, or None."""
        found = np.flatnonzero(self._numbers == number)
        return int(found[0]) if len(found) else None

    def outcome_of(self, number: int) -> RowOutcome:
        """Return what became of a row; what cannot be read any more is a refused row that says why."""
        return self._reader.outcome(number)

    def words_at(self, row: int) -> RowWords:
        """Return what is painted in a row of the table; its neighbours are read with it."""
        number = self.number_at(row)
        if not self._reader.has_read(number):
            first = row - row % _READ_AT_ONCE
            self._reader.read_all(self._numbers[first : first + _READ_AT_ONCE].tolist())
        return self._reader.words(number)

    def called(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return what users are called by their ids."""
        return self._reader.called(ids)

    def decision(self, number: int) -> Decision | None:
        """Return what was decided about a row."""
        return self._reader.decision(number)

    def is_taken(self, number: int) -> bool | None:
        """Say whether a row is taken; None where that is not for a person to say."""
        return self._reader.words(number).taken if self._checks else None

    def asks(self, number: int) -> bool:
        """Say whether a row is about one user or another, which is to be said."""
        return self._checks and self._reader.words(number).asks

    def decide(self, number: int, decision: Decision | None) -> None:
        """Decide about a row, None taking back what was decided; the table shows it after ``show_decided``."""
        key = self._reader.decide(number, decision) if self._checks else None
        if key is not None:
            self.decided.emit(key, decision)

    def show_decided(self) -> None:
        """Let the table show what was decided."""
        if len(self._numbers):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._numbers) - 1, self.columnCount() - 1))

    def forget_decisions(self) -> None:
        """Forget what was decided, without a word, because lines are others from now on."""
        self._reader.forget_decisions()
        self.show_decided()

    def rowCount(self, parent: _AnyIndex = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: _AnyIndex = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            rows = self._reader.rows
            done = rows is not None and rows.tense == "did"
            return CHANGED if done and section == PreviewColumn.CHANGES else TITLES[section]
        return None

    def flags(self, index: _AnyIndex) -> Qt.ItemFlag:
        """See QAbstractItemModel."""
        flags = super().flags(index)
        checkable = (
            index.isValid()
            and index.column() == PreviewColumn.MARK
            and self.is_taken(self.number_at(index.row())) is not None
        )
        return flags | Qt.ItemFlag.ItemIsUserCheckable if checkable else flags

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel; the texts are plain and whole enough to be read out without seeing the table."""
        if not index.isValid() or role not in _ROLES:
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.CheckStateRole:
            taken = self.is_taken(self.number_at(row)) if column == PreviewColumn.MARK else None
            return None if taken is None else Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = self.tip(row)
            return wrapped_tip(tip[:_LONGEST_TIP] + ("…" if len(tip) > _LONGEST_TIP else ""))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self.tip(row).replace("\n", "; ") if column == PreviewColumn.USER else None
        return self.text(row, PreviewColumn(column))

    def setData(self, index: _AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """See QAbstractItemModel; only whether a row is taken can be set."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or index.column() != PreviewColumn.MARK:
            return False
        if self.is_taken(self.number_at(index.row())) is None:
            return False
        taken = Qt.CheckState(value) == Qt.CheckState.Checked
        self.decide(self.number_at(index.row()), None if taken else LeaveOut())
        self.show_decided()
        return True

    def tip(self, row: int) -> str:
        """Return all that is known of a row as lines of plain text."""
        return self._reader.whole(self.number_at(row))

    def text(self, row: int, column: PreviewColumn) -> str:
        """Return the text of a cell."""
        words, number = self.words_at(row), self.number_at(row)
        match column:
            case PreviewColumn.MARK:
                return words.kind
            case PreviewColumn.USER:
                return words.name or NO_NAME
            case PreviewColumn.CHANGES:
                return self._reader.spoken_changes(number)
            case PreviewColumn.SINCE:
                since = self.outcome_of(number).occurred_at
                return "" if since is None else dates.day(since)
            case PreviewColumn.FILE:
                return plain(self.outcome_of(number).file, _LONGEST_FILE)
            case PreviewColumn.LINE:
                return words.where

    def _look(self) -> None:
        """Find what is searched for, in the rows shown now."""
        if self.rows is None or not self._text.strip():
            self._search.stop()
            self._found = None
            self._show_arranged()
        else:
            self._search.start(self.rows.containing(self._text))

    def _take_found(self, found: Bools) -> None:
        self._found = found
        self._show_arranged()

    def _show_arranged(self) -> None:
        self.beginResetModel()
        self._arrange()
        self.endResetModel()
        self.filtered.emit()

    def _arrange(self) -> None:
        if self.rows is not None:
            self._numbers = self.rows.arranged(self._what, self._found, self._order)
