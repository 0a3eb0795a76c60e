"""What XLSX workbooks hold beyond cells of texts: runs, pronunciations, charts, places of parts."""

from __future__ import annotations

import pytest

from tests.workbooks import packed, xlsx_parts
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading import xlsx
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead, Table
from whowas.interchange.source import Source


def read(parts: dict[str, str | bytes]) -> Table:
    return read_list(Source.of("x", packed(parts)), HowToRead())


def test_runs_are_one_text_without_how_it_is_pronounced() -> None:
    parts = xlsx_parts({"A": [["x"]]})
    parts["xl/sharedStrings.xml"] = (
        "<sst><si><r><rPr><b/></rPr><t>東</t></r><r><t>京</t></r><rPh sb='0' eb='1'><t>トウキョウ</t></rPh></si></sst>"
    )

    assert read(parts).titles == ("東京",)


def test_charts_are_no_sheets() -> None:
    parts = xlsx_parts({"Chart": [["no"]], "A": [["x"]]})
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = str(parts[name]).replace("worksheet", "chartsheet", 1)

    table = read(parts)

    assert (table.detected.sheets, table.titles) == (("A",), ("x",))


@pytest.mark.parametrize(
    "target", ["/xl/worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml", "./worksheets/sheet1.xml"]
)
def test_parts_are_found_wherever_they_are_said_to_be(target: str) -> None:
    parts = xlsx_parts({"A": [["x"]]})
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = str(parts[name]).replace("worksheets/sheet1.xml", target)

    assert read(parts).titles == ("x",)


def test_a_workbook_needs_neither_styles_nor_shared_texts() -> None:
    parts = xlsx_parts({"A": [["x"], [7]]}, shared=False)

    table = read({name: part for name, part in parts.items() if not name.endswith(("sharedStrings.xml", "styles.xml"))})

    assert [row.raw for row in table.rows()] == ["7"]


@pytest.mark.parametrize(("bound", "most"), [("_MOST_SHARED", 2), ("MOST_CHARACTERS", 0)])
def test_shared_texts_have_bounds(bound: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = xlsx_parts({"A": [["x"], ["y"], ["z"]]})
    assert read(parts).titles == ("x",)
    monkeypatch.setattr(xlsx, bound, most)

    with pytest.raises(UnreadableError, match="damaged"):
        read(parts)
