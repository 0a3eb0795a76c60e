"""Small folders of dated lists, each of which stands for something that happens to lists over the years.

They lie in ``tests/cases/dated``; names and values are made up.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Answer, whowas

CASES = Path(__file__).parents[2] / "cases" / "dated"
CLEAR = ("--missing", "delete", "--blank", "clear", "--yes")
KEEP = ("--missing", "keep", "--blank", "keep")


class Office:
    """A directory that folders of lists are imported into."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "staff.whowas"

    def take(self, case: str, *options: str) -> Answer:
        """Import a folder, and see that a dry run before it said the same."""
        lists = sorted((CASES / case).iterdir())
        command = ("import", self.file, *lists, "--true-since", "name", *options)
        would, answer = whowas(*command, "--dry-run"), whowas(*command)
        assert would.code == answer.code, answer.err
        assert would.err == answer.err
        return answer

    def taken(self, case: str, *options: str) -> str:
        """Import a folder that is taken, and return what was said of it."""
        answer = self.take(case, *options)
        assert answer.code == 0, answer.err
        return answer.err

    def refused(self, case: str, sentence: str) -> None:
        """See a folder refused with that sentence alone, and no directory made."""
        answer = self.take(case, *CLEAR)
        assert answer.code == 2
        assert answer.err.splitlines() == [sentence, "Nothing was written."]
        assert not self.file.exists()

    def at(self, day: str, *fields: str) -> list[tuple[object, ...]]:
        """Return these fields of all users who were there on a day, in the order of their external ids."""
        answer = whowas("list", self.file, "--at", day, "--json")
        assert answer.code == 0, answer.err
        users = sorted(answer.objects, key=lambda user: str(user["external_id"]))
        return [tuple(user[field] for field in fields) for user in users]

    def when(self, who: str) -> list[str]:
        """Return when something happened to a user, each moment once, as local days."""
        answer = whowas("history", self.file, who)
        assert answer.code == 0, answer.err
        return list(dict.fromkeys(line[:10] for line in answer.out.splitlines()))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_month_in_which_nothing_changed_leaves_no_step(office: Office) -> None:
    assert "“2019-01.csv” and “2019-02.csv” are the same" in office.taken("quiet_month", *CLEAR)
    assert office.when("E1") == office.when("E2") == ["2019-01-01", "2019-03-01"]
    assert office.at("2019-02-28", "department", "status") == [("Records", "active"), ("Legal", "active")]
    assert office.at("2019-03-01", "department", "status") == [("Comms", "active"), ("Legal", "suspended")]


def test_an_email_that_is_handed_on_is_whose_it_was_on_each_day(office: Office) -> None:
    office.taken("handed_on", *CLEAR)
    assert office.at("2019-01-31", "external_id", "email") == [
        ("E1", "office@example.org"),
        ("E2", "bo@example.org"),
        ("E3", "cy@example.org"),
    ]
    assert office.at("2019-02-01", "external_id", "email") == [
        ("E1", "ada@example.org"),
        ("E2", "office@example.org"),
        ("E3", "cy@example.org"),
    ]
    assert office.at("2019-03-01", "external_id", "email") == [
        ("E2", "cy@example.org"),
        ("E3", "bo@example.org"),
        ("E4", "office@example.org"),
    ]


def test_who_comes_back_is_the_one_who_went(office: Office) -> None:
    office.taken("back_again", *CLEAR)
    assert [name for (name,) in office.at("2019-02-15", "external_id")] == ["E1", "E3", "E4"]
    assert office.at("2019-03-01", "last_name", "email")[1] == ("Tull-Vass", "bo.vass@example.org")
    assert office.when("E2") == ["2019-01-01", "2019-02-01", "2019-03-01"]


def test_dates_may_be_written_in_any_form(office: Office) -> None:
    office.taken("names_of_files", *KEEP)
    days = ["2019-03-01", "2019-04-15", "2019-07-01", "2019-12-31", "2020-01-01"]
    assert office.when("E1") == days
    assert [office.at(day, "last_name")[0][0] for day in days] == ["Osei", "Osei", "Tull", "Vass", "Hale"]


def test_lists_with_other_titles_are_of_the_same_office(office: Office) -> None:
    office.taken("titles_change", *CLEAR)
    assert office.at("2019-01-01", "external_id", "email", "department") == [
        ("E1", "ada@example.org", None),
        ("E2", "bo@example.org", None),
        ("E3", None, None),
        ("E4", None, None),
    ]
    # A column that a list does not have says nothing, and a blank cell clears.
    assert office.at("2019-02-01", "external_id", "email", "department") == [
        ("E1", "ada@example.org", "Archiv"),
        ("E3", None, "Recht"),
        ("E4", None, None),
    ]


def test_blank_cells_and_leavers_are_what_was_said_of_them(office: Office, tmp_path: Path) -> None:
    office.taken("leavers_and_blanks", *CLEAR)
    fields = ("external_id", "email", "department", "status", "groups")
    assert office.at("2019-02-01", *fields) == [
        ("E1", None, None, "active", []),
        ("E2", "bo@example.org", "Legal", "active", ["Budget"]),
        ("E3", "cy@example.org", "Comms", "suspended", []),
    ]
    other = Office(tmp_path / "other")
    other.file.parent.mkdir()
    other.taken("leavers_and_blanks", *KEEP)
    assert other.at("2019-02-01", *fields) == [
        ("E1", "ada@example.org", "Records", "active", ["Choir"]),
        ("E2", "bo@example.org", "Legal", "active", ["Budget"]),
        ("E3", "cy@example.org", "Comms", "suspended", []),
        ("E4", "di@example.org", None, "active", []),
    ]


def test_dates_that_are_not_clear_are_refused(office: Office) -> None:
    office.refused(
        "unclear_names",
        "The names of “03-04-2019.csv” and “190331.csv” say no clear date, such as 2019-03, 20190331, March 2019 or "
        "2019 Q1.",
    )


def test_dates_that_are_the_same_are_refused(office: Office) -> None:
    office.refused(
        "same_date",
        "“2019-03.csv” and “Members March 2019.csv” have the same date, 2019-03-01: only one can be true then.",
    )


def test_a_date_to_come_is_refused(office: Office) -> None:
    office.refused("to_come", "“2098-03.csv” cannot be true already: 2098-03-01 is still to come.")


def test_one_broken_list_is_named_and_none_is_taken(office: Office) -> None:
    answer = office.take("one_is_broken", *CLEAR)
    assert answer.code == 2
    told, nothing = answer.err.splitlines()
    assert told.startswith("2019-02.csv, line 1, column 1: Nothing in this list names a person")
    assert nothing == "Nothing was written."
    assert not office.file.exists()
