"""What is copied of rows: each cell stays one cell of a spreadsheet, and text."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray

from whowas.desktop.table.copied_text import copied_text
from whowas.interchange.formula_guard import harmless

LINES = str.maketrans(dict.fromkeys("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n"))


class Cells(HTMLParser):
    """Reads the rows of a table as a browser does, and which elements there are."""

    def __init__(self, html: QByteArray) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self._inside = False
        self.feed(bytes(html.data()).decode())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._inside = True
        elif tag == "br":
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def test_rows_stand_below_their_titles() -> None:
    copied = copied_text(["Name", "Title"], [["Ada Osei", "Clerk"], ["Ben Ito", ""]])
    assert copied.plain == b"Name\tTitle\nAda Osei\tClerk\nBen Ito\t\n"
    assert Cells(copied.html).rows == [["Name", "Title"], ["Ada Osei", "Clerk"], ["Ben Ito", ""]]


def test_what_would_break_a_cell_is_quoted_as_spreadsheets_do() -> None:
    copied = copied_text(["Notes"], [['a\tb\nc "d"'], ["e\r\nf\rg"]])
    assert copied.plain == b'Notes\n"a\tb\nc ""d"""\n"e\nf\ng"\n'


def test_markup_is_text() -> None:
    html = copied_text(["<u>"], [["<b>Ada</b> & \"Ben\" <script>alert('x')</script>"]]).html
    assert Cells(html).tags == {"meta", "style", "table", "tr", "th", "td"}
    assert Cells(html).rows == [["<u>"], ["<b>Ada</b> & \"Ben\" <script>alert('x')</script>"]]


def test_no_spreadsheet_calculates_a_cell() -> None:
    copied = copied_text(["Title"], [["=1+1"], ["@SUM(A1)"], ["+49 151 2345"], ["-2+3|cmd"], ["007"]])
    assert copied.plain == b"Title\n'=1+1\n'@SUM(A1)\n+49 151 2345\n'-2+3|cmd\n007\n"
    assert Cells(copied.html).rows[1] == ["=1+1"]
    assert b'td{mso-number-format:"\\@"' in bytes(copied.html.data())
    assert copied.html.count(b'<td sdnum="1033;0;@">') == 5


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(texts, texts), max_size=6))
def test_every_cell_stays_one_cell(rows: list[tuple[str, str]]) -> None:
    copied = copied_text(["One", "Two"], rows)
    lines = [[cell.replace("\r\n", "\n").translate(LINES) for cell in row] for row in rows]
    read = list(csv.reader(io.StringIO(bytes(copied.plain.data()).decode(), newline=""), "excel-tab"))
    assert read == [["One", "Two"], *([harmless(cell) for cell in row] for row in lines)]
    assert Cells(copied.html).rows == [["One", "Two"], *lines]
