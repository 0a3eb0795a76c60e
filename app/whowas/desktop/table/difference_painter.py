"""How a comparison is drawn in a cell: what it held and holds, and words beside a name."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QPainter

from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.theme import Theme, Token
from whowas.desktop.table.cell_painter import NAME_LEFT, PADDING, RIGHT, CellDrawing
from whowas.desktop.table.columns import CellDifference, Kind

_GAP = 5
_WORDS_GAP = 12
_LINE = 16
"""Pixels a line takes where two stand in one row."""
_WORDS_TOKENS: dict[Token, Token] = {"added": "active_text", "changed": "past_text", "removed": "error"}


class DifferenceDrawing:
    """Draws in one font. What has no room side by side stands one above the other."""

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
        """Draw what a cell held and holds: the old text in bold, an arrow, the new one; of groups those that differ."""
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
        """Draw a name with the words of a comparison behind it."""
        self._cells.draw_avatar(painter, area, name, tokens)
        inside = area.adjusted(NAME_LEFT, 0, -RIGHT, 0)
        wanted = self._names.width(name) + _WORDS_GAP
        if wanted + self._words.width(words) <= inside.width():
            beside, behind = inside, inside.adjusted(wanted, 0, 0, 0)
        else:
            beside, behind = _lines(inside)
        painter.setPen(tokens.text)
        self._names.draw(painter, beside, name)
        painter.setPen(tokens.colour(_WORDS_TOKENS[difference.ground]))
        self._words.draw(painter, behind, words)

    def width(self, kind: Kind, width: int, difference: CellDifference, words: str) -> int:
        """Return how many pixels a cell of ``width`` needs with all that a comparison adds to it, on one line."""
        if difference.before is not None:
            before, after = difference.lines
            return _left(kind) + self._before.width(before) + _GAP + self._after.width(after) + RIGHT
        return width + (_WORDS_GAP + self._words.width(words) if words and kind == "name" else 0)


def _left(kind: Kind) -> int:
    match kind:
        case "name":
            return NAME_LEFT
        case "text" | "groups" | "status":
            return PADDING
        case unknown:
            assert_never(unknown)


def _lines(inside: QRect) -> tuple[QRect, QRect]:
    """Return the upper and the lower line of a row."""
    middle = inside.top() + inside.height() // 2
    return (
        QRect(inside.left(), middle - _LINE, inside.width(), _LINE),
        QRect(inside.left(), middle, inside.width(), _LINE),
    )
