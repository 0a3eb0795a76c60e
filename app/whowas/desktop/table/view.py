"""The table of users: a QTableView that shows a model of users and selects whole rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QAbstractItemModel, QEvent, QItemSelection, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QMenu, QTableView, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.empty_notice import EmptyNotice
from whowas.desktop.kit.viewports import (
    KEYBOARD,
    first_cell,
    own_viewport,
    resize_rows,
    selected_spans,
    show_whole_rows,
)
from whowas.desktop.table import row_keys
from whowas.desktop.table.column_choice import TableColumns
from whowas.desktop.table.column_menu import fill_column_menu
from whowas.desktop.table.columns import Column
from whowas.desktop.table.delegate import AnyIndex, Background, Cell, HasContents, Span, UserCells
from whowas.desktop.table.header import TableHeader
from whowas.desktop.table.row_press import RowPress


@runtime_checkable
class HasColumns(Protocol):
    """What the table needs from its model besides Qt's interface: its columns."""

    @property
    def columns(self) -> tuple[Column, ...]: ...


class UsersTable(QTableView):
    """The model decides on rows and their order; ``columns`` holds the choices about columns.

    ``sortRequested(key, descending)`` asks for another order; ``typed(text)`` passes on text typed here, for a search;
    ``contextRequested(cell, point on the screen)`` asks for a menu; the cell is not valid outside the rows.
    ``fieldWanted(key of a column)`` asks for the field of the current row's user, "" for the first one.
    ``dragWanted`` says that somebody begins to drag the selected rows.
    """

    sortRequested = Signal(str, bool)
    typed = Signal(str)
    contextRequested = Signal(QModelIndex, QPoint)
    fieldWanted = Signal(str)
    dragWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_keyboard = False
        self._adds = False
        self._press = RowPress()
        viewport = own_viewport(self)
        viewport.setMouseTracking(True)
        header = TableHeader(self)
        self.columns = TableColumns(header, self)
        self._cells = UserCells(self.font(), self)
        self._notice = EmptyNotice(self)
        self.setAccessibleName("Users")
        self.setHorizontalHeader(header)
        self.setItemDelegate(self._cells)
        show_whole_rows(self, sizes.row_height())
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.columns.sortRequested.connect(self.sortRequested)
        header.customContextMenuRequested.connect(self._show_column_menu)
        self.doubleClicked.connect(self._want_field)
        theme.signals.changed.connect(self._look_again)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """See QTableView; the model must have ``columns`` and can be set only once."""
        super().setModel(model)
        if model is not None:
            model.modelReset.connect(self._take_model)
            model.rowsInserted.connect(self._show_notice_if_empty)
            model.rowsRemoved.connect(self._show_notice_if_empty)
            self._take_model()

    def set_empty_text(self, title: str, sentence: str) -> None:
        """Set the notice that is shown while there are no rows."""
        self._notice.set_text(title, sentence)

    def rows_in_view(self) -> range:
        """Return the rows that are visible, including partly visible ones."""
        first, count = self.rowAt(0), self.viewport().height() // sizes.row_height() + 2
        return range(first, min(first + count, self.model().rowCount())) if first >= 0 else range(0)

    @property
    def by_keyboard(self) -> bool:
        """Whether the row with the focus is shown, as somebody works with the keyboard."""
        return self._by_keyboard

    @property
    def adds_to_selection(self) -> bool:
        """Whether a person is selecting just now, by Ctrl, so that whoever was selected before stays so."""
        return self._adds

    def set_by_keyboard(self, by_keyboard: bool) -> None:
        """Show the row with the focus, or not, until the focus comes here again, a key or the mouse is pressed."""
        self._by_keyboard = by_keyboard
        self.viewport().update()

    def set_group_colours(self, colours: Mapping[str, str]) -> None:
        """Paint groups, by their names, in colours, by theirs."""
        if self._cells.set_group_colours(colours):
            self.viewport().update()

    def set_lit(self, cells: Mapping[Cell, Background]) -> None:
        """Give exactly these cells another background."""
        self._cells.lit = cells
        self.viewport().update()

    def selected_spans(self) -> list[range]:
        """Return the runs of selected rows, ascending and without a row in two of them; quick for very many rows."""
        return selected_spans(self)

    def save_state(self) -> dict[str, Any]:
        """Return order, widths, visibility and sort order of the columns as JSON values."""
        return self.columns.save_state()

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Restore what ``save_state`` returned, and ask for its sort order."""
        self.columns.restore_state(state)

    def fill_column_menu(self, menu: QMenu) -> None:
        """Replace the entries of ``menu`` by the choices about columns; to be called just before it is shown."""
        fill_column_menu(menu, self.columns)

    def keyboardSearch(self, search: str) -> None:
        """Emit ``typed``, because Qt's own search would read every row."""
        if search.strip() and search.isprintable():  # keys with Ctrl come here with control characters
            self.typed.emit(search)

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QTableView, which would ask for every cell by itself, through several layers."""
        shows_focus = self._by_keyboard and self.hasFocus()
        current = self.currentIndex() if shows_focus else QModelIndex()
        self._cells.focused_row, self._cells.focused_column = current.row(), current.column()
        rows, columns, model = self.rows_in_view(), self.columns.shown(), self.model()
        if not rows:
            return
        selection = self.selectionModel()
        selected = {row for row in rows if selection.isRowSelected(row)} if selection.hasSelection() else frozenset()
        shown = {column.key for column in columns}
        height = sizes.row_height()
        self._cells.prepare(self.viewport().height() // height + 2, selected, shown, self.devicePixelRatioF())
        spans, top, area = self._spans(event.rect()), self.rowViewportPosition(rows.start), event.rect()
        painter = QPainter(self.viewport())
        for row, upper in zip(rows, range(top, top + len(rows) * height, height), strict=True):
            if upper <= area.bottom() and upper + height > area.top():
                self._cells.paint_row(painter, model, row, upper, spans)
        painter.end()

    def _spans(self, area: QRect) -> list[Span]:
        """Return the columns that are to be seen within an area of the viewport."""
        header = self.horizontalHeader()
        every = (
            (number, self.columnViewportPosition(number), self.columnWidth(number))
            for number in range(header.count())
            if not header.isSectionHidden(number)
        )
        return [span for span in every if span[1] <= area.right() and span[1] + span[2] > area.left()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fill(self.viewport().width())
        self._notice.setGeometry(self.viewport().geometry())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._cells.set_font(self.font())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(first_cell(selected), first_cell(deselected))
        self.viewport().update()

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if self._by_keyboard:
            self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """See QTableView; the key that selects the current row, or no more, is the table's own while it has the focus.

        Elsewhere it plays the history.
        """
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and row_keys.toggles(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        if row_keys.wants_form(event):
            self.fieldWanted.emit("")
        elif row_keys.wants_field(event):
            self._want_field(self.currentIndex())
        elif row_keys.copies(event):
            event.ignore()  # Qt would copy one cell where nobody is selected
        else:
            self._adds = row_keys.toggles(event)
            super().keyPressEvent(event)
            self._adds = False

    def moveCursor(self, action: QAbstractItemView.CursorAction, keys: Qt.KeyboardModifier) -> QModelIndex:
        """See QTableView; Home and End go to the first and the last row, as whole rows are selected."""
        row = row_keys.end_of_rows(action, self.model().rowCount())
        if row is None:
            return super().moveCursor(action, keys)
        column = self.currentIndex().column()
        return self.model().index(row, column if column >= 0 else self.horizontalHeader().logicalIndex(0))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # For the menu key, the event's position is not in the viewport's coordinates.
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        cell = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        self.contextRequested.emit(cell, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in KEYBOARD
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        self._press.press(event, on_row=self.indexAt(event.position().toPoint()).isValid())
        self._adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        super().mousePressEvent(event)
        self._adds = False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._press.release():
            self._adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            super().mouseReleaseEvent(event)
            self._adds = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._press.holds(event):
            self._adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            super().mouseMoveEvent(event)
            self._adds = False
        elif self._press.becomes_drag(event):
            self.dragWanted.emit()
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dy and self._cells.hovered_row >= 0:
            self._hover(self.rowAt(self.viewport().mapFromGlobal(self.cursor().pos()).y()))

    def _hover(self, row: int) -> None:
        width, height = self.viewport().width(), sizes.row_height()
        for changed in {row, self._cells.hovered_row} - {-1} if row != self._cells.hovered_row else ():
            self.viewport().update(QRect(0, self.rowViewportPosition(changed), width, height))
        self._cells.hovered_row = row

    def _want_field(self, cell: AnyIndex) -> None:
        if cell.isValid():
            self.fieldWanted.emit(self._cells.columns[cell.column()].key)

    def _look_again(self) -> None:
        """Take in other colours and sizes; the row at the top stays there."""
        top = self.rowAt(0)
        self._cells.set_font(self.font())
        resize_rows(self, sizes.row_height())
        self.columns.fill(self.viewport().width())
        if top >= 0:
            self.doItemsLayout()
            self.verticalScrollBar().setValue(top * sizes.row_height())
        self.viewport().update()

    def _take_model(self) -> None:
        model = self.model()
        self._cells.told_by = model if isinstance(model, HasContents) else None
        columns = model.columns if isinstance(model, HasColumns) else ()
        if columns != self._cells.columns:
            self._cells.columns = columns
            self.columns.set_columns(columns)
        self._show_notice_if_empty()

    def _show_notice_if_empty(self) -> None:
        self._notice.setVisible(self.model().rowCount() == 0)

    def _show_column_menu(self) -> None:
        menu = QMenu(self)
        self.fill_column_menu(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.cursor().pos())
