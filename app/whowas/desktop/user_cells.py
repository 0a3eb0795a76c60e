"""How a cell of the table of users is painted: names with initials, groups as chips, a status as dot and word."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import assert_never

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPixmap, QStaticText
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip

from whowas.desktop import theme
from whowas.desktop.cell_texts import CellTexts, initials
from whowas.desktop.columns import Column, Roles
from whowas.desktop.theme import Token

ROW_HEIGHT = 36
PADDING = 12
_RIGHT = 4
_AVATAR = 24
_NAME_LEFT = PADDING + _AVATAR + 9
_CHIP_HEIGHT = 19
_CHIP_PADDING = 9
_CHIP_GAP = 4
_CHIP_NARROWEST = 40
_DOT = 7
_WORD_LEFT = PADDING + _DOT + 7
_LONGEST_TIP = 600
_SELECTED = QStyle.StateFlag.State_Selected.value
_DISPLAY = Qt.ItemDataRole.DisplayRole
_DOTS: dict[str, Token] = {"active": "active_dot", "suspended": "suspended_dot"}

AnyIndex = QModelIndex | QPersistentModelIndex


class UserCells(QAbstractItemDelegate):
    """Paints every column; the table tells it which row the pointer is on, and which to mark as the keyboard's."""

    def __init__(self, font: QFont, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.hovered_row = -1
        self.focused_row = -1
        self.set_font(font)

    def set_font(self, font: QFont) -> None:
        """Paint in ``font`` from now on."""
        self._plain = CellTexts(_font(font, 13, QFont.Weight.Normal))
        self._names = CellTexts(_font(font, 13, QFont.Weight.Medium))
        self._small = CellTexts(_font(font, 12, QFont.Weight.Normal))
        self._initials_font = _font(font, 10, QFont.Weight.DemiBold)
        self._avatar = lru_cache(1024)(self._drawn_avatar)
        self._dot = lru_cache(16)(_drawn_dot)
        self._chips = lru_cache(2048)(self._laid_out_chips)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        number = index.column()
        if number >= len(self.columns):
            return
        column, row = self.columns[number], index.row()
        tokens = theme.current()
        rect: QRect = option.rect
        left, top, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        selected = bool(option.state.value & _SELECTED)
        if selected:
            painter.fillRect(rect, tokens.accent_soft)
        elif row == self.hovered_row:
            painter.fillRect(rect, tokens.hover)
        painter.fillRect(left, top + height - 1, width, 1, tokens.line)
        if row == self.focused_row:
            painter.fillRect(left, top, width, 1, tokens.accent)
            painter.fillRect(left, top + height - 1, width, 1, tokens.accent)
        text = index.data(_DISPLAY)
        if not text:
            return
        area = (left, top, width, height - 1)
        painter.setPen(tokens.text)
        match column.kind:
            case "text":
                self._paint_text(painter, self._plain, text, area, PADDING)
            case "name":
                self._paint_avatar(painter, text, left + PADDING, top + (height - _AVATAR) // 2)
                self._paint_text(painter, self._names, text, area, _NAME_LEFT)
            case "groups":
                outline = tokens.handle if selected else tokens.line
                self._paint_chips(painter, tuple(index.data(Roles.GROUPS) or ()), area, outline)
            case "status":
                status = str(index.data(Roles.STATUS))
                if status == "deleted" and not selected:
                    painter.setPen(tokens.muted)
                self._paint_status(painter, text, status, area)
            case unknown:
                assert_never(unknown)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """What the cell needs to show all it has; only the cells in view are ever asked."""
        number, text = index.column(), index.data(_DISPLAY) or ""
        if number >= len(self.columns):
            return QSize()
        match self.columns[number].kind:
            case "text":
                width = PADDING + self._plain.width(text)
            case "name":
                width = _NAME_LEFT + self._names.width(text)
            case "groups":
                groups = tuple(index.data(Roles.GROUPS) or ())
                width = PADDING + sum(self._chip_width(name) + _CHIP_GAP for name in groups)
            case "status":
                width = _WORD_LEFT + self._plain.width(text)
            case unknown:
                assert_never(unknown)
        return QSize(width + _RIGHT, ROW_HEIGHT)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """Show in full what a cell had to shorten."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        text = str(index.data(_DISPLAY) or "")
        if self.sizeHint(option, index).width() <= option.rect.width():
            QToolTip.hideText()
        else:
            # A tool tip guesses whether its text is markup, so it is given markup that says the text.
            shown = html.escape(text[:_LONGEST_TIP] + ("…" if len(text) > _LONGEST_TIP else ""))
            QToolTip.showText(event.globalPos(), f"<p style='white-space: pre-wrap'>{shown}</p>", view)
        return True

    @staticmethod
    def _paint_text(
        painter: QPainter, texts: CellTexts, text: str, area: tuple[int, int, int, int], indent: int
    ) -> None:
        left, top, width, height = area
        if width <= indent + _RIGHT:
            return
        laid_out = texts.fitted(text, width - indent - _RIGHT)
        painter.setFont(texts.font)
        tall = laid_out.size().height()
        if tall > height:  # letters with marks heaped upon them must not run into other rows
            painter.save()
            painter.setClipRect(QRect(*area))
        painter.drawStaticText(left + indent, top + int(height - tall + 1) // 2, laid_out)
        if tall > height:
            painter.restore()

    def _paint_avatar(self, painter: QPainter, name: str, left: int, top: int) -> None:
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(left, top, self._avatar(initials(name), ratio, theme.current()))

    def _drawn_avatar(self, letters: str, ratio: float, tokens: theme.Theme) -> QPixmap:
        drawn, painter = _canvas(_AVATAR, ratio)
        painter.setBrush(tokens.accent_soft)
        painter.drawEllipse(0, 0, _AVATAR, _AVATAR)
        painter.setPen(tokens.accent)
        painter.setFont(self._initials_font)
        painter.drawText(QRect(0, 0, _AVATAR, _AVATAR), Qt.AlignmentFlag.AlignCenter, letters)
        painter.end()
        return drawn

    def _paint_status(self, painter: QPainter, word: str, status: str, area: tuple[int, int, int, int]) -> None:
        left, top, _, height = area
        ratio = painter.device().devicePixelRatio()
        dot = self._dot(_DOTS.get(status, "faint"), ratio, theme.current())
        painter.drawPixmap(left + PADDING, top + (height - _DOT) // 2 + 1, dot)
        self._paint_text(painter, self._plain, word, area, _WORD_LEFT)

    def _paint_chips(
        self, painter: QPainter, groups: tuple[str, ...], area: tuple[int, int, int, int], outline: QColor
    ) -> None:
        tokens = theme.current()
        left, top, width, height = area
        top += (height - _CHIP_HEIGHT) // 2 + 1
        text_top = top + (_CHIP_HEIGHT - self._small.height) // 2
        chips, more = self._chips(groups, width - PADDING - _RIGHT)
        painter.setFont(self._small.font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        end = left + PADDING
        for offset, chip_width, text in chips:
            x = left + PADDING + offset
            painter.setPen(outline)
            box = QRectF(x + 0.5, top + 0.5, chip_width - 1, _CHIP_HEIGHT - 1)
            painter.drawRoundedRect(box, (_CHIP_HEIGHT - 1) / 2, (_CHIP_HEIGHT - 1) / 2)
            painter.setPen(tokens.text)
            painter.drawStaticText(x + _CHIP_PADDING, text_top, text)
            end = x + chip_width + _CHIP_GAP
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if more:
            painter.setPen(tokens.muted)
            painter.drawStaticText(end + 2, text_top, self._small.fitted(more, width))

    def _chip_width(self, name: str) -> int:
        return self._small.width(name) + 2 * _CHIP_PADDING - 1

    def _laid_out_chips(self, groups: tuple[str, ...], width: int) -> tuple[list[tuple[int, int, QStaticText]], str]:
        """Return (offset, width, text) of each chip that fits, and "+2" for two that do not."""
        chips: list[tuple[int, int, QStaticText]] = []
        offset = 0
        for place, name in enumerate(groups):
            left_over = len(groups) - place - 1
            reserved = self._small.width(f"+{left_over}") + 2 + _CHIP_GAP if left_over else 0
            wanted, room = self._chip_width(name), width - offset - reserved
            if wanted > room and (chips or room < _CHIP_NARROWEST):
                return chips, f"+{left_over + 1}"
            taken = min(wanted, room)
            chips.append((offset, taken, self._small.fitted(name, taken - 2 * _CHIP_PADDING + 1)))
            offset += taken + _CHIP_GAP
        return chips, ""


def _drawn_dot(token: Token, ratio: float, tokens: theme.Theme) -> QPixmap:
    drawn, painter = _canvas(_DOT, ratio)
    painter.setBrush(tokens.colour(token))
    painter.drawEllipse(QPointF(_DOT / 2, _DOT / 2), _DOT / 2, _DOT / 2)
    painter.end()
    return drawn


def _canvas(side: int, ratio: float) -> tuple[QPixmap, QPainter]:
    drawn = QPixmap(round(side * ratio), round(side * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    return drawn, painter


def _font(base: QFont, size: int, weight: QFont.Weight) -> QFont:
    font = QFont(base)
    font.setPixelSize(size)
    font.setWeight(weight)
    return font
