"""Who met the groups and custom fields that a change made: those end with it only where nobody uses them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from whowas.domain.events import GroupJoined, UserCreated, UserUpdated
from whowas.domain.progress import Progress, unwatched, watched
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

LOOKED_AT = 200
"""So many events or users are looked at between two looks at whether somebody cancels."""

Was = Callable[[str], User | None]
"""Returns a user by their id as they were at some moment, or will be."""


@dataclass(frozen=True, slots=True)
class Met:
    """The ids of all who joined groups (``joined``) or got values in custom fields (``filled``), by those ids.

    It was in a change or since, and whether they left again, or lost the value, or not.
    """

    joined: Mapping[str, list[str]]
    filled: Mapping[str, list[str]]


def who_met(
    log: EventLog,
    done: DoneChange,
    group_ids: Collection[str],
    field_ids: Collection[str],
    progress: Progress = unwatched,
) -> Met:
    """Return who met any of some groups and custom fields in a change or since. Raises CancelledError."""
    joined: dict[str, dict[str, None]] = {group_id: {} for group_id in group_ids}
    filled: dict[str, dict[str, None]] = {field_id: {} for field_id in field_ids}
    # All kinds of events: while others are passed over within the database, nobody could cancel.
    events = log.read(done.first_position - 1) if joined or filled else ()
    for recorded in watched(events, 0, progress, LOOKED_AT):  # how many there are is not known
        match recorded.event:
            case GroupJoined(group_id) if group_id in joined:
                joined[group_id][recorded.stream] = None
            case UserCreated(attributes=attributes) | UserUpdated(attributes=attributes) if filled:
                for field_id in filled.keys() & attributes.keys():
                    filled[field_id][recorded.stream] = None
            case _:
                pass
    return Met(*({one: list(users) for one, users in known.items()} for known in (joined, filled)))


def ending(back: Mapping[str, str | None]) -> list[str]:
    """Return the ids of those that have no name to go back to, and so would end."""
    return [met_id for met_id, name in back.items() if name is None]


def used(
    those: Mapping[str, Iterable[str]], is_used: Callable[[str, str], bool], progress: Progress = unwatched
) -> Iterator[str]:
    """Yield which of what users met, by its id, one of them uses: ``is_used`` is asked of it and them by their ids."""
    for met_id, users in those.items():
        if any(is_used(met_id, user_id) for user_id in watched(users, 0, progress, LOOKED_AT)):
            yield met_id


def is_member(user: User | None, group_id: str) -> bool:
    """Say whether a user is there, and in a group."""
    return user is not None and user.status != "deleted" and group_id in user.groups


def has_value(user: User | None, field_id: str, before: str | None = None) -> bool:
    """Say whether a user is there, and has a value in a custom field, other than that ``before`` a change."""
    value = None if user is None or user.status == "deleted" else user.attributes.get(field_id)
    return bool(value) and value != before
