"""What a custom field's definition may be: by itself, whoever has which values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from whowas.domain.commands import DescribeField
from whowas.domain.errors import RefusedError
from whowas.domain.events import FieldDescribed
from whowas.domain.field_definitions import ASPECTS, FIELD_TYPES, FieldDefinition
from whowas.domain.field_values import checked_as
from whowas.domain.fields import NAME_LIMIT, checked_name, checked_note, name_key, shortened

CHOICES_LIMIT: Final = 1_000
"""The most choices that a field may have."""


def described(command: DescribeField, name: str, before: FieldDefinition) -> tuple[FieldDescribed, ...]:
    """Return the event by which a field called ``name`` is described anew; none if nothing would change.

    Raises RefusedError naming the aspect at fault where the field cannot be like that, whatever users hold.
    """
    return as_described(command, before, checked_definition(name, before, command))


def as_described(
    command: DescribeField, before: FieldDefinition, after: FieldDefinition | None = None
) -> tuple[FieldDescribed, ...]:
    """Return the event that leads from one definition to another, without asking whether that may be."""
    given = before.differences(before.described(command) if after is None else after)
    aspects = {aspect: value for aspect in ASPECTS if (value := given.get(aspect)) is not None}
    return (FieldDescribed(command.field_id, **aspects),) if aspects else ()  # type: ignore[arg-type]


def describing_all(field_id: str, definition: FieldDefinition) -> DescribeField:
    """Return the command that gives a field that definition, whatever it is now."""
    return DescribeField(field_id, **{aspect: getattr(definition, aspect) for aspect in ASPECTS})


def checked_definition(name: str, before: FieldDefinition, command: DescribeField) -> FieldDefinition:
    """Return the definition of a field called ``name`` once it is described anew, texts as they are held.

    Raises RefusedError naming the aspect at fault.
    """
    after = before.described(command)
    if after.type not in FIELD_TYPES:
        raise RefusedError("type", unknown_type(after.type))
    if command.choices is not None:
        after = replace(after, choices=_choices(command.choices))
        if after.choices and after.type != "choice":
            raise RefusedError("choices", f"Only a field of the type choice has choices; this one is of {after.type}.")
    if command.help is not None:
        after = replace(after, help=checked_note("help", command.help.strip()) or "")
    if after.type == "choice" and not after.choices:
        raise RefusedError("choices", "A field of the type choice needs choices.")
    after = replace(after, default=_default(name, after))
    if after.unique and after.default:
        raise RefusedError("default", "A field whose values are unique can have no default: only one could get it.")
    if after.hidden and after.required and not after.default:
        raise RefusedError("hidden", "A field that is required shows, or has a default: else nobody could be added.")
    return after


def require_whole(field: str, name: str, comes_to: FieldDefinition) -> None:
    """Raise RefusedError, naming ``field``, where earlier and later descriptions come to what no field can be.

    So they may where one is backdated, or some that is not the last is taken back.
    """
    try:
        whole = checked_definition(name, comes_to, DescribeField(""))
    except RefusedError as error:
        raise RefusedError(field, f"It does not go with what “{shortened(name)}” became later. {error}") from error
    if whole != comes_to:
        reason = f"By that the default is written “{shortened(whole.default)}”."
        raise RefusedError(field, f"It does not go with what “{shortened(name)}” became later. {reason}")


def unknown_type(given: str) -> str:
    """Return a sentence that says which types there are."""
    *others, last = FIELD_TYPES
    return f"There is no type “{shortened(given)}”. A field is of {', '.join(others)} or {last}."


def _choices(given: Sequence[str]) -> tuple[str, ...]:
    """Return choices as they are held: each has something to read, and no two differ only in case."""
    if len(given) > CHOICES_LIMIT:
        raise RefusedError("choices", f"A field can have at most {CHOICES_LIMIT:,} choices.")
    known: dict[str, str] = {}
    for text in given:
        if not text.strip():
            raise RefusedError("choices", "A choice cannot be empty.")
        try:
            choice = checked_name("choices", text)
        except RefusedError as error:
            reason = f"“{shortened(text)}” cannot be a choice: at most {NAME_LIMIT} plain characters."
            raise RefusedError("choices", reason) from error
        if (key := name_key(choice)) in known:
            both = f"“{shortened(known[key])}” and “{shortened(choice)}”"
            raise RefusedError("choices", f"{both} are one choice: upper and lower case are the same.")
        known[key] = choice
    return tuple(known.values())


def _default(name: str, definition: FieldDefinition) -> str:
    try:
        return checked_as(definition, name, definition.default) or ""
    except RefusedError as error:
        raise RefusedError("default", f"The default does not fit: {error}") from error
