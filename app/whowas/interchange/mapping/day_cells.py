"""Cells that say a day in digits, such as 03/04/2024: which day that is, and where only a person can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, watched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.mapping.chosen import DayOrder
from whowas.interchange.reading.table import Row, Table

_WRITTEN = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_ORDERS: Final[tuple[DayOrder, ...]] = ("day first", "month first")


def is_open(cell: str) -> bool:
    """Say whether a cell may be two days, by whether its day or its month comes first."""
    return len(set(_days(cell).values())) > 1


def held_day(cell: str, order: DayOrder | None) -> str:
    """Return a day as it is held, YYYY-MM-DD; what is written in any other form comes back as it is.

    Without an order the day must be the only one that it may be. Raises RefusedError.
    """
    if not _WRITTEN.fullmatch(cell.strip()):
        return cell
    days = _days(cell)
    if not days:
        raise RefusedError("", f"“{shortened(cell)}” is no day.")
    if order is None:
        if len(set(days.values())) > 1:
            raise RefusedError("", f"“{shortened(cell)}” may be {' or '.join(map(date.isoformat, days.values()))}.")
        (day, *_) = days.values()
        return day.isoformat()
    if order not in days:
        first = "day" if order == "day first" else "month"
        raise RefusedError("", f"“{shortened(cell)}” is no day where the {first} comes first.")
    return days[order].isoformat()


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A cell that may be two days, and where it stands: its line, and its column from 1."""

    line: int
    column: int
    cell: str


def open_days(table: Table, columns: Sequence[int], progress: Progress) -> Iterator[OpenDay]:
    """Yield the cells of some columns (from 0) that may be two days; ``progress`` is told of rows."""
    with suppress(UnreadableError):  # which is told when the rows are taken
        for row in watched(table.rows(), 0, progress):
            if isinstance(row, Row):
                yield from open_in(row, columns)


def open_in(row: Row, columns: Sequence[int]) -> Iterator[OpenDay]:
    """Yield the same of one row."""
    for column in columns:
        if is_open(row.cells[column]):
            yield OpenDay(row.line, column + 1, row.cells[column].strip())


def _days(cell: str) -> dict[DayOrder, date]:
    """Return which day a cell is in each order in which it is one."""
    found = _WRITTEN.fullmatch(cell.strip())
    if found is None:
        return {}
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    days: dict[DayOrder, date] = {}
    for order, (day, month) in zip(_ORDERS, ((one, other), (other, one)), strict=True):
        with suppress(ValueError):
            days[order] = date(year, month, day)
    return days
