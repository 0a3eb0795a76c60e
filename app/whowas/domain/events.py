"""The events of a directory: facts in the past tense, stored under the class names chosen here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whowas.domain.field_definitions import FieldType


@dataclass(frozen=True, slots=True)
class UserCreated:
    """A user was created. ``fields`` and ``attributes`` hold only values that are not empty."""

    user_id: str
    fields: Mapping[str, str]
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UserUpdated:
    """Fields got new values; None means cleared. Only fields that really changed are listed."""

    changes: Mapping[str, str | None]
    attributes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class UserDeleted:
    """The user was deleted; all their data stays in the log and can be restored."""


@dataclass(frozen=True, slots=True)
class UserRestored:
    """A deleted user was restored as active."""


@dataclass(frozen=True, slots=True)
class UserSuspended:
    """An active user was suspended."""


@dataclass(frozen=True, slots=True)
class UserReactivated:
    """A suspended user became active again."""


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """A new password was set; ``password_hash`` is an argon2id hash in its standard text form, never the password.

    Where the hash is hidden from whoever reads the log, it is a stand-in, see ``hidden``.
    """

    password_hash: str


@dataclass(frozen=True, slots=True)
class PasswordCleared:
    """The password was removed."""


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
    """The user was erased for ever; none of their events before this one has a payload any more."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Stands for an event whose user was erased since; ``name`` is its type. It is never stored."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldDefined:
    """A custom field was added to the directory.

    ``field_id`` is the key under which users' attributes hold its values; where it is empty, that is ``name``.
    """

    name: str
    field_id: str = ""

    @property
    def id(self) -> str:
        """The key under which users' attributes hold values of the field."""
        return self.field_id or self.name


@dataclass(frozen=True, slots=True)
class FieldRenamed:
    """The custom field got another name; values stay under its id."""

    field_id: str
    name: str


@dataclass(frozen=True, slots=True)
class FieldDeleted:
    """The custom field was deleted; users keep their values of it, which no longer show."""

    field_id: str


@dataclass(frozen=True, slots=True)
class FieldRestored:
    """A deleted custom field was brought back, with all values."""

    field_id: str


@dataclass(frozen=True, slots=True)
class FieldDescribed:
    """The custom field's definition got new aspects, see ``FieldDefinition``: None is one that stayed as it was.

    Empty is one that was cleared. Only aspects that really changed are given.
    """

    field_id: str
    type: FieldType | None = None
    required: bool | None = None
    unique: bool | None = None
    default: str | None = None
    choices: tuple[str, ...] | None = None
    help: str | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class FieldsOrdered:
    """The custom fields are listed in this order from here on; those that are not named follow as they were."""

    field_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupCreated:
    """A group was created, or a deleted one brought back under the same id."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupRenamed:
    """The group got another name."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupDeleted:
    """The group was deleted; memberships of it no longer show."""

    group_id: str


@dataclass(frozen=True, slots=True)
class GroupColoured:
    """The group got a colour, by its name in ``groups.COLOURS``; None means that it has none any more."""

    group_id: str
    colour: str | None


@dataclass(frozen=True, slots=True)
class GroupsOrdered:
    """The groups are listed in this order from here on; those that are not named follow by name."""

    group_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MomentNamed:
    """A moment got a name: it is right after the event with ``occurred_at`` (UTC microseconds) and ``position``."""

    moment_id: str
    name: str
    note: str | None
    occurred_at: int
    position: int


@dataclass(frozen=True, slots=True)
class MomentRenamed:
    """The named moment got another name or note."""

    moment_id: str
    name: str
    note: str | None


@dataclass(frozen=True, slots=True)
class MomentDeleted:
    """The name of a moment was deleted."""

    moment_id: str


@dataclass(frozen=True, slots=True)
class ListImported:
    """A list was imported: a record that alters nobody, so that it is known later who was on it.

    ``source`` names the kind of list. ``matched`` are the ids of users who were on it, whom its import left as they
    are and whom no earlier import of that source had met.
    """

    source: str
    matched: tuple[str, ...]


AlteringEvent = (
    UserUpdated
    | UserDeleted
    | UserRestored
    | UserSuspended
    | UserReactivated
    | PasswordSet
    | PasswordCleared
    | GroupJoined
    | GroupLeft
)
"""What alters a user who is there before and after it."""
UserEvent = UserCreated | AlteringEvent | UserErased | Forgotten
LookEvent = GroupColoured | GroupsOrdered
MomentEvent = MomentNamed | MomentRenamed | MomentDeleted
OneFieldEvent = FieldDefined | FieldRenamed | FieldDeleted | FieldRestored | FieldDescribed
FieldEvent = OneFieldEvent | FieldsOrdered
DirectoryEvent = FieldEvent | GroupCreated | GroupRenamed | GroupDeleted | LookEvent | MomentEvent | ListImported
Event = UserEvent | DirectoryEvent
