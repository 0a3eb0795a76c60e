"""What of a text can be seen: blank cells, and titles without what nobody sees in them."""

from __future__ import annotations

import re
import unicodedata

_OTHERWISE_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and symbols by their category that show nothing: fillers, the Braille blank, the grapheme joiner."""

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_BLANKS = re.compile(r"[^\S ]|[\r\n]+")


def is_blank(text: str) -> bool:
    """Say whether a text shows nothing: it is empty, or of blanks and invisible characters only."""
    # Asked of every cell, and almost all begin with something that is seen.
    return not text or not ("!" <= text[0] <= "~" or any(_is_seen(letter) for letter in text))


def cleaned_title(text: str) -> str:
    """Return a title as it is seen: in one line, without invisible characters, blanks around it trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    plain = _BLANKS.sub(" ", text.replace("\r\n", "\n"))
    return unicodedata.normalize("NFC", "".join(each for each in plain if each == " " or _is_seen(each))).strip()


def _is_seen(letter: str) -> bool:
    if letter.isascii():
        return letter > " " and letter != "\x7f"
    if letter in _OTHERWISE_BLANK or "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef":
        return False
    return unicodedata.category(letter) not in _UNSEEN
