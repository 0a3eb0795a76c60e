"""What differs between two states of a user, field by field, as an import tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from whowas.domain.directory import Directory
from whowas.domain.fields import LABELS
from whowas.domain.users import User
from whowas.interchange.importing.told.outcome import Value
from whowas.interchange.mapping.field_names import OPTION_PREFIX

_TEXTS = tuple(LABELS)
_FIRST = User._fields.index(_TEXTS[0])
_WHERE = slice(_FIRST, _FIRST + len(_TEXTS))
"""Where the text fields stand in the tuple of a user, in their order."""

_NO_TEXTS: Sequence[None] = (None,) * len(_TEXTS)


def differences(before: User | None, after: User, directory: Directory) -> dict[str, tuple[Value, Value]]:
    """Return (old, new) by field; groups by their names, and of a password only that there is one."""
    found: dict[str, tuple[Value, Value]] = {}
    for name, old, new in zip(_TEXTS, _texts_of(before), _texts_of(after), strict=True):
        if new != old:
            found[name] = old, new
    old_attributes = {} if before is None else before.attributes
    if after.attributes is not old_attributes:
        for name in dict.fromkeys((*old_attributes, *after.attributes)):
            if (pair := (old_attributes.get(name), after.attributes.get(name)))[0] != pair[1]:
                found[OPTION_PREFIX + directory.fields.get(name, name)] = pair
    old_status = None if before is None else before.status
    if after.status != old_status:
        found["status"] = old_status, after.status
    old_groups: frozenset[str] = frozenset() if before is None else before.groups
    if after.groups != old_groups:
        found["groups"] = directory.names_of(old_groups) or None, directory.names_of(after.groups) or None
    old_password = None if before is None else before.password
    if after.password != old_password:
        found["password"] = old_password and "set", after.password and "set anew" if old_password else "set"
    return found


def _texts_of(user: User | None) -> Sequence[str | None]:
    return _NO_TEXTS if user is None else cast("Sequence[str | None]", user[_WHERE])


def new_fields(before: Directory, after: Directory) -> tuple[str, ...]:
    """Return the names of the custom fields that an import made, in their order."""
    return tuple(name for field_id, name in after.fields.items() if field_id not in before.fields)


def new_groups(before: Directory, after: Directory) -> tuple[str, ...]:
    """Return the names of the groups that an import made, sorted."""
    return tuple(sorted(name for group_id, name in after.groups.items() if group_id not in before.groups))
