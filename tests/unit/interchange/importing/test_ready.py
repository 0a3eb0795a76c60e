"""What a file is, is seen from its name or its beginning; what cannot be imported together is refused before it is."""

from __future__ import annotations

import pytest

from whowas.domain.errors import RefusedError
from whowas.interchange.importing.ready import FileRefusedError, Request, made_ready
from whowas.interchange.mapping.list_mapping import Chosen
from whowas.interchange.source import Source

LIST = b"first_name,email\nAda,ada@example.org\n"
CHANGES = b'{"at": "2020-01-01", "op": "create", "id": "E1", "fields": {"first_name": "Ada"}}\n'


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", LIST, "list"),
        ("standard input", LIST, "list"),
        ("a.csv", b'{"first_name",email\nAda,ada@example.org\n', "list"),
        ("a.jsonl", CHANGES, "changelog"),
        ("a.json", b"[" + CHANGES + b"]", "changelog"),
        ("standard input", b"\xef\xbb\xbf \n" + CHANGES, "changelog"),
        ("standard input", CHANGES.decode().encode("utf-16"), "changelog"),
        ("a.jsonl", b"", "changelog"),
    ],
)
def test_a_file_is_known_by_its_name_or_beginning(name: str, content: bytes, kind: str) -> None:
    assert made_ready([Source.of(name, content)], Request()).kind == kind


def test_what_was_said_counts_more() -> None:
    source = Source.of("a.csv", CHANGES)
    assert made_ready([source], Request(file_format="changelog")).kind == "changelog"


def test_lists_and_change_logs_are_not_imported_together() -> None:
    with pytest.raises(RefusedError, match="cannot be imported together"):
        made_ready([Source.of("a.csv", LIST), Source.of("b.jsonl", CHANGES)], Request())


def test_a_log_is_imported_alone() -> None:
    with pytest.raises(RefusedError, match="imported alone"):
        made_ready([Source.of("a.jsonl", b""), Source.of("b.jsonl", b"")], Request(file_format="log"))


def test_the_file_at_fault_is_named() -> None:
    fees = Source.of("fees.csv", b"Fee,Paid\n1,2\n")
    with pytest.raises(FileRefusedError, match="Nothing in this list names a person") as refused:
        made_ready([Source.of("a.csv", LIST), fees], Request())
    assert refused.value.file == "fees.csv"


def test_a_list_is_known_by_the_name_under_which_its_mapping_is_saved() -> None:
    source = Source.of("a.csv", LIST)
    (saved,) = made_ready([source], Request(saved_as="members")).lists
    (plain,) = made_ready([source], Request()).lists
    assert saved.mapping.source == "members" != plain.mapping.source


def test_what_is_said_of_a_title_is_for_the_lists_that_have_it() -> None:
    lists = [
        Source.of("a.csv", b"first_name,Post\nAda,a@b.example\n"),
        Source.of("b.csv", b"first_name,Mail\nBo,b@b.cd\n"),
    ]
    first, second = made_ready(lists, Request(chosen=Chosen({"Post": "email", "mail": "email"}))).lists
    assert dict(first.mapping.becomes)["Post"] == dict(second.mapping.becomes)["Mail"] == ("email",)


def test_dated_lists_are_taken_in_the_order_of_their_dates() -> None:
    dates = {"b.csv": 30, "a.csv": 10, "c.csv": 20}
    ready = made_ready([Source.of(name, LIST) for name in dates], Request(moments=dates))
    assert [(given.source.name, given.occurred_at) for given in ready.lists] == [
        ("a.csv", 10),
        ("c.csv", 20),
        ("b.csv", 30),
    ]
    assert [source.name for source in ready.sources] == ["a.csv", "c.csv", "b.csv"]


def test_lists_without_dates_are_taken_as_given() -> None:
    ready = made_ready([Source.of(name, LIST) for name in ("b.csv", "a.csv")], Request())
    assert [(given.source.name, given.occurred_at) for given in ready.lists] == [("b.csv", None), ("a.csv", None)]


@pytest.mark.parametrize(
    ("moments", "sentence"),
    [
        ({"a.csv": 10}, "“b.csv” has no date, and other lists have"),
        ({"a.csv": 10, "b.csv": 10}, "“a.csv” and “b.csv” have the same date"),
        ({"a.csv": 10, "b.csv": 1 << 53}, "“b.csv” cannot be true already"),
    ],
)
def test_dates_that_cannot_be_are_refused(moments: dict[str, int], sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        made_ready([Source.of(name, LIST) for name in ("a.csv", "b.csv")], Request(moments=moments))


def test_only_lists_are_dated() -> None:
    with pytest.raises(RefusedError, match="only lists can be dated"):
        made_ready([Source.of("a.jsonl", CHANGES)], Request(moments={"a.jsonl": 10}))


def test_of_many_lists_the_one_that_is_broken_is_named() -> None:
    sources = [Source.of(f"{number}.csv", LIST) for number in range(200)]
    sources[137] = Source.of("137.csv", b'first_name,email\nAda,"a@b.example\n')
    with pytest.raises(FileRefusedError) as refused:
        made_ready(sources, Request())
    assert refused.value.file == "137.csv"
