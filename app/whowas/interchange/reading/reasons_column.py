"""The column in which a file of refused rows says why; when that file comes back, it is no part of the list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from whowas.interchange.reading.table import Row, Table, UnreadableRow
from whowas.interchange.reading.visible_text import cleaned_title

REASONS_TITLE = "Why it was not imported"


def is_reasons_title(title: str) -> bool:
    """Say whether a title is that of the column, whatever its case."""
    return cleaned_title(title).casefold() == REASONS_TITLE.casefold()


def without_reasons(table: Table) -> Table:
    """Return a table without its last column, if that says why rows were refused once; titles and lines stay.

    Titles, and so what the list is called across imports, are then those of the list that the rows came from.
    """
    if not (table.titles and is_reasons_title(table.titles[-1])):
        return table
    width = len(table.titles) - 1

    def rows() -> Iterator[Row | UnreadableRow]:
        for row in table.rows():
            if isinstance(row, UnreadableRow):
                yield row
            else:
                faults = {column: fault for column, fault in row.faults.items() if column <= width}
                yield Row(row.line, row.raw, row.cells[:width], faults)

    return replace(table, titles=table.titles[:width], rows=rows, written=table.written[:width])
