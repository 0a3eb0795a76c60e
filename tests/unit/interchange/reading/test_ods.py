"""What ODS workbooks hold beyond plain cells: repetitions, notes, spans, tables within."""

from __future__ import annotations

import pytest

from tests.workbooks import ods_content, ods_parts, packed
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading import ods
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead, Row
from whowas.interchange.source import Source


def read(rows: str) -> list[tuple[int, tuple[str, ...]]]:
    content = ods_content(f'<table:table table:name="A">{rows}</table:table>')
    table = read_list(Source.of("x", packed({**ods_parts({}), "content.xml": content})), HowToRead(header=False))
    return [(row.line, row.cells) for row in table.rows() if isinstance(row, Row)]


def cell(inside: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{inside}</table:table-cell>"


def test_repeated_cells_and_rows() -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )

    assert read(rows) == [(4, ("", "", "x", "x")), (5, ("", "", "x", "x"))]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<text:p>a <text:span>b</text:span><text:s text:c='2'/>c</text:p>", "a b  c"),
        ("<text:p>\n  a\n  b</text:p>", "a b"),
        ("<text:p>a<text:line-break/>b</text:p><text:p>c</text:p>", "a\nb\nc"),
        ("<text:p><text:a>m@e.org</text:a></text:p>", "m@e.org"),
        ("<office:annotation><text:p>a note</text:p></office:annotation><text:p>x</text:p>", "x"),
        ("<table:table><table:table-row><table:table-cell/></table:table-row></table:table><text:p>x</text:p>", "x"),
    ],
)
def test_texts(inside: str, text: str) -> None:
    assert read(f"<table:table-row>{cell(inside)}</table:table-row>") == [(1, (text,))]


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ('office:value-type="percentage" office:value="0.25"', "0.25"),
        ('office:value-type="currency" office:value="12.50"', "12.5"),
        ('office:value-type="date" office:date-value="2020-01-05T00:00:00"', "2020-01-05"),
        ('office:value-type="string" office:string-value="stored"', "stored"),
        ('office:value-type="time" office:time-value="PT9H05M00S"', "09:05:00"),
    ],
)
def test_values(attributes: str, text: str) -> None:
    assert read(f"<table:table-row>{cell('<text:p>shown</text:p>', attributes)}</table:table-row>") == [(1, (text,))]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("<table:table-row table:number-rows-repeated='9999999'>{}</table:table-row>", "At most 1,048,576 rows"),
        ("<table:table-row><table:table-cell table:number-columns-repeated='16383'/>{}</table:table-row>", "16,384"),
    ],
)
def test_what_lies_beyond_every_list(rows: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        read(rows.format(cell("<text:p>x</text:p>")))


def test_more_sheets_than_any_workbook_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ods, "_MOST_SHEETS", 2)
    content = ods_content("<table:table/>" * 3)

    with pytest.raises(UnreadableError, match="damaged"):
        read_list(Source.of("x", packed({**ods_parts({}), "content.xml": content})), HowToRead())
