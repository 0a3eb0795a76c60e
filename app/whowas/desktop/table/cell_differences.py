"""How a comparison is shown in the cells of the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

from whowas.desktop.kit.theme import Token
from whowas.desktop.table.columns import CellDifference, Column
from whowas.domain.fields import label
from whowas.domain.users import User
from whowas.projections.queries.comparison import Became

_BACKGROUNDS: Final[dict[Became, Token]] = {
    Became.ADDED: "added",
    Became.RESTORED: "added",
    Became.REMOVED: "removed",
}
_WORDS: Final = {
    (Became.ADDED, True): "not yet created",
    (Became.ADDED, False): "added since",
    (Became.RESTORED, True): "not yet restored",
    (Became.RESTORED, False): "restored since",
    (Became.REMOVED, True): "deleted since",
    (Became.REMOVED, False): "deleted since",
}


class Cells(Protocol):
    """Gives the texts of users' cells."""

    @property
    def columns(self) -> tuple[Column, ...]: ...

    def text(self, user: User, key: str) -> str:
        """Return the text of a user's cell in the column ``key``."""

    def groups(self, group_ids: frozenset[str]) -> tuple[str, ...]:
        """Return the names of groups, in the order shown."""


def at_one_moment(became: Became, *, shown_is_earlier: bool) -> CellDifference:
    """Return the difference for every cell of a user who exists at only one of the two moments."""
    return CellDifference(_BACKGROUNDS[became], _WORDS[became, shown_is_earlier])


def at_both_moments(user: User, other: User, cells: Cells, *, shown_is_earlier: bool) -> dict[str, CellDifference]:
    """Return the difference for each cell, by column, of a user who changed; ``user`` is as at the moment shown."""
    before, after = (user, other) if shown_is_earlier else (other, user)
    texts = {column.key: (cells.text(before, column.key), cells.text(after, column.key)) for column in cells.columns}
    unchanged = CellDifference("changed")
    differences = {
        key: unchanged if old == new else CellDifference("changed", before=old, after=new)
        for key, (old, new) in texts.items()
    }
    changed = tuple((column.key, column.title) for column in cells.columns if differences[column.key] is not unchanged)
    if user.password != other.password:
        changed += (("password", label("password")),)
    if "name" in differences:
        differences["name"] = replace(differences["name"], changed=changed)
    if "groups" in differences and differences["groups"] is not unchanged:
        left, joined = _moved(before, after, cells)
        differences["groups"] = replace(differences["groups"], left=left, joined=joined)
    return differences


def _moved(before: User, after: User, cells: Cells) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the groups that were left, and of those that were joined."""
    return cells.groups(before.groups - after.groups), cells.groups(after.groups - before.groups)
