"""Several rows about one user: what they say together, where they agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from whowas.domain.fields import ATTRIBUTE_PREFIX, name_key
from whowas.interchange.user_record import Record


def merged(records: Sequence[Record]) -> tuple[Record, list[str]]:
    """Return one record of all that the records give, and the fields about which two of them disagree, if any."""
    first, *others = records
    differing: dict[str, None] = {}
    for other in others:
        differing |= dict.fromkeys(_differing(first, other))
        first = replace(
            first,
            texts={**first.texts, **other.texts},
            attributes={**first.attributes, **other.attributes},
            only_these_attributes=first.only_these_attributes or other.only_these_attributes,
            groups=first.groups if first.groups is not None else other.groups,
            status=first.status or other.status,
            password_hash=first.password_hash or other.password_hash,
            user_id=first.user_id or other.user_id,
        )
    return first, list(differing)


def _differing(one: Record, other: Record) -> Iterable[str]:
    for name in one.texts.keys() & other.texts.keys():
        if _plain(one.texts[name]) != _plain(other.texts[name]):
            yield name
    for name in one.attributes.keys() & other.attributes.keys():
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


def _plain(text: str | None) -> str:
    return text or ""


def _names(groups: Iterable[str] | None) -> set[str]:
    return {name_key(name) for name in groups or ()}
