"""Folding text for sorting and searching: without case, accents or compatibility forms."""

from __future__ import annotations

import re
import unicodedata

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def folded(text: str) -> str:
    """Return ``text`` in the form that sorting and searching compare."""
    if text.isascii():
        return text.lower()
    return _NOT_ASCII.sub(_without_marks, unicodedata.normalize("NFKD", text.casefold()))


def _without_marks(letters: re.Match[str]) -> str:
    return "".join(letter for letter in letters[0] if not unicodedata.combining(letter))
