"""Which role a title has, in any of the languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from whowas.interchange.mapping.roles import Role, Titles
from whowas.interchange.mapping.title_keys import numbered, title_key
from whowas.interchange.mapping.titles import chinese, english, french, german, spanish

LANGUAGES: Mapping[str, Titles] = {
    "English": english.TITLES,
    "German": german.TITLES,
    "French": french.TITLES,
    "Spanish": spanish.TITLES,
    "Chinese": chinese.TITLES,
}


class Meaning(NamedTuple):
    """The role of a title, and its place among the titles of that role: smaller ones are preferred."""

    role: Role
    place: tuple[int, int] = (0, 0)


def meaning_in(keys: Mapping[str, Meaning], title: str) -> Meaning | None:
    """Return what a title means by a table of ``keys_of``, whatever number it has."""
    key = title_key(title)
    if key in keys:
        return keys[key]
    with_number, number = numbered(key)
    found = keys.get(with_number)
    return found and Meaning(found.role, (found.place[0], number))


def keys_of(tables: Iterable[Titles]) -> dict[str, Meaning]:
    """Return the meaning of every title of some tables by its key; of two the first counts."""
    keys: dict[str, Meaning] = {}
    for table in tables:
        for role, titles in table.items():
            for place, title in enumerate(titles):
                keys.setdefault(title_key(title), Meaning(role, (place, 0)))
    return keys


@cache
def general_keys() -> Mapping[str, Meaning]:
    """Return the titles of all languages."""
    return keys_of(LANGUAGES.values())
