"""The keys by which a record names a user: how they are read from records and users, and who owns them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from whowas.domain.comparison_keys import email_key, external_id_key, person_key
from whowas.domain.custom_fields import KnownFields, field_named
from whowas.domain.fields import ATTRIBUTE_PREFIX, checked, label
from whowas.domain.unique import Unique, reserved_email
from whowas.domain.users import User
from whowas.interchange.one_change import OneChange
from whowas.interchange.user_record import Record

UNIQUE: tuple[Unique, ...] = ("external_id", "email")
"""The keys that the directory keeps for one user each; ids are unique by themselves."""

TELLING = ("id", *UNIQUE)
"""What tells two people of one name apart where both have it, besides the keys asked for."""


class FieldKey(str):
    """A key that is a custom field, called as records call it, with the id under which users hold values of it."""

    __slots__ = ("field_id",)
    field_id: str


def held_keys(keys: Iterable[str], known: KnownFields) -> tuple[str, ...]:
    """Return the keys, of which custom fields know their ids."""
    return tuple(_held(key, known) if key.startswith(ATTRIBUTE_PREFIX) else key for key in keys)


def _held(key: str, known: KnownFields) -> FieldKey:
    name = key.removeprefix(ATTRIBUTE_PREFIX)
    held = FieldKey(key)
    # Of a name that no field has, nobody holds a value that shows, whoever holds one under it as an id: of a field
    # that is called otherwise by now, or is deleted.
    is_id_of_another = name in known.fields or name in known.deleted_fields
    held.field_id = field_named(known.fields, name) or ("" if is_id_of_another else name)
    return held


def field_id_of(key: str) -> str:
    """Return the id of the custom field that is a key."""
    return key.field_id if isinstance(key, FieldKey) else key.removeprefix(ATTRIBUTE_PREFIX)


def hashed(value: str) -> int:
    """Return a number of 64 bits for a key's comparison form, 0 for a blank one.

    Two different values with one number are told to be refused: nobody is ever merged by it alone.
    """
    return (hash(value) or 1) if value else 0


def key_label(key: str) -> str:
    """Return what people call a key."""
    return {"id": "Id", "name": "Name"}.get(key) or label(key)


def key_reader(key: str) -> Callable[[Record], str]:
    """Return what reads the comparison form of a key from a record, "" where it is blank.

    What it returns raises RefusedError for a value that cannot be one.
    """
    match key:
        case "id":
            return lambda record: record.user_id or ""
        case "external_id":
            return lambda record: _external_id_key(record.texts.get(key))
        case "email":
            return lambda record: _email_key(record.texts.get(key))
        case "name":
            return lambda record: person_key(record.texts.get("first_name"), record.texts.get("last_name"))
        case _:
            attribute = key.removeprefix(ATTRIBUTE_PREFIX)
            return lambda record: (checked(key, record.attributes.get(attribute)) or "").strip()


def key_of_user(user: User, key: str) -> str:
    """Return the comparison form of a user's key, "" where they have none."""
    match key:
        case "id":
            return user.id
        case "external_id":
            return _external_id_key(user.external_id)
        case "email":
            return _email_key(user.email)
        case "name":
            return person_key(user.first_name, user.last_name)
        case _:
            return user.attributes.get(field_id_of(key), "").strip()


def shown_key(record: Record, key: str) -> str:
    """Return a record's key as it stands there, for a sentence."""
    match key:
        case "id":
            return record.user_id or ""
        case "name":
            return name_of(record)
        case _ if key.startswith(ATTRIBUTE_PREFIX):
            return record.attributes.get(key.removeprefix(ATTRIBUTE_PREFIX)) or ""
        case _:
            return record.texts.get(key) or ""


def shown_key_of_user(user: User, key: str) -> str:
    """Return a user's key as it stands, for a sentence."""
    if key.startswith(ATTRIBUTE_PREFIX):
        return user.attributes.get(field_id_of(key), "")
    return user.id if key == "id" else user.name if key == "name" else user.text(key) or ""


def name_of(record: Record) -> str:
    """Return what a record calls its user: full name, else email, else external id, or ""."""
    texts = record.texts
    full = f"{texts.get('first_name') or ''} {texts.get('last_name') or ''}".strip()
    return full or texts.get("email") or texts.get("external_id") or ""


def comparison_form(key: str, text: str | None) -> str:
    """Return the comparison form of an email or external id, "" for none. Raises RefusedError."""
    return _email_key(text) if key == "email" else _external_id_key(text)


def kept_owners(change: OneChange, key: str, value: str) -> tuple[str, ...]:
    """Return the ids of the users whom ``id``, ``external_id`` or ``email`` names, by its comparison form.

    There may be two only in files of older versions. Emails of deleted users name nobody, nor do those that somebody
    has in a custom field only.
    """
    if key == "id":
        return (value,) if change.user(value) is not None else ()
    reservations = change.reservations
    owners = reservations.owners_of_email(value) if key == "email" else reservations.owners_of_external_id(value)
    if not owners:
        return ()
    if key == "email" and change.directory().definitions:  # unique fields of emails keep those from others too
        owners = frozenset(owner for owner in owners if reserved_email(change.user(owner)) == value)
    return tuple(sorted(owners))


def _external_id_key(text: str | None) -> str:
    external_id = checked("external_id", text) if text else None
    return external_id_key(external_id) if external_id else ""


def _email_key(text: str | None) -> str:
    email = checked("email", text) if text else None
    return email_key(email) if email else ""
