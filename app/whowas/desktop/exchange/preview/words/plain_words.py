"""Texts that people have written, on one line beside other texts: no letter of one alters how another is shown."""

from __future__ import annotations

import re

from whowas.domain.fields import shortened

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of writing, also of what stands behind it: one text would pose as another."""
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Letters that are written from right to left."""


def plain(text: str, limit: int) -> str:
    """Return the beginning of ``text`` on one line, to stand beside other texts whatever its direction of writing."""
    begin = text[: 2 * limit]
    one_line = begin if begin.isprintable() else " ".join(_TURNING.sub("", begin).split())
    shown = shortened(one_line, limit)
    return f"\u2068{shown}\u2069" if _FROM_THE_RIGHT.search(shown) else shown
