"""Checks that an event read from the log could have been written by this program.

Only ``verify`` checks the hash chain, and a file made by hand can have a valid chain over anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import NoneType
from typing import get_args

from whowas.domain.causation import Causation, from_text, to_text
from whowas.domain.errors import DamagedError
from whowas.domain.events import DirectoryEvent, Event, Forgotten, MomentNamed, UserCreated
from whowas.domain.fields import is_id
from whowas.store.chain import Columns
from whowas.store.recorded_event import ID_BYTES

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
"""The range of Python's calendar in UTC microseconds: times outside it cannot be shown."""

LAST_POSITION = 2**62
_OWN = frozenset(get_args(DirectoryEvent))
_COLUMNS = (int, bytes, bytes, int, str, int, int, int, str, bytes)
_STORED = frozenset(
    (*_COLUMNS, command, causation, bytes, bytes, payload, payload)
    for command in (bytes, NoneType)
    for causation in (str, NoneType)
    for payload in (bytes, NoneType)
)
"""The types that the columns of an event and its payload may have, in table order."""


class UnsoundEventError(DamagedError):
    """The event at ``position`` could not have been written by this program; ``reason`` says why, within a sentence."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"The event at position {position} is damaged: {reason}. Go back to a backup.", position)
        self.reason = reason


def damaged(position: int, reason: str) -> UnsoundEventError:
    """Return the error that the event at ``position`` is damaged, with ``reason`` as part of its sentence."""
    return UnsoundEventError(position, reason)


def in_calendar(when_us: object) -> bool:
    """Return whether ``when_us`` is a point in time, in UTC microseconds, that Python's calendar can show."""
    return type(when_us) is int and EARLIEST <= when_us <= LATEST


def require_stored_types(row: tuple[object, ...]) -> None:
    """Raise DamagedError if a column of an event, or of its payload, has a type that its table does not allow."""
    if tuple(map(type, row)) not in _STORED:
        position, *_ = row
        raise damaged(
            position if isinstance(position, int) else 0, "a value was altered: it is of another type than it was"
        )


def require_sound_columns(
    position: int, stream: object, version: object, recorded_at: object, occurred_at: object, actor: object
) -> None:
    """Raise DamagedError if one of these columns cannot be valid; ``read_rows.recorded_of`` does the same, faster."""
    if not (
        type(stream) is bytes
        and len(stream) == ID_BYTES
        and type(version) is int
        and type(actor) is str
        and in_calendar(occurred_at)
        and in_calendar(recorded_at)
    ):
        raise unsound_columns(position, recorded_at, occurred_at)


def require_sound_row(columns: Columns) -> None:
    """Raise DamagedError if a column of an event, of the type that it has to be, cannot be valid."""
    position, event_id, stream, _, _, _, recorded_at, occurred_at, _, change_id, command_id, causation = columns
    if len(stream) != ID_BYTES or not (EARLIEST <= recorded_at <= LATEST and EARLIEST <= occurred_at <= LATEST):
        raise unsound_columns(position, recorded_at, occurred_at)
    ids = (event_id, change_id, change_id if command_id is None else command_id)
    if not all(len(each) == ID_BYTES for each in ids):
        raise damaged(position, "its own id, or that of its change or command, is none")
    if causation is not None:
        try:
            causation_of(causation)
        except ValueError as error:
            raise damaged(position, "why it was done cannot be read") from error


def unsound_columns(position: int, recorded_at: object, occurred_at: object) -> DamagedError:
    """Return the error that says which columns of an event cannot be valid."""
    if not in_calendar(recorded_at) or not in_calendar(occurred_at):
        return damaged(position, "its moment lies outside the calendar")
    return damaged(position, "whose event it is, or who did it, cannot be read")


CHECKED_EVENTS = frozenset({UserCreated, MomentNamed})
"""The types of events that ``require_sound_event`` checks."""


def require_sound_event(position: int, stream: str, event: Event) -> None:
    """Raise DamagedError if the values of an event of ``stream`` cannot be valid; its keys are the codec's business."""
    if isinstance(event, UserCreated):
        if event.user_id != stream:
            raise damaged(position, "it creates somebody else than the user whose event it is")
    elif isinstance(event, MomentNamed) and not (in_calendar(event.occurred_at) and _is_position(event.position)):
        raise damaged(position, "it names a moment outside the calendar")


def require_sound_stream(events: Iterable[tuple[int, int, int, Event]]) -> None:
    """Raise DamagedError unless (position, version, occurred_at, event) of a whole stream, by version, fit together."""
    last_position, began_at, own = 0, EARLIEST, False
    for number, (position, version, occurred_at, event) in enumerate(events, start=1):
        kind = type(event)
        if not in_calendar(occurred_at):
            raise damaged(position, "its moment lies outside the calendar")
        if version != number or position <= last_position:
            raise damaged(position, f"it stands in the place of event {number} of its user, or of the directory")
        if number == 1:
            own = kind in _OWN
            began_at = EARLIEST if own else occurred_at
        if own != (kind in _OWN) or (not own and (kind is UserCreated) != (number == 1) and kind is not Forgotten):
            raise damaged(position, "it is of a user who was never created, or was created before")
        if occurred_at < began_at:
            raise damaged(position, "it lies before the beginning of its user")
        last_position = position


@lru_cache(maxsize=16)
def causation_of(text: str | None) -> Causation | None:
    """Return the causation that ``causation.from_text`` reads. Raises ValueError if its values cannot be valid.

    Cached, because the events of one change follow each other and have the same text.
    """
    try:
        causation = from_text(text)
    except (TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a causation") from error
    if causation is not None and not _is_sound(causation):
        raise ValueError("not a causation that can be")
    (to_text(causation) or "").encode()  # raises ValueError for half a surrogate pair
    return causation


def _is_sound(causation: Causation) -> bool:
    return all(_MAY_BE[name](value) for name, value in asdict(causation).items())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _are_ids(value: object) -> bool:
    return isinstance(value, tuple) and all(map(is_id, value))


def _is_position(value: object) -> bool:
    return type(value) is int and 0 <= value <= LAST_POSITION


_MAY_BE: Mapping[str, Callable[[object], bool]] = {
    "source": _is_text,
    "by": _is_text_or_none,
    "reason": _is_text_or_none,
    "change_id": is_id,
    "change_ids": _are_ids,
    "occurred_at": in_calendar,
    "position": _is_position,
}
"""The check of each field that a causation may have."""
