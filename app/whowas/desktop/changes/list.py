"""The list of the directory's changes, newest first: a line for each step; some unfold to show their users."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import ClassVar

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyle, QStyleOptionViewItem, QTableView, QWidget

from whowas.desktop.changes.model import ChangesModel
from whowas.desktop.history.items import ChangeItem
from whowas.desktop.history.list import HistoryDelegate
from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.list_model import ITEM_ROLE, Index
from whowas.desktop.kit.viewports import first_cell, own_viewport, resize_rows, selected_spans

_FOCUS = QStyle.StateFlag.State_HasFocus.value
_SELECTED = QStyle.StateFlag.State_Selected.value
_POINTED_AT = QStyle.StateFlag.State_MouseOver.value
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


class ChangeDelegate(HistoryDelegate):
    """Draws a step like the history of a user, marks the last one that has happened, and indents users below a step."""

    CHEVRON: ClassVar[int] = 30
    """The width at the right edge, in pixels, in which a click folds and unfolds."""
    _INDENT: ClassVar[int] = 36
    _MARK: ClassVar[int] = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.past = False
        self.several = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ITEM_ROLE)
        whole: QRect = option.rect
        tokens = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter, whole, option.state, shown=isinstance(item, ChangeItem) and item.shown)
        area = whole.adjusted(self.PADDING, 0, -self.PADDING, 0)
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), tokens.line)
        if isinstance(item, ChangeItem):
            painter.setOpacity(0.5 if item.future else 1.0)
            painter.setPen(Qt.PenStyle.NoPen)
            if item.inner:
                area.setLeft(area.left() + self._INDENT)
            if item.unfolded is not None:
                area.setRight(area.right() - self.CHEVRON + self.PADDING)
                box = QRect(area.right() + 3, area.top() + self._above() + 5, 16, 16)
                icon("chevron-down" if item.unfolded else "chevron-right", "muted").paint(painter, box)
            self._paint_icon(painter, item, area)
            self._paint_lines(painter, item, area.adjusted(36, self._above(), 0, 0), option.font)
        painter.restore()

    def _paint_background(self, painter: QPainter, whole: QRect, state: QStyle.StateFlag, *, shown: bool) -> None:
        tokens, flags = theme.current(), state.value
        focused, under = flags & _FOCUS, flags & _POINTED_AT
        selected = self.several and flags & _SELECTED
        if not (shown or selected or focused or under):
            return
        painter.setPen(tokens.accent if focused else Qt.PenStyle.NoPen)
        if shown:
            painter.setBrush(tokens.past_soft if self.past else tokens.accent_soft)
        elif selected:
            painter.setBrush(tokens.accent_soft)
        elif under:
            painter.setBrush(tokens.window)
        painter.drawRoundedRect(QRectF(whole).adjusted(0.5, 2.5, -0.5, -3.5), 6, 6)
        if shown:
            mark = QRect(whole.left(), whole.top() + 8, self._MARK, whole.height() - 17)
            painter.fillRect(mark, tokens.past if self.past else tokens.accent)
        painter.setBrush(Qt.BrushStyle.NoBrush)


class ChangesList(QTableView):
    """Enter or a click asks for the moment right after a step; Right, Left or a click on the chevron unfolds and folds.

    With Ctrl or Shift several rows are selected instead, which ``selected_rows`` returns.
    ``momentChosen(moment)`` is followed by ``userChosen(user_id)`` if the row is that of a user;
    ``contextRequested(row, point on the screen)`` asks for the menu of a row; ``typed(text)`` passes on typed text.
    """

    momentChosen = Signal(int)
    userChosen = Signal(str)
    contextRequested = Signal(int, QPoint)
    typed = Signal(str)

    def __init__(self, changes: ChangesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes = changes
        self._delegate = ChangeDelegate(self)
        own_viewport(self).setMouseTracking(True)
        self.setAccessibleName("Changes")
        self.setModel(changes)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # A single selected row is just the current row; only several rows are painted as a selection.
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        resize_rows(self, ChangeDelegate.height())
        self._released_at = QPoint()
        self._pressed_with = Qt.KeyboardModifier.NoModifier
        # Not activated, which is emitted together with clicked on desktops where one click activates.
        self.clicked.connect(self._click)
        theme.signals.changed.connect(self._look_again)

    def show_past(self, past: bool) -> None:
        """Mark the last step that has happened at the moment shown in the colour of the past, or of now."""
        self._delegate.past = past
        self.viewport().update()

    def follow(self) -> None:
        """Make the last step that has happened at the moment shown the current row, and scroll to it."""
        row = self._changes.row_shown()
        if row is None:
            self._set_current(QModelIndex())
            self.scrollToBottom()
        else:
            self._move_to_shown(row)
            self.scrollTo(self.currentIndex())

    def go_to(self, row: int) -> None:
        """Make a row the current one, and scroll to it."""
        self._set_current(self._changes.index(row, 0))
        self.scrollTo(self.currentIndex())

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Keep the visible rows at the same place while rows are added or removed in the block.

        If the current row is the step shown, it stays so, and if the list is scrolled to the top, it stays there.
        """
        follows = not self._delegate.several and self._is_at_shown()
        at_top = follows and self.verticalScrollBar().value() == 0
        top = self.rowAt(0)
        rows = [] if top < 0 else [top, self._changes.line_row(top)]
        held = [QPersistentModelIndex(self._changes.index(row, 0)) for row in rows]
        height = self.rowViewportPosition(top)
        yield
        row = self._changes.row_shown()
        if follows and row is not None:
            self._move_to_shown(row)
        first = next((index.row() for index in held if index.isValid()), None)
        if at_top:
            self.scrollToTop()
        elif first is not None:
            self.executeDelayedItemsLayout()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.rowViewportPosition(first) - height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, key = self.currentIndex(), event.key()
        if event.modifiers() or not index.isValid():
            super().keyPressEvent(event)
        elif key in _ENTER:
            self._choose(index.row())
        elif key == Qt.Key.Key_Right:
            self._changes.unfold(index.row())
        elif key == Qt.Key.Key_Left:
            self._fold(index.row())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Emit ``typed``, because Qt's own search would read every row."""
        if search.strip():
            self.typed.emit(search)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._released_at = event.position().toPoint()
        self._pressed_with = event.modifiers()
        super().mouseReleaseEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, keys: Qt.KeyboardModifier) -> QModelIndex:
        """See QAbstractItemView; Home and End go to the ends of the list, not of a row."""
        if action in (QAbstractItemView.CursorAction.MoveHome, QAbstractItemView.CursorAction.MoveEnd):
            keys |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(action, keys)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if index.isValid():
            point = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_keyboard else event.globalPos()
            self.contextRequested.emit(index.row(), point)

    def selected_rows(self, limit: int) -> list[int]:
        """Return the first ``limit`` selected rows from the top; an empty list if only one row is selected."""
        return list(islice(chain.from_iterable(selected_spans(self)), limit)) if self._delegate.several else []

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(first_cell(selected), first_cell(deselected))
        self._delegate.several = sum(map(len, selected_spans(self))) > 1
        self.viewport().update()

    def _click(self, index: QModelIndex) -> None:
        if self._pressed_with != Qt.KeyboardModifier.NoModifier:
            return  # the click changed the selection
        item = index.data(ITEM_ROLE)
        at_chevron = self._released_at.x() >= self.viewport().width() - ChangeDelegate.CHEVRON
        if not (at_chevron and isinstance(item, ChangeItem) and item.unfolded is not None):
            self._choose(index.row())
        elif item.unfolded:
            self._fold(index.row())
        else:
            self._changes.unfold(index.row())

    def _look_again(self) -> None:
        """Take in other colours and sizes."""
        resize_rows(self, ChangeDelegate.height())
        self.viewport().update()

    def _move_to_shown(self, row: int) -> None:
        if not self._is_at_shown():
            self._set_current(self._changes.index(row, 0))

    def _is_at_shown(self) -> bool:
        """Return whether the current row is the step shown, or one of the users below it."""
        row, current = self._changes.row_shown(), self.currentIndex()
        return current.isValid() and self._changes.line_row(current.row()) == row

    def _fold(self, row: int) -> None:
        line = self._changes.line_row(row)
        if line != row:
            # Before the row is removed, because Qt would choose another current row near it.
            self._set_current(self._changes.index(line, 0))
        self._changes.fold(line)

    def _set_current(self, index: QModelIndex) -> None:
        # Not the view's own setCurrentIndex, which adds to the selection while Ctrl is held, as in Ctrl+Z.
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _choose(self, row: int) -> None:
        line, user = self._changes.line(row), self._changes.user(row)
        if line is not None:
            self.momentChosen.emit(line.moment)
            if user is not None:
                self.userChosen.emit(user.user_id)
