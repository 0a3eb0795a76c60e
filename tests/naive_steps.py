"""The steps of a log, found slowly: what tests compare the program's own with."""

from __future__ import annotations

from collections.abc import Iterable

from whowas.domain.events import Event, Forgotten, GroupJoined, GroupLeft, UserCreated, UserUpdated
from whowas.store.recorded_event import RecordedEvent

_SAME_AS = {
    "UserCreated": {"creation"},
    "UserErased": {"status", "creation"},
    "UserSuspended": {"status"},
    "UserReactivated": {"status"},
    "UserRestored": {"creation"},
    "UserDeleted": {"status", "creation"},
    "PasswordSet": {"password"},
    "PasswordCleared": {"password"},
}


def naive_steps(events: Iterable[RecordedEvent]) -> list[list[RecordedEvent]]:
    """Return the steps in timeline order, looking at each pair of events in turn."""
    steps: list[list[RecordedEvent]] = []
    for recorded in sorted(events, key=lambda event: (event.occurred_at, event.position)):
        if steps and all(_go_together(earlier, recorded) for earlier in steps[-1]):
            steps[-1].append(recorded)
        else:
            steps.append([recorded])
    return steps


def _go_together(earlier: RecordedEvent, later: RecordedEvent) -> bool:
    origins = {(one.change_id, one.occurred_at, one.actor) for one in (earlier, later)}
    again = earlier.stream == later.stream and _altered(earlier.event) & _altered(later.event)
    return len(origins) == 1 and not again


def _altered(event: Event) -> set[str]:
    match event:
        case UserCreated(_, fields, attributes):
            return {"creation", *fields, *(f"custom {name}" for name in attributes)}
        case UserUpdated(changes, attributes):
            return {*changes, *(f"custom {name}" for name in attributes)}
        case GroupJoined(group_id) | GroupLeft(group_id):
            return {group_id}
        case Forgotten(name):
            return _SAME_AS.get(name, set())
        case _:
            return _SAME_AS.get(type(event).__name__, set())
