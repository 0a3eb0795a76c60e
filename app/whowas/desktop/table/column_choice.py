"""Keeps the table's header and the layout of its columns in step: when either changes, the other follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from whowas.desktop.kit import sizes
from whowas.desktop.table.column_layout import ColumnLayout, layout_from_json, shared_out
from whowas.desktop.table.columns import Column
from whowas.desktop.table.header import TableHeader


class TableColumns(QObject):
    """The columns of the table: which are shown, in which order, how wide, and which one is sorted by.

    ``sortRequested(key, descending)`` asks for another order; the header shows it at once.
    """

    sortRequested = Signal(str, bool)

    def __init__(self, header: TableHeader, parent: QObject) -> None:
        super().__init__(parent)
        self._header = header
        self._layout = ColumnLayout()
        self._columns: tuple[Column, ...] = ()
        self._available = 0
        self._arranging = False
        header.sectionMoved.connect(self._take_order)
        header.resizedByHand.connect(self._take_widths)
        header.sortIndicatorChanged.connect(self._take_sort)

    def set_columns(self, columns: tuple[Column, ...]) -> None:
        """Take the columns of the model; choices made for known columns stay."""
        self._columns = columns
        self._arrange()

    def fill(self, width: int) -> None:
        """Distribute ``width`` pixels among the shown columns."""
        self._available = width
        self._share_out()

    def save_state(self) -> dict[str, Any]:
        """Return order, widths, visibility and sort order as JSON values."""
        return self._layout.to_json()

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Restore what ``save_state`` returned, and ask for its sort order."""
        before = self._layout.sort
        self._layout = layout_from_json(state)
        self._arrange()
        if self._layout.sort != before:
            self.sortRequested.emit(*self._layout.sort)

    def all(self) -> list[Column]:
        """Return all columns, shown or not, from left to right."""
        return self._layout.ordered(self._columns)

    def shown(self) -> list[Column]:
        """Return the columns shown, from left to right."""
        return [column for column in self.all() if self._layout.is_shown(column)]

    def sorted_by(self) -> tuple[str, bool]:
        """Return the key of the column sorted by, and whether descending."""
        return self._layout.sort

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Ask for another sort order."""
        if (key, descending) != self._layout.sort:
            self._layout.sort = (key, descending)
            self._arrange()
            self.sortRequested.emit(key, descending)

    def show(self, key: str, *, shown: bool = True) -> None:
        """Show or hide a column; the name column cannot be hidden."""
        self._layout.shown[key] = shown
        self._arrange()

    def move(self, key: str, by: int) -> None:
        """Move a column by ``by`` columns to the right among those shown, or to the left if negative."""
        shown = [column.key for column in self.shown()]
        if key in shown:
            index = min(max(shown.index(key) + by, 0), len(shown) - 1)
            order = [column.key for column in self.all()]
            target = order.index(shown[index])
            order.remove(key)
            order.insert(target, key)
            self._layout.remember_order(order)
            self._arrange()

    def reset(self) -> None:
        """Reset every choice except the sort order."""
        self._layout = ColumnLayout(sort=self._layout.sort)
        self._arrange()

    def _arrange(self) -> None:
        sections = {column.key: section for section, column in enumerate(self._columns)}
        self._arranging = True
        try:
            for target, column in enumerate(self.all()):
                section = sections[column.key]
                self._header.moveSection(self._header.visualIndex(section), target)
                self._header.setSectionHidden(section, not self._layout.is_shown(column))
            key, descending = self._layout.sort
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            self._header.setSortIndicator(sections.get(key, -1), order)
        finally:
            self._arranging = False
        self._share_out()

    def _share_out(self) -> None:
        sections = {column.key: section for section, column in enumerate(self._columns)}
        by_hand = self._layout.widths
        shown = [column._replace(width=sizes.scaled(column.width)) for column in self.shown()]
        if by_hand:
            widths = [by_hand.get(column.key, column.width) for column in shown]
            # The last one reaches the table's edge, but is not squeezed to it, as Qt's own stretching would do.
            widths[-1] = max(widths[-1], self._available - sum(widths[:-1]))
        else:
            widths = shared_out(shown, self._available)
        for column, width in zip(shown, widths, strict=True):
            self._header.resizeSection(sections[column.key], width)

    def _take_order(self) -> None:
        if not self._arranging:
            sections = (self._header.logicalIndex(visual) for visual in range(len(self._columns)))
            self._layout.remember_order([self._columns[section].key for section in sections])

    def _take_widths(self, sections: list[int]) -> None:
        if not self._layout.widths:
            # From now on all widths are fixed, so remember all of them.
            sections = list(range(len(self._columns)))
        for section in sections:
            if self._layout.is_shown(self._columns[section]):
                self._layout.widths[self._columns[section].key] = self._header.sectionSize(section)
        self._share_out()

    def _take_sort(self, section: int, order: Qt.SortOrder) -> None:
        if not self._arranging and 0 <= section < len(self._columns):
            self._layout.sort = (self._columns[section].key, order == Qt.SortOrder.DescendingOrder)
            self.sortRequested.emit(*self._layout.sort)
