"""What can be asked of a directory. A command is imperative, may be refused, and is never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CreateUser:
    """Begin a user under a new id (a UUID)."""

    user_id: str
    fields: Mapping[str, str | None]
    attributes: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UpdateUser:
    """Give fields new values; None or empty text clears. Fields not named stay as they are."""

    user_id: str
    changes: Mapping[str, str | None]
    attributes: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeleteUser:
    """Take the user out of the directory, restorably."""

    user_id: str


@dataclass(frozen=True, slots=True)
class EraseUser:
    """Forget the user for ever: nothing of what was known of them stays anywhere in the directory."""

    user_id: str


@dataclass(frozen=True, slots=True)
class RestoreUser:
    """Bring a deleted user back, active; without their email where somebody else may have it by now."""

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
    """Set the password by its argon2id hash; text that is no such hash is refused."""

    user_id: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class ClearPassword:
    """Take the password away."""

    user_id: str


@dataclass(frozen=True, slots=True)
class JoinGroup:
    """Make the user a member of an existing group."""

    user_id: str
    group_id: str


@dataclass(frozen=True, slots=True)
class LeaveGroup:
    """End the user's membership of a group."""

    user_id: str
    group_id: str


@dataclass(frozen=True, slots=True)
class DefineField:
    """Add a custom field to the directory."""

    name: str


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """Add a group under a new id, or bring a deleted one back under its old id."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RenameGroup:
    """Call a group differently."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class DeleteGroup:
    """End a group; its members stay users."""

    group_id: str


@dataclass(frozen=True, slots=True)
class NameMoment:
    """Give a place in the timeline a name, under a new id or the old one of a moment whose name was deleted.

    The place is behind the event of ``occurred_at`` (UTC microseconds) and ``position``, the last of its step;
    position 0 is before everything.
    """

    moment_id: str
    name: str
    note: str | None
    occurred_at: int
    position: int


@dataclass(frozen=True, slots=True)
class RenameMoment:
    """Call a named moment differently, and note this about it; it stays where it is."""

    moment_id: str
    name: str
    note: str | None


@dataclass(frozen=True, slots=True)
class DeleteMoment:
    """Take a moment's name away; what happened stays."""

    moment_id: str


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
MomentCommand = NameMoment | RenameMoment | DeleteMoment
DirectoryCommand = DefineField | CreateGroup | RenameGroup | DeleteGroup | MomentCommand
Command = UserCommand | DirectoryCommand
