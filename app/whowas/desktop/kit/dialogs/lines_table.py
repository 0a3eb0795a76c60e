"""A table of lines in a dialog: any number of them, each made only when it becomes visible."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, Protocol, TypeVar, overload

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from whowas.desktop.kit import sizes
from whowas.desktop.kit.list_model import Index
from whowas.desktop.kit.plain_text import wrapped_tip
from whowas.domain.fields import shortened

_ROW: Final = 32
_COMPACT: Final = 26
"""Where rows lie close to each other."""
FETCHED_AT_ONCE: Final = 32
FETCHED_KEPT: Final = 4_096
_TIP: Final = 1_000
_NOWHERE: Final = QModelIndex()

T = TypeVar("T")


def row_height() -> int:
    """Return the height of a row, in pixels."""
    return sizes.spaced(_ROW, _COMPACT)


class Texts(Protocol):
    """A line: a text for each column, or one text that spans all of them."""

    def texts(self) -> tuple[str, ...]: ...


class Fetched(Sequence[T]):
    """A sequence of ``length`` values that are fetched in blocks on first access.

    ``fetch(first, beyond)`` returns the values from index ``first`` up to, but without, ``beyond``, or None if they
    are not available now: each of them is then ``missing``, and is fetched again at the next access.
    """

    def __init__(self, length: int, fetch: Callable[[int, int], Sequence[T] | None], missing: T) -> None:
        self._length = length
        self._fetch = fetch
        self._missing = missing
        self._known: dict[int, T] = {}

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(self._length))]
        if not 0 <= index < self._length:
            raise IndexError(index)
        if index not in self._known:
            self._read(index - index % FETCHED_AT_ONCE)
        return self._known.get(index, self._missing)

    def _read(self, first: int) -> None:
        if len(self._known) > FETCHED_KEPT:
            self._known.clear()
        beyond = min(first + FETCHED_AT_ONCE, self._length)
        self._known.update(zip(range(first, beyond), self._fetch(first, beyond) or (), strict=False))


class LinesModel(QAbstractTableModel):
    """A row for each line; lines with a key have a check box. ``ticked`` is emitted after any box has changed."""

    ticked = Signal()

    def __init__(self, headings: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headings = headings
        self._lines: Sequence[Texts] = ()
        self._keys: Sequence[Any] = ()
        self._ticked: set[int] = set()

    def show(self, lines: Sequence[Texts], keys: Sequence[Any] = (), unticked: Collection[Any] = ()) -> None:
        """Show other lines. ``keys`` is empty or has one a line, None for no box; all but ``unticked`` are ticked."""
        self.beginResetModel()
        self._lines, self._keys = lines, keys
        self._ticked = {row for row, key in enumerate(keys) if key is not None and key not in unticked}
        self.endResetModel()

    def chosen(self) -> list[Any]:
        """Return the keys of the ticked lines."""
        return [self._keys[row] for row in sorted(self._ticked)]

    @property
    def any_ticked(self) -> bool:
        """Whether any line is ticked."""
        return bool(self._ticked)

    def tick_all(self, *, ticked: bool) -> None:
        """Tick every line that has a box, or none."""
        self._ticked = {row for row, key in enumerate(self._keys) if key is not None} if ticked else set()
        last = self.index(self.rowCount() - 1, 0)
        self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit()

    def goes_across(self, row: int) -> bool:
        """Return whether a row is one text that spans all columns."""
        return len(self._lines[row].texts()) == 1

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._headings)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """See QAbstractItemModel."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if self._has_box(index) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See QAbstractItemModel; the tool tip is the whole text."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.CheckStateRole and self._has_box(index):
            return Qt.CheckState.Checked if index.row() in self._ticked else Qt.CheckState.Unchecked
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        texts = self._lines[index.row()].texts()
        text = texts[index.column()] if index.column() < len(texts) else ""
        plain = shortened(" ".join(text.split()), _TIP)
        return plain if role == Qt.ItemDataRole.DisplayRole or not plain else wrapped_tip(plain)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """See QAbstractItemModel; only check boxes can be set."""
        if role != Qt.ItemDataRole.CheckStateRole or not self._has_box(index):
            return False
        change = self._ticked.add if Qt.CheckState(value) == Qt.CheckState.Checked else self._ticked.discard
        change(index.row())
        self.dataChanged.emit(index, index, [role])
        self.ticked.emit()
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See QAbstractItemModel."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings[section]
        return None

    def _has_box(self, index: Index) -> bool:
        row = index.row()
        return index.column() == 0 and row < len(self._keys) and self._keys[row] is not None


class LinesView(QTableView):
    """Shows a LinesModel; ``name`` is its accessible name. The last column takes the rest after ``widths`` (pixels)."""

    def __init__(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> None:
        super().__init__()
        self.lines = LinesModel(headings, self)
        self.setModel(self.lines)
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height())
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, sizes.scaled(width))
        self.verticalScrollBar().valueChanged.connect(self._span_visible_rows)
        self.lines.modelReset.connect(self._reset_spans)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QTableView."""
        super().resizeEvent(event)
        self._span_visible_rows()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the space bar tick the row, whichever of its cells is current."""
        index = self.currentIndex().siblingAtColumn(0)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space and state is not None:
            toggled = Qt.CheckState.Unchecked if state == Qt.CheckState.Checked else Qt.CheckState.Checked
            self.lines.setData(index, toggled, Qt.ItemDataRole.CheckStateRole)
            return
        super().keyPressEvent(event)

    def _reset_spans(self) -> None:
        self.clearSpans()
        self._span_visible_rows()

    def _span_visible_rows(self) -> None:
        """Let single texts span all columns, in visible rows only."""
        first, rows = max(0, self.rowAt(0)), self.lines.rowCount()
        visible = self.viewport().height() // row_height() + 2
        for row in range(first, min(first + visible, rows)):
            if self.lines.goes_across(row) and self.columnSpan(row, 0) == 1:
                self.setSpan(row, 0, 1, self.lines.columnCount())
