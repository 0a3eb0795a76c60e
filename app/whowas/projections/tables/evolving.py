"""Following a user from event to event as the log tells them, and telling where it cannot be so."""

from __future__ import annotations

from whowas.domain.events import DirectoryEvent, UserCreated
from whowas.domain.users import User, evolve
from whowas.store.recorded_event import RecordedEvent
from whowas.store.soundness import damaged


def state_after(user: User | None, recorded: RecordedEvent) -> User | None:
    """Return the user after an event, see ``evolve``. Raises DamagedError of whoever was never created, or twice."""
    event = recorded.event
    assert not isinstance(event, DirectoryEvent), "it is about no user"
    if (user is None) != (type(event) is UserCreated):
        raise damaged(recorded.position, "it is of a user who was never created, or was created before")
    return evolve(user, event)
