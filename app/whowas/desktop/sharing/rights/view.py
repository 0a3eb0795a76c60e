"""The table of accounts: in each row one of four rings is filled."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.viewports import show_whole_rows
from whowas.desktop.sharing.rights.model import CHOICES, FIRST_CHOICE, RightsModel, choice_at

ROW: Final = 36
_CHOICE = 84
_NOTE = 150
_RING, _DOT = 7.5, 3.5
"""Radii in pixels."""
_PADDING = 8
_SELECTS: Final = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})


class _RingDelegate(QStyledItemDelegate):
    """Paints the names of accounts, and rings for what they may do."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model, tokens, area = index.model(), theme.current(), option.rect
        assert isinstance(model, RightsModel)
        view = self.parent()
        assert isinstance(view, RightsView)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.row() == view.hovered_row:
            painter.fillRect(area, tokens.hover)
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, tokens.line)
        if choice_at(index.column()) is None:
            self._draw_text(painter, area, index, str(index.data()))
        else:
            here = view.hasFocus() and view.currentIndex() == index
            self._draw_ring(
                painter, QPointF(area.center()) + QPointF(0.5, 0.5), index, may=model.may_choose(index.row()), here=here
            )
        painter.restore()

    def _draw_text(self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex, text: str) -> None:
        view = self.parent()
        assert isinstance(view, RightsView)
        is_name = index.column() == 0
        font = QFont(view.font())
        font.setPixelSize(sizes.scaled(13 if is_name else 12))
        font.setWeight(QFont.Weight.Medium if is_name else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(theme.current().text if is_name else theme.current().muted)
        room = area.adjusted(_PADDING, 0, -_PADDING, 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
        if is_name and view.hasFocus() and view.currentIndex() == index:
            painter.setPen(QPen(theme.current().accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.toRectF().adjusted(2.5, 4.5, -2.5, -5.5), 4, 4)

    def _draw_ring(
        self, painter: QPainter, middle: QPointF, index: QModelIndex | QPersistentModelIndex, *, may: bool, here: bool
    ) -> None:
        tokens = theme.current()
        chosen = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        if not may and not chosen:
            return
        strong = tokens.accent if may else tokens.muted
        painter.setPen(QPen(strong if chosen else tokens.handle, 1.5))
        painter.setBrush(tokens.surface)
        painter.drawEllipse(middle, _RING, _RING)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(strong)
            painter.drawEllipse(middle, _DOT, _DOT)
        if here:
            painter.setPen(QPen(tokens.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, _RING + 3.5, _RING + 3.5)


class RightsView(QTableView):
    """Arrow keys go from ring to ring, Space and a click choose one; typing goes to an account."""

    def __init__(self, name: str, model: RightsModel) -> None:
        super().__init__()
        self.hovered_row = -1
        self.setModel(model)
        self.setAccessibleName(name)
        self.setItemDelegate(_RingDelegate(self))
        show_whole_rows(self, ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for at in range(len(CHOICES)):
            header.resizeSection(FIRST_CHOICE + at, _CHOICE)
        header.resizeSection(FIRST_CHOICE + len(CHOICES), _NOTE)
        theme.signals.changed.connect(self.viewport().update)

    def rights_model(self) -> RightsModel:
        """Return the model."""
        model = self.model()
        assert isinstance(model, RightsModel)
        return model

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the ring that has the focus."""
        index = self.currentIndex()
        choice = choice_at(index.column()) if index.isValid() else None
        if event.key() in _SELECTS and not event.modifiers() and choice is not None:
            self.rights_model().choose(index.row(), CHOICES[choice])
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the account that begins with what is typed, in the column that has the focus."""
        index = self.currentIndex()
        self.setCurrentIndex(index.siblingAtColumn(0))
        super().keyboardSearch(search)
        self.setCurrentIndex(self.currentIndex().siblingAtColumn(max(0, index.column())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the ring under the pointer, or beside which it is in the cell."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        choice = choice_at(index.column()) if index.isValid() else None
        if event.button() == Qt.MouseButton.LeftButton and choice is not None and index == self.currentIndex():
            self.rights_model().choose(index.row(), CHOICES[choice])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._hover(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at what the first account may do."""
        if not self.currentIndex().isValid() and self.rights_model().rowCount():
            self.setCurrentIndex(self.model().index(0, self.rights_model().choice_of(0)))
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()
