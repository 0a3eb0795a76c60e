"""``decide``: the one place where the rules turn a command into events, or refuse it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, assert_never, overload

from whowas.domain.attribute_rules import new_values, require_kept, respelled, with_defaults
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
    DirectoryCommand,
    EraseUser,
    JoinGroup,
    LeaveGroup,
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
    UserCommand,
)
from whowas.domain.comparison_keys import is_readable
from whowas.domain.custom_fields import decide_field, no_such_field
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import (
    DirectoryEvent,
    Event,
    GroupCreated,
    GroupDeleted,
    GroupJoined,
    GroupLeft,
    GroupRenamed,
    ListImported,
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
from whowas.domain.fields import LABELS, checked, checked_name, require_id, shortened
from whowas.domain.groups import decide_look
from whowas.domain.hidden import is_stand_in
from whowas.domain.named_moments import decide_moment
from whowas.domain.unique import taken
from whowas.domain.users import User

ERASED = "This user was erased: nothing is known of them any more, and nothing can be done about it."
"""The sentence with which any command on an erased user is refused."""

_NAMING = ("first_name", "last_name", "email", "external_id")
"""The fields of which a user must have at least one that one can read; those that are unique are among them."""

_NAMED_BY = frozenset(_NAMING)

Owners = Callable[[str], Collection[str]]
"""Given a value that must be unique, return the ids of the users who hold it: in a file of old there may be several."""


class Known(NamedTuple):
    """All that a decision may use: the user as of the command's time, the directory, and the owners of unique values.

    ``erased`` means that there was such a user, who was erased; ``as_recorded`` that every value of the command was
    held before, as the log has it: it is taken to the letter, as older versions took what is altered or refused today.

    A named tuple, because every command needs one, and a frozen dataclass takes three times as long to make.
    """

    user: User | None
    directory: Callable[[], Directory]
    owners_of_email: Owners
    owners_of_external_id: Owners
    erased: bool = False
    as_recorded: bool = False


def _as_it_is(_field: str, value: str | None) -> str | None:
    """Take a value to the letter."""
    return value


@overload
def decide(command: UserCommand, known: Known) -> tuple[UserEvent, ...]: ...
@overload
def decide(command: DirectoryCommand, known: Known) -> tuple[DirectoryEvent, ...]: ...
def decide(command: Command, known: Known) -> tuple[Event, ...]:
    """Return the events that ``command`` causes; none if it would change nothing. A pure function.

    Raises RefusedError, which names the field at fault.
    """
    if known.erased:
        raise RefusedError("id", ERASED)
    match command:
        case CreateUser():
            return (_create(command, known),)
        case UpdateUser():
            return _update(command, _present(known.user), known)
        case DeleteUser():
            return () if _existing(known.user).status == "deleted" else (UserDeleted(),)
        case EraseUser():
            _existing(known.user)
            return (UserErased(),)
        case RestoreUser(_, keep_email):
            return _restore(_existing(known.user), known, keep_email=keep_email)
        case SuspendUser():
            return () if _present(known.user).status == "suspended" else (UserSuspended(),)
        case ReactivateUser():
            return () if _present(known.user).status == "active" else (UserReactivated(),)
        case SetPassword(_, password_hash):
            return _set_password(_present(known.user), password_hash, as_recorded=known.as_recorded)
        case ClearPassword():
            return (PasswordCleared(),) if _present(known.user).password else ()
        case JoinGroup(_, group_id, even_deleted):
            _group(known.directory(), group_id)
            user = _existing(known.user) if even_deleted else _present(known.user)
            return () if group_id in user.groups else (GroupJoined(group_id),)
        case LeaveGroup(_, group_id, even_deleted):
            user = _existing(known.user) if even_deleted else _present(known.user)
            return (GroupLeft(group_id),) if group_id in user.groups else ()
        case DefineField() | RenameField() | DeleteField() | RestoreField() | DescribeField() | OrderFields():
            return decide_field(command, known.directory(), as_recorded=known.as_recorded)
        case CreateGroup(group_id, name):
            return (
                GroupCreated(_new_group(known.directory(), group_id), _free_name(known.directory(), group_id, name)),
            )
        case RenameGroup():
            return _rename_group(command, known)
        case DeleteGroup(group_id):
            _group(known.directory(), group_id)
            return (GroupDeleted(group_id),)
        case ColourGroup() | OrderGroups():
            directory = known.directory()
            return decide_look(command, directory.looks, directory.groups, directory.deleted_groups)
        case NameMoment() | RenameMoment() | DeleteMoment():
            return decide_moment(command, known.directory().moments)
        case RecordListImport():
            return (_list_imported(command),)
        case _:
            assert_never(command)


def _existing(user: User | None) -> User:
    if user is None:
        raise RefusedError("id", "There is no such user.")
    return user


def _present(user: User | None) -> User:
    user = _existing(user)
    if user.status == "deleted":
        raise RefusedError("id", f"{shortened(user.name)} is deleted. Bring this user back first.")
    return user


def _create(command: CreateUser, known: Known) -> UserCreated:
    if known.user is not None:
        raise RefusedError("id", f"{shortened(known.user.name)} exists already.")
    require_id("id", command.user_id)
    _require_fields(command.fields)
    held = _as_it_is if known.as_recorded else checked
    fields = {
        name: text
        for name, value in command.fields.items()
        if value is not None and (text := held(name, value)) is not None
    }
    given = {key: value for key, value in command.attributes.items() if value is not None}
    attributes = _attributes(given, {}, known) if given else {}
    if known.as_recorded:
        filled = {key: text for key, text in attributes.items() if text is not None}
    else:
        filled = with_defaults(attributes, known.directory())
    _check_named(fields.get, known)
    _check_unique(command.user_id, fields.get("email"), fields.get("external_id"), known)
    return UserCreated(command.user_id, fields, filled)


def _update(command: UpdateUser, user: User, known: Known) -> tuple[UserUpdated, ...]:
    _require_fields(command.changes)
    held = _as_it_is if known.as_recorded else checked
    changes = {
        name: text for name, value in command.changes.items() if (text := held(name, value)) != getattr(user, name)
    }
    attributes: dict[str, str | None] = {}
    if command.attributes:
        given = _attributes(command.attributes, user.attributes, known)
        attributes = {name: text for name, text in given.items() if text != user.attributes.get(name)}
        if not known.as_recorded:
            require_kept(attributes, known.directory())
    if not changes and not attributes:
        return ()
    if not _NAMED_BY.isdisjoint(changes):  # older versions took names that nobody can read
        _check_named(lambda name: changes[name] if name in changes else user.text(name), known)
        _check_unique(user.id, changes.get("email"), changes.get("external_id"), known)
    return (UserUpdated(changes, attributes),)


def _restore(user: User, known: Known, *, keep_email: bool) -> tuple[UserRestored | UserUpdated, ...]:
    if user.status != "deleted":
        return ()
    other = {} if known.as_recorded or not user.attributes else respelled(user.attributes, known.directory())
    spelling = (UserUpdated({}, other),) if other else ()
    if keep_email or user.email is None:
        _check_unique(user.id, user.email, None, known)
        return (UserRestored(), *spelling)
    _check_named(lambda name: None if name == "email" else user.text(name), known)
    return (UserRestored(), UserUpdated({"email": None}, {}), *spelling)


def _set_password(user: User, password_hash: str, *, as_recorded: bool) -> tuple[PasswordSet, ...]:
    if user.password == password_hash:
        return ()
    if is_stand_in(password_hash):
        if not as_recorded:
            raise RefusedError("password", "The hash of this password is hidden from you, so it cannot be set again.")
    elif not password_hash.startswith("$argon2id$"):
        raise RefusedError("password", "A password is only ever stored as an argon2id hash.")
    return (PasswordSet(password_hash),)


def _require_fields(values: Mapping[str, str | None]) -> None:
    if not values.keys() <= LABELS.keys():
        name = next(name for name in values if name not in LABELS)
        raise RefusedError(name, f"A user has no field “{shortened(name)}”.")


def _attributes(values: Mapping[str, str | None], now: Mapping[str, str], known: Known) -> dict[str, str | None]:
    """Return new values by the ids of fields, as a user holds them; a refusal names the field as people call it."""
    fields = known.directory().fields
    # In a what-if a field may be deleted that was not: nobody is lost with what they hold there, which does not show.
    there = {**known.directory().deleted_fields, **fields} if known.as_recorded else fields
    for field_id in values:
        if field_id not in there:
            raise no_such_field(known.directory(), field_id)
    return dict(values) if known.as_recorded else new_values(values, now, known.directory())


def _check_named(value: Callable[[str], str | None], known: Known) -> None:
    for name in _NAMING:
        if (text := value(name)) and (known.as_recorded or is_readable(text)):
            return
    raise RefusedError("first_name", "A user needs a name or an email address.")


def _check_unique(user_id: str, email: str | None, external_id: str | None, known: Known) -> None:
    # Who has it already may write it in another way, whoever else has it.
    if email is not None and (owners := known.owners_of_email(email)) and user_id not in owners:
        raise taken("email", email)
    if external_id is not None and (owners := known.owners_of_external_id(external_id)) and user_id not in owners:
        raise taken("external_id", external_id)


def _group(directory: Directory, group_id: str) -> str:
    if group_id not in directory.groups:
        raise RefusedError("groups", "There is no such group.")
    return directory.groups[group_id]


def _rename_group(command: RenameGroup, known: Known) -> tuple[GroupRenamed, ...]:
    directory, group_id, name = known.directory(), command.group_id, command.name
    if known.as_recorded and group_id in directory.deleted_groups:
        # It had another name only while it was deleted for one that got its name.
        before = directory.deleted_groups[group_id]
    else:
        before = _group(directory, group_id)
        name = _free_name(directory, group_id, name)
    return () if name == before else (GroupRenamed(group_id, name),)


def _list_imported(command: RecordListImport) -> ListImported:
    source = checked("source", command.source)
    if source is None:
        raise RefusedError("source", "A name is needed for the kind of list that was imported.")
    for user_id in command.matched:
        require_id("matched", user_id)
    return ListImported(source, tuple(command.matched))


def _new_group(directory: Directory, group_id: str) -> str:
    require_id("group", group_id)
    if group_id in directory.groups:
        raise RefusedError("group", "This group exists already.")
    return group_id


def _free_name(directory: Directory, group_id: str, name: str) -> str:
    name = checked_name("group", name)
    if directory.group_named(name) not in (None, group_id):
        raise RefusedError("group", f"There is a group called “{shortened(name)}” already.")
    return name
