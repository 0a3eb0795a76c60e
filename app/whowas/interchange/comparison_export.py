"""A comparison of two moments as a file: CSV for a spreadsheet, HTML for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from whowas.interchange.formula_guard import harmless
from whowas.projections.queries.differences import ComparedUser

HEADERS = ("difference", "id", "external_id", "name", "field", "before", "after")

_ARROWS = {"added": "+", "changed": "→", "removed": "−"}
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{
  --surface: #ffffff; --text: #1b1f27; --muted: #667085; --line: #e3e6eb; --before: #a35407;
  --added: #dcf5e5; --changed: #fff1c9; --removed: #fde3e1;
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --surface: #1c2028; --text: #e6e9ef; --muted: #98a2b3; --line: #2e3440; --before: #f5b35c;
    --added: #153524; --changed: #3a2f10; --removed: #3d1d1b;
  }}
}}
body {{ font: 14px/1.45 system-ui, sans-serif; color: var(--text); background: var(--surface); margin: 32px; }}
h1 {{ font-size: 20px; margin: 0 0 4px; }}
p {{ margin: 0 0 16px; color: var(--muted); }}
ul {{ display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0 0 24px; padding: 0; }}
li {{ padding: 4px 10px; border-radius: 6px; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: 6px 12px; border-bottom: 1px solid var(--line); }}
td {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
thead th {{ color: var(--muted); font-size: 12px; }}
tbody th {{ font-weight: 600; min-width: 160px; }}
tbody th span {{ display: block; font-weight: 400; font-size: 12px; color: var(--muted); }}
.added {{ background: var(--added); }}
.changed {{ background: var(--changed); }}
.removed {{ background: var(--removed); }}
.before {{ color: var(--before); font-weight: 600; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{scope}</p>
<ul>{counts}</ul>
<table>
<thead><tr><th>User</th><th>Field</th><th>Before</th><th>After</th></tr></thead>
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a comparison: which moments, whose differences, and how many users there are of each kind."""

    title: str
    scope: str
    added: int
    changed: int
    removed: int


def csv_lines(differences: Iterable[ComparedUser]) -> Iterator[str]:
    """Yield a header and a line for each field that differs; of a removed user one, with no field.

    An apostrophe is put before a cell that a spreadsheet would take for a formula.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADERS)
    for difference in differences:
        user = difference.user
        whose = (difference.kind, user.id, user.external_id or "", user.name)
        changes = [(change.key, change.before or "", change.after or "") for change in difference.changes]
        for cells in changes or [("", "", "")]:
            writer.writerow([harmless(cell) for cell in (*whose, *cells)])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def html_lines(heading: Heading, differences: Iterable[ComparedUser]) -> Iterator[str]:
    """Yield the lines of a page that needs no other file; every text of the directory is escaped."""
    numbers = {"added": heading.added, "changed": heading.changed, "removed": heading.removed}
    counts = "".join(f'<li class="{kind}">{number:,} {kind}</li>' for kind, number in numbers.items())
    yield _HEAD.format(title=escape(heading.title), scope=escape(heading.scope), counts=counts)
    for difference in differences:
        yield "".join(_rows(difference))
    yield "</table>\n</body>\n</html>\n"


def _rows(difference: ComparedUser) -> Iterator[str]:
    changes = difference.changes
    whose = f"{escape(difference.user.name)}<span>{_ARROWS[difference.kind]} {difference.kind}</span>"
    yield f'<tbody class="{difference.kind}">\n<tr><th scope="rowgroup" rowspan="{max(len(changes), 1)}">{whose}</th>'
    if not changes:
        yield "<td></td><td></td><td></td></tr>\n"
    for index, change in enumerate(changes):
        field, before, after = (escape(text or "") for text in (change.label, change.before, change.after))
        yield ("<tr>" if index else "") + f'<td>{field}</td><td class="before">{before}</td><td>{after}</td></tr>\n'
    yield "</tbody>\n"
