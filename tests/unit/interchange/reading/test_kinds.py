"""Files are known by their bytes, whatever they are called."""

from __future__ import annotations

import zipfile

import pytest

from tests.workbooks import ods, packed, xlsx
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.kinds import kind_of
from whowas.interchange.source import Source

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (xlsx({"A": [["x"]]}), "xlsx"),
        (ods({"A": [["x"]]}), "ods"),
        (b"first_name\n", "csv"),
        ("first_name\n".encode("utf-16"), "csv"),
        (b"\xff\xfej\x00", "csv"),
        (b"BM;x\n", "csv"),
        (b"PK;x\n", "csv"),
        (b"a\x1a", "csv"),
    ],
)
def test_lists(content: bytes, kind: str) -> None:
    assert kind_of(Source.of("x.csv", content)) == kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE + "Workbook".encode("utf-16-le"), r"\.xls\): save it as \.xlsx"),
        (OLE + "WordDocument".encode("utf-16-le"), "older Office program"),
        (b"%PDF-1.4", "PDF"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"SQLite format 3\x00", "database"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (b"\xef\xbb\xbf  <html>", "web page"),
        (b"<?xml version='1.0'?>", "XML"),
        (packed({"a.csv": "first_name"}), "an archive"),
        (packed({"[Content_Types].xml": "", "word/document.xml": ""}), "text document"),
        (packed({"xl/workbook.bin": ""}), r"\.xlsb"),
        (packed({}), "empty ZIP"),
        (xlsx({"A": [["x"]]})[:-100], "damaged or cut short"),
        (xlsx({"A": [["x"]]})[:60], "damaged or cut short"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}, zipfile.ZIP_STORED), "text document"),
    ],
)
def test_others_are_named(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        kind_of(Source.of("list.csv", content))
