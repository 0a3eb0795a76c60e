"""What a change did, said to whoever made it right after: "Ada Osei suspended", "Added 30 users to Night shift"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from whowas.domain.fields import counted, listed, shortened
from whowas.domain.sentences import FieldChange, Kind, field_changes, group_names, sentence_about
from whowas.domain.users import User

_NAME = 60
"""Characters of a name."""
_LISTED = 3
"""Of more fields or groups than these the others are only counted."""

STAYED = "in it already, or deleted"
"""Why somebody who was to join a group did not."""

States = Sequence[tuple[User | None, User]]
"""Users right before a change (None who began with it) and right after."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a change did something to: ``users`` counts them, and in a sentence they are "Ada Osei" or "30 users"."""

    users: int
    called: str

    def __str__(self) -> str:
        return self.called


_VERBS: Mapping[Kind, str] = {
    "created": "created",
    "restored": "restored",
    "deleted": "deleted",
    "suspended": "suspended",
    "reactivated": "reactivated",
}


def what_was_done(states: States, groups: Mapping[str, str]) -> str:
    """Return what became of one user or more; ``groups`` is what ``Directory.names`` is."""
    changes = [field_changes(before, after, groups) for before, after in states]
    kinds = {sentence_about(some, *pair, groups).kind for some, pair in zip(changes, states, strict=True)}
    kind: Kind = kinds.pop() if len(kinds) == 1 else "changed"
    if kind in _VERBS:
        return became(whom(states), _VERBS[kind])
    if kind == "password":
        return _passwords(states)
    if kind == "groups" and (moved := _memberships(states, groups)):
        return moved
    return _saved(whom(states), changes)


def what_was_counted(users: int, created: int, removed: int) -> str:
    """Return what became of many users, of whom only the events were counted, see ``group_sentences.counted``."""
    verb = "changed"
    if created >= users and not removed:
        verb = "created"
    elif removed >= users and not created:
        verb = "deleted"
    return became(so_many(users), verb)


def became(users: Whom, verb: str) -> str:
    """Return what all of some users became, such as "suspended"."""
    return f"{users} {verb}" if users.users == 1 else f"{verb.capitalize()} {users}"


def joined(users: Whom, group: str, stayed: int = 0) -> str:
    """Return that all of some users joined a group, or several that are listed; ``stayed`` counts who could not."""
    others = f"; {counted(stayed, 'other')} {'is' if stayed == 1 else 'are'} {STAYED}" if stayed else ""
    return f"Added {users} to {group}{others}"


def removed(users: Whom, group: str) -> str:
    """Return that all of some users left a group, or several that are listed."""
    return f"Removed {users} from {group}"


def saved(users: Whom, labels: Iterable[str]) -> str:
    """Return in which fields, by their labels, users were changed."""
    return f"Saved {users}: {', '.join(_few([shortened(label, _NAME) for label in labels]))}"


def whom(states: States) -> Whom:
    """Return who was changed: one by name, several by their number."""
    if len(states) == 1:
        return Whom(1, shortened(states[0][1].name, _NAME))
    return so_many(len(states))


def so_many(users: int) -> Whom:
    """Return a number of users of whom nobody is named."""
    return Whom(users, counted(users, "user"))


def _passwords(states: States) -> str:
    set_ = {after.password is not None for _, after in states}
    verb = "changed" if len(set_) > 1 else "set" if set_.pop() else "cleared"
    return f"Password {verb} for {whom(states)}"


def _memberships(states: States, groups: Mapping[str, str]) -> str:
    """Return which groups all joined or all left; "" where that differs."""
    moves = {(after.groups - before.groups, before.groups - after.groups) for before, after in states if before}
    if len(moves) != 1:
        return ""
    ((came, left),) = moves
    if came and left:
        return ""
    names = listed(_few([shortened(name, _NAME) for name in group_names(came or left, groups)]))
    return joined(whom(states), names) if came else removed(whom(states), names)


def _saved(users: Whom, changes: Sequence[Sequence[FieldChange]]) -> str:
    labels = list(dict.fromkeys(change.label for some in changes for change in some))
    return saved(users, labels) if labels else f"Nothing changed for {users}"


def _few(names: list[str]) -> list[str]:
    """Return names, of which only the first are named where they are many."""
    return names if len(names) <= _LISTED + 1 else [*names[:_LISTED], f"{len(names) - _LISTED} others"]
