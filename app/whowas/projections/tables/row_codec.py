"""Conversion of users and of the directory's state to columns of the read model and back."""

from __future__ import annotations

from hashlib import blake2b
from operator import attrgetter
from typing import Any

import msgspec

from whowas.domain.directory import Directory
from whowas.domain.fields import LABELS
from whowas.domain.named_moments import NamedMoment
from whowas.domain.text_folding import searchable
from whowas.domain.users import User

_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode
_attributes = msgspec.json.Decoder(dict[str, str])
_groups = msgspec.json.Decoder(list[str])
_searched = attrgetter("name", *(name for name in LABELS if name not in ("first_name", "last_name")))
_state = msgspec.json.Decoder(tuple[tuple[str, ...], dict[str, str], dict[str, str], dict[str, NamedMoment]])


def encode_user(user: User) -> tuple[Any, ...]:
    """Return the values of ``schema.USER_COLUMNS``: groups and attributes as JSON, everything else as it is."""
    return (
        *user[1:-2],
        _encode(sorted(user.groups)).decode() if user.groups else "[]",
        _encode_sorted(user.attributes).decode() if user.attributes else "{}",
    )


def content_of(columns: tuple[Any, ...]) -> int:
    """Return a 64-bit hash of what ``encode_user`` returned, except for the version."""
    return int.from_bytes(blake2b(_encode(columns[1:]), digest_size=8).digest(), signed=True)


def decode_user(user_id: str, columns: tuple[Any, ...]) -> User:
    """Return the user from what ``encode_user`` returned."""
    groups = decode_groups(columns[-2])
    return User(*(user_id, *columns[:-2], groups, decode_attributes(columns[-1])))


def decode_attributes(attributes: str) -> dict[str, str]:
    """Return the custom fields of a version row's ``attributes`` column."""
    return {} if attributes == "{}" else _attributes.decode(attributes)


def decode_groups(groups: str) -> frozenset[str]:
    """Return the group ids of a version row's ``groups`` column."""
    return frozenset() if groups == "[]" else frozenset(_groups.decode(groups))


def encode_directory(directory: Directory) -> str:
    """Return the ``state`` column of directory_state."""
    return _encode((directory.fields, directory.groups, directory.deleted_groups, directory.moments)).decode()


def decode_directory(version: int, state: str) -> Directory:
    """Return the directory from what ``encode_directory`` returned."""
    return Directory(version, *_state.decode(state))


def search_text(user: User) -> str:
    """Return every text by which a search finds a user, as ``searchable`` and separated by line ends."""
    return searchable("\n".join(filter(None, (*_searched(user), *user.attributes.values()))))
