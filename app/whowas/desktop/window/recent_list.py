"""The directories opened last, as the welcome page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.list_model import ITEM_ROLE, Index, ItemModel, sized

_ROW = 48
_ROWS_SEEN = 7
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


@dataclass(frozen=True, slots=True)
class RecentDirectory:
    """A directory as the list shows it; ``opened`` is a moment in words, ``missing`` says its file is gone.

    ``path`` and ``folder`` are the address of one on a server of which nothing else is known. ``shared`` ones are.
    """

    path: str
    name: str
    folder: str
    opened: str
    missing: bool = False
    shared: bool = False

    def sentence(self) -> str:
        """Return all of it, as a screen reader is to read it."""
        name = f"{self.name} (shared)" if self.shared else self.name
        return ", ".join((name, self.folder, "missing" if self.missing else self.opened))


class _RecentDelegate(QStyledItemDelegate):
    """Draws a directory in two lines, with the day it was opened at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, sizes.scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        recent: RecentDirectory = index.data(ITEM_ROLE)
        tokens = theme.current()
        area: QRect = option.rect.adjusted(12, 0, -12, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus):
            focused = option.state & QStyle.StateFlag.State_HasFocus
            painter.setBrush(tokens.accent_soft if focused else tokens.hover)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(0, 1, 0, -1), 6, 6)
        drawing = icon("server" if recent.shared else "users", "faint" if recent.missing else "accent")
        drawing.paint(painter, QRect(area.left(), area.top() + (area.height() - 18) // 2, 18, 18))
        area.setLeft(area.left() + 30)
        small = sized(option.font, 12)
        when = "missing" if recent.missing else recent.opened
        painter.setFont(small)
        painter.setPen(tokens.muted)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), when)
        area.setRight(area.right() - QFontMetrics(small).horizontalAdvance(when) - 16)
        name = sized(option.font, 13, bold=True)
        lines = (
            (recent.name, name, tokens.faint if recent.missing else tokens.text, 7, Qt.TextElideMode.ElideRight),
            (recent.folder, small, tokens.faint if recent.missing else tokens.muted, 25, Qt.TextElideMode.ElideMiddle),
        )
        for text, font, colour, top, elide in lines:
            painter.setFont(font)
            painter.setPen(colour)
            shown = QFontMetrics(font).elidedText(text, elide, area.width())
            line = QRect(area.left(), area.top() + sizes.scaled(top), area.width(), sizes.scaled(17))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
        painter.restore()


class RecentList(QListView):
    """Click or Enter opens a directory; Delete or the menu of a row takes it off the list."""

    recentActivated = Signal(str)
    recentRemoved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Recent directories")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._model = ItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_RecentDelegate(self))
        self.clicked.connect(self._open)
        self._add_menu()
        theme.signals.changed.connect(self._look_again)

    def set_directories(self, directories: Sequence[RecentDirectory]) -> None:
        """Show ``directories`` in this order."""
        self._model.set_rows(len(directories), tuple(directories).__getitem__)
        self.updateGeometry()

    def choose_first(self) -> None:
        """Put the keyboard on the first directory, if there is any."""
        self.setCurrentIndex(self._model.index(0, 0))
        self.setFocus()

    def sizeHint(self) -> QSize:
        return QSize(400, sizes.scaled(_ROW) * min(_ROWS_SEEN, self._model.rowCount()))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, sizes.scaled(_ROW))

    def _look_again(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _add_menu(self) -> None:
        opening, removing = QAction("Open", self), QAction("Remove from list", self)
        removing.setShortcut(QKeySequence.StandardKey.Delete)
        removing.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        opening.triggered.connect(self._open_current)
        removing.triggered.connect(self._remove_current)
        self.addActions([opening, removing])
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _open_current(self) -> None:
        self._open(self.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        recent = index.data(ITEM_ROLE)
        if isinstance(recent, RecentDirectory):
            self.recentActivated.emit(recent.path)

    def _remove_current(self) -> None:
        recent = self.currentIndex().data(ITEM_ROLE)
        if isinstance(recent, RecentDirectory):
            self.recentRemoved.emit(recent.path)
