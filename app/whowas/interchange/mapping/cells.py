"""What the cells of a column say as a whole, found by reading the rows once before they are taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from whowas.interchange.entries import UnreadableError
from whowas.interchange.mapping.columns import Columns
from whowas.interchange.mapping.group_cells import Separators
from whowas.interchange.reading.table import Row, Table
from whowas.interchange.reading.visible_text import is_blank


@dataclass(slots=True)
class Cells:
    """What was seen: what separates ``groups``, whether all filled cells of the login look like ``emails``.

    ``filled`` are those columns that may be an external id in which anything stands.
    """

    groups: Separators = field(default_factory=Separators)
    emails: bool | None = None
    filled: set[int] = field(default_factory=set)


def look_at(table: Table, columns: Columns) -> Cells:
    """Return what the cells of these columns say; the rows are only read where, and as far as, that is needed."""
    cells = Cells()
    groups = next(iter(columns.fields.get("groups", ())), None)
    ids = columns.ids if len(columns.ids) > 1 else ()
    for row in _rows(table):
        if groups is not None:
            cells.groups.see(row.cells[groups])
        elif columns.login is None and (not ids or ids[0] in cells.filled):
            break
        for column in ids:
            if column not in cells.filled and not is_blank(row.cells[column]):
                cells.filled.add(column)
        if columns.login is not None and not is_blank(row.cells[columns.login]):
            cells.emails = cells.emails is not False and "@" in row.cells[columns.login]
    return cells


def _rows(table: Table) -> Iterator[Row]:
    with suppress(UnreadableError):  # which is told when the rows are taken
        for row in table.rows():
            if isinstance(row, Row):
                yield row
