"""The list of one user's changes, newest first: what happened, from what to what, by whom and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.list_model import ITEM_ROLE, Index, ItemModel, sized
from whowas.desktop.kit.viewports import own_viewport
from whowas.domain.sentences import Kind

KIND_ICONS: Mapping[Kind, str] = {
    "created": "user-plus",
    "restored": "undo",
    "deleted": "trash",
    "suspended": "circle-pause",
    "reactivated": "circle-check",
    "password": "key",
    "groups": "hash",
    "changed": "pencil",
}
"""The icon for each kind of sentence."""


_TEXTS_KEPT = 500
_ONE_LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One change as the list shows it.

    ``step`` is the moment right after it; ``icon`` is a name for ``icons.icon``; ``detail``, ``why`` (what it undid or
    restored) and ``because`` (the reason given) may be empty; ``future`` means that it is after the moment shown.
    """

    step: int
    icon: str
    title: str
    detail: str
    actor: str
    when: str
    future: bool = False
    why: str = ""
    because: str = ""

    def sentence(self) -> str:
        """Return the whole content of the item, for screen readers."""
        parts = [self.title, self.detail, self.why, self.because, self.actor, self.when, "later" if self.future else ""]
        return ", ".join(part for part in parts if part)


class _Texts:
    """A cache of fonts and shortened texts, because shortening takes longer than drawing."""

    def __init__(self) -> None:
        self._base, self._percent = QFont(), 100
        self._sized: dict[tuple[int, bool], tuple[QFont, QFontMetrics]] = {}
        self._shown: dict[tuple[str, int, bool, int], str] = {}
        self._widths: dict[tuple[str, int, bool], int] = {}

    def font(self, base: QFont, size: int, *, bold: bool) -> QFont:
        """Return ``base`` in a size in pixels; the cache is cleared when ``base`` changes."""
        if base != self._base or sizes.percent() != self._percent:
            self._base, self._percent = QFont(base), sizes.percent()
            self._sized.clear()
            self._shown.clear()
            self._widths.clear()
        if (size, bold) not in self._sized:
            font = sized(base, size, bold=bold)
            self._sized[size, bold] = font, QFontMetrics(font)
        return self._sized[size, bold][0]

    def shown(self, text: str, size: int, width: int, *, bold: bool) -> str:
        """Return a text as one line, shortened to ``width`` pixels; ``font`` must have been called for its size."""
        key = text, size, bold, width
        if key not in self._shown:
            if len(self._shown) > _TEXTS_KEPT:
                self._shown.clear()
            # As one line, because a text with line breaks would run into its neighbours.
            line = " ".join(text.split())
            self._shown[key] = self._sized[size, bold][1].elidedText(line, Qt.TextElideMode.ElideRight, width)
        return self._shown[key]

    def width(self, text: str, size: int, *, bold: bool) -> int:
        """Return the width in pixels of one of a few words; ``font`` must have been called for its size."""
        key = text, size, bold
        if key not in self._widths:
            self._widths[key] = self._sized[size, bold][1].horizontalAdvance(text)
        return self._widths[key]


@lru_cache(maxsize=64)
def _circle(name: str, colours: theme.Theme, ratio: float, size: int, inner: int) -> QPixmap:
    """Return an icon in a disc of the accent's soft colour."""
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.accent_soft)
    painter.drawEllipse(0, 0, size, size)
    inset = (size - inner) // 2
    icon(name, colours.accent).paint(painter, QRect(inset, inset, inner, inner))
    painter.end()
    return drawn


