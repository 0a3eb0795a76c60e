"""The columns of the table of users, and the data roles from which their cells are painted."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

from PySide6.QtCore import Qt

from whowas.desktop.kit.theme import Token
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, listed

Kind = Literal["name", "text", "groups", "status"]

_USER_ROLE = int(Qt.ItemDataRole.UserRole)


class Roles(IntEnum):
    """The data of a model of users besides its text; screen readers get only the text."""

    USER_ID = _USER_ROLE + 1
    """str"""
    GROUPS = _USER_ROLE + 2
    """tuple[str, ...]: the names, in the order shown"""
    STATUS = _USER_ROLE + 3
    """active, suspended or deleted"""
    DIFFERENCE = _USER_ROLE + 4
    """CellDifference, or None if nothing is compared or nothing differs"""
    DRAFTED = _USER_ROLE + 5
    """bool: whether there is a draft of the user that is not saved"""


@dataclass(frozen=True, slots=True)
class CellDifference:
    """How a cell differs: the background of its row, words beside a name, and the texts of a changed cell.

    ``changed`` has, in the name cell of a user who changed, the (key, title) of every changed column. ``left`` and
    ``joined`` are the names by which two lists of groups differ; only these are then drawn.
    """

    background: Token
    words: str = ""
    before: str | None = None
    after: str | None = None
    changed: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, str]:
        """The two texts drawn in a changed cell: what it was, and what it became."""
        if self.left or self.joined:
            return ", ".join(f"− {name}" for name in self.left), ", ".join(f"+ {name}" for name in self.joined)
        return self.before or "empty", f"→ {self.after or 'empty'}"

    @property
    def summary(self) -> str:
        """The difference in words."""
        if self.before is None:
            return self.words or changed_words(title for _, title in self.changed) or self.background
        return f"{self.before or 'empty'} → {self.after or 'empty'}"

    def beside_name(self, shown: Set[str]) -> str:
        """Return the words beside a name, where the columns with the keys ``shown`` are.

        A change in a hidden column must not be shown by colour alone.
        """
        if self.words or any(key in shown for key, _ in self.changed):
            return self.words
        return changed_words(title for _, title in self.changed) or "changed"


Contents = tuple[Kind, str, tuple[str, ...], CellDifference | None]
"""What is painted in a cell: kind, text, groups, status or mark of a draft, and the difference in a comparison."""


def changed_words(titles: Iterable[str]) -> str:
    """Return for example "Title and Phone changed", or "" without titles."""
    changed = list(titles)
    return f"{listed(changed)} changed" if changed else ""


class Column(NamedTuple):
    """``key`` is a field, ``name``, ``groups``, ``status`` or ``attributes.<id>``; ``width`` is the column's
    own width in pixels, before the table's width is distributed."""

    key: str
    title: str
    width: int
    kind: Kind = "text"
    shown: bool = True
    """Whether it is shown by default."""


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
    """Return the columns that every directory has, in their default order."""
    return _STANDARD


def attribute_column(field_id: str, name: str = "") -> Column:
    """Return the column of a custom field, hidden until chosen; without a name it is called by its id."""
    return Column(ATTRIBUTE_PREFIX + field_id, name or field_id, _WIDTH, shown=False)
