"""The form in which titles of columns, and words for a status, are compared."""

from __future__ import annotations

import re
import unicodedata

_REMARKS = (
    *("required", "optional", "read only", "upload only", "must be in the e.164 format"),
    *("pflichtfeld", "erforderlich", "obligatoire", "facultatif", "obligatorio", "opcional", "必填", "选填", "必需"),
)
"""What stands in brackets behind a title and is no part of it."""

_REMARK = re.compile(rf"[\[(]\s*(?:{'|'.join(map(re.escape, _REMARKS))})\s*[\])]", re.IGNORECASE)
_MARKS = re.compile("[\u0300-\u036f]+")
"""Accents of Latin letters. Marks of other scripts are vowels, without which words would be other words."""

_NUMBER = re.compile(r"\d+")


def title_key(title: str) -> str:
    """Return a title without case, accents, blanks, dashes, underscores, invisible characters or "[Required]"."""
    plain = _REMARK.sub("", unicodedata.normalize("NFKC", title))
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", plain.casefold())))
    return "".join(letter for letter in plain if _counts(letter)).strip("*:.")


def numbered(key: str) -> tuple[str, int]:
    """Return a key with # in place of its first number, and that number; 0 where there is none."""
    number = _NUMBER.search(key)
    if number is None or len(number[0]) > 3:
        return key, 0
    return f"{key[: number.start()]}#{key[number.end() :]}", int(number[0])


def _counts(letter: str) -> bool:
    return letter.isalnum() or not (
        letter == "_" or letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf", "Cn", "Co", "Cs", "Pd", "Zs")
    )
