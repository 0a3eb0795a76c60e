"""The cells of a preview: painted from the words of their rows, and kept as pictures.

The table paints them by itself: Qt would ask the model some three hundred times for each frame, and each time wait its
turn while a job looks at the rows.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final, assert_never

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from whowas.desktop.exchange.preview.table.chip_painter import HEIGHT, ChipDrawing
from whowas.desktop.exchange.preview.table.marks import draw_box, draw_mark
from whowas.desktop.exchange.preview.table.model import PreviewColumn, PreviewModel
from whowas.desktop.exchange.preview.words.row_words import NO_NAME, RowWords
from whowas.desktop.kit import theme
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.picture_cache import CellPictures
from whowas.desktop.kit.theme import Theme
from whowas.desktop.table.cell_painter import PADDING, CellDrawing, name_left

ROW_HEIGHT: Final = 36
EDGE: Final = 24
"""How far from the right edge of the table the numbers of lines end, in pixels."""

_RIGHT = 12

_Contents = tuple[PreviewColumn, RowWords, str, bool, bool]
"""Column, words of the row, the text of a plain cell, whether the row asks who it is, and whether it shows its box."""


class PreviewCells:
    """The table sets ``hovered_row``, under the pointer, and ``focused_row``, marked for the keyboard; -1 is none."""

    def __init__(self, model: PreviewModel, font: QFont) -> None:
        self.hovered_row = -1
        self.focused_row = -1
        self._edge = EDGE
        self._selected: Set[int] = frozenset()
        self._model = model
        self._pictures = CellPictures()
        self.set_font(font)
        theme.signals.changed.connect(self._pictures.clear)

    def set_font(self, font: QFont) -> None:
        """Draw in ``font`` from now on."""
        self._cells = CellDrawing(font)
        self._chips = ChipDrawing(font)
        self._names = CellTexts(font, 13, QFont.Weight.Medium)
        self._plain = CellTexts(font, 13, QFont.Weight.Normal)
        self._strong = CellTexts(font, 13, QFont.Weight.DemiBold)
        self._pictures.clear()

    def prepare(self, rows: int, selected: Set[int], ratio: float, edge: int) -> None:
        """Prepare to paint up to ``rows`` rows, on a screen with ``ratio`` pixels to a logical one.

        ``selected`` are rows; ``edge`` is how far from the right edge of the viewport the numbers of lines end.
        """
        self._selected, self._edge = selected, edge
        self._pictures.prepare(3 * rows * len(PreviewColumn), ratio)

    def ask_box(self, cell: QRect) -> QRect:
        """Return where, in the cell of what changes, the button is that asks who somebody is."""
        top = cell.top() + (cell.height() - 1 - HEIGHT) // 2 + 1
        return QRect(cell.left() + PADDING, top, self._chips.ask_width(), HEIGHT)

    def paint(self, painter: QPainter, rect: QRect, row: int, column: PreviewColumn) -> None:
        """Paint the cell of a row of the table into ``rect``."""
        tokens = theme.current()
        if row in self._selected:
            background = tokens.accent_soft
        else:
            background = tokens.hover if row == self.hovered_row else tokens.surface
        contents = self._contents(row, column)
        self._pictures.paint(painter, rect, background, (contents, self._edge), partial(self._draw, contents, tokens))
        if row == self.focused_row:
            painter.fillRect(rect.x(), rect.y(), rect.width(), 1, tokens.accent)
            painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, tokens.accent)

    def _contents(self, row: int, column: PreviewColumn) -> _Contents:
        words, number = self._model.words_at(row), self._model.number_at(row)
        asks = column == PreviewColumn.CHANGES and self._model.asks(number)
        near = row in (self.hovered_row, self.focused_row) or row in self._selected
        boxed = column == PreviewColumn.MARK and near and self._model.is_taken(number) is not None
        text = self._model.text(row, column) if column in (PreviewColumn.SINCE, PreviewColumn.FILE) else ""
        return column, words, text, asks, boxed

    def _draw(self, contents: _Contents, tokens: Theme, painter: QPainter, rect: QRect) -> None:
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, tokens.line)
        column, words, text, asks, boxed = contents
        match column:
            case PreviewColumn.MARK:
                # As far from the left edge as the avatar is from it.
                area = rect.adjusted(PADDING, 0, 0, 0)
                if boxed:
                    draw_box(painter, area, tokens, taken=words.taken is True)
                else:
                    draw_mark(painter, area, words.mark, tokens)
            case PreviewColumn.USER:
                self._draw_user(painter, rect, words, tokens)
            case PreviewColumn.CHANGES:
                self._chips.draw(painter, rect.adjusted(PADDING, 0, -_RIGHT, 0), words, asks, tokens)
            case PreviewColumn.SINCE | PreviewColumn.FILE:
                painter.setPen(tokens.muted)
                area = rect.adjusted(PADDING, 0, -_RIGHT, 0)
                # What tells the names of files apart is often at their end.
                metrics = QFontMetrics(self._plain.font)
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
                self._plain.draw(painter, area.adjusted(0, 0, 1, 0), shown)
            case PreviewColumn.LINE:
                wrong = words.mark == "refused"
                texts = self._strong if wrong else self._plain
                painter.setPen(tokens.error if wrong else tokens.muted)
                right = rect.right() + 1 - self._edge
                wide = texts.width(words.where)
                texts.draw(painter, QRect(right - wide, rect.top(), wide, rect.height() - 1), words.where)
            case _:
                assert_never(column)

    def _draw_user(self, painter: QPainter, rect: QRect, words: RowWords, tokens: Theme) -> None:
        out = words.mark in ("refused", "left_out") or not words.name
        self._cells.draw_avatar(painter, rect, words.name, _greyed(tokens) if out else tokens)
        painter.setPen(tokens.muted if words.mark == "left_out" or not words.name else tokens.text)
        self._names.draw(painter, rect.adjusted(name_left(), 0, -4, 0), words.name or NO_NAME)


@lru_cache(2)
def _greyed(tokens: Theme) -> Theme:
    """Return colours in which an avatar is grey."""
    return replace(tokens, accent_soft=tokens.hover, accent=tokens.muted)
