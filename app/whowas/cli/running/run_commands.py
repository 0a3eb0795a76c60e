"""The commands of ``whowas run``, in one table: parsing, help and refusals follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import uuid_utils

from whowas.cli.running.run_descriptions import DESCRIPTION, description_of, texts_of
from whowas.cli.running.run_requests import RunRequest
from whowas.command_bus.field_describing import bringing_back, describing
from whowas.command_bus.group_merging import merging
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import (
    ClearPassword,
    ColourGroup,
    Command,
    CreateGroup,
    DefineField,
    DeleteField,
    DeleteGroup,
    DeleteMoment,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    NameMoment,
    OrderFields,
    OrderGroups,
    ReactivateUser,
    RenameField,
    RenameGroup,
    RenameMoment,
    RestoreUser,
    SetPassword,
    SuspendUser,
)
from whowas.domain.custom_fields import field_named, new_field_id, no_such_field
from whowas.domain.decide import ERASED
from whowas.domain.errors import RefusedError
from whowas.domain.fields import LABELS, checked_name, is_id, name_key, shortened
from whowas.domain.named_moments import NOW, moment_called
from whowas.domain.unique import several_called
from whowas.domain.users import User
from whowas.interchange.user_record import creating, record_of, updating
from whowas.store.event_log import EventLog


class RunLine(NamedTuple):
    """The commands that a request asks for, and the id of the user, group or moment they are about, if any."""

    subject: str | None
    commands: list[Command]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a request may ask of the directory that it is carried out in, and of its log.

    ``called_once`` finds the id of a user by an email or external id held earlier. ``timeline_key_of`` returns
    (occurred_at, position) of a moment as people write it, or raises RefusedError.
    """

    change: Change
    log: EventLog
    called_once: Callable[[str], str | None]
    timeline_key_of: Callable[[str], tuple[int, int]]

    def user(self, request: RunRequest) -> User:
        """Return the user whom a request names by its ``id``. Raises RefusedError."""
        who, change = request.text("id"), self.change
        user = change.user(who.lower()) if is_id(who.lower()) else None
        if user is None and is_id(who.lower()) and change.stream(who.lower()).erased:
            raise RefusedError("id", ERASED)
        if user is None:
            owners = change.reservations.owners_of_external_id(who) or change.reservations.owners_of_email(who)
            if len(owners) > 1:
                raise several_called("id", who, owners)
            found = next(iter(owners), None) or self.called_once(who)
            user = change.user(found) if found is not None else None
        if user is None:
            raise RefusedError("id", f"There is no user “{shortened(who)}”.")
        return user

    def group_id(self, request: RunRequest, field: str = "group") -> str:
        """Return the id of the group that a request names, or gives the id of, in ``field``. Raises RefusedError."""
        return self.group_called(request.text(field), field)

    def group_called(self, name: str, field: str) -> str:
        """Return the id of the group with that name or id. Raises RefusedError naming ``field``."""
        directory, given = self.change.directory(), name.lower()
        group_id = directory.group_named(name) or (given if given in directory.groups else None)
        if group_id is None:
            raise RefusedError(field, f"There is no group “{shortened(name)}”.")
        return group_id

    def field_id(self, request: RunRequest) -> str:
        """Return the id of the custom field that a request names. Raises RefusedError."""
        return self.field_called(request.text("name"), "name")

    def field_called(self, name: str, field: str) -> str:
        """Return the id of the custom field with that name. Raises RefusedError naming ``field``."""
        directory = self.change.directory()
        field_id = field_named(directory.fields, name)
        if field_id is None and (deleted := field_named(directory.deleted_fields, name)) is not None:
            raise RefusedError(field, str(no_such_field(directory, deleted)))
        if field_id is None:
            raise RefusedError(field, f"There is no custom field “{shortened(name)}”.")
        return field_id

    def moment_id(self, request: RunRequest) -> str:
        """Return the id of the named moment that a request names. Raises RefusedError."""
        name = request.text("moment")
        moment_id = moment_called(self.change.directory().moments, name)
        if moment_id is None:
            raise RefusedError("moment", f"There is no moment called “{shortened(name)}”.")
        return moment_id


@dataclass(frozen=True, slots=True)
class RunCommand:
    """One command: the fields that its lines may have, and what a line asks for; both may raise RefusedError.

    ``prepared`` does what takes a while, before the directory is locked for writing. A ``whole`` one is decided on all
    that the log holds, see ``Decided``.
    """

    fields: frozenset[str]
    asked: Callable[[Lookup, RunRequest], RunLine]
    prepared: Callable[[RunRequest], RunRequest] = lambda request: request
    whole: bool = False


