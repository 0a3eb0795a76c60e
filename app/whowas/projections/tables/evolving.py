"""Evolving a user event by event, and reporting a log in which an event cannot follow those before it."""

from __future__ import annotations

from typing import Any

from whowas.domain.events import UserCreated
from whowas.domain.users import User, evolve
from whowas.store.recorded_event import RecordedEvent
from whowas.store.soundness import damaged


def state_after(user: User | None, recorded: RecordedEvent) -> User | None:
    """Return the user after an event, as ``evolve`` does.

    Raises DamagedError if the user was never created, or is created a second time.
    """
    event: Any = recorded.event  # of a user: what happens to the directory has a stream of its own
    if (user is None) != (type(event) is UserCreated):
        raise damaged(recorded.position, "it is of a user who was never created, or was created before")
    return evolve(user, event)
