"""The words by which a person says what a column becomes."""

from __future__ import annotations

from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, checked_name, name_key, shortened

LEFT_OUT = "-"
NAME = "name"
OPTION_PREFIX = "attribute:"
"""What stands before the name of a custom field on the command line, and in what is told of an import."""

_OWN = ("id", *LABELS, NAME, "status", "groups", "password_hash")


def field_asked(text: str) -> str | None:
    """Return the field that a person asks for: one of our names or labels, ``attributes.NAME``, ``name``, or None.

    None is ``-``, which leaves a column out; ``name`` stands for first and last name in one cell. Custom fields are
    written ``attribute:NAME``. Raises RefusedError where there is no such field.
    """
    asked = text.strip()
    if asked == LEFT_OUT:
        return None
    for prefix in (OPTION_PREFIX, ATTRIBUTE_PREFIX):
        if asked.casefold().startswith(prefix):
            return ATTRIBUTE_PREFIX + checked_name("map", asked[len(prefix) :])
    own = {name_key(called): name for name, label in LABELS.items() for called in (name, label)}
    own |= {name: name for name in _OWN}
    field = own.get(name_key(asked))
    if field is None:
        known = ", ".join(_OWN)
        raise RefusedError(
            "map",
            f"There is no field “{shortened(asked)}”. There are {known}, and “-” to leave a column out; "
            f"a custom field is written {OPTION_PREFIX}{shortened(asked) or 'NAME'}.",
        )
    return field


def require_field(field: str) -> None:
    """Raise RefusedError unless ``field`` is one that ``field_asked`` returns."""
    if field.startswith(ATTRIBUTE_PREFIX):
        checked_name("map", field.removeprefix(ATTRIBUTE_PREFIX))
    elif field not in _OWN:
        field_asked(field)
        raise RefusedError("map", f"There is no field “{shortened(field)}”.")


def option_of(field: str) -> str:
    """Return a field as the command line wants it."""
    return OPTION_PREFIX + field.removeprefix(ATTRIBUTE_PREFIX) if field.startswith(ATTRIBUTE_PREFIX) else field
