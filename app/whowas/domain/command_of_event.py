"""Mapping an event back to the command that asks for it, so that the command can be decided again."""

from __future__ import annotations

from typing import assert_never

from whowas.domain.commands import (
    ClearPassword,
    ColourGroup,
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteGroup,
    DeleteMoment,
    DeleteUser,
    DescribeField,
    EraseUser,
    FieldCommand,
    JoinGroup,
    LeaveGroup,
    LookCommand,
    MomentCommand,
    NameMoment,
    OrderFields,
    OrderGroups,
    ReactivateUser,
    RecordListImport,
    RenameField,
    RenameGroup,
    RenameMoment,
    RestoreField,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.events import (
    Event,
    FieldDefined,
    FieldDeleted,
    FieldDescribed,
    FieldEvent,
    FieldRenamed,
    FieldRestored,
    FieldsOrdered,
    Forgotten,
    GroupColoured,
    GroupCreated,
    GroupDeleted,
    GroupJoined,
    GroupLeft,
    GroupRenamed,
    GroupsOrdered,
    ListImported,
    LookEvent,
    MomentDeleted,
    MomentEvent,
    MomentNamed,
    MomentRenamed,
    PasswordCleared,
    PasswordSet,
    UserCreated,
    UserDeleted,
    UserErased,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)

_WITHOUT_EMAIL = UserUpdated({"email": None}, {})


def is_second_half(event: Event, following: Event) -> bool:
    """Return whether two successive events of a user's stream, in one change, can come from one command.

    Only RestoreUser without the email causes two events. Two separate commands that restore the user and then clear the
    email have the same effect, so it does no harm to treat them as one.
    """
    return isinstance(event, UserRestored) and following == _WITHOUT_EMAIL


def command_of(event: Event, user_id: str, *, keep_email: bool = True) -> Command:
    """Return the command that asks for ``event``; ``user_id`` is its stream, unused for events of the directory itself.

    ``keep_email`` is False for a restoration whose second half follows. Raises ValueError for a Forgotten event.
    """
    match event:
        case UserCreated(created_id, fields, attributes):
            return CreateUser(created_id, fields, attributes)
        case UserUpdated(changes, attributes):
            return UpdateUser(user_id, changes, attributes)
        case UserDeleted():
            return DeleteUser(user_id)
        case UserErased():
            return EraseUser(user_id)
        case Forgotten(name):
            raise ValueError(f"nobody knows any more what {name} asked for")
        case UserRestored():
            return RestoreUser(user_id, keep_email)
        case UserSuspended():
            return SuspendUser(user_id)
        case UserReactivated():
            return ReactivateUser(user_id)
        case PasswordSet(password_hash):
            return SetPassword(user_id, password_hash)
        case PasswordCleared():
            return ClearPassword(user_id)
        case GroupJoined(group_id):
            return JoinGroup(user_id, group_id)
        case GroupLeft(group_id):
            return LeaveGroup(user_id, group_id)
        case FieldDefined() | FieldRenamed() | FieldDeleted() | FieldRestored() | FieldDescribed() | FieldsOrdered():
            return _command_of_field(event)
        case GroupCreated(group_id, name):
            return CreateGroup(group_id, name)
        case GroupRenamed(group_id, name):
            return RenameGroup(group_id, name)
        case GroupDeleted(group_id):
            return DeleteGroup(group_id)
        case GroupColoured() | GroupsOrdered():
            return _command_of_look(event)
        case MomentNamed() | MomentRenamed() | MomentDeleted():
            return _command_of_moment(event)
        case ListImported(source, matched):
            return RecordListImport(source, matched)
        case _:
            assert_never(event)


def _command_of_field(event: FieldEvent) -> FieldCommand:
    match event:
        case FieldDefined(name):
            return DefineField(name, event.id)
        case FieldRenamed(field_id, name):
            return RenameField(field_id, name)
        case FieldDeleted(field_id):
            return DeleteField(field_id)
        case FieldRestored(field_id):
            return RestoreField(field_id)
        case FieldDescribed(field_id):
            return DescribeField(
                field_id,
                event.type,
                event.required,
                event.unique,
                event.default,
                event.choices,
                event.help,
                event.hidden,
            )
        case FieldsOrdered(field_ids):
            return OrderFields(field_ids)
        case _:
            assert_never(event)


def _command_of_look(event: LookEvent) -> LookCommand:
    match event:
        case GroupColoured(group_id, colour):
            return ColourGroup(group_id, colour)
        case GroupsOrdered(group_ids):
            return OrderGroups(group_ids)
        case _:
            assert_never(event)


def _command_of_moment(event: MomentEvent) -> MomentCommand:
    match event:
        case MomentNamed(moment_id, name, note, occurred_at, position):
            return NameMoment(moment_id, name, note, occurred_at, position)
        case MomentRenamed(moment_id, name, note):
            return RenameMoment(moment_id, name, note)
        case MomentDeleted(moment_id):
            return DeleteMoment(moment_id)
        case _:
            assert_never(event)
