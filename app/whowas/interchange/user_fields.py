"""Turning a record of outside fields into commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import uuid_utils

from whowas.change import Change
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    ReactivateUser,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, shortened
from whowas.domain.users import STATUSES, User

OWN_FIELDS = (*LABELS, "status", "groups", "attributes", "password")


@dataclass(frozen=True, slots=True)
class Record:
    """Fields of one user as somebody gives them; None clears. What is absent stays as it is."""

    texts: Mapping[str, str | None]
    attributes: Mapping[str, str | None]
    groups: tuple[str, ...] | None = None
    status: str | None = None
    password_hash: str | None = None


def record_of(fields: Mapping[str, object]) -> Record:
    """Sort fields into Whowas's own, by their names, and attributes, which are all others.

    Raises RefusedError naming a field whose value is of the wrong kind.
    """
    texts: dict[str, str | None] = {}
    attributes: dict[str, str | None] = {}
    for name, value in fields.items():
        if name in LABELS:
            texts[name] = _text(name, value)
        elif name == "attributes":
            attributes |= _attributes(value)
        elif name not in OWN_FIELDS:
            attributes[name] = _text(ATTRIBUTE_PREFIX + name, value)
    groups = _groups(fields["groups"]) if "groups" in fields else None
    status = _text("status", fields.get("status"))
    if status is not None and status not in STATUSES:
        raise RefusedError("status", f"“{shortened(status)}” is no status: it is active, suspended or deleted.")
    return Record(texts, attributes, groups, status, _text("password", fields.get("password")))


def creating(change: Change, user_id: str, record: Record) -> list[Command]:
    """Return the commands that create a user like ``record``."""
    commands = _definitions(change, record)
    commands.append(CreateUser(user_id, record.texts, _given(record.attributes)))
    commands += _memberships(change, None, user_id, record)
    return commands + _rest(user_id, record, "active")


def updating(change: Change, user: User, record: Record) -> list[Command]:
    """Return the commands that make a user like ``record`` where that says something."""
    commands = _definitions(change, record)
    if user.status == "deleted" and record.status not in (None, "deleted"):
        commands.append(RestoreUser(user.id))
    if record.texts or record.attributes:
        commands.append(UpdateUser(user.id, record.texts, record.attributes))
    commands += _memberships(change, user, user.id, record)
    return commands + _rest(user.id, record, "active" if user.status == "deleted" else user.status)


def restoring(change: Change, user: User, record: Record) -> list[Command]:
    """Return the commands that bring a deleted user back exactly like ``record``: what that leaves out is cleared."""
    whole = Record(
        {**{name: None for name in LABELS if name != "external_id"}, **record.texts},
        {**dict.fromkeys(user.attributes), **record.attributes},
        record.groups if record.groups is not None else (),
        record.status,
        record.password_hash,
    )
    return [RestoreUser(user.id), *updating(change, user, whole)]


def _definitions(change: Change, record: Record) -> list[Command]:
    known = change.directory().fields
    return [DefineField(name) for name, value in record.attributes.items() if name not in known and value]


def _memberships(change: Change, user: User | None, user_id: str, record: Record) -> list[Command]:
    if record.groups is None:
        return []
    directory = change.directory()
    commands: list[Command] = []
    wanted: dict[str, None] = {}
    for name in record.groups:
        group_id = directory.group_named(name)
        if group_id is None:
            group_id = str(uuid_utils.uuid7())
            commands.append(CreateGroup(group_id, name))
        wanted[group_id] = None
    present = {group_id for group_id in user.groups if group_id in directory.groups} if user else set()
    commands += [JoinGroup(user_id, group_id) for group_id in wanted if group_id not in present]
    commands += [LeaveGroup(user_id, group_id) for group_id in sorted(present - wanted.keys())]
    return commands


def _rest(user_id: str, record: Record, status: str) -> list[Command]:
    commands: list[Command] = []
    if record.password_hash is not None:
        commands.append(SetPassword(user_id, record.password_hash))
    match record.status:
        case "suspended" if status != "suspended":
            commands.append(SuspendUser(user_id))
        case "active" if status == "suspended":
            commands.append(ReactivateUser(user_id))
        case "deleted":
            commands.append(DeleteUser(user_id))
        case _:
            pass
    return commands


def _given(values: Mapping[str, str | None]) -> dict[str, str | None]:
    return {name: value for name, value in values.items() if value}


def _text(field: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise RefusedError(field, f"“{shortened(str(value))}” is not text; write it in quotes.")


def _attributes(value: object) -> dict[str, str | None]:
    if not isinstance(value, dict):
        raise RefusedError("attributes", "The attributes must be an object of names and texts.")
    return {str(name): _text(ATTRIBUTE_PREFIX + str(name), text) for name, text in value.items()}


def _groups(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) and name.strip() for name in value):
        raise RefusedError("groups", "The groups must be a list of names.")
    return tuple(dict.fromkeys(value))
