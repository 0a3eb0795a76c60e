"""Texts of table cells, shortened to their column and laid out once: the same few hundred are painted again and
again."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt, QTextBoundaryFinder
from PySide6.QtGui import QFont, QFontMetrics, QStaticText, QTransform

_KEPT = 4096
_LONGEST = 400
"""Characters that are looked at: no column shows more, and a note may have thousands."""


class CellTexts:
    """Texts in one font. A text is one line, never markup, and ends in "…" where it does not fit."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self.height = self._metrics.height()
        self.fitted = lru_cache(_KEPT)(self._fitted)
        self.width = lru_cache(_KEPT)(self._width)

    def _fitted(self, text: str, width: int) -> QStaticText:
        """Return ``text`` laid out in at most ``width`` pixels."""
        shown = self._metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, width)
        laid_out = QStaticText(shown)
        laid_out.setTextFormat(Qt.TextFormat.PlainText)
        laid_out.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        laid_out.prepare(QTransform(), self.font)
        return laid_out

    def _width(self, text: str) -> int:
        """Return how many pixels ``text`` needs in full."""
        return self._metrics.horizontalAdvance(one_line(text)) + 1


def one_line(text: str) -> str:
    """Return the beginning of ``text`` with every line break and tab made a space."""
    begin = text[:_LONGEST]
    return begin if begin.isprintable() else " ".join(begin.split())


@lru_cache(_KEPT)
def initials(name: str) -> str:
    """Return the first letters of the first and last word of ``name``, as a reader sees them, in capitals."""
    letters = [letter for word in one_line(name).split() if (letter := _first_letter(word))]
    return "".join(letters[:1] + letters[1:][-1:]).upper()


def _first_letter(word: str) -> str:
    """Return the first letter or digit of ``word`` with its marks, "" if it has none."""
    for place, character in enumerate(word):
        if character.isalnum():
            finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, word[place:])
            # Qt counts in UTF-16 units, Python in code points.
            end = max(finder.toNextBoundary(), 0) * 2
            return word[place:].encode("utf-16-le")[:end].decode("utf-16-le", "ignore")
    return ""
