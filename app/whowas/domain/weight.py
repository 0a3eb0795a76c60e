"""How much memory the texts of an event or of a user take: these are small themselves, but a note may be long."""

from __future__ import annotations

from sys import getsizeof

from whowas.domain.events import Event, UserCreated, UserUpdated
from whowas.domain.users import User

AN_EVENT = 1_000
"""Measured: an event as it is recorded, with the tuples around it, but without its texts."""


def weight(event: Event) -> int:
    """Return about how many bytes an event keeps in memory."""
    if isinstance(event, UserUpdated):
        texts = sum(map(getsizeof, event.changes.values()))
    elif isinstance(event, UserCreated):
        texts = sum(map(getsizeof, event.fields.values()))
    else:
        return AN_EVENT
    return AN_EVENT + texts + (sum(map(getsizeof, event.attributes.values())) if event.attributes else 0)


def weight_of_user(user: User) -> int:
    """Return about how many bytes the state of a user keeps in memory."""
    return sum(map(getsizeof, (*user, *user.attributes.values())))
