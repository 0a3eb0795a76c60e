"""What goes back of custom fields when a change is taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection

from whowas.domain.events import UserCreated, UserUpdated
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog


def filled(log: EventLog, done: DoneChange, field_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the ids of all who got a value in any of some fields in a change or since, whether they have it or not."""
    found: dict[str, dict[str, None]] = {field_id: {} for field_id in field_ids}
    for kind in (UserCreated, UserUpdated) if found else ():
        for recorded in log.read(done.first_position - 1, only=kind):
            if isinstance(recorded.event, UserCreated | UserUpdated):
                for field_id in recorded.event.attributes:
                    if field_id in found:
                        found[field_id][recorded.stream] = None
    return {field_id: list(users) for field_id, users in found.items()}


def has_value(user: User | None, field_id: str) -> bool:
    """Say whether a user is there, and has a value in a custom field."""
    return user is not None and user.status != "deleted" and bool(user.attributes.get(field_id))


def without_used(
    log: EventLog, done: DoneChange, back: dict[str, str | None], user: Callable[[str], User | None]
) -> dict[str, str | None]:
    """Return what fields go back to, but without ends of those in which somebody has a value."""
    ending = [field_id for field_id, name in back.items() if name is None]
    used = {
        field_id
        for field_id, users in filled(log, done, ending).items()
        if any(has_value(user(user_id), field_id) for user_id in users)
    }
    return {field_id: name for field_id, name in back.items() if field_id not in used}
