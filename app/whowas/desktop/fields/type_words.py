"""What the types of custom fields are called in the window."""

from __future__ import annotations

from whowas.domain.field_definitions import FieldDefinition, FieldType


def type_words(kind: FieldType) -> str:
    """Return a type as it stands by itself: "Yes or no"."""
    return kind.capitalize()


def rules_words(definition: FieldDefinition) -> str:
    """Return what else a field asks for: "Required, unique"."""
    rules = (("hidden", definition.hidden), ("required", definition.required), ("unique", definition.unique))
    return ", ".join(word for word, holds in rules if holds).capitalize()
