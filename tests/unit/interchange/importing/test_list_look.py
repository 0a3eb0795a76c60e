"""What a list looks like before anything is decided: its titles, its first values, its words of status, its rows."""

from __future__ import annotations

import pytest

from tests.workbooks import xlsx
from whowas.domain.errors import CancelledError
from whowas.interchange.importing.list_look import MOST_WORDS, ColumnLook, ListLook, WordLook, look_at
from whowas.interchange.importing.ready import Request, made_ready
from whowas.interchange.mapping.list_mapping import Chosen
from whowas.interchange.source import Source


def look(text: str, chosen: Chosen | None = None, name: str = "a.csv") -> ListLook:
    """Return what a list in CSV looks like."""
    request = Request(chosen=chosen or Chosen())
    (seen,) = look_at(made_ready([Source.of(name, text.encode())], request).lists)
    return seen


def test_a_column_shows_its_first_values_and_what_it_becomes() -> None:
    seen = look("Vorname,Nachname,Room,E-Mail\nAda,Osei,,\nBo,,,bo@b.example\nCy,Tull,4,cy@b.example\nDi,D,5,\n")
    assert seen.columns == (
        ColumnLook("Vorname", ("Ada", "Bo"), ("first_name",)),
        ColumnLook("Nachname", ("Osei", "Tull"), ("last_name",)),
        ColumnLook("Room", ("4", "5"), ()),
        ColumnLook("E-Mail", ("bo@b.example", "cy@b.example"), ("email",)),
    )


def test_a_long_value_is_shortened_and_stands_in_one_line() -> None:
    seen = look(f'first_name,notes\nAda,"one\ntwo {"x" * 1000}"\n')
    (value,) = seen.columns[1].values
    assert value.startswith("one two x")
    assert len(value) <= 200


def test_a_column_without_a_title_is_not_listed() -> None:
    assert [column.title for column in look("first_name,,email\nAda,x,ada@b.example\n").columns] == [
        "first_name",
        "email",
    ]


def test_words_of_status_come_with_their_rows_and_meaning() -> None:
    rows = ["Active", "aktiv", "ACTIVE", "Archived", "on leave", "", "suspended", "Suspended", "on  leave", "Active "]
    seen = look("first_name,status\n" + "".join(f"P{number},{word}\n" for number, word in enumerate(rows)))
    assert seen.words == (
        WordLook("Active", 3, "active"),
        WordLook("on leave", 2, None),
        WordLook("suspended", 2, "suspended"),
        WordLook("aktiv", 1, "active"),
        WordLook("Archived", 1, "suspended"),
        WordLook("", 1, None),
    )


def test_what_is_said_of_a_word_counts() -> None:
    chosen = Chosen(statuses={"on leave": "suspended", "": "active", "archived": "deleted"})
    seen = look("first_name,Status\nA,on leave\nB,\nC,Archived\n", chosen)
    assert seen.words == (
        WordLook("on leave", 1, "suspended"),
        WordLook("", 1, "active"),
        WordLook("Archived", 1, "deleted"),
    )


def test_a_word_means_what_its_column_asks() -> None:
    seen = look("first_name,Enabled,Blocked\nA,yes,\nB,yes,no\nC,,yes\nD,,\n")
    assert set(seen.words) == {
        WordLook("yes", 2, "active"),
        WordLook("yes", 1, "suspended"),
        WordLook("no", 1, "active"),
        WordLook("", 1, None),
    }


def test_dates_and_numbers_that_say_a_status_are_no_words() -> None:
    assert look("userPrincipalName,displayName,surname,deletedDateTime\nA,A,A,2020-01-01\nB,B,B,\n").words == (
        WordLook("", 1, None),
    )
    assert look("first_name,userAccountControl\nA,512\nB,514\n").words == ()


def test_without_a_column_for_it_there_are_no_words() -> None:
    assert look("first_name,email\nA,\n").words == ()


def test_a_column_with_many_words_is_cut_off() -> None:
    rows = "".join(f"P{number},word{number}\n" for number in range(5_000))
    assert len(look("first_name,status\n" + rows).words) == MOST_WORDS


@pytest.mark.parametrize(
    ("text", "rows", "blank"),
    [
        ("first_name,email\nA,\nB,\n", 2, 0),
        ("first_name,email\n\nA,\n,\n ,\t\nB,\n\n,\n", 5, 3),
        ("Members\n\nfirst_name,email\nA,\nB,\n", 2, 0),
        ("first_name,Fee\nA,1\nB,2\n\nTotal,3\n", 2, 0),
        ('first_name,notes\n"A","one\ntwo\n\nthree"\nB,\n', 2, 0),
        ("first_name,email\n", 0, 0),
        ("first_name,email\nA,b,c,d\n\nB,\n", 3, 1),
    ],
)
def test_blank_rows_count_up_to_the_last_that_holds_something(text: str, rows: int, blank: int) -> None:
    seen = look(text)
    assert (seen.rows, seen.blank) == (rows, blank)


def test_blank_rows_of_a_spreadsheet_count_too() -> None:
    content = xlsx({"People": [["first_name", "email"], ["A", "a@b.example"], [], [], ["B", "b@b.example"], []]})
    (seen,) = look_at(made_ready([Source.of("a.xlsx", content)], Request()).lists)
    assert (seen.rows, seen.blank) == (4, 2)


def test_several_lists_are_looked_at_in_their_order_and_progress_is_of_all() -> None:
    rows = "".join(f"P{number},\n" for number in range(2_500))
    sources = [Source.of(name, f"first_name,email\n{rows}".encode()) for name in ("a.csv", "b.csv")]
    reports: list[tuple[int, int]] = []
    ready = made_ready(sources, Request(moments={"a.csv": 5, "b.csv": 7}))
    looks = look_at(ready.lists, lambda done, total: reports.append((done, total)))
    assert [(each.name, each.rows, each.occurred_at) for each in looks] == [("a.csv", 2_500, 5), ("b.csv", 2_500, 7)]
    assert reports == sorted(reports)
    assert {total for _, total in reports} == {5_000}
    assert reports[-1] == (4_500, 5_000)


def test_looking_can_be_cancelled() -> None:
    ready = made_ready([Source.of("a.csv", b"first_name,email\nA,\n")], Request())

    def stop(_done: int, _total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        look_at(ready.lists, stop)
