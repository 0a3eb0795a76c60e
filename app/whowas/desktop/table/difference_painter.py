"""Drawing a comparison in a cell: its text before and after, and words beside a name."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QPainter

from whowas.desktop.kit import sizes
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.theme import Theme, Token
from whowas.desktop.table.cell_painter import PADDING, RIGHT, CellDrawing, name_left
from whowas.desktop.table.columns import CellDifference, Kind

_GAP = 5
_WORDS_GAP = 12
_LINE = 16
"""The height of a line when there are two in a row, in pixels."""
_WORDS_TOKENS: dict[Token, Token] = {"added": "active_text", "changed": "past_text", "removed": "error"}


class DifferenceDrawing:
    """Draws in one font. Two texts that do not fit side by side are drawn one above the other."""

    def __init__(self, font: QFont, cells: CellDrawing) -> None:
        self._cells = cells
        self._names = CellTexts(font, 13, QFont.Weight.Medium)
        self._before = CellTexts(font, 13, QFont.Weight.DemiBold)
        self._after = CellTexts(font, 13, QFont.Weight.Normal)
        self._small_before = CellTexts(font, 12, QFont.Weight.DemiBold)
        self._small_after = CellTexts(font, 11, QFont.Weight.Normal)
        self._words = CellTexts(font, 11, QFont.Weight.Normal)

    def draw_change(
        self, painter: QPainter, area: QRect, kind: Kind, difference: CellDifference, tokens: Theme
    ) -> None:
        """Draw the old text of a cell in bold, an arrow, and the new one; of groups only those that differ."""
        before, after = difference.lines
        if kind == "name":
            self._cells.draw_avatar(painter, area, difference.after or difference.before or "", tokens)
        inside = area.adjusted(_left(kind), 0, -RIGHT, 0)
        beside = self._before.width(before) + _GAP if before else 0
        if not before or not after or beside + self._after.width(after) <= inside.width():
            painter.setPen(tokens.past_text)
            self._before.draw(painter, inside, before)
            painter.setPen(tokens.muted)
            self._after.draw(painter, inside.adjusted(beside if after else 0, 0, 0, 0), after)
        else:
            upper, lower = _lines(inside)
            painter.setPen(tokens.past_text)
            self._small_before.draw(painter, upper, before)
            painter.setPen(tokens.muted)
            self._small_after.draw(painter, lower, after)

    def draw_named(
        self, painter: QPainter, area: QRect, name: str, difference: CellDifference, words: str, tokens: Theme
    ) -> None:
        """Draw a name followed by the words of a comparison."""
        self._cells.draw_avatar(painter, area, name, tokens)
        inside = area.adjusted(name_left(), 0, -RIGHT, 0)
        wanted = self._names.width(name) + _WORDS_GAP
        if wanted + self._words.width(words) <= inside.width():
            beside, behind = inside, inside.adjusted(wanted, 0, 0, 0)
        else:
            beside, behind = _lines(inside)
        painter.setPen(tokens.text)
        self._names.draw(painter, beside, name)
        painter.setPen(tokens.colour(_WORDS_TOKENS[difference.background]))
        self._words.draw(painter, behind, words)

    def width(self, kind: Kind, width: int, difference: CellDifference, words: str) -> int:
        """Return how many pixels a cell of ``width`` needs, on one line, with everything that a comparison adds."""
        if difference.before is not None:
            before, after = difference.lines
            return _left(kind) + self._before.width(before) + _GAP + self._after.width(after) + RIGHT
        return width + (_WORDS_GAP + self._words.width(words) if words and kind == "name" else 0)


def _left(kind: Kind) -> int:
    match kind:
        case "name":
            return name_left()
        case "text" | "groups" | "status":
            return PADDING
        case unknown:
            assert_never(unknown)


def _lines(inside: QRect) -> tuple[QRect, QRect]:
    """Return the upper and the lower line of a row."""
    middle = inside.top() + inside.height() // 2
    line = min(sizes.scaled(_LINE), inside.height() // 2)
    return (
        QRect(inside.left(), middle - line, inside.width(), line),
        QRect(inside.left(), middle, inside.width(), line),
    )
