"""Writing rows of texts as an XLSX workbook of one sheet, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from whowas.domain.errors import RefusedError
from whowas.interchange.refused.sheets import REASONS_WIDTH

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_RESERVED = "history"
_TOO_LARGE = "A refused row has a cell of more than 32,767 characters, which no workbook (.xlsx) can hold."

_AS_THEY_STOOD = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_xlsx(path: Path, sheet: str, titled: bool, rows: Iterable[Sequence[str]], width: int) -> None:
    """Write a new file; its first row has titles if it is ``titled``, and the last of ``width`` columns is a wide one.

    Nothing is taken for a number, a formula or a link. Raises RefusedError for a cell that no workbook can hold, and
    OSError.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    try:
        # What it is made of lies beside it until it is whole, in the same private folder.
        with Workbook(path, {**_AS_THEY_STOOD, "tmpdir": str(path.parent)}) as workbook:
            page = workbook.add_worksheet(_name_of_sheet(sheet))
            page.set_column(width - 1, width - 1, REASONS_WIDTH)
            bold = workbook.add_format({"bold": True})
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell and page.write_string(number, column, cell, bold if titled and not number else None):
                        raise RefusedError("", _TOO_LARGE)
    except FileCreateError as error:
        raise OSError(*error.args) from error


def _name_of_sheet(name: str) -> str:
    """Return a name that a sheet may have, as alike as can be."""
    allowed = _NOT_IN_NAMES.sub("_", name).encode("utf-16-le", "replace")[: 2 * _LONGEST_NAME]
    shown = allowed.decode("utf-16-le", "ignore").strip("'")
    return "Sheet1" if not shown.strip() or shown.casefold() == _RESERVED else shown