def _of_user(command: Callable[[str], Command]) -> RunCommand:
    def asked(lookup: Lookup, request: RunRequest) -> RunLine:
        user_id = lookup.user(request).id
        return RunLine(user_id, [command(user_id)])

    return RunCommand(frozenset({"id"}), asked)


def _of_membership(command: Callable[[str, str], Command]) -> RunCommand:
    def asked(lookup: Lookup, request: RunRequest) -> RunLine:
        user_id = lookup.user(request).id
        return RunLine(user_id, [command(user_id, lookup.group_id(request))])

    return RunCommand(frozenset({"id", "group"}), asked)


def _create_user(lookup: Lookup, request: RunRequest) -> RunLine:
    record = record_of(request.fields)
    user_id = record.user_id or str(uuid_utils.uuid7())
    return RunLine(user_id, creating(lookup.change, user_id, record))


def _update_user(lookup: Lookup, request: RunRequest) -> RunLine:
    user = lookup.user(request)
    fields = {name: value for name, value in request.fields.items() if name != "id"}
    return RunLine(user.id, updating(lookup.change, user, record_of(fields)))


def _hashed(request: RunRequest) -> RunRequest:
    password, given = request.optional("password"), request.optional("password_hash")
    if (password is None) == (given is None):
        raise RefusedError("password", "SetPassword needs either “password” or “password_hash”.")
    if password == "":
        raise RefusedError("password", "A password cannot be empty. ClearPassword takes it away.")
    if password is None:
        return request
    from whowas.system.passwords import hashed

    return replace(request, fields={**request.fields, "password_hash": hashed(password)})


def _set_password(lookup: Lookup, request: RunRequest) -> RunLine:
    user_id = lookup.user(request).id
    return RunLine(user_id, [SetPassword(user_id, request.optional("password_hash") or "")])


def _define_field(lookup: Lookup, request: RunRequest) -> RunLine:
    """Ask for a custom field of that name where there is none, and for what a line says of it."""
    if request.expected_version is not None:
        raise RefusedError("expected_version", "The version of no user can be expected of a custom field.")
    name, directory = checked_name("name", request.text("name")), lookup.change.directory()
    known = next((field_id for field_id, called in directory.fields.items() if called == name), None)
    field_id = new_field_id(directory, name) if known is None else known
    defining: list[Command] = [DefineField(name, field_id)] if known is None else []
    description = description_of(request, field_id)
    if description is None:
        return RunLine(None, defining)
    found = describing(lookup.change, lookup.log, description, name=name, occurred_at=request.occurred_at)
    return RunLine(None, [*defining, *found.commands])


def _order_fields(lookup: Lookup, request: RunRequest) -> RunLine:
    names = texts_of(request, "fields", "names")
    return RunLine(None, [OrderFields(tuple(lookup.field_called(name, "fields") for name in names))])


def _rename_field(lookup: Lookup, request: RunRequest) -> RunLine:
    return RunLine(None, [RenameField(lookup.field_id(request), request.text("to"))])


def _delete_field(lookup: Lookup, request: RunRequest) -> RunLine:
    return RunLine(None, [DeleteField(lookup.field_id(request))])


def _restore_field(lookup: Lookup, request: RunRequest) -> RunLine:
    """Bring back the field of that name that was deleted last."""
    name, directory = request.text("name"), lookup.change.directory()
    latest_first = reversed([*directory.deleted_fields.items()])
    field_id = next((one for one, known in latest_first if name_key(known) == name_key(name)), None)
    if field_id is None:
        known = field_named(directory.fields, name) is not None
        reason = "is not deleted" if known else "was never there"
        raise RefusedError("name", f"The custom field “{shortened(name)}” {reason}.")
    return RunLine(None, bringing_back(lookup.change, lookup.log, field_id))


def _create_group(_lookup: Lookup, request: RunRequest) -> RunLine:
    group_id = str(uuid_utils.uuid7())
    return RunLine(group_id, [CreateGroup(group_id, request.text("group"))])


def _rename_group(lookup: Lookup, request: RunRequest) -> RunLine:
    group_id = lookup.group_id(request)
    return RunLine(group_id, [RenameGroup(group_id, request.text("name"))])


def _delete_group(lookup: Lookup, request: RunRequest) -> RunLine:
    group_id = lookup.group_id(request)
    return RunLine(group_id, [DeleteGroup(group_id)])


