"""Conversion of users and of the directory's state to columns of the read model and back."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

import msgspec

from whowas.domain.directory import Directory
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.fields import LABELS
from whowas.domain.groups import GroupLooks
from whowas.domain.named_moments import NamedMoment
from whowas.domain.text_folding import searchable
from whowas.domain.users import User

_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode
_attributes = msgspec.json.Decoder(dict[str, str])
_groups = msgspec.json.Decoder(list[str])
_pack = msgspec.msgpack.Encoder().encode
_first_of = struct.Struct("<q56x").unpack
_VERSION, _GROUPS, _ATTRIBUTES = (User._fields.index(name) for name in ("version", "groups", "attributes"))
_SHOWN = slice(_VERSION + 1, _GROUPS)
"""What else is shown of a user than these."""
_END = len(User._fields)
_OTHERS = slice(User._fields.index("email"), User._fields.index("password"))
"""The text fields of a user, but for the names, which come first of them."""

_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
_new = tuple.__new__  # User() ends up here too, after one more call
_Names = dict[str, str]
_state = msgspec.json.Decoder(
    tuple[
        _Names, _Names, _Names, dict[str, NamedMoment], GroupLooks, _Names, dict[str, FieldDefinition], tuple[str, ...]
    ]
)


def encode_rows(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield the values of ``VersionRowTable`` from those of User with the row's own four after them.

    Groups and attributes are JSON, everything else is as it is; last comes a hash of what is shown of the user.
    """
    for row in rows:
        shown = _shown(row)
        # 64 bits of a hash that is the same for two rows that show the same of a user.
        (content,) = _first_of(blake2b(_pack(shown)).digest())
        yield *row[_END:], row[_VERSION], *shown, content


def _shown(values: Sequence[Any]) -> tuple[Any, ...]:
    attributes = values[_ATTRIBUTES]
    groups = _encode_groups(values[_GROUPS])
    return *values[_SHOWN], groups, _encode_sorted(attributes).decode() if attributes else "{}"


@lru_cache(maxsize=4_096)
def _encode_groups(groups: frozenset[str]) -> str:
    """Many people are in the same few groups."""
    return _encode(sorted(groups)).decode()


def decode_user(user_id: str, columns: tuple[Any, ...]) -> User:
    """Return the user from the values of ``schema.USER_COLUMNS``."""
    groups, attributes = columns[-2:]
    return _new(User, (user_id, *columns[:-2], decode_groups(groups), decode_attributes(attributes)))


def decode_attributes(attributes: str) -> Mapping[str, str]:
    """Return the custom fields of a version row's ``attributes`` column."""
    return _NO_ATTRIBUTES if attributes == "{}" else _attributes.decode(attributes)


@lru_cache(maxsize=4_096)
def decode_groups(groups: str) -> frozenset[str]:
    """Return the group ids of a version row's ``groups`` column."""
    return frozenset(_groups.decode(groups))


def encode_directory(directory: Directory) -> str:
    """Return the ``state`` column of directory_state."""
    groups = directory.groups, directory.deleted_groups
    fields = directory.deleted_fields, directory.definitions, directory.field_places
    return _encode((directory.fields, *groups, directory.moments, directory.looks, *fields)).decode()


def decode_directory(version: int, state: str) -> Directory:
    """Return the directory from what ``encode_directory`` returned."""
    return Directory(version, *_state.decode(state))


def search_text(user: User) -> str:
    """Return every text by which a search finds a user, as ``searchable`` and separated by line ends."""
    texts: tuple[str | None, ...] = user[_OTHERS]  # type: ignore[assignment]  # fields of texts alone
    return searchable("\n".join(filter(None, (user.name, *texts, *user.attributes.values()))))


def search_text_of(*columns: str | None) -> str:
    """Return the same of the text columns of a version row, with ``attributes`` after them."""
    *texts, attributes = columns
    fields: dict[str, Any] = dict(zip(LABELS, texts, strict=True))
    return search_text(User("", 0, attributes=decode_attributes(attributes or "{}"), **fields))
