"""How a user and the directory's state lie in the read model's columns."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec

from whowas.domain.directory import Directory
from whowas.domain.named_moments import NamedMoment
from whowas.domain.text_folding import folded
from whowas.domain.users import User

_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode
_attributes = msgspec.json.Decoder(dict[str, str])
_groups = msgspec.json.Decoder(list[str])
_state = msgspec.json.Decoder(tuple[tuple[str, ...], dict[str, str], dict[str, str], dict[str, NamedMoment]])


def encode_user(user: User) -> tuple[Any, ...]:
    """Return the columns from ``version`` to ``attributes`` of ``read_schema``'s version_row."""
    return (
        user.version,
        user.status,
        user.first_name,
        user.last_name,
        user.email,
        user.phone,
        user.title,
        user.department,
        user.notes,
        user.external_id,
        user.password,
        _encode(sorted(user.groups)).decode() if user.groups else "[]",
        _encode_sorted(user.attributes).decode() if user.attributes else "{}",
    )


def content_of(columns: tuple[Any, ...]) -> int:
    """Return a number that stands for all that ``encode_user`` laid down but the version: 64 bits of a hash."""
    return int.from_bytes(blake2b(_encode(columns[1:]), digest_size=8).digest(), signed=True)


def decode_user(user_id: str, columns: tuple[Any, ...]) -> User:
    """Return the user that ``encode_user`` laid down."""
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
    """Return the directory that ``encode_directory`` laid down."""
    return Directory(version, *_state.decode(state))


def search_text(user: User) -> str:
    """Return all that searching may find about a user, folded; fields are kept apart by line ends."""
    texts = (user.name, user.email, user.phone, user.title, user.department, user.notes, user.external_id)
    return folded("\n".join(text for text in (*texts, *user.attributes.values()) if text))
