"""What sort orders are called: by their column, and by the type of the custom field where that is told apart.

So an order laid for another definition of the field is never taken for one of this definition, wherever it is kept.
"""

from __future__ import annotations

from typing import Final

import msgspec

from whowas.domain.directory import Directory
from whowas.domain.field_definitions import PLAIN, FieldDefinition, FieldType
from whowas.domain.fields import ATTRIBUTE_PREFIX

_BEFORE_TYPE: Final = "\x1f"
"""Is in no name of a custom field."""

_SORTED_AS_TEXT: Final[frozenset[FieldType]] = frozenset(("text", "link", "email", "phone"))


class _Sorting(msgspec.Struct, array_like=True):
    """What of a definition has to do with how values sort."""

    type: FieldType
    choices: tuple[str, ...] = ()


def order_name(column: str, directory: Directory) -> str:
    """Return the name of the sort order of a column whose custom field is defined as in ``directory``."""
    if not column.startswith(ATTRIBUTE_PREFIX):
        return column
    definition = directory.definition(column.removeprefix(ATTRIBUTE_PREFIX))
    if definition.type in _SORTED_AS_TEXT:
        return column
    sorting = _Sorting(definition.type, definition.choices if definition.type == "choice" else ())
    return f"{column}{_BEFORE_TYPE}{msgspec.json.encode(sorting).decode()}"


def column_of(name: str) -> str:
    """Return the column of a sort order."""
    return name.partition(_BEFORE_TYPE)[0]


def definition_of(name: str) -> FieldDefinition:
    """Return a definition of a custom field by which the values of a sort order compare.

    Raises KeyError for a name that is none of ``order_name``.
    """
    _, _, told = name.partition(_BEFORE_TYPE)
    if not told:
        return PLAIN
    try:
        sorting = msgspec.json.decode(told, type=_Sorting)
    except msgspec.DecodeError:
        raise KeyError(name) from None
    return FieldDefinition(type=sorting.type, choices=sorting.choices)


def is_current(name: str, directory: Directory) -> bool:
    """Say whether a sort order is that of its column with the definitions of ``directory``."""
    return name == order_name(column_of(name), directory)
