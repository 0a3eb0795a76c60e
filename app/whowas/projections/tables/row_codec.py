"""Conversion of users and of the directory's state to columns of the read model and back."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import msgspec

from whowas.domain.directory import Directory
from whowas.domain.named_moments import NamedMoment
from whowas.domain.text_folding import searchable
from whowas.domain.users import User

_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode
_attributes = msgspec.json.Decoder(dict[str, str])
_groups = msgspec.json.Decoder(list[str])
_first_of = struct.Struct("<q24x").unpack
_OTHERS = slice(User._fields.index("email"), User._fields.index("password"))
"""The text fields of a user, but for the names, which come first of them."""

_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
_new = tuple.__new__  # User() ends up here too, after one more call
_state = msgspec.json.Decoder(tuple[tuple[str, ...], dict[str, str], dict[str, str], dict[str, NamedMoment]])


def encode_user(user: User) -> tuple[Any, ...]:
    """Return the values of ``schema.USER_COLUMNS``: groups and attributes as JSON, everything else as it is."""
    return (
        *user[1:-2],
        _encode_groups(user.groups),
        _encode_sorted(user.attributes).decode() if user.attributes else "{}",
    )


@lru_cache(maxsize=4_096)
def _encode_groups(groups: frozenset[str]) -> str:
    """Many people are in the same few groups."""
    return _encode(sorted(groups)).decode()


def content_of(columns: tuple[Any, ...]) -> int:
    """Return a 64-bit hash of what ``encode_user`` returned, except for the version."""
    content: int = _first_of(sha256(_encode(columns[1:])).digest())[0]
    return content


def decode_user(user_id: str, columns: tuple[Any, ...]) -> User:
    """Return the user from what ``encode_user`` returned."""
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
    return _encode((directory.fields, directory.groups, directory.deleted_groups, directory.moments)).decode()


def decode_directory(version: int, state: str) -> Directory:
    """Return the directory from what ``encode_directory`` returned."""
    return Directory(version, *_state.decode(state))


def search_text(user: User) -> str:
    """Return every text by which a search finds a user, as ``searchable`` and separated by line ends."""
    texts: tuple[str | None, ...] = user[_OTHERS]  # type: ignore[assignment]  # fields of texts alone
    return searchable("\n".join(filter(None, (user.name, *texts, *user.attributes.values()))))
