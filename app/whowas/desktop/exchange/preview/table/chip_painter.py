"""Drawing what changes in a row of a preview: chips, as many as fit, and the sentence behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from whowas.desktop.exchange.preview.words.change_chips import EMPTY, ChangeChip
from whowas.desktop.exchange.preview.words.row_words import RowWords
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.theme import Theme

HEIGHT: Final = 24
ASK: Final = "Who is this?"

_RADIUS = 4
_PADDING = 8
_GAP = 6
_ARROW = 12
_AROUND_ARROW = 5
_WIDEST_VALUE = 190
"""So wide, in pixels, is a value at most: a note must not push away all that changes besides."""
_NARROWEST = 120
"""A chip is shortened to no less than that."""
_SENTENCE_GAP = 12
_SENTENCE_ROOM = 0.45
"""What part of the room is kept for a sentence that says what is wrong."""
_MORE_ROOM = 28
_ASK_PADDING = 9


@dataclass(frozen=True, slots=True)
class Fitting:
    """How many chips fit, and how wide each is, in pixels."""

    widths: tuple[int, ...]
    more: int


class ChipDrawing:
    """Draws in one font."""

    def __init__(self, font: QFont) -> None:
        self._plain = CellTexts(font, 12, QFont.Weight.Normal)
        self._strong = CellTexts(font, 12, QFont.Weight.DemiBold)
        self._asking = CellTexts(font, 12, QFont.Weight.Medium)
        self._sentences = CellTexts(font, 13, QFont.Weight.Normal)

    def ask_width(self) -> int:
        """Return how wide the button is that asks who somebody is, in pixels."""
        return self._asking.width(ASK) + 2 * _ASK_PADDING + _ARROW

    def fitting(self, chips: tuple[ChangeChip, ...], room: int) -> Fitting:
        """Choose the chips that fit into ``room`` pixels; the first is shortened rather than left out."""
        widths: list[int] = []
        left = room
        for index, chip in enumerate(chips):
            behind = len(chips) - index - 1
            free = left - (_MORE_ROOM if behind else 0)
            wanted = self._chip_width(chip)
            if wanted > free and (index or free < _NARROWEST):
                return Fitting(tuple(widths), behind + 1)
            widths.append(min(wanted, free))
            left -= widths[-1] + _GAP
        return Fitting(tuple(widths), 0)

    def draw(self, painter: QPainter, area: QRect, words: RowWords, asks: bool, tokens: Theme) -> None:
        """Draw a row's chips and sentence into ``area``, over the background that is there."""
        top = area.top() + (area.height() - 1 - HEIGHT) // 2 + 1
        left = area.left()
        if asks:
            self._draw_ask(painter, QRect(left, top, self.ask_width(), HEIGHT), tokens)
            left += self.ask_width() + _SENTENCE_GAP
        room = area.right() + 1 - left
        if words.chips:
            left = self._draw_chips(painter, QRect(left, top, room, HEIGHT), words, tokens)
        if words.sentence:
            painter.setPen(tokens.error if words.wrong else tokens.muted)
            texts = self._sentences if words.wrong and not words.chips else self._plain
            texts.draw(painter, QRect(left, area.top(), area.right() + 1 - left, area.height() - 1), words.sentence)

    def _draw_chips(self, painter: QPainter, area: QRect, words: RowWords, tokens: Theme) -> int:
        """Draw chips and return where what comes behind them begins."""
        room = area.width()
        if words.wrong:
            wanted = self._plain.width(words.sentence) + _SENTENCE_GAP
            room -= min(wanted, int(room * _SENTENCE_ROOM))
        fitting = self.fitting(words.chips, room)
        left = area.left()
        for chip, width in zip(words.chips, fitting.widths, strict=False):
            self._draw_chip(painter, QRect(left, area.top(), width, HEIGHT), chip, tokens)
            left += width + _GAP
        if fitting.more:
            painter.setPen(tokens.muted)
            more = f"+{fitting.more}"
            self._plain.draw(painter, QRect(left + 2, area.top(), _MORE_ROOM, HEIGHT), more)
            left += 2 + self._plain.width(more) + _GAP
        return left - _GAP + _SENTENCE_GAP

    def _draw_chip(self, painter: QPainter, box: QRect, chip: ChangeChip, tokens: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(chip.tone))
        painter.drawRoundedRect(QRectF(box), _RADIUS, _RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        inside = box.adjusted(_PADDING, 0, -_PADDING + 1, 0)
        label, old, new = self._shared_out(chip, inside.width())
        left = inside.left()
        painter.setPen(tokens.muted)
        if label:
            self._plain.draw(painter, QRect(left, box.top(), label, HEIGHT), chip.label)
            left += label + _PADDING
        if old:
            self._plain.draw(painter, QRect(left, box.top(), old, HEIGHT), chip.old)
            left += old + _AROUND_ARROW
        if chip.old:
            drawn = pixmap("arrow-right", _ARROW, painter.device().devicePixelRatioF(), tokens.muted)
            painter.drawPixmap(left, box.top() + (HEIGHT - _ARROW) // 2, drawn)
            left += _ARROW + _AROUND_ARROW
        if chip.new:
            painter.setPen(tokens.text)
            self._strong.draw(painter, QRect(left, box.top(), new, HEIGHT), chip.new)
        else:
            self._plain.draw(painter, QRect(left, box.top(), new, HEIGHT), EMPTY)

    def _shared_out(self, chip: ChangeChip, room: int) -> tuple[int, int, int]:
        """Return how wide label, old and new value may be within ``room`` pixels; the new value is kept longest."""
        label, old, new = self._widths(chip)
        between = (_PADDING if label else 0) + (_ARROW + 2 * _AROUND_ARROW if old else 0)
        free = room - between
        label = min(label, max(free // 3, free - old - new))
        new = min(new, max((free - label) // 2 if old else free - label, free - label - old))
        return label, max(0, min(old, free - label - new)), max(0, new)

    def _chip_width(self, chip: ChangeChip) -> int:
        label, old, new = self._widths(chip)
        between = (_PADDING if label else 0) + (_ARROW + 2 * _AROUND_ARROW if old else 0)
        return 2 * _PADDING + label + old + new + between

    def _widths(self, chip: ChangeChip) -> tuple[int, int, int]:
        new = self._strong.width(chip.new) if chip.new else self._plain.width(EMPTY)
        old = self._plain.width(chip.old) if chip.old else 0
        return self._plain.width(chip.label), min(old, _WIDEST_VALUE), min(new, _WIDEST_VALUE)

    def _draw_ask(self, painter: QPainter, box: QRect, tokens: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(tokens.handle)
        painter.setBrush(tokens.surface)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(tokens.text)
        self._asking.draw(painter, box.adjusted(_ASK_PADDING, 0, -_ARROW - _ASK_PADDING + 4, 0), ASK)
        drawn = pixmap("chevron-down", _ARROW, painter.device().devicePixelRatioF(), tokens.muted)
        painter.drawPixmap(box.right() - _ARROW - _ASK_PADDING + 4, box.top() + (HEIGHT - _ARROW) // 2, drawn)
