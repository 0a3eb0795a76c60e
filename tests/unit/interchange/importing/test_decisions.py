"""What a person decides about single rows: left out, a new user, or the same as somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.unit.interchange.importing.given_lists import Desk, Fields, desk, given, listed, reasons, whats
from whowas.domain.commands import CreateUser, DefineField, DeleteUser, EraseUser
from whowas.domain.errors import RefusedError
from whowas.domain.users import User
from whowas.interchange.importing.given.rules import Decision, LeaveOut, NewUser, SameAs
from whowas.interchange.importing.matching.resembling import MOST_PERHAPS
from whowas.interchange.mapping.list_mapping import UnusableRow
from whowas.interchange.reading.table import UnreadableRow

ANN, BEN, CY = (f"01890000-0000-7000-8000-00000000000{digit}" for digit in "abc")
BADGE = "attributes.Badge"


@pytest.fixture
def staff() -> Iterator[Desk]:
    with desk() as staff:
        staff.bus.dispatch(DefineField("Badge"))
        staff.bus.dispatch(CreateUser(ANN, {"first_name": "Ann", "external_id": "1", "email": "ann@x.org"}))
        staff.bus.dispatch(CreateUser(BEN, {"first_name": "Ben", "email": "ben@x.org"}, {"Badge": "B"}))
        yield staff


def about(*decisions: Decision | None, name: str = "list.csv") -> dict[tuple[str, int], Decision]:
    """What is decided about the first rows of a list, whose lines count from 2."""
    return {(name, line): each for line, each in enumerate(decisions, start=2) if each is not None}


def people(staff: Desk) -> dict[str, User]:
    return {user.id: user for user in staff.users()}


def test_a_row_is_left_out_and_the_others_are_taken(staff: Desk) -> None:
    before = people(staff)[ANN]
    rows: list[Fields] = [{"external_id": "1", "title": "Clerk"}, {"email": "ben@x.org", "title": "Judge"}]
    outcome = staff.take(*rows, decisions=about(LeaveOut()))
    assert whats(outcome) == ["left_out", "changed"]
    left = outcome.rows[0]
    assert (left.user_id, left.name, left.reason, left.changes) == (ANN, "Ann", "", {})
    assert (outcome.accepted, outcome.written) == (True, True)
    assert (people(staff)[ANN], people(staff)[BEN].text("title")) == (before, "Judge")


def test_other_rows_of_a_user_are_taken_whatever_the_one_says_that_is_left_out(staff: Desk) -> None:
    rows: list[Fields] = [{"external_id": "1", "title": "Clerk"}, {"external_id": "1", "title": "Judge"}]
    assert whats(staff.take(*rows)) == ["refused", "refused"]
    assert whats(staff.take(*rows, decisions=about(LeaveOut()))) == ["left_out", "changed"]
    assert people(staff)[ANN].text("title") == "Judge"


def test_a_row_that_is_left_out_contests_nothing_and_gives_nothing_up(staff: Desk) -> None:
    same: list[Fields] = [{"first_name": "Cy", "email": "new@x.org"}, {"first_name": "Di", "email": "new@x.org"}]
    assert whats(staff.take(*same, dry_run=True)) == ["refused", "refused"]
    assert whats(staff.take(*same, dry_run=True, decisions=about(None, LeaveOut()))) == ["created", "left_out"]
    moved: list[Fields] = [{"external_id": "1", "email": "a2@x.org"}, {"first_name": "Cy", "email": "ann@x.org"}]
    assert whats(staff.take(*moved, dry_run=True)) == ["changed", "created"]
    outcome = staff.take(*moved, dry_run=True, decisions=about(LeaveOut()))
    assert [row.user_id for row in outcome.rows] == [ANN, ANN], "the other row is about whoever has that address"


@pytest.mark.parametrize(
    "row",
    [
        {"external_id": "1"},
        {"email": "ANN@x.org"},
        {"first_name": "Ann"},
        {"first_name": "Ann", "email": "ann2@x.org"},
        UnusableRow(2, "Ann", "status", 1, "No.", known=listed(2, {"first_name": "Ann"})),
    ],
)
def test_whom_a_row_is_about_that_is_left_out_is_never_missing(staff: Desk, row: Fields | UnusableRow) -> None:
    staff.bus.dispatch(CreateUser(CY, {"first_name": "Cy", "email": "cy@x.org"}))
    rows = ({"email": "cy@x.org"}, {"email": "ben@x.org"})
    outcome = staff.take(row, *rows, decisions=about(LeaveOut()), missing="delete", among="all", yes=True)
    assert whats(outcome)[:3] == ["left_out", "unchanged", "unchanged"]
    assert ANN not in [each.user_id for each in outcome.rows if each.what == "missing"]
    assert people(staff)[ANN].status == "active"


def test_whom_a_row_resembles_that_is_left_out_is_not_missing_though_it_has_the_address_of_somebody(
    staff: Desk,
) -> None:
    rows = ({"first_name": "Ann", "email": "ben@x.org"}, {"id": BEN, "email": "b2@x.org"})
    outcome = staff.take(*rows, decisions=about(LeaveOut()), missing="delete", among="all", yes=True)
    assert whats(outcome) == ["left_out", "changed"]


def test_nobody_is_deleted_for_being_missing_where_a_row_is_left_out_of_which_nobody_knows_whom_it_is_about(
    staff: Desk,
) -> None:
    unusable = UnusableRow(2, "x", "status", 1, "No.")
    outcome = staff.take(unusable, decisions=about(LeaveOut()), missing="delete", among="all", yes=True)
    assert (outcome.accepted, outcome.deleted) == (False, 0)
    assert reasons(outcome)[0].startswith("1 row cannot be read far enough")


def test_a_refused_row_can_be_left_out(staff: Desk) -> None:
    unusable = UnusableRow(2, "x", "status", 1, "No.", None, None)
    assert not staff.take(unusable, {"external_id": "2"}).accepted
    outcome = staff.take(unusable, {"external_id": "2"}, decisions=about(LeaveOut()))
    assert (whats(outcome), outcome.written, reasons(outcome)) == (["left_out", "created"], True, [])


def test_what_cannot_be_read_at_all_can_be_left_out(staff: Desk) -> None:
    whole = given([{"external_id": "2"}])
    table = replace(whole.table, rows=lambda: iter([UnreadableRow(9, "x", 0, "Too many."), *whole.table.rows()]))
    decided = {("list.csv", 9): LeaveOut()}
    outcome = staff.take_all([replace(whole, table=table)], decisions=decided)
    assert (whats(outcome), outcome.written) == (["left_out", "created"], True)


def test_one_row_that_resembles_somebody_is_a_new_user(staff: Desk) -> None:
    rows = ({"first_name": "Ann", "title": "Clerk"}, {"first_name": "Ben", "title": "Judge"})
    assert whats(staff.take(*rows)) == ["similar", "similar"]
    outcome = staff.take(*rows, decisions=about(NewUser()), skip_refused=True)
    assert whats(outcome) == ["created", "similar"]
    assert sorted(user.name for user in staff.users()) == ["Ann", "Ann", "Ben"]
    assert (outcome.rows[0].user_id, people(staff)[ANN].text("title")) not in [(ANN, None), (ANN, "Clerk")]


def test_rows_of_one_name_are_two_users_where_both_are_said_to_be_new(staff: Desk) -> None:
    rows = ({"first_name": "Di", "title": "Clerk"}, {"first_name": "Di", "title": "Judge"})
    assert whats(staff.take(*rows, dry_run=True)) == ["similar", "similar"]
    assert whats(staff.take(*rows, dry_run=True, keys=("name",))) == ["refused", "refused"]
    assert whats(staff.take(*rows, keys=("name",), decisions=about(NewUser(), NewUser()))) == ["created", "created"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"external_id": "1"}, "1 belongs to Ann, who is another user."),
        ({"email": "ann@x.org"}, "ann@x.org belongs to Ann, who is another user."),
        ({"id": ANN, "first_name": "Di"}, "The id in this row is that of Ann, who is no new user."),
    ],
)
def test_nobody_is_new_whom_a_key_names_that_only_one_user_has(staff: Desk, row: Fields, reason: str) -> None:
    outcome = staff.take(row, decisions=about(NewUser()), skip_refused=True)
    assert (whats(outcome), reasons(outcome)) == (["refused"], [reason])


def test_nobody_is_new_who_shares_keys_with_rows_of_a_user(staff: Desk) -> None:
    rows: list[Fields] = [
        {"external_id": "9", "first_name": "Di"},
        {"external_id": "9", "email": "ben@x.org"},
    ]
    outcome = staff.take(*rows, decisions=about(NewUser()), skip_refused=True)
    assert whats(outcome) == ["refused", "refused"]
    assert reasons(outcome)[0] == (
        "The rows that share keys with this one name Ben, but one of them is said to be a new user."
    )


def test_who_is_said_to_be_new_is_not_the_one_who_has_the_name_or_badge_that_is_the_key(staff: Desk) -> None:
    for key, row in (("name", {"first_name": "Ben"}), (BADGE, {"first_name": "Bo", BADGE: "B"})):
        assert staff.take(row, dry_run=True, keys=(key,)).rows[0].user_id == BEN
        assert whats(staff.take(row, dry_run=True, keys=(key,), decisions=about(NewUser()))) == ["created"]


def test_a_row_is_about_whom_somebody_says(staff: Desk) -> None:
    outcome = staff.take({"first_name": "Benedict", "email": "b2@x.org"}, decisions=about(SameAs(BEN)))
    (row,) = outcome.rows
    assert (row.what, row.user_id) == ("changed", BEN)
    assert row.changes == {"first_name": ("Ben", "Benedict"), "email": ("ben@x.org", "b2@x.org")}
    assert people(staff)[BEN].email == "b2@x.org"
    assert whats(staff.take({"first_name": "Benedict"}, {"email": "b2@x.org"}, decisions=about(SameAs(BEN)))) == [
        "unchanged",
        "unchanged",
    ]


def test_it_is_said_which_of_two_who_have_the_key_is_meant(staff: Desk) -> None:
    staff.bus.dispatch(CreateUser(CY, {"first_name": "Ben"}))
    row = {"first_name": "Ben", "title": "Clerk"}
    assert whats(staff.take(row, keys=("name",))) == ["refused"]
    assert staff.take(row, keys=("name",), decisions=about(SameAs(CY))).rows[0].user_id == CY
    outcome = staff.take(row, keys=("name",), decisions=about(SameAs(ANN)))
    assert reasons(outcome) == ["Two users have the name Ben, and Ann, whom the decision names, is neither."]


@pytest.mark.parametrize(
    ("row", "keys", "reason"),
    [
        ({"email": "ben@x.org"}, ("email",), "ben@x.org belongs to Ben, who is another user."),
        ({"id": BEN}, ("id",), "Somebody said that this row is about Ann, but its id is another one."),
        ({"id": CY}, ("email",), "Somebody said that this row is about Ann, but its id is another one."),
        ({"first_name": "Ben"}, ("name",), "Name Ben belongs to Ben."),
        ({BADGE: "B"}, (BADGE,), "Badge B belongs to Ben."),
    ],
)
def test_a_key_that_says_another_user_refuses_the_row(
    staff: Desk, row: Fields, keys: tuple[str, ...], reason: str
) -> None:
    before = people(staff)
    outcome = staff.take(row, keys=keys, decisions=about(SameAs(ANN)), skip_refused=True)
    assert (whats(outcome), reasons(outcome)) == (["refused"], [reason])
    assert people(staff) == before


def test_an_address_that_changes_hands_may_go_to_whom_somebody_says(staff: Desk) -> None:
    rows = ({"first_name": "Ann", "email": "ben@x.org"}, {"id": BEN, "email": "b2@x.org"})
    assert whats(staff.take(*rows, decisions=about(SameAs(ANN)))) == ["changed", "changed"]
    assert (people(staff)[ANN].email, people(staff)[BEN].email) == ("ben@x.org", "b2@x.org")


def test_nobody_is_meant_who_is_deleted_or_gone(staff: Desk) -> None:
    staff.bus.dispatch(DeleteUser(ANN))
    staff.bus.dispatch(EraseUser(BEN))
    rows = ({"first_name": "Ann"}, {"first_name": "Ben"}, {"first_name": "Cy"})
    outcome = staff.take(*rows, decisions=about(SameAs(ANN), SameAs(BEN), SameAs(CY)), skip_refused=True)
    assert whats(outcome) == ["refused"] * 3
    gone = "The user whom somebody said this row is about is not in the directory."
    assert reasons(outcome) == [
        "Somebody said that this row is about Ann, who is deleted: restore them first.",
        gone,
        gone,
    ]


def test_two_rows_said_to_be_about_one_user_must_agree(staff: Desk) -> None:
    rows = ({"first_name": "Ann", "title": "Clerk"}, {"first_name": "Ann", "title": "Judge"})
    outcome = staff.take(*rows, decisions=about(SameAs(ANN), SameAs(ANN)), skip_refused=True)
    assert whats(outcome) == ["refused", "refused"]
    assert reasons(outcome)[0] == ("This is the same user as in line 3, and the rows about this user differ: Title.")
    agreeing = ({"first_name": "Ann", "title": "Clerk"}, {"first_name": "Ann", "phone": "1"})
    assert whats(staff.take(*agreeing, decisions=about(SameAs(ANN), SameAs(ANN)))) == ["changed", "unchanged"]


def test_rows_that_share_keys_are_not_about_two_users(staff: Desk) -> None:
    rows = ({"external_id": "9"}, {"external_id": "9"})
    outcome = staff.take(*rows, decisions=about(SameAs(ANN), SameAs(BEN)), skip_refused=True)
    assert reasons(outcome) == [f"Line {line} gives the external id 9 to somebody else." for line in (3, 2)]


def test_whom_a_row_is_said_to_be_about_is_not_missing(staff: Desk) -> None:
    rows = ({"first_name": "Benedict"}, {"external_id": "1"})
    outcome = staff.take(*rows, decisions=about(SameAs(BEN)), missing="suspend", among="all", yes=True)
    assert whats(outcome) == ["changed", "unchanged"]


@pytest.mark.parametrize("key", [("list.csv", 99), ("other.csv", 2)])
def test_a_decision_about_a_row_that_is_not_there_refuses_the_import(staff: Desk, key: tuple[str, int]) -> None:
    head = staff.log.head()
    with pytest.raises(RefusedError, match=f"about line {key[1]} of “{key[0]}”, where no row is"):
        staff.take({"external_id": "2"}, decisions={key: LeaveOut()})
    assert staff.log.head() == head
    if key[0] == "list.csv":
        inputs = [given([{"external_id": "2"}, {"external_id": "3"}])]
        assert whats(staff.take_all(inputs, first=1, decisions={key: LeaveOut()})) == ["created"]


def test_decisions_are_about_rows_of_their_own_file(staff: Desk) -> None:
    inputs = [given([{"external_id": number}], name=f"{number}.csv") for number in "23"]
    outcome = staff.take_all(inputs, decisions=about(LeaveOut(), name="3.csv"))
    assert whats(outcome) == ["created", "left_out"]


def test_it_is_told_whom_a_row_may_be_about(staff: Desk) -> None:
    staff.bus.dispatch(CreateUser(CY, {"first_name": "Ann", "email": "a2@x.org"}))
    (row,) = staff.take({"first_name": "Ann"}).rows
    assert (row.what, row.perhaps) == ("similar", (ANN, CY))
    assert row.reason == "Ann is in the directory, and no key tells the two apart."
    (row,) = staff.take({"first_name": "Ann", "email": "a3@x.org", "external_id": "9"}).rows
    assert (row.what, row.perhaps) == ("created", ())


def test_who_had_the_address_comes_first(staff: Desk) -> None:
    staff.bus.dispatch(CreateUser(CY, {"first_name": "Ben"}))
    rows = ({"first_name": "Ben", "email": "ben@x.org"}, {"id": BEN, "email": "b2@x.org"})
    assert staff.take(*rows, dry_run=True).rows[0].perhaps == (BEN, CY)


def test_two_rows_of_one_name_may_be_about_nobody_who_is_there(staff: Desk) -> None:
    for row in staff.take({"first_name": "Di"}, {"first_name": "Di"}).rows:
        assert (row.what, row.perhaps) == ("similar", ())
        assert row.reason.startswith("The same name stands in line ")


def test_no_more_are_told_than_can_be_looked_at(staff: Desk) -> None:
    with staff.bus.change() as change:
        ids = [f"01890000-0000-7000-8000-{number:012x}" for number in range(100, MOST_PERHAPS + 110)]
        change.dispatch(*(CreateUser(user_id, {"first_name": "Di"}) for user_id in ids))
    (row,) = staff.take({"first_name": "Di"}).rows
    assert row.perhaps == tuple(ids[:MOST_PERHAPS])