def _colour_group(lookup: Lookup, request: RunRequest) -> RunLine:
    group_id = lookup.group_id(request)
    if "colour" not in request.fields:
        raise RefusedError("colour", "ColourGroup needs “colour”; null takes it away.")
    return RunLine(group_id, [ColourGroup(group_id, request.optional("colour") or None)])


def _order_groups(lookup: Lookup, request: RunRequest) -> RunLine:
    names = texts_of(request, "groups", "names")
    return RunLine(None, [OrderGroups(tuple(lookup.group_called(name, "groups") for name in names))])


def _merge_groups(lookup: Lookup, request: RunRequest) -> RunLine:
    group_id, into_id = lookup.group_id(request), lookup.group_id(request, "into")
    if request.expected_version is not None:
        raise RefusedError("expected_version", "The version of no user can be expected of a merge of groups.")
    commands = merging(lookup.change, lookup.log, group_id, into_id, occurred_at=request.occurred_at)
    return RunLine(group_id, commands)


def _name_moment(lookup: Lookup, request: RunRequest) -> RunLine:
    moment_id, note = str(uuid_utils.uuid7()), request.optional("note")
    moment = request.text("moment") if "moment" in request.fields else NOW
    return RunLine(moment_id, [NameMoment(moment_id, request.text("name"), note, *lookup.timeline_key_of(moment))])


def _rename_moment(lookup: Lookup, request: RunRequest) -> RunLine:
    """Ask for what a line mentions; the rest stays as it is."""
    moment_id = lookup.moment_id(request)
    if not request.fields.keys() & {"name", "note"}:
        raise RefusedError("name", "RenameMoment needs “name” or “note”.")
    known = lookup.change.directory().moments[moment_id]
    name = request.text("name") if "name" in request.fields else known.name
    note = request.optional("note") if "note" in request.fields else known.note
    return RunLine(moment_id, [RenameMoment(moment_id, name, note)])


def _delete_moment(lookup: Lookup, request: RunRequest) -> RunLine:
    moment_id = lookup.moment_id(request)
    return RunLine(moment_id, [DeleteMoment(moment_id)])


_USER_FIELDS = frozenset({"id", *LABELS, "status", "groups", "attributes"})

RUN_COMMANDS: Mapping[str, RunCommand] = {
    "CreateUser": RunCommand(_USER_FIELDS, _create_user),
    "UpdateUser": RunCommand(_USER_FIELDS, _update_user),
    "DeleteUser": _of_user(DeleteUser),
    "RestoreUser": _of_user(RestoreUser),
    "SuspendUser": _of_user(SuspendUser),
    "ReactivateUser": _of_user(ReactivateUser),
    "SetPassword": RunCommand(frozenset({"id", "password", "password_hash"}), _set_password, _hashed),
    "ClearPassword": _of_user(ClearPassword),
    "JoinGroup": _of_membership(JoinGroup),
    "LeaveGroup": _of_membership(LeaveGroup),
    "DefineField": RunCommand(frozenset({"name"}) | DESCRIPTION, _define_field, whole=True),
    "RenameField": RunCommand(frozenset({"name", "to"}), _rename_field),
    "DeleteField": RunCommand(frozenset({"name"}), _delete_field),
    "RestoreField": RunCommand(frozenset({"name"}), _restore_field, whole=True),
    "OrderFields": RunCommand(frozenset({"fields"}), _order_fields),
    "CreateGroup": RunCommand(frozenset({"group"}), _create_group),
    "RenameGroup": RunCommand(frozenset({"group", "name"}), _rename_group),
    "DeleteGroup": RunCommand(frozenset({"group"}), _delete_group),
    "ColourGroup": RunCommand(frozenset({"group", "colour"}), _colour_group),
    "OrderGroups": RunCommand(frozenset({"groups"}), _order_groups),
    "MergeGroups": RunCommand(frozenset({"group", "into"}), _merge_groups, whole=True),
    "NameMoment": RunCommand(frozenset({"name", "note", "moment"}), _name_moment),
    "RenameMoment": RunCommand(frozenset({"moment", "name", "note"}), _rename_moment),
    "DeleteMoment": RunCommand(frozenset({"moment"}), _delete_moment),
}
"""Every command by the name of its class, in the order of help and refusals."""

FIELDS = {name: command.fields for name, command in RUN_COMMANDS.items()}
"""The fields that a line of each command may have."""
