"""What the cells of a column say as a whole, found by reading the rows once before they are taken."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from whowas.interchange.entries import UnreadableError
from whowas.interchange.mapping.group_cells import Separators
from whowas.interchange.reading.table import Row, Table
from whowas.interchange.reading.visible_text import is_blank


@dataclass(frozen=True, slots=True)
class Cells:
    """``separators`` stand between groups; ``emails`` says that all filled cells of the login look like emails."""

    separators: tuple[str, ...] = ()
    emails: bool = False


def look_at(table: Table, groups: int | None, login: int | None) -> Cells:
    """Return what the cells of these columns, counted from 0, say; the rows are only read where that is needed."""
    if groups is None and login is None:
        return Cells()
    separators, filled, emails = Separators(), False, True
    with suppress(UnreadableError):  # which is told when the rows are taken
        for row in table.rows():
            if not isinstance(row, Row):
                continue
            if groups is not None:
                separators.see(row.cells[groups])
            if login is not None and not is_blank(row.cells[login]):
                filled = True
                emails = emails and "@" in row.cells[login]
    return Cells(separators.conclusion(), filled and emails)
