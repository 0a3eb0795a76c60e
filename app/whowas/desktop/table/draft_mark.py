"""Drawing the mark of a user with a draft that is not saved: a pencil and a word behind the name."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QPainter

from whowas.desktop.kit import sizes
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
"""The height of a line where there are two in a row, in pixels."""


class DraftMark:
    """Draws in one font and size."""

    def __init__(self, font: QFont) -> None:
        self._texts = CellTexts(font, 11, QFont.Weight.Medium)
        self._pencil, self._line = sizes.scaled(_PENCIL), sizes.scaled(_LINE)
        self.width = _GAP + self._pencil + _WORD + self._texts.width(DRAFTED[0])
        """How many pixels it takes behind a name."""

    def draw(self, painter: QPainter, inside: QRect, name: int, tokens: Theme) -> QRect:
        """Draw it behind a name that is ``name`` pixels wide, below it where both do not fit on a line.

        Return where the name is to be drawn.
        """
        middle = inside.top() + inside.height() // 2
        if name + self.width <= inside.width():
            self._draw(painter, inside.left() + name + _GAP, middle, tokens)
            return inside
        line = min(self._line, inside.height() // 2)
        self._draw(painter, inside.left(), middle + line // 2, tokens)
        return QRect(inside.left(), middle - line, inside.width(), line)

    def _draw(self, painter: QPainter, left: int, middle: int, tokens: Theme) -> None:
        size = self._pencil
        icon("pencil", "accent").paint(painter, QRect(left, middle - size // 2, size, size))
        painter.setPen(tokens.accent)
        word = QRect(left + size + _WORD, middle - self._line // 2, self._texts.width(DRAFTED[0]), self._line)
        self._texts.draw(painter, word, DRAFTED[0])
