"""One line of ``whowas run``: a JSON object becomes commands, and is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import uuid_utils

from whowas.bus import Bus
from whowas.change import Change
from whowas.cli.common import require_text
from whowas.domain.commands import (
    ClearPassword,
    Command,
    CreateGroup,
    DefineField,
    DeleteGroup,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    ReactivateUser,
    RenameGroup,
    RestoreUser,
    SetPassword,
    SuspendUser,
)
from whowas.domain.errors import RefusedError, WhowasError
from whowas.domain.fields import LABELS, checked_name, is_id, shortened
from whowas.domain.users import User
from whowas.interchange import moments
from whowas.interchange.user_fields import creating, record_of, updating
from whowas.store.event_log import EventLog

_ENVELOPE = frozenset({"command", "command_id", "expected_version", "occurred_at", "actor"})
_USER_FIELDS = frozenset({"id", *LABELS, "attributes", "groups", "status"})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "CreateUser": _USER_FIELDS,
    "UpdateUser": _USER_FIELDS,
    "DeleteUser": frozenset({"id"}),
    "RestoreUser": frozenset({"id"}),
    "SuspendUser": frozenset({"id"}),
    "ReactivateUser": frozenset({"id"}),
    "SetPassword": frozenset({"id", "password", "password_hash"}),
    "ClearPassword": frozenset({"id"}),
    "JoinGroup": frozenset({"id", "group"}),
    "LeaveGroup": frozenset({"id", "group"}),
    "DefineField": frozenset({"name"}),
    "CreateGroup": frozenset({"group"}),
    "RenameGroup": frozenset({"group", "name"}),
    "DeleteGroup": frozenset({"group"}),
}


def answer(bus: Bus, log: EventLog, line: bytes, number: int) -> dict[str, Any]:
    """Carry out one line and return its answer; an error is an answer too."""
    try:
        return _carried_out(bus, log, _request(line, number))
    except RefusedError as error:
        return {"ok": False, "error": "RefusedError", "field": error.field, "message": str(error)}
    except WhowasError as error:
        return {"ok": False, "error": type(error).__name__, "field": "", "message": str(error)}


def _request(line: bytes, number: int) -> dict[str, Any]:
    try:
        request = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RefusedError("", f"Line {number:,} is not JSON: {shortened(str(error))}.") from error
    if not isinstance(request, dict):
        raise RefusedError("", f"Line {number:,} is not a JSON object.")
    command = request.get("command")
    if not isinstance(command, str) or command not in _ALLOWED:
        raise RefusedError("command", f"“{shortened(str(command))}” is no command of Whowas.")
    for name in request:
        if name not in _ENVELOPE and name not in _ALLOWED[command]:
            raise RefusedError(name, f"{command} has no field “{shortened(name)}”.")
    return request


def _carried_out(bus: Bus, log: EventLog, request: dict[str, Any]) -> dict[str, Any]:
    command_id = _command_id(request.get("command_id"))
    expected, occurred_at = _expected_version(request), _occurred_at(request)
    password_hash = _password_hash(request) if request["command"] == "SetPassword" else ""
    with bus.change(actor=_actor(request)) as change:
        before = change.done_before(command_id) if command_id is not None else None
        if before is not None:
            first = next(log.read(before[1] - 1, before[1]))
            return {"ok": True, "id": first.stream, "position": before[2]}
        subject, commands = _commands(change, request, password_hash)
        change.dispatch(*commands, command_id=command_id, expected_version=expected, occurred_at=occurred_at)
    return {"ok": True, "id": subject, "position": change.head_position}


def _commands(change: Change, request: dict[str, Any], password_hash: str) -> tuple[str | None, list[Command]]:
    """Return whom or what the request is about, and the commands it asks for."""
    match request["command"]:
        case "CreateUser":
            user_id = _new_id(_text(request, "id"))
            return user_id, creating(change, user_id, record_of(_fields(request)))
        case "UpdateUser":
            user = _user(change, request)
            return user.id, updating(change, user, record_of(_fields(request)))
        case "DefineField":
            return None, [DefineField(_text(request, "name") or "")]
        case "CreateGroup" | "RenameGroup" | "DeleteGroup" as command:
            return _group_command(change, request, command)
        case command:
            user = _user(change, request)
            return user.id, [_user_command(change, request, command, user.id, password_hash)]


def _user_command(change: Change, request: dict[str, Any], command: str, user_id: str, password_hash: str) -> Command:
    match command:
        case "DeleteUser":
            return DeleteUser(user_id)
        case "RestoreUser":
            return RestoreUser(user_id)
        case "SuspendUser":
            return SuspendUser(user_id)
        case "ReactivateUser":
            return ReactivateUser(user_id)
        case "SetPassword":
            return SetPassword(user_id, password_hash)
        case "ClearPassword":
            return ClearPassword(user_id)
        case "JoinGroup":
            return JoinGroup(user_id, _group_id(change, request))
        case _:
            return LeaveGroup(user_id, _group_id(change, request))


def _group_command(change: Change, request: dict[str, Any], command: str) -> tuple[str, list[Command]]:
    if command == "CreateGroup":
        group_id = str(uuid_utils.uuid7())
        return group_id, [CreateGroup(group_id, _text(request, "group") or "")]
    group_id = _group_id(change, request)
    if command == "RenameGroup":
        return group_id, [RenameGroup(group_id, _text(request, "name") or "")]
    return group_id, [DeleteGroup(group_id)]


def _fields(request: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name not in _ENVELOPE and name != "id"}


def _user(change: Change, request: dict[str, Any]) -> User:
    who = _text(request, "id") or ""
    user = change.user(who.lower()) if is_id(who.lower()) else None
    if user is None:
        found = change.claims.owner_of_external_id(who) or change.claims.owner_of_email(who)
        user = change.user(found) if found is not None else None
    if user is None:
        raise RefusedError("id", f"There is no user “{shortened(who)}”.")
    return user


def _group_id(change: Change, request: dict[str, Any]) -> str:
    name = _text(request, "group") or ""
    group_id = change.directory().group_named(name)
    if group_id is None:
        raise RefusedError("group", f"There is no group “{shortened(name)}”.")
    return group_id


def _new_id(given: str | None) -> str:
    return str(uuid_utils.uuid7()) if given is None else given


def _password_hash(request: dict[str, Any]) -> str:
    """Return the hash to set; hashing takes a while, so it is done before the write lock is taken."""
    password = _text(request, "password")
    if password is None:
        return _text(request, "password_hash") or ""
    if not password:
        raise RefusedError("password", "A password is needed.")
    from whowas.passwords import hashed

    return hashed(password)


def _command_id(given: object) -> str | None:
    """Return any text as the UUID under which the log knows the command."""
    if given is None:
        return None
    require_text("command_id", str(given))
    try:
        return str(UUID(str(given)))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, str(given)))


def _expected_version(request: dict[str, Any]) -> int | None:
    given = request.get("expected_version")
    if given is not None and (not isinstance(given, int) or isinstance(given, bool)):
        raise RefusedError("expected_version", "The expected version must be a whole number.")
    return given


def _actor(request: dict[str, Any]) -> str | None:
    given = _text(request, "actor")
    return None if given is None else checked_name("actor", given)


def _occurred_at(request: dict[str, Any]) -> int | None:
    given = _text(request, "occurred_at")
    try:
        return None if given is None else moments.parsed(given)
    except ValueError as error:
        raise RefusedError("occurred_at", str(error)) from error


def _text(request: dict[str, Any], name: str) -> str | None:
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise RefusedError(name, f"“{name}” must be text.")
    if value is not None:
        require_text(name, value)
    return value
