"""Our own export, which is known by its header and comes back to the letter."""

from __future__ import annotations

from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, checked_name
from whowas.interchange.mapping.product import Product
from whowas.interchange.reading.table import Table

OWN_COLUMNS = ("id", "external_id", *(name for name in LABELS if name != "external_id"), "status", "groups")
"""The titles that every export begins with."""

OWN_EXPORT = Product("Whowas", known_by=(OWN_COLUMNS,), titles={})

_PASSWORDS = ("password", "password_hash")
"""No export has them, but whoever adds such a column to one means a hash."""


def own_titles(table: Table) -> tuple[str, ...] | None:
    """Return the titles of our own export exactly as they stand in the file, None where it is not ours."""
    if table.titles[: len(OWN_COLUMNS)] != OWN_COLUMNS:
        return None
    return table.written or table.titles


def own_field(title: str) -> str | None:
    """Return the field that a column of our own export holds, a custom one behind ATTRIBUTE_PREFIX.

    Custom fields called like one of ours stand behind that prefix in the file too. None is a title that somebody
    added, and that no field can be called.
    """
    if title in OWN_COLUMNS:
        return title
    if title in _PASSWORDS:
        return "password_hash"
    try:
        return ATTRIBUTE_PREFIX + checked_name("", title.removeprefix(ATTRIBUTE_PREFIX))
    except RefusedError:
        return None
