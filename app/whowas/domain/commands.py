"""The commands of a directory. A command is imperative, may be refused, and is never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whowas.domain.field_definitions import FieldType


@dataclass(frozen=True, slots=True)
class CreateUser:
    """Create a user under a new id (a UUID)."""

    user_id: str
    fields: Mapping[str, str | None]
    attributes: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UpdateUser:
    """Give fields new values; None or empty text clears a field. Fields not named stay as they are."""

    user_id: str
    changes: Mapping[str, str | None]
    attributes: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeleteUser:
    """Mark the user as deleted; they can be restored."""

    user_id: str


@dataclass(frozen=True, slots=True)
class EraseUser:
    """Erase the user for ever: no data about them stays anywhere in the directory."""

    user_id: str


@dataclass(frozen=True, slots=True)
class RestoreUser:
    """Bring a deleted user back as active; ``keep_email=False`` clears their email, which another may have by now."""

    user_id: str
    keep_email: bool = True


@dataclass(frozen=True, slots=True)
class SuspendUser:
    """Suspend an active user."""

    user_id: str


@dataclass(frozen=True, slots=True)
class ReactivateUser:
    """End a suspension."""

    user_id: str


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Set the password, given as an argon2id hash; any other text is refused."""

    user_id: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class ClearPassword:
    """Remove the password."""

    user_id: str


@dataclass(frozen=True, slots=True)
class JoinGroup:
    """Make the user a member of an existing group; ``even_deleted`` so that a deleted one comes back into it."""

    user_id: str
    group_id: str
    even_deleted: bool = False


@dataclass(frozen=True, slots=True)
class LeaveGroup:
    """End the user's membership of a group; ``even_deleted`` as for JoinGroup."""

    user_id: str
    group_id: str
    even_deleted: bool = False


@dataclass(frozen=True, slots=True)
class DefineField:
    """Add a custom field to the directory; without ``field_id`` it gets an id by its name."""

    name: str
    field_id: str = ""


@dataclass(frozen=True, slots=True)
class RenameField:
    """Give a custom field another name."""

    field_id: str
    name: str


@dataclass(frozen=True, slots=True)
class DeleteField:
    """Delete a custom field; users keep its values, which show again when it is brought back."""

    field_id: str


@dataclass(frozen=True, slots=True)
class RestoreField:
    """Bring a deleted custom field back."""

    field_id: str


@dataclass(frozen=True, slots=True)
class DescribeField:
    """Give a custom field's definition new aspects, see ``FieldDefinition``: None leaves one, empty clears it."""

    field_id: str
    type: FieldType | None = None
    required: bool | None = None
    unique: bool | None = None
    default: str | None = None
    choices: tuple[str, ...] | None = None
    help: str | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class OrderFields:
    """List the custom fields in this order; those that are not named follow as they are."""

    field_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """Create a group under a new id, or bring a deleted one back under its old id."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RenameGroup:
    """Give a group another name."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class DeleteGroup:
    """Delete a group; its members stay users."""

    group_id: str


@dataclass(frozen=True, slots=True)
class ColourGroup:
    """Give a group a colour, by its name in ``groups.COLOURS``, or none."""

    group_id: str
    colour: str | None


@dataclass(frozen=True, slots=True)
class OrderGroups:
    """List the groups in this order; those that are not named follow by name."""

    group_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameMoment:
    """Name a moment of the timeline, under a new id or the old one of a moment whose name was deleted.

    The moment is right after the event with ``occurred_at`` (UTC microseconds) and ``position``, the last of its step;
    position 0 is before everything.
    """

    moment_id: str
    name: str
    note: str | None
    occurred_at: int
    position: int


@dataclass(frozen=True, slots=True)
class RenameMoment:
    """Give a named moment another name and note; it stays where it is in the timeline."""

    moment_id: str
    name: str
    note: str | None


@dataclass(frozen=True, slots=True)
class DeleteMoment:
    """Delete the name of a moment; the events around it stay."""

    moment_id: str


@dataclass(frozen=True, slots=True)
class RecordListImport:
    """Record that a list of the kind called ``source`` was imported, and the ids of users met unchanged on it."""

    source: str
    matched: tuple[str, ...] = ()


UserCommand = (
    CreateUser
    | UpdateUser
    | DeleteUser
    | EraseUser
    | RestoreUser
    | SuspendUser
    | ReactivateUser
    | SetPassword
    | ClearPassword
    | JoinGroup
    | LeaveGroup
)
LookCommand = ColourGroup | OrderGroups
MomentCommand = NameMoment | RenameMoment | DeleteMoment
FieldCommand = DefineField | RenameField | DeleteField | RestoreField | DescribeField | OrderFields
DirectoryCommand = (
    FieldCommand | CreateGroup | RenameGroup | DeleteGroup | LookCommand | MomentCommand | RecordListImport
)
Command = UserCommand | DirectoryCommand
