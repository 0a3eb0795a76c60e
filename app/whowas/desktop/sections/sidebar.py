"""The sidebar at the left: everyone, each status and each group, with their numbers of users."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.dragged import users_dragged
from whowas.desktop.kit.viewports import KEYBOARD, own_viewport
from whowas.desktop.sections.group_drag import Dragged, GroupDrag
from whowas.desktop.sections.rows import AnyIndex, SectionEntry, SidebarCells, SidebarModel, height_of

WIDTH = 196
_TOP = 10
_LINE_LEFT = 14


def _takes_none(_key: str) -> bool:
    return False


class Sidebar(QListView):
    """One entry is selected at any time, though it may be missing for a while, like a group that does not exist yet.

    ``selected(key)`` is emitted when a person or ``select`` chooses another one, never because entries changed;
    ``contextRequested(key, point on the screen)`` asks for the menu of a group, and ``groupMoved(key, place)`` to give
    one, which was dragged there, a place, from 0, among all groups. ``takes_users`` says of the key of an entry whether
    users can be dropped there just now, and ``usersDropped(key)`` that they were.
    """

    selected = Signal(str)
    contextRequested = Signal(str, QPoint)
    usersDropped = Signal(str)
    groupMoved = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key: str | None = None
        self._by_keyboard = False
        self.takes_users: Callable[[str], bool] = _takes_none
        self._ordering = False
        self._drag = GroupDrag()
        self._entries = SidebarModel(self)
        self._cells = SidebarCells(self.font(), self)
        self.setAccessibleName("Directory sections")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setModel(self._entries)
        self.setItemDelegate(self._cells)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        own_viewport(self).setMouseTracking(True)
        self.setDragDropMode(QListView.DragDropMode.DropOnly)
        self.setDropIndicatorShown(False)
        self.setViewportMargins(0, _TOP, 1, 0)
        self.selectionModel().currentChanged.connect(self._take_current)
        theme.signals.changed.connect(self._look_again)
        self._look_again()

    @property
    def key(self) -> str | None:
        """The key of the selected entry; None before the first."""
        return self._key

    def set_entries(self, statuses: Sequence[SectionEntry], groups: Sequence[SectionEntry]) -> None:
        """Show these entries; selection and scroll position stay."""
        if self._entries.update_lines(statuses, groups):
            return
        top = self.verticalScrollBar().value()
        self._let_go()  # of what may not be there any more
        self._entries.replace(statuses, groups)
        if self._key is None and statuses:
            self._key = statuses[0].key
        self._show_selection()
        self.verticalScrollBar().setValue(top)

    def set_ordering(self, ordering: bool) -> None:
        """Let people drag groups into order, or not."""
        self._ordering = ordering
        if not ordering:
            self._let_go()

    def select(self, key: str) -> None:
        """Select an entry, even one that does not exist yet."""
        if key != self._key:
            self._key = key
            self._show_selection()
            self.selected.emit(key)

    def selectionCommand(self, index: AnyIndex, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """See QAbstractItemView; no click, not even with Ctrl, clears the selection."""
        if event is not None and self._entries.entry(index) is None:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return QItemSelectionModel.SelectionFlag.ClearAndSelect

    def moveCursor(self, action: QAbstractItemView.CursorAction, keys: Qt.KeyboardModifier) -> QModelIndex:
        """See QAbstractItemView; Home goes to the first entry instead of the title above it."""
        index = super().moveCursor(action, keys)
        return index if self._entries.entry(index) is not None else self._entries.first()

    def dataChanged(self, first: AnyIndex, last: AnyIndex, roles: Sequence[int] = ()) -> None:
        """See QAbstractItemView; QListView would measure every row again, though no content changes their size."""
        QAbstractItemView.dataChanged(self, first, last, roles)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(self.viewport().mapFrom(self, event.pos()))
        entry = self._entries.entry(index)
        if entry is not None and self._entries.is_group(index):
            point = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_keyboard else event.globalPos()
            self.contextRequested.emit(entry.key, point)

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QListView, which would ask every line for its flags, its data and its size."""
        self._cells.selected, self._cells.focused = self._key, self._by_keyboard and self.hasFocus()
        self._cells.prepare(self.devicePixelRatioF())
        area, line_at = event.rect(), self.visualRect(self._entries.index(0))
        painter = QPainter(self.viewport())
        for line in self._entries.lines:
            line_at.setHeight(height_of(line))
            if line_at.intersects(area):
                self._cells.paint_line(painter, line_at, line)
            line_at.moveTop(line_at.bottom() + 1)
        if self._drag.dragged is not None:
            painter.fillRect(self._gap(self._drag.dragged), theme.current().accent)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._let_go() is not None:
            return
        self._by_keyboard = True
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        entry = self._entries.entry(index)
        if self._ordering and event.button() == Qt.MouseButton.LeftButton and entry and self._entries.is_group(index):
            self._drag.press(entry.key, event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        keys = [key for key, _ in self._middles()]
        dragged = self._let_go()
        if dragged is not None and dragged.key in keys and keys.index(dragged.key) != dragged.place:
            self.groupMoved.emit(dragged.key, dragged.place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in KEYBOARD
        super().focusInEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._drag.is_held and self._drag.move(at, self._middles()):
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.scrollTo(self.indexAt(QPoint(at.x(), min(max(at.y(), 0), self.viewport().height() - 1))))
            self.viewport().update()
            return  # the list would select whatever is passed over
        super().mouseMoveEvent(event)
        self._hover(self._entries.entry(self.indexAt(at)))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """See QListView; users are welcome, and where they can be dropped is said as they are moved."""
        event.setAccepted(users_dragged(event))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls near the edges, and accepts nothing
        entry = self._entries.entry(self.indexAt(event.position().toPoint()))
        welcome = entry is not None and users_dragged(event) and self.takes_users(entry.key)
        self._aim_at(entry.key if entry is not None and welcome else None)
        if welcome:
            event.setDropAction(Qt.DropAction.CopyAction)
        event.setAccepted(welcome)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._aim_at(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """See QListView, which would ask the model to take what is dropped."""
        key = self._cells.target
        self._aim_at(None)
        self.stopAutoScroll()
        event.setAccepted(key is not None)
        if key is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            self.usersDropped.emit(key)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._cells.set_font(self.font())

    def _let_go(self) -> Dragged | None:
        dragged = self._drag.end()
        if dragged is not None:
            self.viewport().unsetCursor()
            self.viewport().update()
        return dragged

    def _middles(self) -> list[tuple[str, int]]:
        """Return the key of each group, from the top, and the height in the viewport at which its middle is."""
        return [(key, self.visualRect(index).center().y()) for key, index in self._entries.groups()]

    def _gap(self, dragged: Dragged) -> QRect:
        """Return the line between two groups at which the dragged one would be dropped."""
        rows = self._entries.groups()
        others = [self.visualRect(index) for key, index in rows if key != dragged.key]
        top = others[dragged.place - 1].bottom() if dragged.place else self.visualRect(rows[0][1]).top()
        return QRect(_LINE_LEFT, top, self.viewport().width() - 2 * _LINE_LEFT, 2)

    def _hover(self, entry: SectionEntry | None) -> None:
        key = entry.key if entry is not None else None
        if key != self._cells.hovered:
            self._cells.hovered = key
            self.viewport().update()

    def _aim_at(self, key: str | None) -> None:
        if key != self._cells.target:
            self._cells.target = key
            self.viewport().update()

    def _show_selection(self) -> None:
        """Select the entry ``_key`` without emitting ``selected``."""
        index, selection = self._entries.index_of(self._key), self.selectionModel()
        if index.isValid():
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            selection.clear()

    def _take_current(self, index: AnyIndex) -> None:
        entry = self._entries.entry(index)
        if entry is not None and entry.key != self._key:
            self._key = entry.key
            self.selected.emit(entry.key)

    def _look_again(self) -> None:
        """Take in other colours and sizes."""
        # Half as much wider as the text: names are shortened, and the list beside it needs the room as well.
        self.setFixedWidth((WIDTH + sizes.scaled(WIDTH)) // 2)
        self._cells.set_font(self.font())
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
        self.update()
