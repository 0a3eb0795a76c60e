"""The row in which a value of a custom field is edited, by the field's type."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.date_row import DateRow
from whowas.desktop.kit.field_row import LineRow, TextRow
from whowas.desktop.kit.link_row import LinkRow
from whowas.desktop.kit.pick_row import PickRow
from whowas.domain.field_definitions import FieldDefinition


def value_row(key: str, label: str, definition: FieldDefinition, parent: QWidget | None = None) -> TextRow:
    """Return a row for one value, which says whether one is required, and the field's help text."""
    row = _row(key, label, definition, parent)
    row.set_about(required=definition.required, about=definition.help)
    return row


def _row(key: str, label: str, definition: FieldDefinition, parent: QWidget | None) -> TextRow:
    match definition.type:
        case "text" | "number" | "email" | "phone":
            return LineRow(key, label, parent)
        case "date":
            return DateRow(key, label, parent)
        case "yes or no":
            return PickRow(key, label, ("yes", "no"), required=definition.required, parent=parent)
        case "choice":
            return PickRow(key, label, definition.choices, required=definition.required, parent=parent)
        case "link":
            return LinkRow(key, label, parent)
        case _:
            assert_never(definition.type)
