"""Drawing texts of one line in lists and tables: never as markup, and shortened to fit."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from whowas.desktop.kit import sizes

_KEPT = 4096
_LONGEST = 400
"""How many characters of a text are used: no column shows more, and a note may have thousands."""
_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class CellTexts:
    """Measures and draws texts in one font."""

    def __init__(self, base: QFont, size: int, weight: QFont.Weight, *, spacing: float = 0) -> None:
        """``size`` and ``spacing`` (between letters) are in pixels at 100 %."""
        self.font = QFont(base)
        self.font.setPixelSize(sizes.scaled(size))
        self.font.setWeight(weight)
        self.font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
        self._metrics = QFontMetrics(self.font)
        self.width = lru_cache(_KEPT)(self._width)

    def draw(self, painter: QPainter, area: QRect, text: str) -> None:
        """Draw ``text`` left-aligned and vertically centred in ``area``, shortened with "…" if it does not fit."""
        if area.width() > 0:
            shown = one_line(text)
            if self.width(text) > area.width():
                shown = self._metrics.elidedText(shown, Qt.TextElideMode.ElideRight, area.width())
            painter.setFont(self.font)
            painter.drawText(area, _FLAGS, shown)

    def _width(self, text: str) -> int:
        """Return the width of the whole ``text`` in pixels."""
        return self._metrics.horizontalAdvance(one_line(text)) + 1


def one_line(text: str) -> str:
    """Return the beginning of ``text`` with each run of blanks, line breaks and tabs as one space."""
    begin = text[:_LONGEST]
    return begin if begin.isprintable() else " ".join(begin.split())


@lru_cache(_KEPT)
def initials(name: str) -> str:
    """Return the first letters of the first and last word of ``name`` with their accents, in capitals."""
    letters = [letter for word in one_line(name).split() if (letter := _first_letter(word))]
    return "".join(letters[:1] + letters[1:][-1:]).upper()


def _first_letter(word: str) -> str:
    """Return the first letter or digit of ``word`` with its combining marks, "" if it has none."""
    for index, character in enumerate(word):
        if character.isalnum():
            if word[index : index + 2].isascii():
                return character  # no mark of ASCII combines, and a start does not wait for what finds the others
            from PySide6.QtCore import QTextBoundaryFinder

            finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, word[index:])
            # Qt counts in UTF-16 units, Python in code points.
            end = max(finder.toNextBoundary(), 0) * 2
            return word[index:].encode("utf-16-le")[:end].decode("utf-16-le", "ignore")
    return ""
