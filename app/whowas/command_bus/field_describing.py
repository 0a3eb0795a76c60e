"""Describing custom fields: a definition comes into force only if the values that users have keep to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import Command, DescribeField, RestoreField, UpdateUser
from whowas.domain.custom_fields import no_such_field
from whowas.domain.describing import checked_definition, described, require_whole
from whowas.domain.errors import RefusedError
from whowas.domain.events import UserCreated, UserUpdated
from whowas.domain.field_definitions import FieldDefinition, FieldType
from whowas.domain.field_values import checked_as
from whowas.domain.fields import counted, listed, shortened
from whowas.domain.progress import Progress, begin_phase, part_of, unwatched, watched
from whowas.domain.users import User
from whowas.store.event_log import EventLog

_TOLD: Final = 3
"""So many users are named in a refusal; the others are counted."""

_REPORTED_EVERY: Final = 200
"""So many users or events are looked at between two looks at whether somebody cancels."""

_NOT_SO: Final[Mapping[FieldType, str]] = MappingProxyType(
    {
        "number": "are no number",
        "date": "are no date",
        "yes or no": "are neither yes nor no",
        "choice": "are none of these choices",
        "link": "are no link",
        "email": "are no email address",
        "phone": "are no phone number",
    }
)


class Describing(NamedTuple):
    """The commands that describe a field, and how many users get its default or another spelling by them."""

    commands: list[Command]
    filled: int = 0
    respelled: int = 0


def describing(
    change: Change,
    log: EventLog,
    command: DescribeField,
    *,
    name: str = "",
    occurred_at: int | None = None,
    progress: Progress = unwatched,
) -> Describing:
    """Return the commands that describe a field, before ``change`` decides anything about users.

    It has to be a whole one, see ``Decided``, as others may give or take values meanwhile. ``name`` is that of a field
    which is only to be defined, by an earlier command. Whoever has nothing in a field that becomes required gets the
    default, and whose value fits the type in another spelling only gets that. ``occurred_at`` (UTC µs) backdates it.
    Raises RefusedError that names up to three users whose values do not fit; CancelledError.
    """
    field_id, own = command.field_id, change.directory_stream()
    before = own.directory.definition(field_id)
    name = own.directory.fields.get(field_id, name)
    if not name:
        raise RefusedError("name", str(no_such_field(own.directory, field_id)))
    after = checked_definition(name, before, command)
    if occurred_at is not None:
        for event in described(command, name, before):
            own = own.then(occurred_at, event)
        after = own.directory.definition(field_id)  # it may have been described otherwise since
        require_whole("occurred_at", name, after)
    fitting, filling = part_of(progress, 0, 2), part_of(progress, 1, 2)
    respelled = _respelled(change, log, field_id, name, before, after, fitting)
    filled = _filled(change, log, field_id, name, before, after, filling)
    if occurred_at is not None and (respelled or filled):
        raise RefusedError("occurred_at", "Values of users change with it, so it cannot be backdated.")
    return Describing([command, *respelled, *filled], len(filled), len(respelled))


def describe(change: Change, log: EventLog, command: DescribeField, progress: Progress = unwatched) -> Describing:
    """Describe a field within a change, now; return what that took. Raises RefusedError; CancelledError."""
    begin_phase(progress, "comparing", counts_rows=False)
    found = describing(change, log, command, progress=part_of(progress, 0, 2))
    for each in watched(found.commands, len(found.commands), part_of(progress, 1, 2), _REPORTED_EVERY):
        change.dispatch(each)
    return found


def bringing_back(change: Change, log: EventLog, field_id: str, progress: Progress = unwatched) -> list[Command]:
    """Return the commands that bring a deleted field back, on the terms of ``describing``.

    It is required no more where somebody came or went without a value meanwhile. Raises CancelledError.
    """
    directory = change.directory()
    relaxed = DescribeField(field_id, required=False)
    if field_id not in directory.deleted_fields or not directory.definition(field_id).required:
        return [RestoreField(field_id)]
    blank = next(_without_value(change, log, field_id, progress), None)
    return [RestoreField(field_id)] if blank is None else [RestoreField(field_id), relaxed]


def values_held(log: EventLog, field_id: str, progress: Progress = unwatched) -> dict[str, str]:
    """Return what users, by id and deleted ones too, have in a field as the log has it. Raises CancelledError."""
    # The value that occurred last counts, so that nobody's whole stream has to be read.
    last: dict[str, tuple[int, str | None]] = {}
    for kind in (UserCreated, UserUpdated):
        for recorded in watched(log.read(only=kind), 0, progress, _REPORTED_EVERY):
            if isinstance(recorded.event, UserCreated | UserUpdated) and field_id in recorded.event.attributes:
                when_us, _ = last.get(recorded.stream, (recorded.occurred_at, None))
                if when_us <= recorded.occurred_at:
                    last[recorded.stream] = recorded.occurred_at, recorded.event.attributes[field_id]
    return {user_id: text for user_id, (_, text) in last.items() if text}


class Named:
    """Users of whom a refusal tells: the first few by name, each with what is to be said of them, the rest counted."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._others = 0

    def __bool__(self) -> bool:
        """Whether there is anybody."""
        return bool(self._told)

    def add(self, change: Change, user_id: str, said: str = "") -> None:
        """Tell of one more."""
        if len(self._told) == _TOLD:
            self._others += 1
        elif (user := change.user(user_id)) is not None:
            gone = ["deleted"] if user.status == "deleted" else []
            about = ", ".join([shortened(said), *gone] if said else gone)
            self._told.append(f"{shortened(user.name)} ({about})" if about else shortened(user.name))

    def __str__(self) -> str:
        """Return them as people list them."""
        return listed([*self._told, counted(self._others, "other")] if self._others else self._told)


