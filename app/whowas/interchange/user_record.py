"""Turning the fields that somebody gives for a user into commands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import uuid_utils

from whowas.domain.commands import (
    ClearPassword,
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteUser,
    ReactivateUser,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.commands_between import memberships_between
from whowas.domain.custom_fields import field_named, new_field_id
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, checked_name, is_id, name_key, shortened
from whowas.domain.users import STATUSES, Status, User
from whowas.interchange.one_change import OneChange

OWN_FIELDS = ("id", *LABELS, "status", "groups", "attributes", "password", "password_hash", "version")
"""Names that never become custom fields."""


class Record(NamedTuple):
    """Fields of one user as somebody gives them; None clears. What is absent stays as it is.

    ``attributes``, by the names of custom fields, add to those there are, unless ``only_these_attributes``.
    ``groups`` is the whole list, by name.
    ``status_left_open`` says that it was asked whether the user is active, and not answered.
    ``other_emails`` are not taken; whoever has one of them may be who is meant.

    A named tuple, because every row of a list makes two.
    """

    texts: Mapping[str, str | None]
    attributes: Mapping[str, str | None]
    only_these_attributes: bool = False
    groups: tuple[str, ...] | None = None
    status: Status | None = None
    password_hash: str | None = None
    user_id: str | None = None
    status_left_open: bool = False
    other_emails: tuple[str, ...] = ()


def record_of(fields: Mapping[str, object]) -> Record:
    """Sort fields into Whowas's own, by their names, and attributes, which are all others.

    Raises RefusedError naming a field that cannot be set or has a value of the wrong kind.
    """
    if "version" in fields:
        raise RefusedError("version", "The version counts what happened to a user; it cannot be set.")
    texts = {name: _text(name, fields[name]) for name in LABELS if name in fields}
    others = {name: value for name, value in fields.items() if name not in OWN_FIELDS}
    return Record(
        texts,
        _attributes({**others, **_named_attributes(fields)}),
        only_these_attributes="attributes" in fields and fields["attributes"] is None,
        groups=_groups(fields["groups"]) if "groups" in fields else None,
        status=_status(fields["status"]) if "status" in fields else None,
        password_hash=_password_hash(fields),
        user_id=_user_id(fields["id"]) if fields.get("id") is not None else None,
    )


def creating(change: OneChange, user_id: str, record: Record) -> list[Command]:
    """Return the commands that create a user like ``record``."""
    definitions, attributes = _fields(change, record)
    return [
        *definitions,
        CreateUser(user_id, record.texts, {field_id: text for field_id, text in attributes.items() if text}),
        *_memberships(change, None, user_id, record),
        *_password_and_status(user_id, record, "active"),
    ]


def updating(change: OneChange, user: User, record: Record, *, together: bool = False) -> list[Command]:
    """Return the commands that make a user like ``record`` where that says something.

    ``together`` says that they are dispatched in a block of that name, which judges unique values by its end.
    """
    if record.user_id not in (None, user.id):
        raise RefusedError("id", f"{shortened(user.name)} has another id, and an id never changes.")
    commands, given = _fields(change, record)
    status = user.status
    if status == "deleted" and record.status in ("active", "suspended"):
        commands.append(RestoreUser(user.id) if together else _restoration(change, user, record))
        status = "active"
    known = change.directory().fields
    attributes = dict.fromkeys(filter(known.__contains__, user.attributes)) if record.only_these_attributes else {}
    attributes |= given
    if record.texts or attributes:
        commands.append(UpdateUser(user.id, record.texts, attributes))
    return [
        *commands,
        *_memberships(change, user, user.id, record),
        *_password_and_status(user.id, record, status),
    ]


def restoring(change: OneChange, user: User, record: Record) -> list[Command]:
    """Return the commands that bring a deleted user back exactly like ``record``: what that leaves out is cleared."""
    whole = record._replace(
        texts={**{name: None for name in LABELS if name != "external_id"}, **record.texts},
        only_these_attributes=True,
        groups=record.groups or (),
        status=record.status or "active",
    )
    cleared = [ClearPassword(user.id)] if user.password and not record.password_hash else []
    return [*updating(change, user, whole), *cleared]


def _restoration(change: OneChange, user: User, record: Record) -> RestoreUser:
    """Return the command that brings a user back, without an email that is taken and that the record replaces."""
    taken = user.email is not None and change.reservations.owner_of_email(user.email) is not None
    return RestoreUser(user.id, keep_email=not (taken and "email" in record.texts))


def _fields(change: OneChange, record: Record) -> tuple[list[Command], dict[str, str | None]]:
    """Return the commands that define the custom fields which a record needs, and its values by the ids of fields.

    Raises RefusedError where it gives two values of one field, under names that differ only in case.
    """
    directory = change.directory()
    definitions: list[Command] = []
    values: dict[str, str | None] = {}
    names: dict[str, str] = {}
    for name, text in record.attributes.items():
        field_id = field_named(directory.fields, name)
        if field_id is None:
            if not text:
                continue
            field_id = new_field_id(directory, name)
            definitions.append(DefineField(name, field_id))
            directory = replace(directory, fields={**directory.fields, field_id: name})
        other = names.setdefault(field_id, name)
        if other != name and (values[field_id] or None) != (text or None):
            both = f"“{shortened(other)}” and “{shortened(name)}”"
            raise RefusedError(ATTRIBUTE_PREFIX + name, f"{both} are one custom field, and can have only one value.")
        values[field_id] = text
    return definitions, values


def _memberships(change: OneChange, user: User | None, user_id: str, record: Record) -> list[Command]:
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
    return [*commands, *memberships_between(user_id, present, wanted)]


def _password_and_status(user_id: str, record: Record, status: Status) -> list[Command]:
    commands: list[Command] = [] if record.password_hash is None else [SetPassword(user_id, record.password_hash)]
    match record.status:
        case "suspended" if status == "active":
            commands.append(SuspendUser(user_id))
        case "active" if status == "suspended":
            commands.append(ReactivateUser(user_id))
        case "deleted" if status != "deleted":
            commands.append(DeleteUser(user_id))
        case _:
            pass
    return commands


def _text(field: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise RefusedError(field, f"{shortened(json.dumps(value))} is not text; write it in quotes.")


def _named_attributes(fields: Mapping[str, object]) -> Mapping[str, object]:
    given = fields.get("attributes")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise RefusedError("attributes", "The attributes must be an object of names and texts.")
    return given


def _attributes(values: Mapping[str, object]) -> dict[str, str | None]:
    checked = {}
    for name, value in values.items():
        field = ATTRIBUTE_PREFIX + name
        checked[checked_name(field, name)] = _text(field, value)
    return checked


def _groups(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise RefusedError("groups", "The groups must be a list of names.")
    names = [checked_name("groups", name) for name in value]
    return tuple({name_key(name): name for name in reversed(names)}.values())[::-1]


def _status(value: object) -> Status:
    for status in STATUSES:
        if value == status:
            return status
    shown = value if isinstance(value, str) else json.dumps(value)
    raise RefusedError("status", f"“{shortened(shown)}” is no status: it is active, suspended or deleted.")


def _password_hash(fields: Mapping[str, object]) -> str | None:
    for name in ("password", "password_hash"):
        given = _text(name, fields.get(name))
        if given is not None and not given.startswith("$argon2id$"):
            raise RefusedError(name, "A password is only ever taken as an argon2id hash.")
        if given is not None:
            return given
    return None


def _user_id(value: object) -> str:
    text = value.lower() if isinstance(value, str) else ""
    if not is_id(text):
        raise RefusedError("id", f"“{shortened(str(value))}” is not an id of Whowas (a UUID).")
    return text
