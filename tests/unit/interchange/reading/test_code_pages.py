"""A text without Unicode is proposed as Windows-1252; what it most likely is stands first among the others."""

from __future__ import annotations

import pytest

from whowas.interchange.reading.code_pages import code_page_of
from whowas.interchange.reading.decoding import Decoding, codec_called
from whowas.interchange.source import Source


def found(text: str, codec: str) -> Decoding:
    return code_page_of(Source.of("x", text.encode(codec)))


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Łukasz,Żółć\nBożena,Wiśniewska", "cp1250"),
        ("Łukasz,Żółć\nBożena,Wiśniewska", "iso8859-2"),
        ("Иван,Петров\nОльга,Смирнова", "cp1251"),
        ("Иван,Петров\nОльга,Смирнова", "koi8-r"),
        ("Jürgen,Groß\nRené,Müller", "mac-roman"),
        ("张伟,北京\n王芳,上海", "gb18030"),
        ("陳大文,台北", "big5"),
        ("İlker,Yılmaz\nAyşe,Şahin", "cp1254"),
    ],
)
def test_the_right_one_is_first_behind_windows_1252(text: str, codec: str) -> None:
    decoding = found(text, codec)

    assert (decoding.codec, decoding.certain) == ("cp1252", False)
    assert codec_called(decoding.others[0].encoding) == codec


def test_others_show_the_first_words_that_read_otherwise() -> None:
    decoding = found("Anna,Łukasz\nBożena,Novák,Żółć,Ćma", "cp1250")

    assert decoding.others[0].words == ("Łukasz", "Bożena", "Żółć")


def test_what_reads_the_same_is_not_shown() -> None:
    names = [other.encoding for other in found("Jürgen,Groß\n", "cp1252").others]

    assert "ISO-8859-15" not in names
    assert "Windows-1254" not in names
    assert "Windows-1251" in names


@pytest.mark.parametrize(("text", "codec"), [("Иван,Петров", "cp866"), ("Jürgen,Groß,Müller,Jörg", "cp850")])
def test_where_windows_1252_has_no_such_bytes_another_is_proposed(text: str, codec: str) -> None:
    decoding = found(text, codec)

    assert (decoding.codec, decoding.certain) == (codec, False)


def test_a_file_of_one_endless_line_is_looked_at_in_parts() -> None:
    assert found("é" * 500_000, "cp1252").codec == "cp1252"
