"""Folding text for sorting and searching: without case, accents, compatibility forms and invisible characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from whowas.domain.comparison_keys import without_invisible

_NOT_ASCII = re.compile(r"[^\x00-\x7f]{1,32}")
"""Letters that are folded together, and remembered so: a few at a time, because notes may have a hundred thousand."""

_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07]")
"""The marks that people write in names such as O’Neill, whichever their keyboards have."""


def folded(text: str) -> str:
    """Return ``text`` in the form that sorting compares."""
    if text.isascii():
        return text.lower()
    return _NOT_ASCII.sub(_folded_run, text.casefold())


def searchable(text: str) -> str:
    """Return ``text`` in the form that searching compares: folded, and without apostrophes."""
    caseless = text.lower() if text.isascii() else _NOT_ASCII.sub(_searchable_run, text.casefold())
    return caseless.replace("'", "").replace("`", "")


def _folded_run(letters: re.Match[str]) -> str:
    return _without_marks(letters[0])


def _searchable_run(letters: re.Match[str]) -> str:
    return _without_apostrophes(letters[0])


@lru_cache(maxsize=4_096)
def _without_marks(letters: str) -> str:
    """Return letters without case that are not ASCII as they are compared: each by itself, wherever it stands."""
    plain = unicodedata.normalize("NFKD", without_invisible(letters))
    # The dotless ı of Turkish is the same letter for whoever has no key for it, and has no mark that could go.
    return "".join("i" if letter == "ı" else letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=4_096)
def _without_apostrophes(letters: str) -> str:
    return _APOSTROPHES.sub("", _without_marks(_APOSTROPHES.sub("", letters)))
