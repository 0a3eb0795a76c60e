"""Workbooks as other programs write them, made here so that no library for writing them is needed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"


@dataclass(frozen=True)
class Formula:
    """A formula with the value that was calculated for it; None if it never was."""

    value: str | float | bool | None
    text: str = "A1"


@dataclass(frozen=True)
class Error:
    """A cell with an error, such as #N/A."""

    code: str


@dataclass(frozen=True)
class Styled:
    """A number shown in a format of numbers, such as 00000."""

    value: float
    code: str


Cell = str | int | float | bool | date | datetime | time | None | Formula | Error | Styled
Sheets = Mapping[str, Sequence[Sequence[Cell]]]


def packed(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a package of parts, of the same bytes whenever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return buffer.getvalue()


def write_xlsx(path: Path, sheets: Mapping[str, Iterable[Sequence[str]]]) -> None:
    """Write sheets of text cells, by their names; an empty text is a cell that is not there."""
    cells = {name: [[text or None for text in row] for row in rows] for name, rows in sheets.items()}
    path.write_bytes(xlsx(cells, shared=False))


def xlsx(sheets: Sheets, *, shared: bool = True, hidden: Sequence[str] = (), from_1904: bool = False) -> bytes:
    """Return an XLSX workbook; ``shared`` puts texts into the table of shared ones, as Excel does."""
    return packed(xlsx_parts(sheets, shared=shared, hidden=hidden, from_1904=from_1904))


def xlsx_parts(
    sheets: Sheets, *, shared: bool = True, hidden: Sequence[str] = (), from_1904: bool = False
) -> dict[str, str | bytes]:
    """Return the parts of an XLSX workbook."""
    texts: list[str] = []
    codes: list[str] = []
    parts: dict[str, str | bytes] = {}
    listed, relations = "", ""
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        relations += _relation(number, "worksheet", f"worksheets/sheet{number}.xml")
        cells = "".join(_xlsx_row(line, row, texts if shared else None, codes, from_1904) for line, row in _lines(rows))
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        )
    relations += _relation(90, "sharedStrings", "sharedStrings.xml") + _relation(91, "styles", "styles.xml")
    dates = ' date1904="1"' if from_1904 else ""
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr{dates}/><sheets>{listed}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{"".join(f"<si>{_text(text)}</si>" for text in texts)}</sst>'
    formats = "".join(f'<numFmt numFmtId="{200 + i}" formatCode={quoteattr(c)}/>' for i, c in enumerate(codes))
    styles = "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(codes)))
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/>{styles}</cellXfs>'
        "</styleSheet>"
    )
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{_RELATIONS}">{_relation(1, "officeDocument", "xl/workbook.xml")}</Relationships>'
    )
    parts["[Content_Types].xml"] = _content_types(len(sheets))
    return parts


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = [("workbook.xml", "sheet.main"), ("sharedStrings.xml", "sharedStrings"), ("styles.xml", "styles")]
    names += [(f"worksheets/sheet{number}.xml", "worksheet") for number in range(1, sheets + 1)]
    overrides = "".join(f'<Override PartName="/xl/{name}" ContentType="{kind}.{what}+xml"/>' for name, what in names)
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _lines(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, Sequence[Cell]]]:
    return [(line, row) for line, row in enumerate(rows, start=1) if any(cell is not None for cell in row)]


def _xlsx_row(line: int, row: Sequence[Cell], texts: list[str] | None, codes: list[str], from_1904: bool) -> str:
    cells = "".join(
        _xlsx_cell(f"{column_letters(column)}{line}", cell, texts, codes, from_1904)
        for column, cell in enumerate(row, start=1)
        if cell is not None
    )
    return f'<row r="{line}">{cells}</row>'


