"""A user, and the one place where an event changes a user."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, assert_never

from whowas.domain.errors import DamagedError
from whowas.domain.events import (
    AlteringEvent,
    Forgotten,
    GroupJoined,
    GroupLeft,
    PasswordCleared,
    PasswordSet,
    UserCreated,
    UserDeleted,
    UserErased,
    UserEvent,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS

Status = Literal["active", "suspended", "deleted"]
STATUSES: tuple[Status, ...] = ("active", "suspended", "deleted")
STATUS_LABELS: Mapping[str, str] = {"active": "Active", "suspended": "Suspended", "deleted": "Deleted"}
"""What people call each status."""


class User(NamedTuple):
    """One state of one user. ``version`` counts the events folded into it; ``groups`` holds group ids.

    The text fields are those of ``fields.TEXT_FIELDS``, in that order, between ``status`` and ``password``.

    A named tuple, because folding a log makes one for every event: a frozen dataclass takes three times as long to
    make, and four times as long to replace.
    """

    id: str
    version: int
    status: Status = "active"
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    department: str | None = None
    notes: str | None = None
    external_id: str | None = None
    password: str | None = None
    groups: frozenset[str] = frozenset()
    attributes: Mapping[str, str] = MappingProxyType({})

    def __repr__(self) -> str:
        """Leave the password out, so that not even its hash appears in a log or a traceback."""
        shown = {name: value for name, value in self._asdict().items() if name != "password"}
        return f"User({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    @property
    def name(self) -> str:
        """What the user is called in tables and sentences: full name, else email, else external id."""
        full = f"{self.first_name or ''} {self.last_name or ''}".strip()
        return full or self.email or self.external_id or "Unnamed user"

    def text(self, name: str) -> str | None:
        """Return the text field called ``name`` (a key of ``fields.LABELS``)."""
        value: str | None = getattr(self, name)
        return value

    def value(self, field: str) -> str | None:
        """Return the same as ``text``, or a custom field's value where the name has ATTRIBUTE_PREFIX before it."""
        if field.startswith(ATTRIBUTE_PREFIX):
            return self.attributes.get(field.removeprefix(ATTRIBUTE_PREFIX))
        return self.text(field)


_TEXTS = tuple(LABELS)
_NO_GROUPS: frozenset[str] = frozenset()
_PLACES = {name: place for place, name in enumerate(User._fields)}
_VERSION, _STATUS, _PASSWORD = _PLACES["version"], _PLACES["status"], _PLACES["password"]
_GROUPS, _ATTRIBUTES = _PLACES["groups"], _PLACES["attributes"]
_new = tuple.__new__  # User() ends up here too, after one more call


def evolve(user: User | None, event: UserEvent) -> User | None:
    """Return the user after ``event``; None stands for a user who does not exist yet, or was erased.

    It accepts a user's events in any order that begins with UserCreated, because a backdated event may come between
    others, and those of an erased user in any order. Raises DamagedError if another event comes first.
    """
    if isinstance(event, UserCreated):
        return _new(User, values_of_created(event))
    if isinstance(event, (UserErased, Forgotten)):
        return None
    if user is None:
        raise DamagedError(f"A user's history begins with {type(event).__name__} before UserCreated: it is damaged.")
    values: list[Any] = [*user]
    alter(values, event)
    return _new(User, values)


def values_of_created(event: UserCreated) -> list[Any]:
    """Return the values of the fields of User after the event that creates one."""
    texts = map(event.fields.get, _TEXTS)
    return [event.user_id, 1, "active", *texts, None, _NO_GROUPS, event.attributes]


def alter(values: list[Any], event: AlteringEvent) -> None:
    """Make of the values of a user's fields, at the beginning of a list, those after ``event``.

    Not by _replace, which takes several times as long: a log is folded event by event.
    """
    values[_VERSION] += 1
    match event:
        # The commonest first, and without unpacking: of most logs, most events are these.
        case UserUpdated():
            for name, text in event.changes.items():
                values[_PLACES[name]] = text
            if event.attributes:
                values[_ATTRIBUTES] = _merged(values[_ATTRIBUTES], event.attributes)
        case GroupJoined():
            values[_GROUPS] |= {event.group_id}
        case GroupLeft():
            values[_GROUPS] -= {event.group_id}
        case UserSuspended():
            values[_STATUS] = _unless_deleted(values[_STATUS], "suspended")
        case UserReactivated():
            values[_STATUS] = _unless_deleted(values[_STATUS], "active")
        case UserDeleted():
            values[_STATUS] = "deleted"
        case UserRestored():
            values[_STATUS] = "active"
        case PasswordSet():
            values[_PASSWORD] = event.password_hash
        case PasswordCleared():
            values[_PASSWORD] = None
        case _:
            assert_never(event)


def _unless_deleted(before: Status, status: Status) -> Status:
    """Return ``status``, or "deleted" if a deletion was backdated before it: only a restoration ends a deletion."""
    return "deleted" if before == "deleted" else status


def _merged(attributes: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    merged: dict[str, str | None] = {**attributes, **changes}
    return {name: value for name, value in merged.items() if value is not None}
