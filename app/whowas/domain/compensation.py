"""Taking back: the state of a user without what one change did, and with all that others did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from whowas.domain.errors import AlteredAgainError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, label
from whowas.domain.users import User

GROUP_PREFIX = "groups."
"""Names the membership of one group: the prefix, then the group's id."""

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def reverted(before: User | None, after: User, now: User, names: Mapping[str, str] = _NO_NAMES) -> User:
    """Return the user as of ``now``, but with all that a change altered as it was ``before``, and not ``after`` it.

    Only what the change altered is touched; a user who began with it will be deleted. Raises AlteredAgainError when
    some of that was altered again since, as ``now`` shows: taking back must not silently revert later work. ``names``
    is that of ``Directory``.
    """
    if before is None:
        _require_untouched(after, now, altered(after, now), names)
        return now._replace(status="deleted")
    _require_untouched(after, now, altered_again(before, after, now), names)
    return with_reverted(before, now, altered(before, after))


def with_reverted(before: User, now: User, fields: Collection[str]) -> User:
    """Return the user as of ``now``, but with ``fields``, named as by ``altered``, as they were ``before``."""
    plain: Any = {name: getattr(before, name) for name in (*LABELS, "password", "status") if name in fields}
    kept = {name: value for name, value in now.attributes.items() if ATTRIBUTE_PREFIX + name not in fields}
    back = {name: value for name, value in before.attributes.items() if ATTRIBUTE_PREFIX + name in fields}
    groups = {name.removeprefix(GROUP_PREFIX) for name in fields if name.startswith(GROUP_PREFIX)}
    memberships = (now.groups - groups) | (before.groups & groups)
    return now._replace(attributes={**kept, **back}, groups=memberships, **plain)


def altered(one: User, other: User) -> list[str]:
    """Return the names of what differs; groups count one by one, as ``groups.<id>``."""
    names = [name for name in (*LABELS, "password", "status") if getattr(one, name) != getattr(other, name)]
    names.extend(
        ATTRIBUTE_PREFIX + name
        for name in sorted({*one.attributes, *other.attributes})
        if one.attributes.get(name) != other.attributes.get(name)
    )
    names.extend(f"{GROUP_PREFIX}{group_id}" for group_id in sorted(one.groups ^ other.groups))
    return names


def altered_again(before: User, after: User, now: User) -> list[str]:
    """Return the names of what a change altered, and somebody altered again since."""
    since = set(altered(after, now))
    return [name for name in altered(before, after) if name in since]


def _require_untouched(after: User, now: User, touched: list[str], names: Mapping[str, str]) -> None:
    if touched:
        field = touched[0]
        what = "a group" if field.startswith(GROUP_PREFIX) else (names.get(field) or label(field)).lower()
        raise AlteredAgainError(
            field, f"{now.name or after.name} was changed again since ({what}), so this cannot be undone."
        )
