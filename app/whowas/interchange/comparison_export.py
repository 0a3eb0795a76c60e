"""A comparison of two moments as a file: CSV for a spreadsheet, HTML for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

HEADERS = ("Difference", "Id", "Name", "Field", "Before", "After")

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 14px sans-serif; color: #1b1f27; margin: 2em; }}
table {{ border-collapse: collapse; }}
th, td {{ text-align: left; padding: 6px 12px; border-bottom: 1px solid #e3e6eb; }}
.added {{ background: #dcf5e5; }} .changed {{ background: #fff1c9; }} .removed {{ background: #fde3e1; }}
</style></head><body><h1>{title}</h1><table><thead><tr>{headers}</tr></thead><tbody>
"""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One changed field of one user; ``kind`` is added, changed or removed, and a removed user has no field."""

    kind: str
    user_id: str
    name: str
    field: str
    before: str | None
    after: str | None

    def cells(self) -> tuple[str, ...]:
        """Return the texts under HEADERS."""
        return self.kind, self.user_id, self.name, self.field, self.before or "", self.after or ""


def csv_lines(rows: Iterable[DifferenceRow]) -> Iterator[str]:
    """Yield the lines of a CSV file with a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for cells in (HEADERS, *(row.cells() for row in rows)):
        writer.writerow(cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def html_lines(title: str, rows: Iterable[DifferenceRow]) -> Iterator[str]:
    """Yield the lines of an HTML page; every text of the directory is escaped."""
    headers = "".join(f"<th>{header}</th>" for header in HEADERS)
    yield _HEAD.format(title=escape(title), headers=headers)
    for row in rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row.cells())
        yield f'<tr class="{row.kind}">{cells}</tr>\n'
    yield "</tbody></table></body></html>\n"
