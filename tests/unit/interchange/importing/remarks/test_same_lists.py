"""Lists that are the same are named, and of many of them only the first."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.interchange.importing.given_lists import given
from whowas.domain.progress import unwatched
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.remarks.same_lists import same_lists
from whowas.interchange.source import Source


def test_of_many_lists_that_are_the_same_a_sentence_names_a_few() -> None:
    (told,) = same_lists([_list(f"{number:03}.csv", b"one") for number in range(1, 201)], unwatched)
    assert told.startswith("“001.csv”, “002.csv”, ")
    assert told.endswith(" and 188 more are the same, byte for byte.")


def test_each_set_of_same_lists_has_a_sentence() -> None:
    lists = [_list("a", b"one"), _list("b", b"two"), _list("c", b"one"), _list("d", b"two"), _list("e", b"three")]
    assert list(same_lists(lists, unwatched)) == [
        "“a” and “c” are the same, byte for byte.",
        "“b” and “d” are the same, byte for byte.",
    ]


def _list(name: str, content: bytes) -> ListInput:
    return replace(given([], name=name), source=Source.of(name, content))
