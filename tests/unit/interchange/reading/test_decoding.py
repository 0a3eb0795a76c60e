"""Lines come out of bytes in any encoding that people name, whatever marks stand around them."""

from __future__ import annotations

import pytest

from whowas.domain.errors import RefusedError
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.decoding import NAMES, codec_called, lines_of
from whowas.interchange.source import Source


def lines(content: bytes, codec: str = "utf-8") -> list[str]:
    return list(lines_of(Source.of("x", content), codec))


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("UTF-16", "utf-16"),
        ("Unicode", "utf-16"),
        ("Mac Roman", "mac-roman"),
        ("macintosh", "mac-roman"),
        ("latin1", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("ISO 8859-15", "iso8859-15"),
        ("latin-9", "iso8859-15"),
        ("cp1252", "cp1252"),
        ("Windows 1250", "cp1250"),
        ("ANSI", "cp1252"),
        ("866", "cp866"),
        ("GBK", "gbk"),
        ("Shift JIS", "shift_jis"),
        ("euc-kr", "euc_kr"),
        ("big5", "big5"),
    ],
)
def test_encodings_are_known_by_the_names_people_use(name: str, codec: str) -> None:
    assert codec_called(name) == codec


@pytest.mark.parametrize("codec", NAMES)
def test_what_is_said_can_be_given(codec: str) -> None:
    assert codec_called(NAMES[codec]) == codec


@pytest.mark.parametrize("name", ["klingon", "", "base64", "rot13", "idna", "punycode", "unicode_escape", "a\0b", "ü"])
def test_what_is_no_encoding_is_one_sentence(name: str) -> None:
    with pytest.raises(RefusedError, match="No encoding is called") as raised:
        codec_called(name)

    assert raised.value.field == "encoding"


@pytest.mark.parametrize("marks", range(3))
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_byte_order_marks_are_left_out(codec: str, marks: int) -> None:
    assert lines(("\ufeff" * marks + "a\r\nb\rc\nd").encode(codec), codec) == ["a\r\n", "b\r", "c\n", "d"]


@pytest.mark.parametrize("end", ["a\n\x1a", "a\n"])
def test_a_final_ctrl_z_is_left_out(end: str) -> None:
    assert lines(end.encode()) == ["a\n"]
    assert lines(b"a\n" + b"b\x1a") == ["a\n", "b"]
    assert lines(b"a\x1ab\nc") == ["a\x1ab\n", "c"]


def test_bytes_that_are_no_text_stay_visible() -> None:
    assert lines(b"J\xfcrgen\n") == ["J\udcfcrgen\n"]
    assert lines(b"a\x00b", "utf-16-le") == ["a\udc62"]


def test_nul_characters_are_named_by_their_line() -> None:
    with pytest.raises(UnreadableError, match="NUL") as raised:
        lines("a\nb\0".encode("utf-16-le"), "utf-16-le")

    assert raised.value.line == 2
