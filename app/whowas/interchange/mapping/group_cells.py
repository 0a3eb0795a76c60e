"""Groups out of one cell: what separates them in a whole column, and their names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from contextlib import suppress

from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked_name, name_key

OWN_SEPARATOR = ";"
SEPARATORS = {":::": "three colons", "\n": "line breaks", ";": "semicolons", "|": "bars", ",": "commas"}
"""What may stand between groups, what is least likely to be part of a name first; with the words for it."""

_DISTINGUISHED_NAME = re.compile(r"\bcn=(?P<name>[^,;|\n]+)(?:,\s*\w+=[^,;|\n]+)*", re.IGNORECASE)
"""A group as a directory of LDAP names it, such as "cn=choir,ou=groups,dc=example,dc=org"."""

_MOST_CELLS = 10_000
"""Of more different cells than that, no further separator is concluded."""

_STAND_IN = "\x1f"
"""What stands for a separator while a cell is read as CSV: the separator of units, which no name has in it."""

_SYSTEM_GROUPS = frozenset(("* mycontacts", "* starred"))
"""What Google Contacts puts everybody in, or marks."""


class Separators:
    """Concludes from the cells of a column what separates the groups in them.

    The least likely part of a name that occurs is a separator. So is another one, if all that it separates also stands
    alone: "Choir, Board" are two groups where there is a Choir and a Board.
    """

    def __init__(self) -> None:
        self._present: set[str] = set()
        self._cells: set[str] = set()

    def see(self, cell: str) -> None:
        """Take one more cell into account."""
        plain = _plain(cell)
        if len(self._present) < len(SEPARATORS):
            self._present.update(separator for separator in SEPARATORS if separator in plain)
        if len(self._cells) <= _MOST_CELLS:
            self._cells.add(plain)

    def conclusion(self) -> tuple[str, ...]:
        """Return the separators, nothing where each cell is one group."""
        first, *others = [separator for separator in SEPARATORS if separator in self._present] or [""]
        if not first or len(self._cells) > _MOST_CELLS:
            return (first,) if first else ()
        parts = {name_key(part) for cell in self._cells for part in cell.split(first)}
        alone = {part for part in parts if not any(other in part for other in others)}
        further = [other for other in others if self._separates(other, parts, alone)]
        return (first, *further)

    @staticmethod
    def _separates(separator: str, parts: set[str], alone: set[str]) -> bool:
        joined = [part for part in parts if separator in part]
        return all(name_key(name) in alone for part in joined for name in part.split(separator))


def split_groups(cell: str, separators: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of groups in a cell, each once, in order. Raises RefusedError where one cannot be a name."""
    names = [_plain(cell)]
    for separator in separators:
        names = [part for name in names for part in _split(name, separator)]
    plain = (name.strip() for name in names)
    return _checked(name.removeprefix("* ") for name in plain if name.casefold() not in _SYSTEM_GROUPS)


def _plain(cell: str) -> str:
    return _DISTINGUISHED_NAME.sub(r"\g<name>", cell) if "=" in cell else cell


def _split(cell: str, separator: str) -> list[str]:
    """Return the parts of a cell; in quotes, such as Mailchimp's tags, a name may have the separator in it."""
    if '"' in cell and len(separator) == 1 and _STAND_IN not in cell:
        # A line break does not separate for what reads CSV: Python 3.13 refuses it.
        line = cell.replace("\r\n", "\n").replace(separator, _STAND_IN)
        with suppress(csv.Error):
            parts = next(csv.reader([line], delimiter=_STAND_IN, skipinitialspace=True, strict=True), [])
            return [part.replace(_STAND_IN, separator) for part in parts]
    return cell.split(separator)


def split_own_groups(cell: str) -> tuple[str, ...]:
    """Return the names of groups in a cell of our own export, where a name with a semicolon stands in quotes."""
    try:
        lines = csv.reader([cell], delimiter=OWN_SEPARATOR, skipinitialspace=True, strict=True)
        return _checked(name for names in lines for name in names)
    except csv.Error as error:
        raise RefusedError("groups", "The groups must be names separated by semicolons.") from error


def _checked(names: Iterable[str]) -> tuple[str, ...]:
    found = [checked_name("groups", name) for name in names if name.strip()]
    return tuple({name_key(name): name for name in reversed(found)}.values())[::-1]
