"""A list of any form comes out as its titles and rows, with the right line numbers, whatever surrounds it."""

from __future__ import annotations

import csv
import errno
import io
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbooks import ods, xlsx
from whowas.domain.errors import CancelledError, RefusedError, StoreError
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead, Row, Table, UnreadableRow
from whowas.interchange.source import Source

KNOWN = {"first_name", "last_name", "email", "first name", "Vorname", "Nachname", "E-Mail", "phone"}

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


def read(content: bytes | str, how: HowToRead | None = None, file_format: str = "") -> Table:
    content = content.encode() if isinstance(content, str) else content
    return read_list(Source.of("list", content), how or HowToRead(), file_format, knows_title=KNOWN.__contains__)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows() if isinstance(row, Row)]


@pytest.mark.parametrize(
    ("content", "titles", "rows"),
    [
        ("first\xa0name,\u200bemail \nMara,m@e.org\n", "first name,email", ["Mara,m@e.org"]),
        ("\ufeff\ufefffirst_name,email\nMara,m@e.org\n", "first_name,email", ["Mara,m@e.org"]),
        ("first_name,email,,\nMara,m@e.org,,\n", "first_name,email", ["Mara,m@e.org"]),
        ("first_name,email\nMara,m@e.org,,\nBo,b@e.org\n", "first_name,email", ["Mara,m@e.org", "Bo,b@e.org"]),
        ("first_name,email,phone\nMara,m@e.org\n", "first_name,email,phone", ["Mara,m@e.org,"]),
        ('first_name,"Start\nDate"\nMara,1\n', "first_name,Start Date", ["Mara,1"]),
        ("first_name," + "h" * 200 + "\nMara,1\n", "first_name," + "h" * 200, ["Mara,1"]),
        ("first_name,email\r\nMara,m@e.org\r\n\x1a", "first_name,email", ["Mara,m@e.org"]),
        ("sep=;\nfirst_name;email\nMara;m@e.org\n", "first_name,email", ["Mara,m@e.org"]),
        ("first_name,email\n", "first_name,email", []),
        ('first_name, email\nMara, "m@e.org"\n', "first_name,email", ["Mara,m@e.org"]),
        ("first_name,email\rMara,m@e.org\rBo,b@e.org", "first_name,email", ["Mara,m@e.org", "Bo,b@e.org"]),
        ("first_name,email\n\n , \n\u200b,\nMara,m@e.org\n,,,\n", "first_name,email", ["Mara,m@e.org"]),
        ("email\nm@e.org\n", "email", ["m@e.org"]),
    ],
)  # fmt: skip
def test_what_surrounds_a_list_harms_nothing(content: str, titles: str, rows: list[str]) -> None:
    table = read(content)

    assert ",".join(table.titles) == titles
    assert [",".join(row) for row in cells(table)] == rows
    assert cells(table) == cells(table)


def test_lines_are_numbered_as_an_editor_does() -> None:
    content = 'sep=,\r\nMembers 2026\r\n\r\nfirst_name,email\r\n"Ma\r\nra",m\r\n\r\nBo,b\r\nBo,b,surplus\r\nTotal,2\r\n'

    table = read(content)

    assert table.detected.header_line == 4
    assert table.header == "first_name,email"
    assert [row.line for row in table.rows()] == [5, 8, 9]
    assert table.detected.said == (
        "Line 2 was left out, above the titles (“Members 2026”).",
        "Line 10 was left out: it is a total, not a user (“Total,2”).",
    )


def test_more_cells_than_titles_are_named_and_not_taken() -> None:
    first, second = read("first_name,email\nMara,Quill,m@e.org\nBo,b@e.org\n").rows()

    reason = "The row has 3 cells, but the header names 2 columns."
    assert first == UnreadableRow(2, "Mara,Quill,m@e.org", 3, reason)
    assert second == Row(3, "Bo,b@e.org", ("Bo", "b@e.org"))


def test_untitled_columns_that_hold_something_are_said() -> None:
    table = read(",first_name,email,,\n1,Mara,m@e.org,,x\n")

    assert table.titles == ("", "first_name", "email", "", "")
    assert table.detected.said == ("Columns 1 and 5 have no title and are left out.",)
    assert cells(table) == [("1", "Mara", "m@e.org", "", "x")]


