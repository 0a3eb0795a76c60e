"""What of an exported log cannot be beside what a directory holds already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set

from whowas.command_bus.unit_of_work import Change
from whowas.domain.custom_fields import field_named
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import FieldDefined, OneFieldEvent
from whowas.domain.fields import shortened
from whowas.domain.named_moments import moment_called
from whowas.domain.users import User


def already_there(change: Change, user_ids: Collection[str]) -> RefusedError:
    """Return why a log cannot come in some of whose users, which are given by their ids, are or were there."""
    users = [user for user in map(change.user, user_ids) if user is not None]
    if not users:
        return RefusedError("id", "Somebody in this log was erased from this directory: nothing of them comes back.")
    first, more = shortened(users[0].name), len(users) - 1
    who = f"{first} is" if not more else f"{first} and {more:,} other{'s' if more > 1 else ''} in this log are"
    return RefusedError("id", f"{who} in this directory already: a log comes in where none of its users are.")


def require_none(before: Directory, known_id: str) -> None:
    """Raise RefusedError where there is, or was, a group or a named moment of that id."""
    name = before.groups.get(known_id) or before.deleted_groups.get(known_id)
    if name is not None:
        raise RefusedError("groups", f"The group {shortened(name)} is in this directory already.")
    if known_id in before.moments:
        raise RefusedError("moment", f"The moment {shortened(before.moments[known_id].name)} is here already.")


def require_no_field(before: Directory, event: OneFieldEvent) -> None:
    """Raise RefusedError where an event is about a custom field that there is, or was, already, as something else."""
    field_id = event.id if isinstance(event, FieldDefined) else event.field_id
    known = before.fields.get(field_id) or before.deleted_fields.get(field_id)
    same = isinstance(event, FieldDefined) and before.fields.get(field_id) == event.name
    if known is not None and not same:
        raise RefusedError("name", f"The custom field {shortened(known)} is in this directory already.")


def values_taken(change: Change, user: User | None, came_in: Set[str]) -> Iterator[RefusedError]:
    """Yield why a user cannot hold what somebody has who did not come in with them; ``came_in`` are ids."""
    if user is None:
        return
    for contested in change.reservations.contested(None, user):
        if contested.others - came_in:
            yield contested.refusal()


def names_taken(before: Directory, after: Directory, known_id: str) -> Iterator[RefusedError]:
    """Yield why a group, custom field or named moment that came in cannot be called as it is."""
    group = after.groups.get(known_id)
    if group is not None and before.group_named(group) is not None:
        yield RefusedError("groups", f"There is a group called “{shortened(group)}” already.")
    field = after.fields.get(known_id)
    if field is not None and known_id not in before.fields and field_named(before.fields, field) is not None:
        yield RefusedError("name", f"There is a custom field called “{shortened(field)}” already.")
    moment = after.moments.get(known_id)
    if moment is not None and moment_called(before.moments, moment.name) is not None:
        yield RefusedError("moment", f"There is a moment called “{shortened(moment.name)}” already.")
