"""No part of a workbook grows beyond its bounds, and what is wrong with one is a sentence."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest

from tests.workbooks import ods_parts, packed, xlsx, xlsx_parts
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading import packages
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead, Table
from whowas.interchange.source import Source

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def read(content: bytes) -> Table:
    return read_list(Source.of("x.xlsx", content), HowToRead())


def sheet(
    beginning: str = "", cells: str = "<row><c t='inlineStr'><is><t>x</t></is></c></row>"
) -> dict[str, str | bytes]:
    parts = xlsx_parts({"A": [["x"]]})
    return {**parts, SHEET: f"{beginning}<worksheet><sheetData>{cells}</sheetData></worksheet>"}


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_SURELY_SMALL", 1 << 20)
    bomb = packed(sheet(cells=" " * (8 << 20)))
    assert len(bomb) < 20_000

    tracemalloc.start()
    try:
        with pytest.raises(UnreadableError, match="would unpack to 8,"):
            read(bomb)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_cut_off() -> None:
    parts = sheet(cells=" " * (1 << 20))
    content = packed(parts)
    told = struct.pack("<I", len(str(parts[SHEET])))
    assert content.count(told) == 2

    with pytest.raises(UnreadableError, match="damaged or cut short"):
        read(content.replace(told, struct.pack("<I", 1000)))


@pytest.mark.parametrize("parts", [sheet(LAUGHS), {**ods_parts({"A": [["x"]]}), "content.xml": LAUGHS + "<a>&c;</a>"}])
def test_entities_are_never_unfolded(parts: dict[str, str | bytes]) -> None:
    with pytest.raises(UnreadableError, match="XML of its own"):
        read(packed(parts))


@pytest.mark.parametrize(
    "parts",
    [
        {**sheet(), SHEET: "<worksheet><sheetData><row>"},
        {**sheet(), SHEET: b"\xff\xfe\xfd"},
        {**sheet(), "xl/workbook.xml": "&"},
        {name: part for name, part in sheet().items() if name != SHEET},
        {**sheet(), SHEET: "<worksheet><sheetData><row><c t='s'><v>99</v></c></row></sheetData></worksheet>"},
        {**sheet(), SHEET: "<worksheet><sheetData><row><c t='s'><v>x</v></c></row></sheetData></worksheet>"},
        {name: part for name, part in ods_parts({"A": [["x"]]}).items() if name != "content.xml"},
    ],
)
def test_damaged_parts(parts: dict[str, str | bytes]) -> None:
    with pytest.raises(UnreadableError, match="damaged or cut short"):
        read(packed(parts))


def test_protected_parts() -> None:
    content = bytearray(xlsx({"A": [["x"]]}))
    places = [content.find(mark) + offset for mark, offset in ((b"PK\x01\x02", 8),)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        count = len(archive.namelist())
    for _ in range(count):
        content[places[-1]] |= 1
        places.append(content.find(b"PK\x01\x02", places[-1]) + 8)

    with pytest.raises(UnreadableError, match="protected by a password"):
        read(bytes(content))
    encrypted = {**ods_parts({"A": [["x"]]}), "META-INF/manifest.xml": "<m><encryption-data/></m>"}
    with pytest.raises(UnreadableError, match="protected by a password"):
        read(packed(encrypted))


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_prefixes_alter_nothing(prefix: str) -> None:
    names = f'xmlns:{prefix[:-1]}="urn:x"' if prefix else ""
    cells = "<row r='1'><c r='A1' t='inlineStr'><is><t>name</t></is></c></row><row r='3'><c r='A3'><v>7</v></c></row>"
    for tag in ("row", "c", "is", "t", "v"):
        cells = cells.replace(f"<{tag}", f"<{prefix}{tag}").replace(f"</{tag}>", f"</{prefix}{tag}>")
    whole = f"<{prefix}worksheet {names}><{prefix}sheetData>{cells}</{prefix}sheetData></{prefix}worksheet>"

    table = read(packed({**sheet(), SHEET: whole}))

    assert table.titles == ("name",)
    assert [(row.line, row.raw) for row in table.rows()] == [(3, "7")]


def test_an_endless_tag_is_not_gathered() -> None:
    whole = packed({**sheet(), SHEET: f'<worksheet a="{"b" * (64 << 20)}"/>'}, zipfile.ZIP_STORED)

    tracemalloc.start()
    try:
        with pytest.raises(UnreadableError, match="damaged or cut short"):
            read(whole)
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", "<workbook>" + "<sheet/>" * 30 + "</workbook>"),
        ("xl/styles.xml", "<styleSheet><cellXfs>" + "<xf/>" * 30 + "</cellXfs></styleSheet>"),
    ],
)
def test_more_elements_than_any_workbook_has(part: str, content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_MOST_ELEMENTS", 20)

    with pytest.raises(UnreadableError, match="damaged or cut short"):
        read(packed({**sheet(), part: content}))
