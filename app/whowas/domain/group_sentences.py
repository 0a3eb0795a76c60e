"""Sentences about several users whom one step changed together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from whowas.domain.fields import listed, shortened
from whowas.domain.sentences import FieldChange, Kind, Sentence, field_changes, sentence_about
from whowas.domain.users import User

_FIELDS_LISTED = 3
"""Of users who changed in more fields than these together, the fields are not named."""

_VERBS: Mapping[Kind, str] = {
    "created": "created",
    "restored": "restored",
    "deleted": "deleted",
    "suspended": "suspended",
    "reactivated": "reactivated",
    "password": "changed",
    "groups": "changed",
    "changed": "changed",
}


def together(states: Sequence[tuple[User | None, User]], groups: Mapping[str, str]) -> tuple[str, str]:
    """Return title and detail of a step, such as "12 users changed" and "Department → Press".

    ``states`` holds each user right before the step (None who began with it) and right after; ``groups`` maps group
    ids to names. The detail says only what holds for every user, and is empty where there is nothing to say.
    """
    changes = [field_changes(before, after, groups) for before, after in states]
    sentences = [sentence_about(changed, *pair, groups) for pair, changed in zip(states, changes, strict=True)]
    verbs = Counter(_VERBS[one.kind] for one in sentences)
    if len(verbs) > 1:
        counts = ((verbs[verb], verb) for verb in dict.fromkeys(_VERBS.values()))
        return _users(len(states), "changed"), ", ".join(f"{count:,} {verb}" for count, verb in counts if count)
    (verb,) = verbs
    match {one.kind for one in sentences}:
        case kinds if kinds == {"groups"} and len({one.title for one in sentences}) == 1:
            return _in_groups(sentences)
        case _ if verb == "changed":
            return _users(len(states), verb), _common(changes)
        case _:
            return _users(len(states), verb), ""


def counted(users: int, created: int, removed: int) -> tuple[str, str]:
    """Return title and detail of a step of which only the events were counted, because it has many users.

    ``created`` counts users who began or came back, ``removed`` those deleted.
    """
    match (created, removed):
        case (0, 0):
            return _users(users, "changed"), ""
        case (_, 0) if created >= users:
            return _users(users, "added"), ""
        case (0, _) if removed >= users:
            return _users(users, "deleted"), ""
        case _:
            parts = [f"{count:,} {verb}" for count, verb in ((created, "added"), (removed, "deleted")) if count]
            return _users(users, "changed"), ", ".join(parts)


def with_erased(users: int, created: int, removed: int, gone: int, erasures: int) -> tuple[str, str]:
    """Return title and detail of a step in which ``gone`` of its users were erased since, or by it (``erasures``).

    Counts as for ``counted``.
    """
    if erasures == users:
        return "User erased" if users == 1 else _users(users, "erased"), ""
    if users == 1:
        return f"Erased user: {'Created' if created else 'Deleted' if removed else 'Changed'}", ""
    title, detail = counted(users, created, removed)
    erased = "all erased since" if gone == users else f"{gone:,} of them erased since"
    return title, f"{detail}, {erased}" if detail else erased


def _users(count: int, verb: str) -> str:
    return f"{count:,} user{'' if count == 1 else 's'} {verb}"


def _in_groups(sentences: list[Sentence]) -> tuple[str, str]:
    title = sentences[0].title
    details = {one.detail for one in sentences}
    return _users(len(sentences), title[0].lower() + title[1:]), details.pop() if len(details) == 1 else ""


def _common(users: list[list[FieldChange]]) -> str:
    """Return the fields that changed, with the new value where it is the same for all."""
    fields: dict[str, set[str | None]] = {}
    for changes in users:
        for change in changes:
            fields.setdefault(change.label, set()).add(change.after)
    if not fields or len(fields) > _FIELDS_LISTED:
        return ""
    everywhere = {field for field in fields if all(any(one.label == field for one in changes) for changes in users)}
    if len(everywhere) < len(fields):
        return listed(fields)
    return "; ".join(_value(field, values) for field, values in fields.items())


def _value(field: str, values: set[str | None]) -> str:
    if len(values) > 1:
        return field
    (value,) = values
    return f"{field} → {shortened(value) if value else 'empty'}"
