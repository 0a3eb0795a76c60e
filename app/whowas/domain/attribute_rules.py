"""What custom fields ask of the values that a user gets: their types, defaults, and which must have one."""

from __future__ import annotations

from collections.abc import Mapping

from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.field_values import checked_as
from whowas.domain.fields import ATTRIBUTE_PREFIX, shortened


def new_values(values: Mapping[str, str | None], now: Mapping[str, str], directory: Directory) -> dict[str, str | None]:
    """Return new values in fields that there are as a user holds them; ``now`` are those that they have.

    A value that stays is not looked at: it may be from before the field got its type. Raises RefusedError.
    """
    fields = directory.fields
    return {
        key: value if value and value == now.get(key) else checked_as(directory.definition(key), fields[key], value)
        for key, value in values.items()
    }


def with_defaults(values: Mapping[str, str | None], directory: Directory) -> dict[str, str]:
    """Return the values that a new user has who is given ``values``: in a field that is not given, its default.

    An empty text is given: nothing else stands there then. Raises RefusedError where a required field is empty.
    """
    filled = {field_id: text for field_id, text in values.items() if text is not None}
    for field_id, definition in directory.definitions.items():
        if field_id in filled or field_id not in directory.fields:
            continue
        if field_id not in values and (default := _default(definition, directory.fields[field_id])):
            filled[field_id] = default
        elif definition.required:
            raise _empty(directory.fields[field_id])
    return filled


def require_kept(changes: Mapping[str, str | None], directory: Directory) -> None:
    """Raise RefusedError where a change would take away a value of a required field."""
    for field_id, text in changes.items():
        if text is None and directory.definition(field_id).required:
            raise _empty(directory.fields[field_id])


def respelled(values: Mapping[str, str], directory: Directory) -> dict[str, str | None]:
    """Return those of a user's values that fit their fields only in another spelling, in that.

    They are of who was deleted when a field got its type; the field may be deleted since, and come back. What does not
    fit at all stays as it is.
    """
    found: dict[str, str | None] = {}
    for field_id, text in values.items():
        definition = directory.definition(field_id)
        if definition.type == "text":
            continue
        try:
            held = checked_as(definition, field_id, text)
        except RefusedError:
            continue
        if held is not None and held != text:
            found[field_id] = held
    return found


def _default(definition: FieldDefinition, name: str) -> str | None:
    """Return what a field gives new users, as they hold it.

    None where it gives nothing, as where only some of what the field became was taken back, and what is left of it
    does not go together: nobody gets a value of their own accord that could not be typed.
    """
    if not definition.default or definition.unique:
        return None
    try:
        return checked_as(definition, name, definition.default)
    except RefusedError:
        return None


def _empty(name: str) -> RefusedError:
    return RefusedError(ATTRIBUTE_PREFIX + name, f"{shortened(name)} cannot be empty: it is required of everybody.")
