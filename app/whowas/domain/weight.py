"""Estimating how much memory an event or a user takes: they are small themselves, but a note may be long."""

from __future__ import annotations

from sys import getsizeof

from whowas.domain.events import (
    Event,
    FieldDescribed,
    FieldsOrdered,
    GroupsOrdered,
    ListImported,
    UserCreated,
    UserUpdated,
)
from whowas.domain.users import User

AN_ID = 93
"""Bytes of an id in a tuple."""

AN_EVENT = 1_000
"""Bytes of a recorded event with the tuples around it, but without its texts, as measured."""


def weight(event: Event) -> int:
    """Return roughly how many bytes an event takes in memory."""
    if isinstance(event, UserUpdated):
        texts = sum(map(getsizeof, event.changes.values()))
    elif isinstance(event, UserCreated):
        texts = sum(map(getsizeof, event.fields.values()))
    elif isinstance(event, ListImported):
        return AN_EVENT + AN_ID * len(event.matched)
    elif isinstance(event, GroupsOrdered):
        return AN_EVENT + AN_ID * len(event.group_ids)
    elif isinstance(event, FieldsOrdered):
        return AN_EVENT + sum(map(getsizeof, event.field_ids))
    elif isinstance(event, FieldDescribed):
        return AN_EVENT + sum(map(getsizeof, event.choices or ())) + getsizeof(event.help) + getsizeof(event.default)
    else:
        return AN_EVENT
    return AN_EVENT + texts + (sum(map(getsizeof, event.attributes.values())) if event.attributes else 0)


def weight_of_user(user: User) -> int:
    """Return roughly how many bytes the state of a user takes in memory."""
    return sum(map(getsizeof, (*user, *user.attributes.values())))
