"""Drawing the mark of a user with a draft that is not saved: a pencil and a word behind the name."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QPainter

from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.kit.theme import Theme

DRAFTED = ("draft",)
"""The parts of the cell of a name behind which the mark is drawn."""

_GAP = 11
_PENCIL = 12
_WORD = 4
"""The space before the pencil, its size, and the space between it and the word, in pixels."""
_LINE = 16


class DraftMark:
    """Draws in one font."""

    def __init__(self, font: QFont) -> None:
        self._texts = CellTexts(font, 11, QFont.Weight.Medium)
        self.width = _GAP + _PENCIL + _WORD + self._texts.width(DRAFTED[0])
        """How many pixels it takes behind a name."""

    def draw(self, painter: QPainter, inside: QRect, name: int, tokens: Theme) -> QRect:
        """Draw it behind a name that is ``name`` pixels wide, below it where both do not fit on a line.

        Return where the name is to be drawn.
        """
        middle = inside.top() + inside.height() // 2
        if name + self.width <= inside.width():
            self._draw(painter, inside.left() + name + _GAP, middle, tokens)
            return inside
        self._draw(painter, inside.left(), middle + _LINE // 2, tokens)
        return QRect(inside.left(), middle - _LINE, inside.width(), _LINE)

    def _draw(self, painter: QPainter, left: int, middle: int, tokens: Theme) -> None:
        icon("pencil", "accent").paint(painter, QRect(left, middle - _PENCIL // 2, _PENCIL, _PENCIL))
        painter.setPen(tokens.accent)
        word = QRect(left + _PENCIL + _WORD, middle - _LINE // 2, self._texts.width(DRAFTED[0]), _LINE)
        self._texts.draw(painter, word, DRAFTED[0])
