"""What a comparison says in the cells of the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from whowas.desktop.columns import Column, Difference
from whowas.desktop.theme import Token
from whowas.domain.fields import label
from whowas.domain.users import User
from whowas.projections.compared import Became

Text = Callable[[User, str], str]
"""What a user's cell says under a column's key."""

_GROUNDS: Final[dict[Became, Token]] = {
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


def at_one_moment(became: Became, *, shown_is_earlier: bool) -> Difference:
    """Return what every cell says of a user who is there at only one of the moments."""
    return Difference(_GROUNDS[became], _WORDS[became, shown_is_earlier])


def at_both_moments(
    user: User, other: User, key: str, columns: Sequence[Column], text: Text, *, shown_is_earlier: bool
) -> Difference:
    """Return what the cell under ``key`` says of a user who changed; ``user`` is as at the moment shown."""
    here, there = text(user, key), text(other, key)
    changed = _changed(user, other, columns, text) if key == "name" else ()
    if here == there:
        return Difference("changed", changed=changed)
    before, after = (here, there) if shown_is_earlier else (there, here)
    return Difference("changed", before=before, after=after, changed=changed)


def _changed(user: User, other: User, columns: Sequence[Column], text: Text) -> tuple[tuple[str, str], ...]:
    changed = [(column.key, column.title) for column in columns if text(user, column.key) != text(other, column.key)]
    if user.password != other.password:
        changed.append(("password", label("password")))
    return tuple(changed)
