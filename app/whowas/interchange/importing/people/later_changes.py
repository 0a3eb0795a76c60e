"""What an older list says against what the directory knows from later: it is refused, in a sentence that shows both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from whowas.domain.errors import RefusedError
from whowas.domain.events import (
    GroupJoined,
    PasswordCleared,
    PasswordSet,
    UserCreated,
    UserDeleted,
    UserEvent,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, shortened
from whowas.domain.steps import GROUP_PREFIX, altered_by

Later = Sequence[tuple[int, UserEvent]]
"""Events of one user that occurred after a list was true, in timeline order: when (UTC µs), and what."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not from the calendar of Python, which follows the system's language."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class OlderListError(RefusedError):
    """What a list ``says`` contradicts what the directory ``knows`` from later, both as parts of a sentence."""

    def __init__(self, field: str, says: str, knows: str) -> None:
        super().__init__(field, f"{says}, but {knows}.")
        self.knows = knows


def day(microseconds: int) -> str:
    """Return a moment (UTC µs) as a day in the local zone, for example "3 March 2020"."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    with suppress(OverflowError):  # at either end of the calendar there is no local time
        moment = moment.astimezone()
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def begins_later(name: str, begins_at: int) -> str:
    """Return the sentence about a user whom the directory knows only from a moment (UTC µs) after the list on."""
    return f"{shortened(name)} is in the directory from {day(begins_at)} on, and this list is older."


def require_no_later(event: UserEvent, later: Later, groups: Mapping[str, str]) -> None:
    """Raise OlderListError where an event would alter what one of the ``later`` ones alters again.

    Whoever would be deleted is to have no later change at all. ``groups`` is what
    ``Directory.names`` is.
    """
    if not later:
        return
    if isinstance(event, UserDeleted):
        knows = f"the directory knows of changes of this user from {day(later[0][0])} on, and this list is older"
        raise OlderListError("status", "Here this user is deleted", knows)
    # Whoever is there again is so with the status that later events give, which were without effect until now.
    altered = altered_by(event) | ({"status"} if isinstance(event, UserRestored) else set())
    for when_us, known in later:
        for thing in sorted(altered & altered_by(known)):
            says, knows = (_said(each, thing, groups) for each in (event, known))
            field = _field(thing, groups)
            raise OlderListError(
                field, f"Here {says}", f"the directory says that {knows} from {day(when_us)} on, and this list is older"
            )


def _field(thing: str, names: Mapping[str, str]) -> str:
    if thing.startswith(GROUP_PREFIX):
        return "groups"
    if thing in names:
        return ATTRIBUTE_PREFIX + names[thing]
    return "status" if thing == "beginning" else thing


def _said(event: UserEvent, thing: str, groups: Mapping[str, str]) -> str:
    """Return what an event says of what it alters, as a part of a sentence."""
    match event:
        case UserUpdated(changes, attributes):
            return _is(thing, changes, attributes)
        case UserCreated(_, fields, attributes):
            return "this user is there" if thing == "beginning" else _is(thing, fields, attributes)
        case UserSuspended():
            return "this user is suspended"
        case UserReactivated() | UserRestored():
            return "this user is active"
        case PasswordSet():
            return "there is another password"
        case PasswordCleared():
            return "there is no password"
        case _ if thing.startswith(GROUP_PREFIX):
            name = groups.get(thing.removeprefix(GROUP_PREFIX))
            group = "a group that was deleted" if name is None else f"“{shortened(name)}”"
            return f"this user is {'' if isinstance(event, GroupJoined) else 'not '}in {group}"
        case _:
            return "this user is deleted"


def _is(thing: str, texts: Mapping[str, str | None], attributes: Mapping[str, str | None]) -> str:
    text = texts.get(thing) if thing in LABELS else attributes.get(thing.removeprefix(ATTRIBUTE_PREFIX))
    return f"it is “{shortened(text)}”" if text else "it is blank"
