"""What became of custom fields, in words: those that came and went, what they are, and their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from whowas.domain.directory import Directory
from whowas.domain.field_definitions import PLAIN, FieldDefinition, FieldType
from whowas.domain.fields import shortened

_LONGEST: Final = 200
"""Characters of a list of choices, or of a default."""

_A: Final[Mapping[FieldType, str]] = MappingProxyType(
    {
        "text": "text",
        "number": "a number",
        "date": "a date",
        "yes or no": "yes or no",
        "choice": "a choice",
        "link": "a link",
        "email": "an email address",
        "phone": "a phone number",
    }
)


_ORDER: Final = "custom fields put into another order"


def described_anew(before: Directory, after: Directory) -> list[str]:
    """Return how custom fields became something else that there were before and after, and whether their order did."""
    changed = {
        name: ways
        for field_id, name in after.fields.items()
        if field_id in before.fields and (ways := _ways(before.definition(field_id), after.definition(field_id)))
    }
    parts = [f"custom field {name} {ways}" for name, ways in changed.items()]
    if len(parts) > 1:
        parts = [f"{len(parts):,} custom fields changed"]
    lasting = [field_id for field_id in before.fields if field_id in after.fields]
    return parts if lasting == [one for one in after.fields if one in before.fields] else [*parts, _ORDER]


def begun_as(definition: FieldDefinition) -> str:
    """Return as what a field was defined, with a blank before it; empty where only its name was said."""
    if definition == PLAIN:
        return ""
    kind = f" as {_A[definition.type]}"
    choices = f": {_choices(definition)}" if definition.type == "choice" else ""
    return "; ".join([f"{kind}{choices}", *_rules(PLAIN, definition)])


def returned_as(before: FieldDefinition, after: FieldDefinition) -> str:
    """Return what of a field is not as it was when it was deleted; empty where all is."""
    ways = _ways(before, after)
    return f"; {ways}" if ways else ""


def definition_text(definition: FieldDefinition) -> str:
    """Return all that a field is, in one line."""
    choices = f": {_choices(definition)}" if definition.type == "choice" else ""
    about = [f"help: {shortened(definition.help)}"] if definition.help else []
    return "; ".join([f"{definition.type}{choices}", *_rules(PLAIN, replace(definition, help="")), *about])


def order_text(directory: Directory) -> str:
    """Return the names of all custom fields, in their order."""
    return ", ".join(directory.fields.values())


def _ways(before: FieldDefinition, after: FieldDefinition) -> str:
    ways = []
    if before.type != after.type:
        ways.append(f"is {_A[after.type]} now" + (f": {_choices(after)}" if after.type == "choice" else ""))
    elif before.choices != after.choices:
        ways.append(f"has other choices: {_choices(after)}" if after.choices else "has no choices any more")
    return "; ".join([*ways, *_rules(before, after)])


def _rules(before: FieldDefinition, after: FieldDefinition) -> Iterator[str]:
    if before.required != after.required:
        yield "required" if after.required else "not required any more"
    if before.unique != after.unique:
        yield "unique" if after.unique else "not unique any more"
    if before.default != after.default:
        yield f"with default {shortened(after.default, _LONGEST)}" if after.default else "without default"
    if before.hidden != after.hidden:
        yield "hidden" if after.hidden else "shown again"
    if before.help != after.help:
        yield "without a help text" if not after.help else f"with a{'nother' if before.help else ''} help text"


def _choices(definition: FieldDefinition) -> str:
    return shortened(", ".join(definition.choices), _LONGEST)
