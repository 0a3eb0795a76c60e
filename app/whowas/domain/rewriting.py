"""Ways to rewrite a text: find and replace, and other cases of its letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from whowas.domain.errors import RefusedError

Case = Literal["upper", "lower", "title"]

CASES: Mapping[Case, str] = {"upper": "UPPER CASE", "lower": "lower case", "title": "Title Case"}
"""What people call the cases."""

_WORD = re.compile(r"[^\s\-]+")


def replacing(find: str, replacement: str, *, whole: bool, match_case: bool) -> Callable[[str], str]:
    """Return what puts ``replacement`` in place of ``find``, wherever a text holds it, or where it is the ``whole``.

    Raises RefusedError naming "find" where there is nothing to find.
    """
    if not find:
        raise RefusedError("find", "Write what to find.")
    pattern = re.compile(re.escape(find), re.NOFLAG if match_case else re.IGNORECASE)
    if whole:
        return lambda text: replacement if pattern.fullmatch(text) else text
    return lambda text: pattern.sub(lambda _found: replacement, text)


def in_case(case: Case) -> Callable[[str], str]:
    """Return what gives all letters of a text another case.

    Of Title Case each word begins with a capital and goes on in small letters, whatever it is: spaces and hyphens end
    words, and nothing is known of “McDonald” or “van der”.
    """
    match case:
        case "upper":
            return str.upper
        case "lower":
            return str.lower
        case "title":
            return lambda text: _WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), text)
