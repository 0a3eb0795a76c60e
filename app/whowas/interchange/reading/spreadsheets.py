"""Reading a sheet of an XLSX or ODS workbook as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from whowas.domain.errors import RefusedError
from whowas.domain.fields import listed, shortened
from whowas.domain.progress import Progress, part_of
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.body import table_of
from whowas.interchange.reading.ods import OdsWorkbook
from whowas.interchange.reading.packages import opened_package
from whowas.interchange.reading.sheet_rows import Sheet, SheetRow
from whowas.interchange.reading.spilled import SpilledRows
from whowas.interchange.reading.table import Detected, HowToRead, Table
from whowas.interchange.reading.titles import KnowsTitle
from whowas.interchange.reading.xlsx import XlsxWorkbook
from whowas.interchange.source import Source

_MOST_NAMES = 5


class _Workbook(Protocol):
    @property
    def sheets(self) -> list[Sheet]: ...

    def rows(self, sheet: Sheet, progress: Progress) -> Iterator[SheetRow]: ...


def read_workbook(
    source: Source, file_format: str, how: HowToRead, knows_title: KnowsTitle | None, progress: Progress
) -> Table:
    """Return a sheet of a workbook as a table: the one asked for, else the first that shows and holds anything.

    Raises UnreadableError, StoreError where the rows cannot be kept, and RefusedError where there is no such sheet.
    """
    with opened_package(source) as package:
        workbook: _Workbook = XlsxWorkbook(package) if file_format == "xlsx" else OdsWorkbook(package)
        chosen, rows = _kept(workbook, how.sheet, part_of(progress, 0, 2))
    names = tuple(sheet.name for sheet in workbook.sheets)
    said = _said_of_others(chosen, workbook.sheets) if how.sheet is None else ()
    detected = Detected(file_format, sheet=chosen.name, sheets=names, said=said)
    return table_of(rows.rows, detected, header=how.header, knows_title=knows_title, progress=part_of(progress, 1, 2))


def _kept(workbook: _Workbook, wanted: str | None, progress: Progress) -> tuple[Sheet, SpilledRows]:
    """Return the sheet that is read, and its rows."""
    if not workbook.sheets:
        raise UnreadableError(0, 0, "This workbook has no sheet with cells.")
    # Hidden ones last: programs keep there what is not meant for people.
    sheets = sorted(workbook.sheets, key=lambda sheet: sheet.hidden)
    for sheet in sheets if wanted is None else [_called(wanted, workbook.sheets)]:
        rows = SpilledRows()
        for line, cells, faults in workbook.rows(sheet, progress):
            rows.add(line, cells, faults)
        if rows.count:
            return sheet, rows
    what = "This workbook is empty." if wanted is None else f"The sheet “{shortened(wanted)}” is empty."
    raise UnreadableError(0, 0, what)


def _called(wanted: str, sheets: Sequence[Sheet]) -> Sheet:
    """Return the sheet of a name, whatever its case, or of a number, from 1. Raises RefusedError."""
    key = wanted.strip().casefold()
    for sheet in sheets:
        if sheet.name == wanted or sheet.name.strip().casefold() == key:
            return sheet
    if key.isascii() and key.isdigit() and 0 < int(key[:9]) <= len(sheets):
        return sheets[int(key[:9]) - 1]
    raise RefusedError("sheet", f"There is no sheet “{shortened(wanted)}”, only {_names_of(sheets)}.")


def _said_of_others(chosen: Sheet, sheets: Sequence[Sheet]) -> tuple[str, ...]:
    others = [sheet for sheet in sheets if sheet.place != chosen.place]
    if not others:
        return ()
    are = "is" if len(others) == 1 else "are"
    return (f"The sheet “{shortened(chosen.name)}” is read; there {are} also {_names_of(others)}.",)


def _names_of(sheets: Sequence[Sheet]) -> str:
    names = [f"“{shortened(sheet.name)}”" for sheet in sheets[:_MOST_NAMES]]
    more = len(sheets) - len(names)
    return listed([*names, f"{more} more"] if more else names)
