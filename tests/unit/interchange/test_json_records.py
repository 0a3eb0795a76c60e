"""JSON lines and arrays are read object by object, whatever their encoding; what is wrong is named by line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange import json_array
from whowas.interchange.entries import UnreadableError
from whowas.interchange.json_decoding import LONGEST, BadJson, JsonRecord
from whowas.interchange.json_records import json_records
from whowas.interchange.source import Source

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
OBJECTS = st.lists(st.dictionaries(TEXTS, TEXTS | st.integers() | st.lists(TEXTS, max_size=2), max_size=3), max_size=5)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


def read(content: bytes) -> list[JsonRecord | BadJson]:
    return list(json_records(Source.of("x.json", content)))


def values(content: bytes) -> list[object]:
    return [record.value if isinstance(record, JsonRecord) else record.reason for record in read(content)]


@given(OBJECTS, st.sampled_from(ENCODINGS), st.booleans(), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_lines_are_read_in_any_encoding(objects: list[object], encoding: str, ascii_: bool, end: str) -> None:
    text = "".join(json.dumps(each, ensure_ascii=ascii_) + end for each in objects)
    assert values(text.encode(encoding)) == objects


@given(OBJECTS, st.sampled_from(ENCODINGS), st.sampled_from([None, 0, 2]), st.integers(1, 40))
def test_arrays_are_read_in_any_encoding_and_layout(
    objects: list[object], encoding: str, indent: int | None, chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_array, "_CHUNK", chunk)
        text = f" \n{json.dumps(objects, indent=indent, ensure_ascii=False)}\r\n"
        assert values(text.encode(encoding)) == objects


def test_two_byte_order_marks_are_none_of_the_text() -> None:
    assert values("\ufeff\ufeff{}\n[]".encode()) == [{}, "A JSON object is needed here."]
    assert values("\ufeff\ufeff[{}]".encode()) == [{}]


def test_where_an_object_of_an_array_begins_is_told() -> None:
    content = b'[{"a": 1}, {"b":\n 2},\n\n   {"c": 3}, 4]'
    assert [(record.line, record.column, record.raw) for record in read(content)] == [
        (1, 2, '{"a": 1}'),
        (1, 12, '{"b":  2}'),
        (4, 4, '{"c": 3}'),
        (4, 14, "4"),
    ]


BROKEN = {
    "a list that is not closed": (b'[{"a": 1}\n', 2, 1, "The list is not closed"),
    "an empty list that is not closed": (b"[", 1, 2, "This is not JSON"),
    "something behind it": (b"[{}]\n x", 2, 2, "There is something behind the end of the list."),
    "no comma": (b"[{}\n {}]", 2, 2, "“,” or “]” is needed here."),
    "a comma too many": (b"[{},]", 1, 5, "This is not JSON"),
    "no JSON": (b"[{},\n  nope]", 2, 3, "This is not JSON: expecting value."),
    "no JSON within": (b'[{},\n  {"a" 1}]', 2, 8, "This is not JSON: expecting ':' delimiter."),
    "nested deeply": (b"[" * 200_000, 1, 2, "This is nested too deeply"),
    "a number of many digits": (b"[" + b"1" * 5_000 + b"]", 1, 2, "too many digits"),
    "a long line": (b"{}\n" + b"0" * (LONGEST + 1), 2, 1, "The line is too long: at most 10,000,000 characters fit."),
    "a long line of UTF-16": (("{}\n" + "0" * (LONGEST + 1)).encode("utf-16"), 2, 1, "The line is too long"),
    "half a character at the end": ("{}\n{}".encode("utf-16") + b"\x00", 1, 1, "no UTF-16 text"),
}


@pytest.mark.parametrize(("content", "line", "column", "says"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_any_further_is_told_by_place(
    content: bytes, line: int, column: int, says: str
) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(content)
    assert says in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a": "\xff"}', "This is not UTF-8 text."),
        (b'[{"a": "\xff"}]', "This is not UTF-8 text."),
        ('{"a": "x"}'.encode("utf-16").replace(b"x\x00", b"\x00\xd8"), "This is not UTF-16 text."),
        (b'[{"a": 1, "a": 2}]', "“a” is there twice: say it once."),
        (b'{"a": {"b": 1, "b": 2}}', "“b” is there twice: say it once."),
        (b"1", "A JSON object is needed here."),
        (b'{"a": NaN', "This is not JSON: expecting ',' delimiter."),
    ],
)
def test_what_is_no_object_is_told_and_the_rest_is_read(content: bytes, reason: str) -> None:
    (bad,) = read(content)
    assert isinstance(bad, BadJson)
    assert bad.reason == reason
