"""What kind of file the bytes are, whatever it is called, and a sentence for those that are no list."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import BinaryIO, Literal

from whowas.interchange.entries import UnreadableError
from whowas.interchange.source import Source

Kind = Literal["csv", "xlsx", "ods"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of older Office files, and of encrypted newer ones ([MS-CFB], [MS-OFFCRYPTO])."""

_OTHERS = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"SQLite format 3\x00", "a database (SQLite), as Whowas directories are"),
    (b"\x1f\x8b", "a compressed file (gzip): unpack it first"),
    (b"BZh", "a compressed file (bzip2): unpack it first"),
    (b"\xfd7zXZ\x00", "a compressed file (xz): unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z): unpack it first"),
    (b"Rar!\x1a\x07", "an archive (RAR): unpack it first"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (rb"{\rtf", "a text document (RTF)"),
)
_BEGINNING = 1 << 12
_ENTRIES_OF_OLE = 1 << 22

_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_LEAST_TOLD_BY_CONTROLS = 256
_TEXT_PER_CONTROL = 5

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What unpacking raises where a package is damaged, and OSError where a place in it lies before its beginning."""

PROTECTED = "This workbook is protected by a password: save it without one and try again."


def kind_of(source: Source) -> Kind:
    """Return what a file is by its bytes. Raises UnreadableError where it is something else than a list."""
    beginning = source.beginning(_BEGINNING)
    if beginning.startswith(_ZIP):
        with source.opened() as file:
            return _kind_of_archive(file)
    if beginning.startswith(_OLE):
        raise _unreadable(_said_of_ole(source.beginning(_ENTRIES_OF_OLE)))
    for mark, what in _OTHERS:
        if beginning.startswith(mark):
            raise _unreadable(f"This is {what}; a list is needed (CSV, XLSX or ODS).")
    text = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<?xml", b"<table", b"<office:document", b"<workbook")):
        raise _unreadable("This is a web page or XML, whatever it is called: save it as .xlsx or CSV and try again.")
    if _is_binary(beginning):
        raise _unreadable("This is no text; a list is needed (CSV, XLSX or ODS).")
    return "csv"


def _is_binary(beginning: bytes) -> bool:
    """Say whether so many control characters stand in the beginning of a file that it is no text. NULs say nothing."""
    controls = len(_CONTROLS.findall(beginning))
    long_enough = len(beginning) >= _LEAST_TOLD_BY_CONTROLS and b"\0" not in beginning
    return long_enough and controls * _TEXT_PER_CONTROL > len(beginning)


def _kind_of_archive(file: BinaryIO) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _BEGINNING:
                mime = archive.read("mimetype")
                if b"opendocument.spreadsheet" in mime:
                    return "ods"
    except BROKEN as error:
        raise _unreadable("This workbook is damaged or cut short: it cannot be unpacked.") from error
    if any(name.lower().endswith("xl/workbook.bin") for name in names):
        raise _unreadable("This is a binary workbook (.xlsb): save it as .xlsx and try again.")
    if any(name.lower().endswith("workbook.xml") for name in names):
        return "xlsx"
    what = "a text document or presentation" if "[Content_Types].xml" in names or "mimetype" in names else "an archive"
    raise _unreadable(f"This is {what}, no list: CSV, XLSX or ODS is needed.")


def _said_of_ole(content: bytes) -> str:
    if _as_utf_16("EncryptedPackage") in content:
        return PROTECTED
    if _as_utf_16("Workbook") in content or _as_utf_16("Book") in content:
        return "This is a workbook of an older kind (.xls): save it as .xlsx and try again."
    return "This is a document of an older Office program, no list: CSV, XLSX or ODS is needed."


def _as_utf_16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _unreadable(reason: str) -> UnreadableError:
    return UnreadableError(0, 0, reason)
