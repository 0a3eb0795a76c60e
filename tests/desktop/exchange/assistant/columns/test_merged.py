"""Several lists seen as one."""

from __future__ import annotations

from dataclasses import replace

from tests.desktop.exchange.assistant.columns.looks import GOOGLE
from whowas.desktop.exchange.assistant.columns.fields import TitleColumn
from whowas.desktop.exchange.assistant.columns.merged import merged
from whowas.interchange.importing.list_look import ColumnLook, WordLook
from whowas.interchange.mapping.chosen import Chosen


def test_titles_are_joined_in_order_with_the_first_values_that_there_are() -> None:
    first = replace(GOOGLE, columns=(ColumnLook("Email", (), ("email",)), ColumnLook("Nick", ("N",), ())))
    second = replace(
        GOOGLE,
        name="b.csv",
        product="",
        rows=3,
        columns=(ColumnLook("e-mail", ("x@y.z", "a@b.c", "more"), ("email",)), ColumnLook("Room", ("1",), ())),
    )
    both = merged([first, second], Chosen({"ROOM": "attributes.Room"}))
    assert both.columns == (
        TitleColumn("Email", ("x@y.z", "a@b.c"), "email"),
        TitleColumn("Nick", ("N",), None),
        TitleColumn("Room", ("1",), "attributes.Room"),
    )
    assert (both.product, both.rows, both.names) == ("", 123, ("google-users.csv", "b.csv"))


def test_titles_of_one_list_that_differ_in_case_stay_two() -> None:
    look = replace(GOOGLE, columns=(ColumnLook("nick", ("a",), ()), ColumnLook("Nick", ("b",), ())))
    assert [column.title for column in merged([look, look], Chosen()).columns] == ["nick", "Nick"]


def test_words_are_added_up_and_unknown_ones_come_first() -> None:
    first = replace(GOOGLE, words=(WordLook("Active", 5, "active"), WordLook("left", 1, None)))
    second = replace(GOOGLE, words=(WordLook("ACTIVE", 2, "active"), WordLook("", 4, None)))
    assert merged([first, second], Chosen()).words == (
        WordLook("left", 1, None),
        WordLook("Active", 7, "active"),
        WordLook("", 4, None),
    )
    said = merged([first, second], Chosen(statuses={"LEFT": "deleted", "": "active"}))
    assert [(word.word, word.status) for word in said.words] == [
        ("left", "deleted"),
        ("Active", "active"),
        ("", "active"),
    ]


def test_a_word_with_two_meanings_is_there_twice_until_somebody_says_one() -> None:
    look = replace(GOOGLE, words=(WordLook("yes", 5, "active"), WordLook("yes", 2, "suspended")))
    assert len(merged([look], Chosen()).words) == 2
    assert merged([look], Chosen(statuses={"Yes": "deleted"})).words == (WordLook("yes", 7, "deleted"),)


def test_no_lists_are_nothing() -> None:
    nothing = merged((), Chosen())
    assert (nothing.columns, nothing.words, nothing.rows, nothing.gives) == ((), (), 0, ())
