"""A comparison as a file says what it says, whatever the texts hold."""

from __future__ import annotations

import csv
import io

from whowas.interchange.comparison_export import HEADERS, DifferenceRow, csv_lines, html_lines

ROWS = [
    DifferenceRow("changed", "1", "Ada <b>", "Title", None, 'a "b", c'),
    DifferenceRow("removed", "2", "Ben", "", None, None),
]


def test_csv_reads_back() -> None:
    text = "".join(csv_lines(ROWS))
    assert list(csv.reader(io.StringIO(text))) == [
        list(HEADERS),
        ["changed", "1", "Ada <b>", "Title", "", 'a "b", c'],
        ["removed", "2", "Ben", "", "", ""],
    ]


def test_no_text_becomes_markup() -> None:
    page = "".join(html_lines("staff <i>", ROWS))
    assert "Ada &lt;b&gt;" in page
    assert "staff &lt;i&gt;" in page
    assert page.count("<tr") == 3
