"""First and last name out of one cell."""

from __future__ import annotations

import re

from whowas.interchange.mapping.roles import Role

_PARTICLES = frozenset(
    (
        *("af", "al", "am", "an", "auf", "aus", "av", "ben", "bin", "bint", "da", "das", "de", "dei", "del", "della"),
        *("den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "las", "le", "los", "te", "ten", "ter", "und"),
        *("van", "vom", "von", "vor", "y", "zu", "zum", "zur", "'t"),
    )
)
"""Words that belong to the last name where they stand before it, whatever their case."""

_HONORIFICS = frozenset(
    (
        *("dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "hr", "fr", "mme", "mlle", "m"),
        *("sr", "sra", "srta", "d", "dª", "don", "doña", "sir", "rev"),
    )
)
_SUFFIXES = frozenset(
    (
        *("jr", "sr", "i", "ii", "iii", "iv", "v", "md", "phd", "dds", "esq", "mba", "msc", "bsc", "ma", "ba", "bs"),
        *("llm", "llb", "cpa", "rn", "ret"),
    )
)

_IDEOGRAPHS = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff\\s·・]+"
)

Name = tuple[str | None, str | None]
"""First name and last name."""


def split_name(text: str) -> Name:
    """Return first and last name of a name as people write it; together they have every word of it.

    "Last, First" is turned round, but not "First Last, PhD". The last word is the last name, with particles such as
    "van" or "de la" before it. One word is the first name; so is a whole Chinese, Japanese or Korean name without a
    blank, and with one the last name comes first.
    """
    name = " ".join(text.split())
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and before and after and _all_in(after, _HONORIFICS):
        return None, f"{after} {before}"
    if comma and after and before and "," not in after and not _all_in(after, _SUFFIXES):
        return after, before
    suffix = name[len(before) :] if comma and before else ""
    words = (before if suffix else name).split()
    if len(words) < 2:
        return (name or None), None
    if _IDEOGRAPHS.fullmatch(name):
        return " ".join(words[1:]), words[0]
    begin = len(words) - 1
    while begin > 1 and _key(words[begin]) in _SUFFIXES and not suffix:
        begin -= 1
    while begin > 1 and _key(words[begin - 1]) in _PARTICLES:
        begin -= 1
    first, last = " ".join(words[:begin]), " ".join(words[begin:]) + suffix
    if _all_in(first, _HONORIFICS):
        return None, f"{first} {last}"
    return first, last


def split_reversed_name(text: str) -> Name:
    """Return first and last name of a name under a title that names the last name first, such as "Nom et prénom".

    Without a comma, the last name is the first of two words, or the first words in capitals; where neither says which
    words are which, all of them are taken for the last name.
    """
    name = " ".join(text.split())
    words = name.split()
    if "," in name or len(words) < 2 or _IDEOGRAPHS.fullmatch(name):
        return split_name(text)
    capitals = next((count for count, word in enumerate(words) if not word.isupper()), 0)
    end = 1 if len(words) == 2 else capitals
    return (" ".join(words[end:]), " ".join(words[:end])) if end else (None, name)


def name_with(text: str, first: str | None, last: str | None, role: Role) -> Name:
    """Return first and last name where one of them, or none, has a cell of its own.

    The whole name gives the other one where it holds the one that is known; under a bare title such as "Name" the other
    one alone may stand as well.
    """
    if first and last:
        return first, last
    if not first and not last:
        return split_reversed_name(text) if role == "reversed_name" else split_name(text)
    name = " ".join(text.split())
    known = first or last or ""
    if name.casefold() == known.casefold():
        return first, last
    other = _without(name, known)
    if other is None and role == "bare_name" and not _shares_a_word(name, known):
        other = name
    return (first, other) if first else (other, last)


def _without(name: str, known: str) -> str | None:
    """Return the rest of a name that begins or ends with what is known of it."""
    plain, part = name.casefold(), known.casefold()
    for separator in (" ", ", "):
        if plain.startswith(part + separator):
            return name[len(part) + len(separator) :].strip() or None
        if plain.endswith(separator + part):
            return name[: -len(part) - len(separator)].strip(" ,") or None
    return None


def _shares_a_word(name: str, known: str) -> bool:
    return not {_key(word) for word in name.split()}.isdisjoint(_key(word) for word in known.split())


def _all_in(text: str, known: frozenset[str]) -> bool:
    return all(_key(word) in known for word in text.split())


def _key(word: str) -> str:
    return word.casefold().replace(".", "").strip(",'’")
