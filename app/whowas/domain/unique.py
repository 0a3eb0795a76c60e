"""The values that only one user may have: which email, external id and values of unique custom fields a user takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FieldType
from whowas.domain.fields import ATTRIBUTE_PREFIX, listed, name_key, shortened
from whowas.domain.users import User

Unique = Literal["email", "external_id"]
"""The two name spaces of keys, by the fields that have always been in them."""

SPACES: Final[tuple[Unique, ...]] = get_args(Unique)

UniqueFields = Mapping[str, FieldType]
"""The types of the custom fields that are there and unique, by their ids."""

NO_FIELDS: Final[UniqueFields] = MappingProxyType({})

SHARED_TOLD: Final = 3
"""How many values, and of each how many users, are named."""

_SEPARATOR = "\x1f"
"""Stands before and behind a field's id in keys; no external id can have it."""

_NUMBER = re.compile(r"([+-]?)0*([0-9]+)(?:\.([0-9]*?)0*)?")


class HeldValue(NamedTuple):
    """What a user keeps others from: the value of a field, under its ``key`` in one of the name spaces.

    ``field`` is "email", "external_id", or a custom field's id behind ATTRIBUTE_PREFIX.
    """

    field: str
    space: Unique
    key: str
    value: str


class SharedValue(NamedTuple):
    """A value that so many users ``have``, of whom ``users`` are the first."""

    value: str
    users: Sequence[User]
    have: int


def unique_fields(directory: Directory) -> UniqueFields:
    """Return which custom fields are unique. One that is deleted keeps nobody from anything."""
    if not directory.definitions:
        return NO_FIELDS
    return {
        field_id: definition.type
        for field_id, definition in directory.definitions.items()
        if definition.unique and field_id in directory.fields
    }


def held_values(user: User | None, fields: UniqueFields = NO_FIELDS) -> Iterator[HeldValue]:
    """Yield what nobody else may have while the user is so.

    A deleted user keeps an external id, and what stands in custom fields, from others, but no email of any field.
    """
    if user is None:
        return
    if user.email is not None and user.status != "deleted":
        yield HeldValue("email", "email", email_key(user.email), user.email)
    if user.external_id is not None:
        yield HeldValue("external_id", "external_id", external_id_key(user.external_id), user.external_id)
    for field_id, kind in fields.items():
        value = user.attributes.get(field_id)
        if value is not None and not (kind == "email" and user.status == "deleted"):
            yield _held(field_id, kind, value)


def keys_in(space: Unique, user: User | None, fields: UniqueFields) -> frozenset[str]:
    """Return the keys in one name space that nobody else may have while the user is so."""
    return frozenset(held.key for held in held_values(user, fields) if held.space == space)


def reserved(field: str, user: User | None, fields: UniqueFields = NO_FIELDS) -> str | None:
    """Return the comparison key of ``field`` that nobody else may have while the user is so; None for none."""
    if field == "email":
        return reserved_email(user)
    if field == "external_id":
        return reserved_external_id(user)
    return next((held.key for held in held_values(user, fields) if held.field == field), None)


def reserved_email(user: User | None) -> str | None:
    """Return the comparison key of the email that this user reserves; None for a deleted user or without email."""
    if user is None or user.email is None or user.status == "deleted":
        return None
    return email_key(user.email)


def reserved_external_id(user: User | None) -> str | None:
    """Return the comparison key of the external id that this user reserves, deleted or not; None for none."""
    return None if user is None or user.external_id is None else external_id_key(user.external_id)


def field_of(key: str) -> str:
    """Return the id of the custom field of which this is a key, "" for keys of all other values."""
    return key.split(_SEPARATOR)[1] if key.startswith(_SEPARATOR) else ""


def taken(field: str, value: str, called: str = "", *, by_deleted: bool = False) -> RefusedError:
    """Return the refusal of a value that somebody else has.

    It may be in a custom field, whose name is ``called``; there is said whether who has it is deleted.
    """
    if field == "email":
        return RefusedError("email", f"Another user has the email {shortened(value)} already.")
    if field == "external_id":
        return RefusedError("external_id", f"Another user has the external id {shortened(value)} already.")
    who = "A user who is deleted" if by_deleted else "Another user"
    return RefusedError(ATTRIBUTE_PREFIX + called, f"{who} has the {shortened(called)} {shortened(value)} already.")


def not_unique(field: str, name: str, shared: Sequence[SharedValue], count: int) -> RefusedError:
    """Return the refusal to make the custom field called ``name`` unique, in which users share ``count`` values.

    ``shared`` are the first of them, SHARED_TOLD at most, with who has each.
    """
    named = [f"{shortened(one.value)} ({_who(one)})" for one in shared]
    more = count - len(shared)
    values = listed([*named, *([f"{more:,} more"] if more > 0 else [])])
    return RefusedError(field, f"“{shortened(name)}” cannot be unique, because several users have the same: {values}.")


def several_called(field: str, who: str, user_ids: Iterable[str]) -> RefusedError:
    """Return the refusal to choose among users who share an email or external id, as in files of older versions."""
    ids = listed(sorted(user_ids))
    return RefusedError(field, f"Several users are called “{shortened(who)}”: {ids}. Give the id of the one you mean.")


def _who(shared: SharedValue) -> str:
    names = [
        f"{shortened(user.name)}, who is deleted" if user.status == "deleted" else shortened(user.name)
        for user in shared.users
    ]
    more = shared.have - len(shared.users)
    return listed([*names, *([f"{more:,} more"] if more > 0 else [])])


def _held(field_id: str, kind: FieldType, value: str) -> HeldValue:
    field = ATTRIBUTE_PREFIX + field_id
    if kind == "email":
        return HeldValue(field, "email", email_key(value), value)
    key = (_number_key(value) if kind == "number" else None) or name_key(value)
    return HeldValue(field, "external_id", f"{_SEPARATOR}{field_id}{_SEPARATOR}{key}", value)


def _number_key(text: str) -> str | None:
    """Return a number as it is written shortest, so that numbers of one value have one key; None for no number."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    sign, whole, fraction = found.groups()
    shortest = f"{whole}.{fraction}" if fraction else whole
    return f"-{shortest}" if sign == "-" and shortest != "0" else shortest
