"""One title of a list: a mark, the title, its first values, and a drop-down that says what it becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from whowas.desktop.exchange.assistant.columns.field_menu import fill_field_menu
from whowas.desktop.exchange.assistant.columns.fields import CustomFields, TitleColumn, is_new, words_for
from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.menu_box import MenuBox
from whowas.desktop.kit.painted_tip import show_tip
from whowas.domain.fields import shortened

ROW = 32
_TICK, _DOT, _PLUS = 14, 8, 8
_MARK_MIDDLE = 19
_TITLE, _TITLE_SHARE, _BOX, _EDGE = 40, 0.3734, 270, 9
_LONGEST_NAME = 100

FieldChosen = Callable[[str, str | None], None]


class Places(NamedTuple):
    """Where a row of some width has its title, its two values and its drop-down: left edges, in pixels."""

    title: int
    values: tuple[int, int]
    box: int

    @classmethod
    def of(cls, width: int) -> Places:
        """Return the places in a row of that width; in the pictures it is 920 with its frame."""
        box = width - _EDGE - _BOX if width >= 700 else round(width * 0.66)
        room = box - _TITLE
        first = _TITLE + round(room * _TITLE_SHARE)
        return cls(_TITLE, (first, first + (box - first) // 2 - 4), box)


class ColumnRow(QWidget):
    """Paints a title and its values, never as markup; their whole texts are tool tips."""

    def __init__(self, texts: tuple[CellTexts, CellTexts], chosen: FieldChosen, parent: QWidget) -> None:
        """``texts`` draw titles and values."""
        super().__init__(parent)
        self._title_text, self._value_text = texts
        self._column = TitleColumn("", (), None)
        self._last = False
        self._custom = CustomFields()
        self._chosen = chosen
        self.box = MenuBox("", self._fill, parent=self)
        theme.signals.changed.connect(self.update)

    def show_column(self, column: TitleColumn, custom: CustomFields, *, last: bool) -> None:
        """Show another title, or what it becomes now."""
        self._column, self._custom, self._last = column, custom, last
        left_out = column.field is None
        self.box.say(words_for(column.field, custom), muted=left_out)
        self.box.setAccessibleName(f"{shortened(column.title, _LONGEST_NAME)} becomes")
        self.box.set_details(", ".join(shortened(value) for value in column.values))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left = Places.of(self.width()).box
        self.box.setGeometry(left, (ROW - 1 - 25) // 2, self.width() - left - _EDGE, 25)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            show_tip(event, self._text_at(event.pos()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, places = theme.current(), Places.of(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._last:
            painter.fillRect(0, ROW - 1, self.width(), 1, tokens.line)
        self._paint_mark(painter)
        painter.setPen(tokens.muted if self._column.field is None else tokens.text)
        self._title_text.draw(painter, self._area(places.title, places.values[0]), self._column.title)
        painter.setPen(tokens.muted)
        for value, left, right in zip(self._column.values, places.values, (places.values[1], places.box), strict=False):
            self._value_text.draw(painter, self._area(left, right), value)
        painter.end()

    def _fill(self, menu: QMenu) -> None:
        title = self._column.title
        fill_field_menu(menu, self._column, self._custom, lambda field: self._chosen(title, field), self.window())

    def _paint_mark(self, painter: QPainter) -> None:
        tokens, middle = theme.current(), (ROW - 1) / 2
        if self._column.field is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.suspended_dot)
            painter.drawEllipse(QRectF(_MARK_MIDDLE - _DOT / 2, middle - _DOT / 2, _DOT, _DOT))
        elif is_new(self._column.field, self._custom):
            painter.setPen(QPen(tokens.accent, 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            half = _PLUS / 2
            painter.drawLine(QPointF(_MARK_MIDDLE - half, middle), QPointF(_MARK_MIDDLE + half, middle))
            painter.drawLine(QPointF(_MARK_MIDDLE, middle - half), QPointF(_MARK_MIDDLE, middle + half))
        else:
            box = QRect(_MARK_MIDDLE - _TICK // 2, (ROW - 1 - _TICK) // 2 + 1, _TICK, _TICK)
            painter.drawPixmap(box, pixmap("check", _TICK, self.devicePixelRatioF(), "muted"))

    def _text_at(self, place: QPoint) -> str:
        places = Places.of(self.width())
        if place.x() < places.values[0]:
            return self._column.title
        at = 0 if place.x() < places.values[1] else 1
        return self._column.values[at] if at < len(self._column.values) else ""

    @staticmethod
    def _area(left: int, beyond: int) -> QRect:
        return QRect(left, 0, beyond - left - 16, ROW - 1)


def texts_of(base: QFont) -> tuple[CellTexts, CellTexts]:
    """Return what draws titles and values."""
    return CellTexts(base, 13, QFont.Weight.Medium), CellTexts(base, 13, QFont.Weight.Normal)