class HistoryDelegate(QStyledItemDelegate):
    """Draws an item as a round icon beside three lines."""

    HEIGHT: ClassVar[int] = 63
    """That of a row at 100 %, in pixels; see ``height``."""
    PADDING: ClassVar[int] = 8
    """Space at either side, so that the background of a row extends beyond its text."""
    _CIRCLE: ClassVar[int] = 26
    _ICON: ClassVar[int] = 14

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = _Texts()

    @classmethod
    def height(cls) -> int:
        """Return the height of a row, in pixels."""
        return sizes.scaled(cls.HEIGHT) - (8 if sizes.is_compact() else 0)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: HistoryItem = index.data(ITEM_ROLE)
        tokens = theme.current()
        whole: QRect = option.rect
        area = whole.adjusted(self.PADDING, 0, -self.PADDING, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus):
            painter.setBrush(tokens.window)
            painter.drawRoundedRect(QRectF(whole).adjusted(0, 2, 0, -3), 6, 6)
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), tokens.line)
        painter.setOpacity(0.5 if item.future else 1.0)
        self._paint_icon(painter, item, area)
        beside = self._paint_beside(painter, area, option.font, index)
        self._paint_lines(painter, item, area.adjusted(36, self._above(), 0, 0), option.font, beside)
        painter.restore()

    @staticmethod
    def _above() -> int:
        """Return how far from its upper edge a row has its lines, in pixels."""
        return 4 if sizes.is_compact() else 8

    def _paint_beside(self, painter: QPainter, area: QRect, font: QFont, index: Index) -> int:
        """Draw something at the right of the first line; return its width in pixels. Here: nothing."""
        return 0

    def _paint_icon(self, painter: QPainter, item: HistoryItem, area: QRect) -> None:
        ratio = painter.device().devicePixelRatioF()
        circle = _circle(item.icon, theme.current(), ratio, self._CIRCLE, self._ICON)
        painter.drawPixmap(area.left(), area.top() + self._above(), circle)

    def _paint_lines(self, painter: QPainter, item: HistoryItem, area: QRect, font: QFont, beside: int = 0) -> None:
        """Draw the lines; ``beside`` is the width, in pixels, that is taken at the right of the first one."""
        tokens, texts = theme.current(), self._texts
        later = "later" if item.future and beside else ""
        by = " · ".join(part for part in (item.actor, item.when, item.because, later) if part)
        lines = [(item.title, 13, True, tokens.text, 17)]
        if second := " · ".join(part for part in (item.why, item.detail) if part):
            lines.append((second, 13, False, tokens.muted, 16))
        lines.append((by, 11, False, tokens.muted, 15))
        left, top, width = area.left(), area.top(), area.width()
        if item.future and not beside:
            width -= self._paint_later(painter, area, font)
        for text, size, bold, colour, height in lines:
            painter.setFont(texts.font(font, size, bold=bold))
            painter.setPen(colour)
            shown = texts.shown(text, size, width - beside, bold=bold)
            painter.drawText(left, top, width, sizes.scaled(height), _ONE_LINE, shown)
            beside = 0
            top += sizes.scaled(height)

    def _paint_later(self, painter: QPainter, area: QRect, font: QFont) -> int:
        """Draw the word "later", as pale colours alone would not tell; return its width in pixels."""
        painter.setFont(self._texts.font(font, 11, bold=False))
        painter.setPen(theme.current().muted)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
        painter.drawText(area.adjusted(0, 2, 0, 0), int(flags), "later")
        return self._texts.width("later", 11, bold=False) + 8


class HistoryList(QListView):
    """The list; ``stepActivated(moment)`` asks for the moment right after a change that was clicked or entered."""

    stepActivated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Changes of this user")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        own_viewport(self).setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._steps: Sequence[int] = ()
        self._model = ItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(HistoryDelegate(self))
        # Not activated, which is emitted together with clicked on desktops where one click activates.
        self.clicked.connect(self._click)
        theme.signals.changed.connect(self._look_again)

    def set_items(self, items: Sequence[HistoryItem]) -> None:
        """Show ``items``, newest first; see ``set_rows``."""
        self.set_rows([item.step for item in items], tuple(items).__getitem__)

    def set_rows(self, steps: Sequence[int], item_of: Callable[[int], HistoryItem]) -> None:
        """Show a row for each of ``steps``, newest first, whose item ``item_of`` makes whenever it is asked for.

        A list of the same steps keeps its scroll position and current row.
        """
        current, top = self.currentIndex().row(), self.verticalScrollBar().value()
        same = steps == self._steps
        self._steps = steps
        self._model.set_rows(len(steps), item_of)
        if same and steps:
            self.setCurrentIndex(self._model.index(current, 0))
            self.verticalScrollBar().setValue(top)

    def activate_current(self) -> None:
        """Ask for the moment right after the current change, as Enter does."""
        self._activate(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and not event.modifiers():
            self.activate_current()
            return
        super().keyPressEvent(event)

    def _look_again(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def _click(self, index: QModelIndex) -> None:
        self._activate(index)

    def _activate(self, index: QModelIndex) -> None:
        item = index.data(ITEM_ROLE)
        if isinstance(item, HistoryItem):
            self.stepActivated.emit(item.step)
