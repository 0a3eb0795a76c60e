"""The table of a preview: rows of an import that was tried, or, without checks and lines, of one that was made."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.exchange.preview.table.cells import EDGE, ROW_HEIGHT, PreviewCells
from whowas.desktop.exchange.preview.table.deciding import RowDecisions, fill_ask_menu, fill_order_menu, fill_row_menu
from whowas.desktop.exchange.preview.table.header import PreviewHeader
from whowas.desktop.exchange.preview.table.model import PreviewColumn, PreviewModel
from whowas.desktop.exchange.preview.table.reading import Names
from whowas.desktop.exchange.preview.table.round_edge import RoundEdge
from whowas.desktop.kit import theme
from whowas.desktop.kit.empty_notice import EmptyNotice
from whowas.desktop.kit.viewports import KEYBOARD, first_cell, own_viewport, selected_spans, show_whole_rows
from whowas.interchange.importing.told.outcome import What

_AnyIndex = QModelIndex | QPersistentModelIndex
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_NARROW = 640


class PreviewTable(QTableView):
    """Shows PreviewRows. With ``checks``, rows can be left out and decided; with ``lines``, it says where they stand.

    A click on a row's mark, or the space bar, leaves it out or takes it again; a menu has what else can be decided.
    ``preview.decided`` tells of each decision.
    """

    def __init__(self, names: Names, *, checks: bool, lines: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preview = PreviewModel(names, checks=checks, parent=self)
        self.decisions = RowDecisions(self.preview, self)
        self._lines = lines
        self._by_keyboard = False
        own_viewport(self).setMouseTracking(True)
        self._header = PreviewHeader(self)
        self._cells = PreviewCells(self.preview, self.font())
        self._notice = EmptyNotice(self)
        self._round_edge = RoundEdge(self)
        self.setAccessibleName("Rows")
        self.setHorizontalHeader(self._header)
        self.setModel(self.preview)
        show_whole_rows(self, ROW_HEIGHT)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fix_widths()
        self._header.sortIndicatorChanged.connect(self._sort)
        self.preview.filtered.connect(self._after_filter)
        theme.signals.changed.connect(self.viewport().update)

    def show_rows(self, rows: PreviewRows) -> None:
        """Show other rows; the row that was current stays where it was on the screen, if it is there."""
        row = self.currentIndex().row()
        number = self.preview.number_at(row) if row >= 0 else None
        above = self.rowViewportPosition(row) if row >= 0 else 0
        at = self.verticalScrollBar().value()
        self.preview.show(rows)
        self._fix_widths()
        self.updateGeometries()
        again = None if number is None else self.preview.row_of(number)
        if again is None:
            self.verticalScrollBar().setValue(at)
            return
        self.selectionModel().setCurrentIndex(
            self.preview.index(again, PreviewColumn.USER),
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.verticalScrollBar().setValue(again * ROW_HEIGHT - above)

    def filter(self, what: What | None, text: str) -> None:
        """Show only the rows of a kind, None for all, that contain every word of ``text``."""
        self.preview.filter(what, text)

    def set_empty_text(self, title: str, sentence: str) -> None:
        """Set the notice that is shown while there are no rows."""
        self._notice.set_text(title, sentence)

    def selected_numbers(self) -> list[int]:
        """Return the numbers of the selected rows, see PreviewRows."""
        return self.preview.numbers_within(selected_spans(self))

    def ask(self, number: int) -> None:
        """Open the menu that asks whom a row is about, below its button."""
        row = self.preview.row_of(number)
        if row is not None:
            box = self._cells.ask_box(self.visualRect(self.preview.index(row, PreviewColumn.CHANGES)))
            menu = QMenu(self)
            fill_ask_menu(menu, self.preview, self.decisions, number)
            self._pop_up(menu, self.viewport().mapToGlobal(box.bottomLeft() + QPoint(0, 2)))

    def row_menu(self) -> QMenu:
        """Return a menu of what can be done with the selected rows."""
        menu = QMenu(self)
        numbers = self.selected_numbers()
        if numbers:
            fill_row_menu(menu, self.preview, self.decisions, numbers)
        fill_order_menu(menu, self._order_by)
        return menu

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: Qt's own search would read every row, and there is a field to search in."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and self.currentIndex().isValid():
            self._toggle(self.preview.number_at(self.currentIndex().row()), self.selected_numbers())
            return
        if event.key() in _ENTER and not event.modifiers():
            # Not handed on: in a dialog it would press the button that imports.
            number = self.preview.number_at(self.currentIndex().row()) if self.currentIndex().isValid() else None
            if number is not None and self.preview.asks(number):
                self.ask(number)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        at = event.position().toPoint()
        index = self.indexAt(at)
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        if plain and index.isValid() and (self._is_on_box(index) or self._is_on_ask(index, at)):
            self.setCurrentIndex(index)
            self._toggle(self.preview.number_at(index.row()), [])
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        self._hover(index.row())
        hand = index.isValid() and (self._is_on_box(index) or self._is_on_ask(index, at))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            index = self.indexAt(event.pos())
            if index.isValid() and not self.selectionModel().isSelected(index):
                self.selectRow(index.row())
        self._pop_up(self.row_menu(), event.globalPos())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(first_cell(selected), first_cell(deselected))
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in KEYBOARD
        super().focusInEvent(event)
        if self._by_keyboard and not self.currentIndex().isValid() and self.preview.rowCount():
            self.setCurrentIndex(self.preview.index(0, PreviewColumn.USER))

    def paintEvent(self, event: QPaintEvent) -> None:
        shows_focus = self._by_keyboard and self.hasFocus()
        self._cells.focused_row = self.currentIndex().row() if shows_focus else -1
        offset, area = self.verticalHeader().offset(), event.rect()
        first = (area.top() + offset) // ROW_HEIGHT
        rows = range(first, min((area.bottom() + offset) // ROW_HEIGHT + 1, self.preview.rowCount()))
        spans = selected_spans(self)
        selected = {row for row in rows if any(row in span for span in spans)}
        self._cells.prepare(self._rows_in_view(), selected, self.devicePixelRatioF(), self._edge())
        header = self._header
        columns = [
            (column, header.sectionViewportPosition(column), header.sectionSize(column))
            for column in PreviewColumn
            if not header.isSectionHidden(column)
        ]
        painter = QPainter(self.viewport())
        for row in rows:
            for column, left, width in columns:
                self._cells.paint(painter, QRect(left, row * ROW_HEIGHT - offset, width, ROW_HEIGHT), row, column)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fix_widths()
        self._notice.setGeometry(self.viewport().geometry())
        self._round_edge.setGeometry(self.rect())
        self._round_edge.raise_()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._cells.set_font(self.font())

    def currentChanged(self, current: _AnyIndex, previous: _AnyIndex) -> None:
        super().currentChanged(current, previous)
        if self._by_keyboard:
            self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dy and self._cells.hovered_row >= 0:
            self._hover(self.rowAt(self.viewport().mapFromGlobal(self.cursor().pos()).y()))

    def _toggle(self, number: int, others: list[int]) -> None:
        """Leave a row and selected ``others`` out, or take them again; ask where it has to be said whom it is about."""
        taken = self.preview.is_taken(number)
        if self.preview.asks(number):
            self.ask(number)
        elif taken is not None:
            self.decisions.toggle(others or [number], taken=taken)

    def _pop_up(self, menu: QMenu, at: QPoint) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
        if self._by_keyboard and menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def _order_by(self, column: int) -> None:
        self._header.setSortIndicator(column, Qt.SortOrder.AscendingOrder)

    def _is_on_box(self, index: QModelIndex) -> bool:
        return index.column() == PreviewColumn.MARK and (
            self.preview.is_taken(self.preview.number_at(index.row())) is not None
        )

    def _is_on_ask(self, index: QModelIndex, at: QPoint) -> bool:
        if index.column() != PreviewColumn.CHANGES or not self.preview.asks(self.preview.number_at(index.row())):
            return False
        return self._cells.ask_box(self.visualRect(index)).contains(at)

    def _hover(self, row: int) -> None:
        for changed in {row, self._cells.hovered_row} - {-1} if row != self._cells.hovered_row else ():
            self.viewport().update(QRect(0, self.rowViewportPosition(changed), self.viewport().width(), ROW_HEIGHT))
        self._cells.hovered_row = row

    def _rows_in_view(self) -> int:
        return self.viewport().height() // ROW_HEIGHT + 2

    def _edge(self) -> int:
        """Return how far from the right of the viewport numbers end, however much of it the scroll bar takes."""
        return EDGE - (self.contentsRect().width() - self.viewport().width())

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        self.preview.sort(section, order)

    def _after_filter(self) -> None:
        self._notice.setVisible(self.preview.rowCount() == 0)
        self._notice.setGeometry(self.viewport().geometry())

    def _fix_widths(self) -> None:
        self._header.edge = self._edge()
        self._header.fit(self.preview.rows, self.viewport().width(), lines=self._lines)