def _respelled(
    change: Change,
    log: EventLog,
    field_id: str,
    name: str,
    before: FieldDefinition,
    after: FieldDefinition,
    progress: Progress,
) -> list[Command]:
    """Return the commands that give values the spelling of the new definition. Raises RefusedError."""
    retyped = before.type != after.type
    if after.type == "text" or not (retyped or set(before.choices) - set(after.choices)):
        return []
    commands: list[Command] = []
    unfit = Named()
    held_now = values_held(log, field_id, progress)
    for user_id, text in watched(held_now.items(), len(held_now), progress, _REPORTED_EVERY):
        try:
            held = checked_as(after, name, text)
        except RefusedError:
            if retyped or text in before.choices:  # else it did not fit before either
                unfit.add(change, user_id, text)
            continue
        # Of who is deleted it gets that when they come back.
        if held != text and (user := change.user(user_id)) is not None and user.status != "deleted":
            commands.append(UpdateUser(user_id, {}, {field_id: held}))
    if unfit:
        why = f"“{shortened(name)}” has values that {_NOT_SO[after.type]}: {unfit}."
        raise RefusedError("type" if retyped else "choices", why)
    return commands


def _filled(
    change: Change,
    log: EventLog,
    field_id: str,
    name: str,
    before: FieldDefinition,
    after: FieldDefinition,
    progress: Progress,
) -> list[Command]:
    """Return the commands that give everybody without a value the default. Raises RefusedError."""
    if before.required or not after.required:
        return []
    commands: list[Command] = []
    blank = Named()
    for user in _without_value(change, log, field_id, progress):
        if after.default:
            commands.append(UpdateUser(user.id, {}, {field_id: after.default}))
        else:
            blank.add(change, user.id)
    if blank:
        raise RefusedError("required", f"“{shortened(name)}” is empty for {blank}.")
    return commands


def _without_value(change: Change, log: EventLog, field_id: str, progress: Progress) -> Iterator[User]:
    """Yield everybody who is not deleted and has nothing in a field."""
    filled = values_held(log, field_id, progress)
    created = watched(log.read(only=UserCreated), 0, progress, _REPORTED_EVERY)
    blank = [recorded.stream for recorded in created if recorded.stream not in filled]
    for user_id in watched(blank, len(blank), progress, _REPORTED_EVERY):
        user = change.user(user_id)
        if user is not None and user.status != "deleted":
            yield user
