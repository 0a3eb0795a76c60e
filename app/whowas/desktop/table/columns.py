"""What the table of users can show: its columns, and the roles by which their cells are painted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from PySide6.QtCore import Qt

from whowas.desktop.kit.theme import Token
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, listed

Kind = Literal["name", "text", "groups", "status"]

_USER_ROLE = int(Qt.ItemDataRole.UserRole)


class Roles(IntEnum):
    """What a model of users answers besides the text, which alone is what screen readers get."""

    USER_ID = _USER_ROLE + 1
    """str"""
    GROUPS = _USER_ROLE + 2
    """tuple[str, ...]: the names, in the order shown"""
    STATUS = _USER_ROLE + 3
    """active, suspended or deleted"""
    DIFFERENCE = _USER_ROLE + 4
    """Difference, or None where nothing is compared or nothing differs"""


@dataclass(frozen=True, slots=True)
class CellDifference:
    """What a comparison says about a cell: the ground of its row, words beside a name, texts of a changed cell.

    ``changed`` are, beside the name of a user who changed, the keys and titles of all that did. ``left`` and ``joined``
    are the parts by which lists of names differ, which then are drawn in place of both.
    """

    ground: Token
    words: str = ""
    before: str | None = None
    after: str | None = None
    changed: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, str]:
        """What is drawn in a changed cell: what is no more, and what is instead."""
        if self.left or self.joined:
            return ", ".join(f"− {name}" for name in self.left), ", ".join(f"+ {name}" for name in self.joined)
        return self.before or "empty", f"→ {self.after or 'empty'}"

    @property
    def told(self) -> str:
        """What the difference is, in words."""
        if self.before is None:
            return self.words or changed_words(title for _, title in self.changed) or self.ground
        return f"{self.before or 'empty'} → {self.after or 'empty'}"


def changed_words(titles: Iterable[str]) -> str:
    """Return for example "Title and Phone changed", "" where nothing is."""
    changed = list(titles)
    return f"{listed(changed)} changed" if changed else ""


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` is a field, ``name``, ``groups``, ``status`` or ``attributes.<field>``; ``width`` is in pixels,
    what the column has before the table's own width is shared out."""

    key: str
    title: str
    width: int
    kind: Kind = "text"
    shown: bool = True
    """Whether it is shown until somebody chooses otherwise."""


_WIDTH = 130
_ARRANGED = (
    Column("name", "Name", 162, "name"),
    Column("email", LABELS["email"], 212),
    Column("phone", LABELS["phone"], 134),
    Column("title", LABELS["title"], 92),
    Column("department", LABELS["department"], _WIDTH, shown=False),
    Column("groups", "Groups", 131, "groups"),
    Column("status", "Status", 111, "status"),
    Column("external_id", "External ID", 120, shown=False),
    Column("notes", LABELS["notes"], 200, shown=False),
)
_HAS_COLUMN = frozenset(("first_name", "last_name", *(column.key for column in _ARRANGED)))
"""What a column shows already; that of the name shows two fields."""

_STANDARD = (
    *_ARRANGED,
    *(Column(key, label, _WIDTH, shown=False) for key, label in LABELS.items() if key not in _HAS_COLUMN),
)


def standard_columns() -> tuple[Column, ...]:
    """Return the columns every directory has, in their first order."""
    return _STANDARD


def attribute_column(name: str) -> Column:
    """Return the column of the custom field ``name``, hidden until chosen."""
    return Column(ATTRIBUTE_PREFIX + name, name, _WIDTH, shown=False)
