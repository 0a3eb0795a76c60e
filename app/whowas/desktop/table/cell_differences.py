"""How a comparison is shown in the cells of the table."""

from __future__ import annotations

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


def at_both_moments(user: User, other: User, key: str, cells: Cells, *, shown_is_earlier: bool) -> CellDifference:
    """Return the difference for the cell ``key`` of a user who changed; ``user`` is their state at the moment shown."""
    before, after = (user, other) if shown_is_earlier else (other, user)
    old, new = cells.text(before, key), cells.text(after, key)
    changed = _changed(user, other, cells) if key == "name" else ()
    if old == new:
        return CellDifference("changed", changed=changed)
    left, joined = _moved(before, after, cells) if key == "groups" else ((), ())
    return CellDifference("changed", before=old, after=new, changed=changed, left=left, joined=joined)


def _moved(before: User, after: User, cells: Cells) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the groups that were left, and of those that were joined."""
    return cells.groups(before.groups - after.groups), cells.groups(after.groups - before.groups)


def _changed(user: User, other: User, cells: Cells) -> tuple[tuple[str, str], ...]:
    keys = ((column.key, column.title) for column in cells.columns)
    changed = [(key, title) for key, title in keys if cells.text(user, key) != cells.text(other, key)]
    if user.password != other.password:
        changed.append(("password", label("password")))
    return tuple(changed)
