"""How text is compared when people sort and search: without case, accents or compatibility forms."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return ``text`` as sorting and searching see it."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
