"""The encoding is found by looking at the whole file, and nothing that is no Unicode is taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.progress import unwatched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading import encodings
from whowas.interchange.reading.decoding import Decoding, lines_of
from whowas.interchange.reading.encodings import decoding_of
from whowas.interchange.source import Source

LIST = "first_name,last_name\r\nMüra,Quill\r\nŁukasz,Żółć\r\n张伟,北京\r\n"


def found(content: bytes, given_name: str | None = None) -> Decoding:
    return decoding_of(Source.of("x", content), given_name, unwatched)


@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\ufeff"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_unicode_is_certain(codec: str, mark: str) -> None:
    decoding = found((mark + LIST).encode(codec))

    assert decoding == Decoding(codec)


@pytest.mark.parametrize("codec", ["utf-32-le", "utf-32-be"])
def test_utf_32_is_known_by_its_mark(codec: str) -> None:
    assert found(("\ufeff" + LIST).encode(codec)) == Decoding(codec)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30), min_size=1))
def test_utf_8_is_certain_wherever_its_chunks_end(texts: list[str]) -> None:
    chunk = encodings._CHUNK
    encodings._CHUNK = 3
    try:
        assert found(("name\n" + "\n".join(texts)).encode()).codec == "utf-8"
    finally:
        encodings._CHUNK = chunk


@pytest.mark.parametrize("name", ["UTF-16", "utf16", "unicode"])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_has_its_order_found_when_it_is_given(codec: str, name: str) -> None:
    assert found(LIST.encode(codec), name).codec == codec
    assert found(("\ufeff" + LIST).encode(codec), name).codec == codec


def test_what_is_given_is_obeyed() -> None:
    assert found("Jürgen".encode("mac-roman"), "Mac Roman") == Decoding("mac-roman")


def test_what_is_no_unicode_is_proposed_as_windows_1252() -> None:
    decoding = found("first_name\nJürgen\nGroß – Söhne\n".encode("cp1252"))

    assert (decoding.name, decoding.certain) == ("Windows-1252", False)
    assert decoding.others


def test_one_byte_far_down_leaves_the_rest_as_it_is() -> None:
    content = ("Jürgen,Müller\n" * 200_000).encode() + b"J\xfcrgen,Groth\n" + "Zoë,x\n".encode()

    decoding = found(content)

    assert (decoding.name, decoding.certain) == ("UTF-8", False)
    assert decoding.said == ("The file is UTF-8, but 1 byte is not: those rows cannot be read.",)
    assert list(lines_of(Source.of("x", content), "utf-8"))[-2:] == ["J\udcfcrgen,Groth\n", "Zoë,x\n"]


@pytest.mark.parametrize(("before", "line"), [("a\nb\n", 3), ("a\rb\r", 3), ("a\r\nb\r\n", 3), ("", 1)])
def test_nul_bytes_are_named_by_their_line(before: str, line: int) -> None:
    for chunk in (1, 2, 3, 1 << 20):
        encodings._CHUNK, kept = chunk, encodings._CHUNK
        try:
            with pytest.raises(UnreadableError, match="NUL byte") as raised:
                found(before.encode() + b"x\0" + b"more" * 50)
        finally:
            encodings._CHUNK = kept
        assert raised.value.line == line
