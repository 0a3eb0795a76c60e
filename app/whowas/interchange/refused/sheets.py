"""Refused rows of a workbook as the cells of a sheet, all of them texts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.reading.csv_rows import csv_rows
from whowas.interchange.reading.reasons_column import REASONS_TITLE
from whowas.interchange.reading.table import Row, UnreadableRow
from whowas.interchange.reading.visible_text import is_blank

REASONS_WIDTH = 60
"""How wide the column of reasons is, in characters."""


def cells_of(given: ListInput, refused: Iterable[tuple[Row | UnreadableRow, str]]) -> Iterator[Sequence[str]]:
    """Yield the titles, and the cells of each row with the reason behind them."""
    table = given.table
    if table.detected.header_line:
        yield (*(table.written or table.titles), REASONS_TITLE)
    for row, reason in refused:
        yield (*_cells(row, len(table.titles)), reason)


def _cells(row: Row | UnreadableRow, width: int) -> Sequence[str]:
    if isinstance(row, Row):
        return row.cells
    cells = next(csv_rows(io.StringIO(row.raw, newline=""), ",")).cells
    filled = max((column for column, cell in enumerate(cells, start=1) if not is_blank(cell)), default=0)
    # The reason is the last cell of a row with too many, so that it cannot be read before it is corrected.
    return [*cells[: max(width, filled)], *[""] * (width - len(cells))]
