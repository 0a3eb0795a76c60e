"""Sheets come out as what their cells show, whichever program wrote them; what a cell does not show is said."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.workbooks import Cell, Error, Formula, Sheets, Styled, ods, xlsx
from whowas.domain.errors import RefusedError
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.cell_text import NEVER_CALCULATED
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead, Row, Table, UnreadableRow
from whowas.interchange.reading.visible_text import is_blank
from whowas.interchange.source import Source

WRITERS = {
    "xlsx": xlsx,
    "xlsx without shared texts": lambda sheets: xlsx(sheets, shared=False),
    "xlsx from 1904": lambda sheets: xlsx(sheets, from_1904=True),
    "ods": ods,
}
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=8
)


@pytest.fixture(params=WRITERS)
def write(request: pytest.FixtureRequest) -> object:
    return WRITERS[request.param]


def read(content: bytes, sheet: str | None = None) -> Table:
    return read_list(Source.of("list", content), HowToRead(sheet=sheet))


def rows(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows() if isinstance(row, Row)]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("00123", "00123"),
        (" two  blanks ", " two  blanks "),
        ("two\nlines", "two\nlines"),
        ("a\tb", "a\tb"),
        ("<&>\"'", "<&>\"'"),
        (12, "12"),
        (12.0, "12"),
        (1.5, "1.5"),
        (-0.25, "-0.25"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2020, 1, 5), "2020-01-05"),
        (datetime.fromisoformat("2020-01-05T10:30:00"), "2020-01-05T10:30:00"),
        (time(9, 5), "09:05:00"),
        (Styled(42, "00000"), "00042"),
        (Formula(7), "7"),
        (Formula("seven"), "seven"),
        (Formula(""), ""),
        (None, ""),
    ],
)
def test_what_cells_show(write: object, cell: Cell, text: str) -> None:
    table = read(write({"A": [["name", "x"], ["Mara", cell]]}))  # type: ignore[operator]

    assert rows(table) == [("Mara", text)]
    assert not next(iter(table.rows())).faults  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Formula(None), NEVER_CALCULATED),
        (Error("#N/A"), "This cell holds the error #N/A."),
        (Error("#DIV/0!"), "This cell holds the error #DIV/0!."),
    ],
)
def test_what_cells_do_not_show_is_a_fault_of_theirs(write: object, cell: Cell, said: str) -> None:
    [row] = read(write({"A": [["name", "x"], ["Mara", cell]]})).rows()  # type: ignore[operator]

    assert isinstance(row, Row)
    assert row.faults == {2: said}


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5), st.sampled_from(sorted(WRITERS)))
def test_every_text_comes_back_exactly(table: list[list[str]], writer: str) -> None:
    numbered = [[f"E{number}", *texts] for number, texts in enumerate(table)]
    content = WRITERS[writer]({"A": [["id", "first", "last"], *numbered]})

    assert rows(read(content)) == [tuple(row) for row in numbered]


@given(
    st.lists(
        st.lists(st.one_of(TEXTS, st.integers(-(2**40), 2**40), st.booleans(), st.none()), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(sorted(WRITERS)),
)
def test_it_reads_what_another_reader_reads(table: list[list[Cell]], writer: str) -> None:
    content = WRITERS[writer]({"A": [["a", "b", "c"], *table]})
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    shown = [tuple(_as_text(cell) for cell in row) for row in theirs[1:]]

    ours = [row.cells for row in read_list(Source.of("x", content), HowToRead(header=False)).rows()]  # type: ignore[union-attr]

    assert ours[1:] == [row for row in shown if not all(map(is_blank, row))]


def _as_text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def test_rows_keep_their_numbers_and_blank_ones_are_overlooked(write: object) -> None:
    sheets: Sheets = {"A": [[None], ["Members"], [None], ["name", "x", "y"], ["Mara", 1, 2], [None], ["Bo", 1, "a,b"]]}

    table = read(write(sheets))  # type: ignore[operator]

    assert table.detected.header_line == 4
    assert [(row.line, row.raw) for row in table.rows()] == [(5, "Mara,1,2"), (7, 'Bo,1,"a,b"')]


def test_a_column_beside_the_list_has_no_title(write: object) -> None:
    table = read(write({"A": [["name"], ["Mara", None, "call her"], ["Bo"]]}))  # type: ignore[operator]

    assert table.titles == ("name", "", "")
    assert table.detected.said == ("Column 3 has no title and is left out.",)
    assert not any(isinstance(row, UnreadableRow) for row in table.rows())


def test_the_first_sheet_with_content_is_read_and_the_others_are_said(write: object) -> None:
    table = read(write({"Empty": [], "People": [["name"], ["Mara"]], "Notes": [["x"]]}))  # type: ignore[operator]

    assert (table.detected.sheet, table.detected.sheets) == ("People", ("Empty", "People", "Notes"))
    assert table.detected.said == ("The sheet “People” is read; there are also “Empty” and “Notes”.",)


def test_hidden_sheets_come_last() -> None:
    content = xlsx({"Lists": [["x"]], "People": [["name"]]}, hidden=["Lists"])

    assert read(content).detected.sheet == "People"
    assert read(content, "Lists").titles == ("x",)


@pytest.mark.parametrize(("wanted", "sheet"), [("Two", "Two"), ("two ", "Two"), ("2", "Two"), ("3", "3"), ("1", "One")])
def test_a_sheet_is_chosen_by_name_or_number(write: object, wanted: str, sheet: str) -> None:
    table = read(write({"One": [["a"]], "Two": [["b"]], "3": [["c"]]}), wanted)  # type: ignore[operator]

    assert table.detected.sheet == sheet
    assert table.detected.said == ()


@pytest.mark.parametrize("wanted", ["Four", "0", "4", "", "²", "9" * 50])
def test_a_sheet_that_is_not_there_is_refused(write: object, wanted: str) -> None:
    with pytest.raises(RefusedError, match="only “One” and “Two”") as raised:
        read(write({"One": [["a"]], "Two": [["b"]]}), wanted)  # type: ignore[operator]

    assert raised.value.field == "sheet"


def test_what_is_empty_is_said(write: object) -> None:
    with pytest.raises(UnreadableError, match="This workbook is empty"):
        read(write({"One": [], "Two": []}))  # type: ignore[operator]
    with pytest.raises(UnreadableError, match="The sheet “One” is empty"):
        read(write({"One": [], "Two": [["b"]]}), "One")  # type: ignore[operator]


def test_a_cell_far_out_is_named(write: object) -> None:
    with pytest.raises(UnreadableError, match="column 1,001; at most 1,000"):
        read(write({"A": [["a", *[None] * 999, "z"]]}))  # type: ignore[operator]
