"""What can happen. Events are facts in the past tense; their stored names are the class names chosen here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserCreated:
    """A user began. ``fields`` and ``attributes`` hold only what is not empty."""

    user_id: str
    fields: Mapping[str, str]
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UserUpdated:
    """Fields took new values; None means cleared. Only what really changed is listed."""

    changes: Mapping[str, str | None]
    attributes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class UserDeleted:
    """The user left the directory; everything known about them stays restorable."""


@dataclass(frozen=True, slots=True)
class UserRestored:
    """A deleted user came back, active."""


@dataclass(frozen=True, slots=True)
class UserSuspended:
    """An active user was suspended."""


@dataclass(frozen=True, slots=True)
class UserReactivated:
    """A suspended user became active again."""


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """A new password; ``password_hash`` is an argon2id hash in its standard text form, never the password."""

    password_hash: str


@dataclass(frozen=True, slots=True)
class PasswordCleared:
    """The password was taken away."""


@dataclass(frozen=True, slots=True)
class GroupJoined:
    """The user became a member of the group."""

    group_id: str


@dataclass(frozen=True, slots=True)
class GroupLeft:
    """The user's membership of the group ended."""

    group_id: str


@dataclass(frozen=True, slots=True)
class UserErased:
    """The user was forgotten for ever; no event of theirs before this one has a payload any more."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is left of an event whose user was erased since: ``name`` says of what type it was. It is never stored."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldDefined:
    """The directory got a custom field; ``name`` is the key of the users' attributes."""

    name: str


@dataclass(frozen=True, slots=True)
class GroupCreated:
    """The directory got a group, or a deleted one back under the same id."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupRenamed:
    """The group is called differently from here on."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupDeleted:
    """The group ended; memberships in it no longer show."""

    group_id: str


@dataclass(frozen=True, slots=True)
class MomentNamed:
    """A place in the timeline got a name: that behind the event of ``occurred_at`` (UTC microseconds), ``position``."""

    moment_id: str
    name: str
    note: str | None
    occurred_at: int
    position: int


@dataclass(frozen=True, slots=True)
class MomentRenamed:
    """The named moment is called differently, or has another note, from here on."""

    moment_id: str
    name: str
    note: str | None


@dataclass(frozen=True, slots=True)
class MomentDeleted:
    """The moment has no name any more."""

    moment_id: str


UserEvent = (
    UserCreated
    | UserUpdated
    | UserDeleted
    | UserRestored
    | UserSuspended
    | UserReactivated
    | PasswordSet
    | PasswordCleared
    | GroupJoined
    | GroupLeft
    | UserErased
    | Forgotten
)
MomentEvent = MomentNamed | MomentRenamed | MomentDeleted
DirectoryEvent = FieldDefined | GroupCreated | GroupRenamed | GroupDeleted | MomentEvent
Event = UserEvent | DirectoryEvent