def _xlsx_cell(place: str, cell: Cell, texts: list[str] | None, codes: list[str], from_1904: bool) -> str:
    match cell:
        case bool():
            return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
        case str() if texts is not None:
            texts.append(cell)
            return f'<c r="{place}" t="s"><v>{len(texts) - 1}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is>{_text(cell)}</is></c>'
        case Formula(None, text):
            return f'<c r="{place}"><f>{escape(text)}</f><v></v></c>'
        case Formula(str() as value, text):
            return f'<c r="{place}" t="str"><f>{escape(text)}</f><v>{escape(value)}</v></c>'
        case Formula(value, text):
            return f'<c r="{place}"><f>{escape(text)}</f><v>{value!r}</v></c>'
        case Error(code):
            return f'<c r="{place}" t="e"><v>{code}</v></c>'
        case Styled(value, code):
            codes.append(code)
            return f'<c r="{place}" s="{3 + len(codes)}"><v>{value!r}</v></c>'
        case datetime() | date() | time():
            style = 2 if isinstance(cell, datetime) else 3 if isinstance(cell, time) else 1
            return f'<c r="{place}" s="{style}"><v>{_serial(cell, from_1904)!r}</v></c>'
        case _:
            return f'<c r="{place}"><v>{cell!r}</v></c>'


def _serial(moment: date | datetime | time, from_1904: bool) -> float:
    if isinstance(moment, time):
        return (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86400
    whole = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    return (whole - first).total_seconds() / 86400


def _text(text: str) -> str:
    return f'<t xml:space="preserve">{escape(_for_xml(text))}</t>'


def _for_xml(text: str) -> str:
    """Return text in which what XML cannot hold, or would alter, is escaped as Excel does."""
    text = text.replace("_x", "_x005F_x")
    return "".join(f"_x{ord(each):04X}_" if each < " " and each not in "\t\n" else each for each in text)


def column_letters(column: int) -> str:
    """Return what a spreadsheet calls a column, which counts from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def ods(sheets: Sheets) -> bytes:
    """Return an ODS workbook."""
    return packed(ods_parts(sheets))


def ods_parts(sheets: Sheets) -> dict[str, str | bytes]:
    """Return the parts of an ODS workbook."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": ods_content(tables),
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{_OASIS}:manifest:1.0"/>',
    }


def ods_content(tables: str) -> str:
    """Return the part that holds the cells."""
    names = "".join(f' xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return f"<office:document-content{names}>{body}</office:document-content>"


def _ods_cell(cell: Cell) -> str:
    match cell:
        case None:
            return "<table:table-cell/>"
        case bool():
            return _typed("boolean", f'office:boolean-value="{str(cell).lower()}"', str(cell).upper())
        case str():
            return _typed("string", "", cell)
        case Formula(None, text):
            return f'<table:table-cell table:formula="of:={escape(text)}"/>'
        case Formula(str() as value, text):
            return _typed("string", f'table:formula="of:={escape(text)}"', value)
        case Formula(value, text):
            return _typed("float", f'table:formula="of:={escape(text)}" office:value="{value!r}"', str(value))
        case Error(code):
            return _typed("string", 'table:formula="of:=A1" office:string-value=""', code)
        case Styled(value, code):
            return _typed("float", f'office:value="{value!r}"', str(int(value)).zfill(len(code)))
        case datetime() | date():
            return _typed("date", f'office:date-value="{cell.isoformat()}"', cell.strftime("%d.%m.%Y"))
        case time():
            return _typed("time", f'office:time-value="{cell.strftime("PT%HH%MM%SS")}"', cell.strftime("%H:%M"))
        case _:
            return _typed("float", f'office:value="{cell!r}"', str(cell))


def _typed(kind: str, attributes: str, text: str) -> str:
    paragraphs = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="{kind}" {attributes}>{paragraphs}</table:table-cell>'


def _spaced(line: str) -> str:
    """Return a paragraph in which blanks stay as many as they are."""
    return "".join({" ": "<text:s/>", "\t": "<text:tab/>"}.get(each) or escape(each) for each in line)
