"""Folding text for sorting and searching: without case, accents, compatibility forms and invisible characters."""

from __future__ import annotations

import re
import unicodedata

from whowas.domain.comparison_keys import without_invisible

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")

_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07]")
"""The marks that people write in names such as O’Neill, whichever their keyboards have."""


def folded(text: str) -> str:
    """Return ``text`` in the form that sorting compares."""
    if text.isascii():
        return text.lower()
    return _NOT_ASCII.sub(_without_marks, unicodedata.normalize("NFKD", without_invisible(text).casefold()))


def searchable(text: str) -> str:
    """Return ``text`` in the form that searching compares: folded, and without apostrophes."""
    return _APOSTROPHES.sub("", folded(_APOSTROPHES.sub("", text)))


def _without_marks(letters: re.Match[str]) -> str:
    # The dotless ı of Turkish is the same letter for whoever has no key for it, and has no mark that could go.
    return "".join("i" if letter == "ı" else letter for letter in letters[0] if not unicodedata.combining(letter))