def test_without_a_header_columns_are_called_by_their_numbers() -> None:
    table = read("Mara,Quill\nBo,Ash,,\n", HowToRead(header=False))

    assert (table.titles, table.header, table.detected.header_line) == (("1", "2"), "", 0)
    assert cells(table) == [("Mara", "Quill"), ("Bo", "Ash")]


def test_titles_stay_known_as_they_were_written() -> None:
    table = read("first_name, نام\u200cها \n" + "Mara,x\n")

    assert table.titles == ("first_name", "نامها")
    assert table.written == ("first_name", " نام\u200cها ")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(table=st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=6), encoding=st.sampled_from(ENCODINGS))
def test_every_text_comes_back_exactly(delimiter: str, table: list[list[str]], encoding: str) -> None:
    buffer = io.StringIO()
    numbered = [[f"E{number}", *texts] for number, texts in enumerate(table)]
    csv.writer(buffer, delimiter=delimiter).writerows([["email", "first_name", "last_name", "notes"], *numbered])

    read_again = read(buffer.getvalue().removesuffix("\x1a").encode(encoding))

    assert cells(read_again) == [tuple(row) for row in numbered]
    assert read_again.detected.delimiter == delimiter


@pytest.mark.parametrize("named", ["csv", "xlsx", "ods"])
def test_what_is_asked_for_must_be_what_it_is(named: str) -> None:
    contents = {
        "csv": b"first_name\nMara\n",
        "xlsx": xlsx({"A": [["first_name"]]}),
        "ods": ods({"A": [["first_name"]]}),
    }
    for kind, content in contents.items():
        if kind == named:
            assert read(content, file_format=named).titles == ("first_name",)
        else:
            with pytest.raises(UnreadableError, match=f"not {named.upper()}: by its content it is {kind.upper()}"):
                read(content, file_format=named)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\r\n \r\n,,\r\n", "empty"),
        (b"sep=;\n", "empty"),
        (b"\x1a", "empty"),
        (b"\0" * 5000, "NUL byte"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><table>", "web page"),
        (bytes(range(1, 32)) * 9, "no text"),
        (b'a,b\n"x', "never closed"),
        (",".join(f"t{n}" for n in range(16_384)).encode(), "16,384 columns"),
    ],
)
def test_what_is_no_list_is_one_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        read(content)


@pytest.mark.parametrize("how", [HowToRead(encoding="klingon"), HowToRead(delimiter="ab")])
def test_what_cannot_be_meant_is_refused(how: HowToRead) -> None:
    with pytest.raises(RefusedError):
        read("first_name,email\n", how)


def test_a_delimiter_and_an_encoding_that_are_given_are_obeyed() -> None:
    table = read("first_name;last_name,email\nÄnne;x,y".encode("cp850"), HowToRead(encoding="IBM850", delimiter=";"))

    assert table.titles == ("first_name", "last_name,email")
    assert cells(table) == [("Änne", "x,y")]
    assert table.detected.certain


def test_a_row_with_bytes_that_are_no_text_is_refused_alone() -> None:
    content = ("first_name,email\n" + "Zoë,z\n" * 9).encode() + b"J\xfcrgen,j\n" + b"Ann,a\n"

    *_, before, last = read(content).rows()

    assert isinstance(before, UnreadableRow)
    assert (before.line, before.column) == (11, 1)
    assert "0xFC" in before.reason
    assert last == Row(12, "Ann,a", ("Ann", "a"))


def test_reading_can_be_cancelled() -> None:
    def progress(_done: int, _total: int) -> None:
        raise CancelledError

    for content in (b"first_name\n" + b"Mara\n" * 3000, xlsx({"A": [["first_name"], ["Mara"]]})):
        with pytest.raises(CancelledError):
            read_list(Source.of("x", content), HowToRead(), progress=progress)


def test_a_disk_that_fails_is_no_fault_of_the_file() -> None:
    content = b"first_name\nMara\n"

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

        read1 = read

    class FailingSource(Source):
        @contextmanager
        def opened(self) -> Iterator[BinaryIO]:
            yield Failing(content)

    with pytest.raises(StoreError, match="“list” cannot be read: Input/output error"):
        read_list(FailingSource.of("list", content), HowToRead())


def test_endless_lines_are_not_gathered() -> None:
    content = b"first_name\n" + (b"a" * (3 << 20) + b"\n") * 3

    tracemalloc.start()
    try:
        assert len(list(read(content).rows())) == 3
        assert tracemalloc.get_traced_memory()[1] < 60 << 20
    finally:
        tracemalloc.stop()
