"""The history of a user with a link on each change that undoes it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from whowas.desktop.history.list import HistoryDelegate, HistoryItem, HistoryList
from whowas.desktop.kit import theme
from whowas.desktop.kit.list_model import ITEM_ROLE, Index, sized

_WITHOUT = "Enter shows the moment of a change."
_WITH_UNDO = "Enter shows the moment of a change, U undoes it."


class UndoableDelegate(HistoryDelegate):
    """Draws an item with a link at the right of its first line; ``pointed_at`` is the row of the hovered link or -1."""

    LINK: ClassVar[str] = "Undo this"
    _SIZE: ClassVar[int] = 12
    _AROUND: ClassVar[int] = 4
    """The margin around the text, in pixels, that belongs to the link."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pointed_at = -1
        self.shown = True
        """Whether there are links."""

    def link_rect(self, row: QRect, font: QFont) -> QRect:
        """Return the rectangle of the link in a row with the rectangle ``row``."""
        metrics = QFontMetrics(sized(font, self._SIZE))
        width = metrics.horizontalAdvance(self.LINK) + 2 * self._AROUND
        right = row.right() - self.PADDING + self._AROUND
        return QRect(right - width + 1, row.top() + 4, width, metrics.height() + 2 * self._AROUND)

    def _paint_beside(self, painter: QPainter, area: QRect, font: QFont, index: Index) -> int:
        if not self.shown:
            return 0
        written = sized(font, self._SIZE)
        written.setUnderline(index.row() == self.pointed_at)
        opacity = painter.opacity()
        # Not pale, because a change in the future can be undone too.
        painter.setOpacity(1.0)
        painter.setFont(written)
        painter.setPen(theme.current().accent)
        rect = self.link_rect(area.adjusted(-self.PADDING, 0, self.PADDING, 0), font)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.LINK)
        painter.setOpacity(opacity)
        return rect.width() + self._AROUND


class UndoableHistory(HistoryList):
    """``undoWanted(moment)`` asks to undo the change of a step, by its link, the key U, or the menu of its row."""

    undoWanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = UndoableDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleDescription(_WITH_UNDO)
        self._released_at = QPoint()
        self._undo_this = QAction("Undo this change", self)
        self._undo_this.setShortcut("U")
        self._undo_this.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._undo_this.triggered.connect(self._want_undone)
        self.addAction(self._undo_this)

    def allow_undoing(self, allowed: bool) -> None:
        """Offer to undo changes, or do not."""
        if allowed != self._undo_this.isEnabled():
            self._undo_this.setEnabled(allowed)
            self._delegate.shown = allowed
            self.setAccessibleDescription(_WITH_UNDO if allowed else _WITHOUT)
            self.viewport().update()

    def link_of(self, row: int) -> QRect:
        """Return the rectangle of the link of a row, in the viewport."""
        return self._delegate.link_rect(self.visualRect(self.model().index(row, 0)), self.font())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._row_of_link(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._released_at = event.position().toPoint()
        super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(-1)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.addAction("Show this moment").triggered.connect(self.activate_current)
        menu.addAction(self._undo_this)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center()) if by_keyboard else event.globalPos())

    def _row_of_link(self, point: QPoint) -> int:
        row = self.indexAt(point).row()
        return row if row >= 0 and self._delegate.shown and self.link_of(row).contains(point) else -1

    def _point_at(self, row: int) -> None:
        if row != self._delegate.pointed_at:
            self._delegate.pointed_at = row
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if row < 0 else Qt.CursorShape.PointingHandCursor)
            self.viewport().update()

    def _click(self, index: QModelIndex) -> None:
        if self._row_of_link(self._released_at) == index.row():
            self._want_undone()
        else:
            super()._click(index)

    def _want_undone(self) -> None:
        item = self.currentIndex().data(ITEM_ROLE)
        if isinstance(item, HistoryItem):
            self.undoWanted.emit(item.step)
