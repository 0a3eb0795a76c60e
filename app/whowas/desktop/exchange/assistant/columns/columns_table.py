"""The table of titles: any number of rows, made a few at a time so that the window never waits for them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from whowas.desktop.exchange.assistant.columns.column_row import ROW, ColumnRow, Places, texts_of
from whowas.desktop.exchange.assistant.columns.fields import CustomFields, TitleColumn
from whowas.desktop.kit import theme
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.menu_box import MenuBox
from whowas.desktop.kit.viewports import own_viewport

HEADER = 30
_AT_ONCE = 12
"""So many rows are made before anything is painted: those that are seen first."""
_SLICE_SECONDS = 0.006
_LEAST_ROWS = 3
_HEADINGS = ("Title in the file", "First two values", "Becomes")


class ColumnsTable(QWidget):
    """Shows columns; ``fieldChosen(title, field or None)`` is emitted when a person says what one becomes."""

    fieldChosen = Signal(str, object)

    def __init__(self, before: QWidget, parent: QWidget | None = None) -> None:
        """``before`` is what has the focus before the first row, going by the Tab key."""
        super().__init__(parent)
        self._before = before
        self._texts = texts_of(self.font())
        self._heading = CellTexts(self.font(), 12, QFont.Weight.DemiBold)
        self._columns: Sequence[TitleColumn] = ()
        self._custom = CustomFields()
        self._shown = 0
        self._body = _RowsBody()
        self._rows = self._body.rows
        self._scroll = scrolled("Columns", self._body, ROW, self)
        self._viewport = self._scroll.viewport()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, HEADER, 1, 1)
        column.addWidget(self._scroll)
        self.setMinimumHeight(HEADER + _LEAST_ROWS * ROW + 2)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)
        theme.signals.changed.connect(self.update)

    def show_columns(self, columns: Sequence[TitleColumn], custom: CustomFields) -> None:
        """Show other columns, or what they become now."""
        self._columns, self._custom, self._shown = columns, custom, 0
        for row in self._rows[len(columns) :]:
            row.hide()
            row.deleteLater()
        del self._rows[len(columns) :]
        self._body.setFixedHeight(max(1, len(columns) * ROW))
        while self._shown < min(_AT_ONCE, len(columns)):
            self._show_next()
        self._go_on()

    def box_of(self, title: str) -> MenuBox:
        """Return the drop-down of a title whose row is there."""
        return next(row.box for row, column in zip(self._rows, self._columns, strict=False) if column.title == title)

    @property
    def complete(self) -> bool:
        """Whether there is a row for every column."""
        return self._shown == len(self._columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), HEADER)
        end = HEADER + len(self._columns) * ROW
        if self._columns and end < self.height() - 2:
            painter.fillRect(1, end - 1, self.width() - 2, 1, tokens.line)
        painter.setPen(tokens.muted)
        places = Places.of(self._viewport.width())
        for left, text in zip((places.title, places.values[0], places.box), _HEADINGS, strict=True):
            self._heading.draw(painter, QRect(left + 1, 1, self.width() - left, HEADER - 1), text)
        painter.end()

    def _go_on(self) -> None:
        """Make or renew rows until a part of a frame is over, and go on after what else has to be done."""
        until = time.perf_counter() + _SLICE_SECONDS
        while not self.complete and time.perf_counter() < until:
            self._show_next()
        if self.complete:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _show_next(self) -> None:
        at = self._shown
        if at == len(self._rows):
            row = ColumnRow(self._texts, self.fieldChosen.emit, self._body)
            row.setGeometry(0, at * ROW, self._body.width(), ROW)
            QWidget.setTabOrder(self._rows[-1].box if self._rows else self._before, row.box)
            self._rows.append(row)
            row.show()
        self._rows[at].show_column(self._columns[at], self._custom, last=at == len(self._columns) - 1)
        self._shown += 1


class _RowsBody(QWidget):
    """Keeps its rows as wide as itself."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ColumnRow] = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for at, row in enumerate(self.rows):
            row.setGeometry(0, at * ROW, self.width(), ROW)


def scrolled(name: str, body: QWidget, step: int, parent: QWidget) -> QScrollArea:
    """Return what shows rows, below each other in ``body``, on the ground of its parent; ``step`` is one, in pixels."""
    area = QScrollArea(parent)
    own_viewport(area).setAutoFillBackground(False)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.setWidget(body)
    body.setAutoFillBackground(False)
    area.verticalScrollBar().setSingleStep(step)
    return area


def paint_frame(painter: QPainter, area: QRect, header: int) -> None:
    """Draw the frame of a table with round corners, and the line below its header of that height."""
    tokens = theme.current()
    painter.setPen(tokens.line)
    painter.setBrush(tokens.surface)
    painter.drawRoundedRect(area.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    painter.fillRect(area.left() + 1, area.top() + header - 1, area.width() - 2, 1, tokens.line)
