"""What the cells of a column say as a whole, found by reading the rows once before they are taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from whowas.domain.fields import is_id
from whowas.domain.progress import Progress, watched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.mapping.columns import Columns
from whowas.interchange.mapping.group_cells import Separators
from whowas.interchange.mapping.title_keys import title_key
from whowas.interchange.reading.table import Row, Table
from whowas.interchange.reading.visible_text import is_blank


@dataclass(slots=True)
class SeenCells:
    """What was seen: what separates ``groups``, and of columns that may be an id or login which are ``filled`` at all.

    ``no_emails`` are logins in which something stands that does not look like an email, ``no_ids_of_ours`` columns in
    which something stands that is no id as Whowas makes them.
    """

    groups: Separators = field(default_factory=Separators)
    filled: set[int] = field(default_factory=set)
    no_emails: set[int] = field(default_factory=set)
    no_ids_of_ours: set[int] = field(default_factory=set)


def look_at(table: Table, columns: Columns, progress: Progress) -> SeenCells:
    """Return what the cells of these columns say; the rows are only read where, and as far as, that is needed."""
    cells = SeenCells()
    groups = next(iter(columns.fields.get("groups", ())), None)
    ids = columns.ids if len(columns.ids) > 1 else ()
    called_id = {column for column in columns.ids if title_key(table.titles[column]) == "id"}
    for row in _rows(table, progress):
        if groups is not None:
            cells.groups.see(row.cells[groups])
        elif not columns.logins and (not ids or ids[0] in cells.filled) and called_id <= cells.no_ids_of_ours:
            break
        for column in {*ids, *called_id, *columns.logins}:
            if not is_blank(row.cells[column]):
                cells.filled.add(column)
                if "@" not in row.cells[column]:
                    cells.no_emails.add(column)
                if column not in called_id or not _is_id_of_ours(row.cells[column]):
                    cells.no_ids_of_ours.add(column)
    return cells


def _is_id_of_ours(cell: str) -> bool:
    """Say whether a cell is an id as Whowas makes them: a UUID of version 7 (RFC 9562)."""
    text = cell.strip().lower()
    return is_id(text) and text[14] == "7"


def _rows(table: Table, progress: Progress) -> Iterator[Row]:
    with suppress(UnreadableError):  # which is told when the rows are taken
        for row in watched(table.rows(), 0, progress):
            if isinstance(row, Row):
                yield row
