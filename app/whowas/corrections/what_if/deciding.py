"""Deciding what one change of the log did once more, on another state than the one it was made on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, Protocol

from whowas.command_bus.uniqueness import ContestedValue
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.what_if.refusals import RefusedCommand
from whowas.domain.command_of_event import command_of, is_second_half
from whowas.domain.commands import Command, JoinGroup, LeaveGroup, MomentCommand, UserCommand
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.unique import SPACES, reserved
from whowas.domain.users import User
from whowas.store.recorded_event import RecordedEvent


class Truth(Protocol):
    """What was so in truth, up to where the log was taken in."""

    def stood(self, contested: ContestedValue) -> bool:
        """Say whether several users held that value, as in files that older versions wrote they may."""

    def of_deleted(self, recorded: RecordedEvent) -> bool:
        """Say whether an event is of a user who was deleted when it occurred."""


_ROUNDS = 8
"""How often a change is tried without what it cannot come to; after that, each of its commands is judged by itself."""


class DecidedChange(NamedTuple):
    """The events that came of a change, and the commands of it that were refused."""

    events: list[RecordedEvent]
    refused: list[RefusedCommand]


class _Asked(NamedTuple):
    """A command, and the events that it caused in truth."""

    command: Command
    events: list[RecordedEvent]


class _Claim(NamedTuple):
    """Which command, by its number, had a user come to hold a unique value, and how it wrote that."""

    number: int
    value: str


class _ContestedError(Exception):
    """What came of a change cannot be; ``refused`` holds the commands, by their number, that are to be left out."""

    def __init__(self, refused: dict[int, RefusedError]) -> None:
        super().__init__()
        self.refused = refused


def decide_change(change: Change, events: Iterable[RecordedEvent], truth: Truth) -> DecidedChange:
    """Decide the commands of one change of the log, which caused ``events``; those that are refused are left out.

    Unique values may have passed from one user to another within it, also in a circle, so they are judged by what the
    change comes to. Whoever would come to hold what is somebody else's does not, and as others may have relied on that,
    it is tried again without them.
    """
    commands = list(_commands(events))
    if len(commands) > 1:
        left_out: dict[int, RefusedError] = {}
        for _ in range(_ROUNDS):
            try:
                return _decide_together(change, commands, truth, left_out)
            except _ContestedError as contested:
                left_out |= contested.refused
    decided = DecidedChange([], [])
    for asked in commands:
        _decide_alone(change, asked, truth, decided)
    return decided


def _decide_together(
    change: Change, commands: Sequence[_Asked], truth: Truth, left_out: Mapping[int, RefusedError]
) -> DecidedChange:
    decided = DecidedChange([], [])
    claims: dict[tuple[str, str], _Claim] = {}
    with change.together(truth.stood):
        for number, asked in enumerate(commands):
            before = _user(change, asked)
            _decide(change, asked, truth, decided, left_out.get(number))
            after = _user(change, asked)
            for field, value in _came_to_hold(before, after):
                claims[asked.events[0].stream, field] = _Claim(number, value)
        contested = [one for one in change.contested() if not truth.stood(one)]
        if contested:
            raise _ContestedError(_to_leave_out(contested, claims))
    return decided


def _user(change: Change, asked: _Asked) -> User | None:
    return change.user(asked.events[0].stream) if isinstance(asked.command, UserCommand) else None


def _came_to_hold(before: User | None, after: User | None) -> Iterator[tuple[str, str]]:
    """Yield the fields in which a user gets, or gets back, what may be unique, each with the value."""
    for field in SPACES:
        if reserved(field, before) != reserved(field, after):
            yield field, (after.text(field) if after is not None else None) or ""
    if after is None:
        return
    for field_id, value in after.attributes.items():
        if before is None or before.status != after.status or before.attributes.get(field_id) != value:
            yield ATTRIBUTE_PREFIX + field_id, value


def _to_leave_out(
    contested: Sequence[ContestedValue], claims: Mapping[tuple[str, str], _Claim]
) -> dict[int, RefusedError]:
    """Return the commands that claimed what is contested, but for the first of those who claimed the same anew."""
    anew = {(one.user_id, one.field) for one in contested}
    left_out: dict[int, RefusedError] = {}
    for one in contested:
        number, value = claims[one.user_id, one.field]
        others = [(other, one.field) for other in one.others]
        if not all(other in anew and claims[other].number > number for other in others):
            left_out[number] = one._replace(value=value).refusal()
    return left_out


def _decide_alone(change: Change, asked: _Asked, truth: Truth, decided: DecidedChange) -> None:
    """Decide one command, judged by itself."""
    alone = DecidedChange([], [])
    _decide(change, asked, truth, alone)
    if alone.refused and alone.refused[0].error.field in SPACES:
        again = DecidedChange([], [])
        with suppress(RefusedError):
            with change.together(truth.stood):
                _decide(change, asked, truth, again)
                if not change.contested():
                    # It was refused for another reason than what several users held in truth too.
                    raise alone.refused[0].error
            alone = again
    decided.events.extend(alone.events)
    decided.refused.extend(alone.refused)


def _decide(
    change: Change, asked: _Asked, truth: Truth, decided: DecidedChange, refusal: RefusedError | None = None
) -> None:
    """Decide one command; ``refusal`` is why it is to be left out, where that is known already."""
    command, events = asked
    first = events[0]
    # Names of moments are never dated: they are given when they are recorded.
    occurred_at = None if isinstance(command, MomentCommand) else first.occurred_at
    # Programs before this one took what lay in the future.
    change.recorded_at = max(first.recorded_at, first.occurred_at)
    before = change.events
    try:
        if refusal is not None:
            raise refusal
        try:
            change.dispatch(command, actor=first.actor, occurred_at=occurred_at)
        except RefusedError:
            if not (isinstance(command, JoinGroup | LeaveGroup) and truth.of_deleted(first)):
                raise
            # Whose groups were merged with others while they were deleted: so it is here too.
            change.dispatch(replace(command, even_deleted=True), actor=first.actor, occurred_at=occurred_at)
    except RefusedError as error:
        decided.refused.append(RefusedCommand(first, len(events), command, error))
    made = change.events_after(before)
    assert len(made) <= len(events), "what was decided once causes no more when it is decided again"
    for recorded, new in zip(events, made, strict=False):
        decided.events.append(
            recorded._replace(
                stream=new.stream,
                version=new.version,
                occurred_at=new.occurred_at,
                actor=new.actor,
                command_id=None,
                event=new.event,
            )
        )


def _commands(events: Iterable[RecordedEvent]) -> Iterator[_Asked]:
    """Yield each command of a change with the events that it caused."""
    caused: list[RecordedEvent] = []
    for recorded in events:
        if caused and not (len(caused) == 1 and _goes_on(caused[0], recorded)):
            yield _asked(caused)
            caused = []
        caused.append(recorded)
    if caused:
        yield _asked(caused)


def _asked(events: list[RecordedEvent]) -> _Asked:
    return _Asked(command_of(events[0].event, events[0].stream, keep_email=len(events) == 1), events)


def _goes_on(recorded: RecordedEvent, following: RecordedEvent) -> bool:
    together = (recorded.stream, recorded.occurred_at, recorded.actor)
    return (
        is_second_half(recorded.event, following.event)
        and together == (following.stream, following.occurred_at, following.actor)
        and following.command_id is None
    )
