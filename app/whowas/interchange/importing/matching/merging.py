"""Several rows about one user: what they say together, where they agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from whowas.domain.custom_fields import field_named
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, name_key
from whowas.domain.users import User
from whowas.interchange.importing.people.keys import UNIQUE, comparison_form
from whowas.interchange.user_record import Record


def merged(records: Sequence[Record]) -> tuple[Record, list[str]]:
    """Return one record of all that the records give, and the fields about which two of them disagree, if any."""
    first, *others = records
    differing: dict[str, None] = {}
    for other in others:
        if other == first:
            continue
        differing |= dict.fromkeys(_differing(first, other))
        first = first._replace(
            texts={**other.texts, **first.texts},
            attributes={**other.attributes, **first.attributes},
            only_these_attributes=first.only_these_attributes or other.only_these_attributes,
            groups=first.groups if first.groups is not None else other.groups,
            status=first.status or other.status,
            password_hash=first.password_hash or other.password_hash,
            user_id=first.user_id or other.user_id,
            status_left_open=first.status_left_open or other.status_left_open,
        )
    return first, list(differing)


def without(record: Record, field: str) -> Record | None:
    """Return a record without one field, None where it gives no such field; never without its id or status."""
    if field in record.texts:
        return record._replace(texts=_but(record.texts, field))
    attribute = field.removeprefix(ATTRIBUTE_PREFIX)
    if field != attribute and attribute in record.attributes:
        return record._replace(attributes=_but(record.attributes, attribute))
    if field in ("groups", "group") and record.groups is not None:
        return record._replace(groups=None)
    if field in ("password", "password_hash") and record.password_hash is not None:
        return record._replace(password_hash=None)
    return None


def as_given(record: Record, field: str) -> str:
    """Return a field as a record calls it: a custom field may be called in another case than in the directory."""
    name = field.removeprefix(ATTRIBUTE_PREFIX)
    if name == field or name in record.attributes:
        return field
    alike = (given for given in record.attributes if name_key(given) == name_key(name))
    return ATTRIBUTE_PREFIX + next(alike, name)


def says_nothing_new(record: Record, user: User, directory: Directory) -> bool:
    """Say whether a user is as a record has it, but for the status, and for the case of an email."""
    return (
        all(_plain(text, name) == _plain(user.text(name), name) for name, text in record.texts.items())
        and all(
            (text or None) == user.attributes.get(field_named(directory.fields, name) or "")
            for name, text in record.attributes.items()
        )
        and (record.groups is None or _names(record.groups) == _names(directory.names_of(user.groups)))
        and record.password_hash in (None, user.password)
    )


def _but(texts: Mapping[str, str | None], field: str) -> dict[str, str | None]:
    return {name: text for name, text in texts.items() if name != field}


def _differing(one: Record, other: Record) -> Iterable[str]:
    for name in filter(other.texts.__contains__, one.texts):
        if _plain(one.texts[name], name) != _plain(other.texts[name], name):
            yield name
    for name in filter(other.attributes.__contains__, one.attributes):
        if _plain(one.attributes[name]) != _plain(other.attributes[name]):
            yield ATTRIBUTE_PREFIX + name
    if None not in (one.groups, other.groups) and _names(one.groups) != _names(other.groups):
        yield "groups"
    pairs = {
        "status": (one.status, other.status),
        "password": (one.password_hash, other.password_hash),
        "id": (one.user_id, other.user_id),
    }
    for name, (given, given_too) in pairs.items():
        if given is not None and given_too is not None and given != given_too:
            yield name


def _plain(text: str | None, field: str = "") -> str:
    if field not in UNIQUE:
        return text or ""
    try:
        return comparison_form(field, text)
    except RefusedError:  # told where it is looked at for itself
        return text or ""


def _names(groups: Iterable[str] | None) -> set[str]:
    return {name_key(name) for name in groups or ()}
