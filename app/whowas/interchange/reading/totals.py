"""Telling a total below a list from a user in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from whowas.interchange.reading.visible_text import cleaned_title

_WORDS = (
    "total", "totals", "grand total", "subtotal", "total users", "total members", "number of users", "sum:", "count:",
    "summe", "gesamt", "gesamtsumme", "gesamtzahl", "insgesamt", "anzahl", "total général", "somme", "nombre",
    "total general", "suma", "合计", "总计", "总数", "共计",
)  # fmt: skip
"""What totals are called. “Sum” and “Count” alone may be names of people: they need their colon."""

_THINGS = (
    "users", "members", "people", "persons", "rows", "records", "entries", "Benutzer", "Mitglieder", "Personen",
    "Einträge", "Datensätze", "utilisateurs", "membres", "personnes", "usuarios", "miembros", "personas",
)  # fmt: skip
"""What a total counts: “37 members”."""

_LABEL = re.compile(
    rf"(?:{'|'.join(map(re.escape, _WORDS))})"
    r"(?:\s*[:：]?|(?:\s[^\W\d]+){1,2}\s*(?:[:：]|(?=\d)))\s*(?P<number>\d{1,9})?"  # “Total members: 37”
    rf"|(?P<count>\d{{1,9}})\s(?:{'|'.join(_THINGS)})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?(?:0|[1-9][\d.,'’\s]{0,14})\s*[%€$£]?")


def is_total(cells: Sequence[str]) -> bool:
    """Say whether a last row is a total: it is called so, numbers stand beside it, and nothing else does.

    A number that begins with + or 0 may be that of a telephone, so that “Total” may be somebody's name.
    """
    first, *others = [text for text in map(cleaned_title, cells) if text] or [""]
    label = _LABEL.fullmatch(first)
    if label is None or not (others or label["number"] or label["count"]):
        return False
    return all(_NUMBER.fullmatch(other) for other in others)
