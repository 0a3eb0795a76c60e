"""Writing rows of texts as an ODS document of one sheet (OpenDocument 1.3, parts 2 and 3), row by row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from whowas.interchange.refused.sheets import REASONS_WIDTH
from whowas.system.folders import for_its_owner

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_MIME}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_CENTIMETRES_A_CHARACTER = 0.2
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_BEGINNING = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{_OFFICE}:office:1.0" xmlns:style="{_OFFICE}:style:1.0" \
xmlns:table="{_OFFICE}:table:1.0" xmlns:text="{_OFFICE}:text:1.0" \
xmlns:fo="{_OFFICE}:xsl-fo-compatible:1.0" office:version="1.3">
<office:automatic-styles>
<style:style style:name="wide" style:family="table-column">\
<style:table-column-properties style:column-width="{REASONS_WIDTH * _CENTIMETRES_A_CHARACTER:g}cm"/></style:style>
<style:style style:name="title" style:family="table-cell">\
<style:text-properties fo:font-weight="bold"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>
"""
_END = "</table:table>\n</office:spreadsheet></office:body></office:document-content>\n"

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"^ +| {2,}| +$|\t")
_ENDS = re.compile(r"\r\n|\r|\n")


def write_ods(path: Path, sheet: str, titled: bool, rows: Iterable[Sequence[str]], width: int) -> None:
    """Write a new file (mode 0600); its first row has titles if ``titled``, the last of ``width`` columns is wide.

    Characters that XML cannot hold become U+FFFD. Raises OSError.
    """
    with open(path, "xb", opener=for_its_owner) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        # First and as it is, so that the file is known by its beginning (part 2, 3.3).
        package.writestr(zipfile.ZipInfo("mimetype"), _MIME, zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        with package.open("content.xml", "w", force_zip64=True) as content:
            _write_content(content, sheet, titled, rows, width)


def _write_content(content: IO[bytes], sheet: str, titled: bool, rows: Iterable[Sequence[str]], width: int) -> None:
    others = f'<table:table-column table:number-columns-repeated="{width - 1}"/>' if width > 1 else ""
    columns = f'{others}<table:table-column table:style-name="wide"/>'
    table = f"<table:table table:name={quoteattr(_in_xml(sheet) or 'Sheet1')}>{columns}"
    content.write(f"{_BEGINNING}{table}\n".encode())
    for number, cells in enumerate(rows):
        style = ' table:style-name="title"' if titled and not number else ""
        row = "".join(_cell(cell, style) for cell in cells)
        content.write(f"<table:table-row>{row}</table:table-row>\n".encode())
    content.write(_END.encode())


def _cell(text: str, style: str) -> str:
    if not text:
        return "<table:table-cell/>"
    paragraphs = "".join(f"<text:p>{_paragraph(part)}</text:p>" for part in _ENDS.split(_in_xml(text)))
    return f'<table:table-cell{style} office:value-type="string">{paragraphs}</table:table-cell>'


def _paragraph(text: str) -> str:
    """Return the content of a paragraph in which no blank is lost (part 3, 6.1.2)."""
    return _BLANKS.sub(_blanks, escape(text))


def _blanks(found: re.Match[str]) -> str:
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
