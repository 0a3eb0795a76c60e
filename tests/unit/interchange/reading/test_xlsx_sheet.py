"""Cells of XLSX that leave out what they may: places, kinds, order."""

from __future__ import annotations

import pytest

from tests.workbooks import packed, xlsx_parts
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.cell_text import NEVER_CALCULATED
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead, Row
from whowas.interchange.source import Source


def read(cells: str) -> list[tuple[int, tuple[str, ...]]]:
    parts = xlsx_parts({"A": [["x"]]})
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
    table = read_list(Source.of("x", packed(parts)), HowToRead(header=False))
    return [(row.line, row.cells) for row in table.rows() if isinstance(row, Row)]


def test_places_may_be_left_out() -> None:
    cells = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>"

    assert read(cells) == [(1, ("1", "", "3")), (3, ("4", "", ""))]


def test_cells_may_stand_in_any_order() -> None:
    cells = '<row r="2"><c r="C2"><v>3</v></c><c r="A2"><v>1</v></c></row>'

    assert read(cells) == [(2, ("1", "", "3"))]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="d"><v>2020-01-05T00:00:00</v></c>', "2020-01-05"),
        ('<c t="str"><f>A1</f><v>a_x000D_b</v></c>', "a\rb"),
        ('<c s="1"><v>43835</v></c>', "2020-01-05"),
        ('<c s="99"><v>43835</v></c>', "43835"),
        ('<c s="x"><v>43835</v></c>', "43835"),
        ('<c t="n"><f>1+1</f><v>2</v></c>', "2"),
        ('<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></is></c>', "ab"),
    ],
)
def test_kinds(cell: str, text: str) -> None:
    assert read(f"<row>{cell}</row>") == [(1, (text,))]


@pytest.mark.parametrize("place", ["AAAA1", "É1", "A-1"])
def test_places_that_no_sheet_has(place: str) -> None:
    with pytest.raises(UnreadableError, match="names a cell that no sheet has"):
        read(f'<row r="1"><c r="{place}"><v>1</v></c></row>')


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('<row r="99999999"><c><v>1</v></c></row>', "At most 1,048,576 rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "column 16,384; at most 1,000"),
    ],
)
def test_what_lies_beyond_every_list(row: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        read(row)


def test_an_endless_cell_is_not_gathered() -> None:
    with pytest.raises(UnreadableError, match="too long"):
        read(f'<row><c t="str"><v>{"a" * (5 << 20)}</v></c></row>')


def test_a_formula_of_text_has_an_empty_one_or_none_yet() -> None:
    parts = xlsx_parts({"A": [["x"]]})
    cells = '<c t="str"><f>A1</f><v></v></c><c t="str"><f>A1</f></c><c><v>1</v></c>'
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"

    [row] = read_list(Source.of("x", packed(parts)), HowToRead(header=False)).rows()

    assert isinstance(row, Row)
    assert row.cells == ("", "", "1")
    assert row.faults == {2: NEVER_CALCULATED}
