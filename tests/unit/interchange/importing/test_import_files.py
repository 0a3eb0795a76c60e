"""Importing lists: keys that disagree, addresses that change hands, who resembles somebody, who is missing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.interchange.importing.given_lists import Desk, Fields, advices, given, listed, reasons, whats
from whowas.domain.causation import ImportOf
from whowas.domain.commands import CreateUser, DeleteUser, RestoreUser, SuspendUser, UpdateUser
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.events import ListImported
from whowas.interchange import spill
from whowas.interchange.entries import UnreadableError
from whowas.interchange.importing.deciding import deciding, missing
from whowas.interchange.importing.deciding.taken_lists import TakenLists
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.matching.rows import Rows
from whowas.interchange.mapping.list_mapping import UnusableRow
from whowas.interchange.reading.table import Detected, Row, Table, UnreadableRow

ANN = {"external_id": "1", "first_name": "Ann", "email": "ann@example.org"}
BEN = {"external_id": "2", "first_name": "Ben", "email": "ben@example.org"}
CY = {"external_id": "3", "first_name": "Cy", "email": "cy@example.org"}
DI = {"external_id": "4", "first_name": "Di", "email": "di@example.org"}


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Desk]:
    """A directory with nobody in it."""
    desk = Desk(tmp_path / "staff.whowas")
    yield desk
    desk.log.close()


def emails(staff: Desk) -> dict[str | None, str | None]:
    """Return the email of each user by external id."""
    return {user.external_id: user.email for user in staff.users()}


def status(staff: Desk) -> dict[str | None, str]:
    """Return the status of each user by external id."""
    return {user.external_id: user.status for user in staff.users()}


# Who is who.


def test_keys_that_disagree_refuse_the_row(staff: Desk) -> None:
    staff.take({"external_id": "456", "first_name": "Sue", "last_name": "Ash", "email": "desk@example.org"})
    outcome = staff.take({"external_id": "789", "first_name": "Neo", "email": "DESK@example.org"})
    (row,) = outcome.rows
    assert (row.what, row.field, row.column) == ("refused", "email", 3)
    assert row.reason == "DESK@example.org belongs to Sue Ash, whose external id is 456, not 789."
    assert not outcome.written


def test_whoever_is_found_by_email_gets_the_external_id(staff: Desk) -> None:
    staff.take({"first_name": "Ann", "email": "ann@example.org"})
    outcome = staff.take(ANN)
    assert [row.changes for row in outcome.rows] == [{"external_id": (None, "1")}]


def test_the_email_of_somebody_who_keeps_it_is_not_taken(staff: Desk) -> None:
    staff.take(ANN, BEN)
    outcome = staff.take({**ANN, "email": "ben@example.org"})
    assert reasons(outcome) == ["ben@example.org belongs to Ben, who is another user."]
    outcome = staff.take({**ANN, "email": "ben@example.org"}, {"external_id": "2", "title": "Clerk"})
    assert reasons(outcome) == ["ben@example.org belongs to Ben (line 3), who keeps it."]


def test_an_email_that_is_no_key_is_left_out_where_rows_are_skipped(staff: Desk) -> None:
    staff.take(ANN, BEN)
    row = {**ANN, "title": "Clerk", "email": "ben@example.org"}
    assert whats(staff.take(row, keys=("external_id",))) == ["refused"]
    outcome = staff.take(row, keys=("external_id",), skip_refused=True)
    told = outcome.rows[0]
    assert (told.what, told.field, told.taken_without_field) == ("changed", "email", True)
    assert emails(staff)["1"] == "ann@example.org"


def test_an_external_id_tried_after_the_email_must_agree(staff: Desk) -> None:
    staff.take(ANN)
    outcome = staff.take({**ANN, "external_id": "9"}, keys=("email", "external_id"))
    assert reasons(outcome) == ["ann@example.org belongs to Ann, whose external id is 1, not 9."]
    assert staff.take({**ANN, "external_id": "9"}, keys=("email",)).rows[0].changes == {"external_id": ("1", "9")}


def test_who_left_and_has_no_external_id_is_not_made_twice(staff: Desk) -> None:
    left = {"first_name": "Ann", "email": "ann@example.org", "status": "deleted"}
    nameless = {"email": "ben@example.org", "status": "deleted"}
    assert whats(staff.take(left, nameless, {**left, "first_name": "Cy", "email": None})) == ["created"] * 3
    assert whats(staff.take(left, nameless, {**left, "first_name": "Cy", "email": None})) == ["unchanged"] * 3
    other = {**left, "email": "ann@example.com"}
    assert whats(staff.take(other)) == ["created"]
    assert len(staff.users()) == 4
    met = staff.take({"email": "ANN@example.com", "status": "deleted"}, source="pupils")
    assert whats(met) == ["unchanged"]
    assert met.events == 0, "nobody who is deleted can be missing from a list"


@pytest.mark.parametrize("turned", [False, True])
def test_an_email_that_comes_back_with_its_user_is_nobody_elses(staff: Desk, *, turned: bool) -> None:
    staff.take(ANN)
    staff.bus.dispatch(DeleteUser(staff.users()[0].id))
    back, other = {"external_id": "1", "status": "active"}, {"first_name": "Al", "email": "ann@example.org"}
    outcome = staff.take(*((other, back) if turned else (back, other)))
    assert reasons(outcome) == [f"Line {line} gives the email ann@example.org to somebody else." for line in (3, 2)]


def test_a_custom_field_can_be_the_key(staff: Desk) -> None:
    badge = "attributes.Badge"
    staff.take({"first_name": "Ann", badge: "A"}, {"first_name": "Ben", badge: "B"})
    outcome = staff.take({"first_name": "Anna", badge: "A"}, {"first_name": "Cy", badge: "C"}, keys=(badge,))
    assert whats(outcome)[:2] == ["changed", "created"]
    staff.bus.dispatch(UpdateUser(outcome.rows[1].user_id, {}, {"Badge": "A"}))
    refused = staff.take({"first_name": "Di", badge: "A"}, keys=(badge,))
    assert reasons(refused) == ["Two users have the badge A: Anna and Cy."]
    assert advices(refused) == ["Choose another --key."]


def test_a_name_is_a_key_only_where_it_is_asked_for(staff: Desk) -> None:
    staff.take({"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"})
    row = {"first_name": "ANN", "last_name": "Lee", "title": "Clerk"}
    (refused,) = staff.take(row).rows
    assert (refused.what, "--key name" in refused.advice) == ("similar", True)
    assert staff.take(row, keys=("name",)).rows[0].changes["title"] == (None, "Clerk")


def test_keys_asked_for_that_are_blank_refuse_the_row(staff: Desk) -> None:
    row = {"first_name": "Ann", "email": "ann@example.org"}
    assert reasons(staff.take(row, keys=("external_id",))) == [
        "External id is the key asked for, and it is blank here."
    ]
    assert reasons(staff.take({"first_name": "Ann"}, keys=("external_id", "email"))) == [
        "All keys asked for are blank here: External id and Email."
    ]
    assert staff.take(row, keys=("external_id", "email")).written


def test_a_key_that_cannot_be_one_is_never_left_out(staff: Desk) -> None:
    outcome = staff.take({**ANN, "email": "no address"}, skip_refused=True)
    assert [(row.what, row.field, row.column) for row in outcome.rows] == [("refused", "email", 3)]


def test_what_a_refused_row_gives_is_contested_whenever_it_was_refused(staff: Desk) -> None:
    clerk, judge = ({"external_id": "1", "first_name": "Ann", "title": title} for title in ("Clerk", "Judge"))
    rows = (clerk, {**judge, "email": "a@x.org"}, {"external_id": "2", "first_name": "Ann", "email": "a@x.org"})
    for what in ("created", "unchanged"):
        outcome = staff.take(*rows, keys=("external_id", "name"), skip_refused=True)
        assert whats(outcome) == ["refused", "refused", what]
        assert outcome.rows[2].taken_without_field
    assert emails(staff) == {"2": None}


def test_a_name_that_is_a_key_must_not_be_that_of_somebody_else(staff: Desk) -> None:
    staff.take(ANN, BEN, {**CY, "first_name": "Ben"})
    keys = ("external_id", "name")
    renamed = staff.take({**ANN, "first_name": "ben"}, {**BEN, "first_name": "Bea"}, keys=keys, skip_refused=True)
    assert whats(renamed)[:2] == ["refused", "changed"]
    assert reasons(renamed) == ["Two users have the name ben, and Ann, whom the external id names, is neither."]
    assert reasons(staff.take({**ANN, "first_name": "BEN"}, keys=keys)) == ["Name BEN belongs to Ben."]
    assert staff.take({**ANN, "first_name": "Anne"}, keys=keys).rows[0].changes == {"first_name": ("Ann", "Anne")}
    assert staff.take({**ANN, "first_name": "Ben"}, keys=("external_id",)).written


def test_ids_that_were_given_out_anew_make_nobody_somebody_else(staff: Desk) -> None:
    staff.take(ANN, BEN, CY)
    before = emails(staff)
    renumbered = ({**ANN, "external_id": "2"}, {**BEN, "external_id": "3"}, {**CY, "external_id": "1"})
    outcome = staff.take(*renumbered, skip_refused=True)
    assert whats(outcome) == ["refused"] * 3
    assert reasons(outcome)[0] == "2 belongs to Ben, but the name to Ann, who is called otherwise in line 4."
    assert advices(outcome)[0] == ("Say --key external_id if it is the names that changed, or choose another --key.")
    assert emails(staff) == before
    assert staff.take(*renumbered, keys=("email",)).counts["changed"] == 3
    assert emails(staff) == {"2": "ann@example.org", "3": "ben@example.org", "1": "cy@example.org"}


def test_a_row_that_has_the_name_and_email_of_somebody_else_is_not_about_whom_its_id_says(staff: Desk) -> None:
    staff.take(ANN, BEN)
    outcome = staff.take({**ANN, "external_id": "2"}, {**ANN, "email": "new.ann@example.org"}, skip_refused=True)
    assert whats(outcome) == ["refused", "changed"]
    assert reasons(outcome)[0] == "2 belongs to Ben, but ann@example.org and the name to Ann."
    assert advices(outcome)[0] == "Say --key external_id or --key email, whichever is right."


def test_ids_of_ours_that_were_sorted_without_the_rest_make_nobody_somebody_else(staff: Desk) -> None:
    staff.take(ANN, BEN)
    ann, ben = staff.users()
    outcome = staff.take({**ANN, "id": ben.id}, {**BEN, "id": ann.id}, skip_refused=True)
    assert whats(outcome) == ["refused", "refused"]
    assert [user.first_name for user in staff.users()] == ["Ann", "Ben"]


@pytest.mark.parametrize("key", ["external_id", "email"])
def test_names_that_change_hands_make_nobody_somebody_else(staff: Desk, key: str) -> None:
    one, two = ({"first_name": row["first_name"], key: row[key]} for row in (ANN, BEN))
    staff.take(one, two)
    exchanged = ({**one, key: two[key]}, {**two, key: one[key]})
    outcome = staff.take(*exchanged, skip_refused=True)
    assert whats(outcome) == ["refused", "refused"]
    assert reasons(outcome)[0] == f"{two[key]} belongs to Ben, but the name to Ann, who is called otherwise in line 3."
    assert advices(outcome)[0] == f"Say --key {key} if it is the names that changed, or choose another --key."
    assert staff.take(*exchanged, keys=(key,)).counts["changed"] == 2


@pytest.mark.parametrize("email", [BEN["email"], "benno@example.org", CY["email"]])
def test_whoever_gets_a_name_by_chance_that_somebody_else_gave_up_stays_who_they_are(staff: Desk, email: str) -> None:
    staff.take(ANN, BEN, CY)
    desk = {**CY, "email": "desk@example.org"}
    outcome = staff.take({**ANN, "first_name": "Anna"}, {**BEN, "first_name": "Ann", "email": email}, desk)
    assert whats(outcome) == ["changed", "changed", "changed"]
    assert outcome.written


def test_names_that_went_round_are_refused_whatever_ids_and_emails_say(staff: Desk) -> None:
    staff.take(ANN, BEN, CY, DI)
    names = ({**BEN, "first_name": "Cy"}, {**CY, "first_name": "Ben"}, {**ANN, "first_name": "Ben"})
    outcome = staff.take(*names, {**DI, "first_name": "Ann"}, skip_refused=True)
    assert whats(outcome) == ["refused", "refused", "refused", "refused"]


@pytest.mark.parametrize(
    "second",
    [
        {"email": "ann@example.com"},
        {"email": None},
        {"email": "ann@example.org"},
        {"external_id": None, "email": "ben@example.org"},
    ],
    ids=["alike", "blank", "theirs", "without id"],
)
def test_a_name_that_changes_hands_is_refused_where_the_email_may_be_that_of_the_other_too(
    staff: Desk, second: Fields
) -> None:
    staff.take(ANN, BEN)
    given_anew = ({**ANN, "first_name": "Anna", "email": "anna@example.com"}, {**BEN, "first_name": "Ann", **second})
    outcome = staff.take(*given_anew, skip_refused=True)
    assert whats(outcome)[1] == "refused"


def test_ids_given_out_anew_in_a_directory_without_emails_make_nobody_somebody_else(staff: Desk) -> None:
    without = [{**row, "email": None} for row in (ANN, BEN)]
    staff.take(*without)
    outcome = staff.take({"external_id": "1", "first_name": "Abe", "email": "abe@x.org"}, {**ANN, "external_id": "2"})
    assert whats(outcome) == ["changed", "refused"]


def test_somebody_may_marry_into_a_name_that_is_there(staff: Desk) -> None:
    staff.take(ANN, BEN, CY)
    outcome = staff.take({**ANN, "first_name": "Ben"}, BEN, {**CY, "first_name": "Di"})
    assert whats(outcome) == ["changed", "unchanged", "changed"]


def test_two_users_may_have_one_name_where_an_earlier_key_names_one_of_them(staff: Desk) -> None:
    staff.take(ANN, {**BEN, "first_name": "Ann"}, {**CY, "first_name": "Ann"})
    outcome = staff.take({**ANN, "title": "Clerk"}, keys=("external_id", "name"))
    assert whats(outcome)[0] == "changed"


# Deleted users.


def test_a_deleted_user_comes_back_by_external_id_where_the_row_says_so(staff: Desk) -> None:
    staff.take(ANN)
    (ann,) = staff.users()
    staff.bus.dispatch(DeleteUser(ann.id))

    silent, gone = staff.take(ANN), staff.take({**ANN, "status": "deleted"})
    assert [row.field for row in silent.rows] == ["status"]
    assert whats(gone) == ["unchanged"]
    back = staff.take({**ANN, "status": "suspended"})
    assert [row.changes for row in back.rows] == [{"status": ("deleted", "suspended")}]
    assert len(staff.users()) == 1


@pytest.mark.parametrize(
    ("row", "keys"),
    [
        ({"first_name": "Ann", "email": "ann@example.org"}, ("id", "external_id", "email")),
        ({"email": "ann@example.org"}, ("id", "external_id", "email")),
        ({"first_name": "Ann"}, ("id", "external_id", "email")),
        ({"first_name": "Ann"}, ("name",)),
        ({"first_name": "Ann", "attributes.Badge": "k"}, ("attributes.Badge",)),
    ],
)
def test_a_list_that_names_deleted_users_makes_them_once(staff: Desk, row: Fields, keys: tuple[str, ...]) -> None:
    there = {**BEN, "attributes.Badge": "b"}
    deleted = {**row, "status": "deleted"}
    assert whats(staff.take(deleted, there, keys=keys)) == ["created", "created"]
    for _ in range(2):
        assert whats(staff.take(deleted, there, keys=keys)) == ["unchanged", "unchanged"]
    assert len(staff.users()) == 2


def test_who_is_deleted_is_nobody_else_who_is_deleted(staff: Desk) -> None:
    gone = {"first_name": "Ann", "email": "ann@example.org", "status": "deleted"}
    staff.take(gone)
    for other in ({**gone, "first_name": "Cy"}, {**gone, "email": "other.ann@example.org"}):
        assert whats(staff.take(other)) == ["created"]
        assert whats(staff.take(other)) == ["unchanged"]
    assert whats(staff.take(gone)) == ["unchanged"]
    assert whats(staff.take({**gone, "title": "Clerk"})) == ["refused"]
    assert len(staff.users()) == 3


def test_the_email_of_a_deleted_user_is_free(staff: Desk) -> None:
    staff.take(ANN)
    staff.bus.dispatch(DeleteUser(staff.users()[0].id))
    assert whats(staff.take({**BEN, "email": "ann@example.org"})) == ["created"]


# Several rows for one user.


def test_rows_for_one_user_that_agree_are_one(staff: Desk) -> None:
    outcome = staff.take({**ANN, "title": "Clerk"}, BEN, {"email": "ANN@example.org", "phone": "1"})
    assert whats(outcome) == ["created", "created", "unchanged"]
    assert outcome.said == ("1 row says of a user what another row says too.",)
    ann = staff.users()[0]
    assert (ann.title, ann.phone) == ("Clerk", "1")


def test_rows_for_one_user_that_differ_are_refused_all(staff: Desk) -> None:
    outcome = staff.take({**ANN, "title": "Clerk"}, BEN, {**ANN, "title": "Judge"}, ANN, skip_refused=True)
    assert whats(outcome) == ["refused", "created", "refused", "refused"]
    assert reasons(outcome)[0] == "This is the same user as in line 4, and the rows about this user differ: Title."


def test_one_email_for_two_users_of_the_list_is_refused_for_both(staff: Desk) -> None:
    outcome = staff.take(ANN, BEN, {**CY, "email": "ann@example.org"}, skip_refused=True)
    assert whats(outcome) == ["refused", "created", "refused"]
    assert reasons(outcome) == [
        "Line 4 gives the email ann@example.org to somebody else.",
        "Line 2 gives the email ann@example.org to somebody else.",
    ]


# Values that change hands.


@pytest.mark.parametrize("turned", [False, True])
def test_emails_change_hands_whatever_the_order(staff: Desk, turned: bool) -> None:
    staff.take(ANN, BEN)
    rows = [
        {**ANN, "email": "ben@example.org"},
        {**BEN, "email": "new@example.org"},
        {**CY, "email": "ann@example.org"},
    ]
    outcome = staff.take(*(reversed(rows) if turned else rows))
    assert outcome.written
    assert emails(staff) == {"1": "ben@example.org", "2": "new@example.org", "3": "ann@example.org"}


def test_emails_go_round_in_a_circle(staff: Desk) -> None:
    staff.take(ANN, BEN, CY)
    people = [ANN, BEN, CY]
    rows = [{**who, "email": people[(number + 1) % 3]["email"]} for number, who in enumerate(people)]
    outcome = staff.take(*rows)
    assert whats(outcome) == ["changed"] * 3
    assert emails(staff) == {"1": "ben@example.org", "2": "cy@example.org", "3": "ann@example.org"}


def test_one_refused_row_refuses_its_circle_and_who_waits_for_it(staff: Desk) -> None:
    staff.take(ANN, BEN)
    outcome = staff.take(
        {**ANN, "email": "ben@example.org", "title": "two\nlines"},
        {**BEN, "email": "ann@example.org"},
        {**CY, "title": "two\nlines", "phone": "one\nline more"},
        DI,
        skip_refused=True,
    )
    assert whats(outcome) == ["refused", "refused", "refused", "created"]
    assert outcome.rows[0].field == "title"
    assert "line 2 is refused" in outcome.rows[1].reason
    assert emails(staff) == {"1": "ann@example.org", "2": "ben@example.org", "4": "di@example.org"}


def test_who_waits_for_a_refused_row_is_refused(staff: Desk) -> None:
    staff.take(ANN)
    bad = {**ANN, "email": "new@example.org", "title": "two\nlines", "phone": "two\nlines"}
    outcome = staff.take({**BEN, "email": "ann@example.org"}, bad, skip_refused=True)
    assert outcome.rows[0].reason == "ann@example.org still belongs to Ann, whose row is refused."


def test_an_address_that_its_owner_clears_or_leaves_is_free(staff: Desk) -> None:
    staff.take(ANN, BEN)
    outcome = staff.take(
        {**CY, "email": "ann@example.org"},
        {**DI, "email": "ben@example.org"},
        {"external_id": "1", "email": None},
        {"external_id": "2", "status": "deleted"},
    )
    assert outcome.written
    assert emails(staff)["3"] == "ann@example.org"


# Who resembles somebody.


def test_rows_that_nothing_tells_apart_are_refused_or_new(staff: Desk) -> None:
    twins = [{"first_name": "Ann", "last_name": "Lee"}, {"first_name": "ann", "last_name": "lee", "title": "Clerk"}]
    outcome = staff.take(*twins)
    assert whats(outcome) == ["similar", "similar"]
    assert outcome.rows[0].reason.startswith("The same name stands in line 3, and no key tells the two apart.")
    assert not outcome.accepted
    assert whats(staff.take(*twins, similar="new")) == ["created", "created"]


def test_people_of_one_name_with_other_keys_are_two(staff: Desk) -> None:
    staff.take({**ANN, "last_name": "Lee"})
    other = {"first_name": "Ann", "last_name": "Lee", "external_id": "9"}
    assert whats(staff.take(other))[0] == "created"
    assert whats(staff.take({"first_name": "Ann", "last_name": "Lee", "email": "x@example.org"}))[0] == "similar"


def test_the_old_address_of_somebody_of_that_name_is_perhaps_theirs(staff: Desk) -> None:
    staff.take(ANN)
    outcome = staff.take({**ANN, "email": "new@example.org"}, {"first_name": "Ann", "email": "ann@example.org"})
    assert whats(outcome) == ["changed", "similar"]
    other = {"first_name": "Bea", "email": "ann@example.org"}
    assert whats(staff.take({**ANN, "email": "new@example.org"}, other)) == ["changed", "created"]


# Who is missing.


def test_who_was_on_an_earlier_list_of_that_source_is_missing(staff: Desk) -> None:
    staff.take(ANN, BEN, CY, DI)
    staff.take({"external_id": "9", "first_name": "Guest"}, source="guests")

    outcome = staff.take(ANN, BEN, CY, missing="suspend")
    assert [(row.what, row.line, row.changes) for row in outcome.rows[3:]] == [
        ("missing", 0, {"status": ("active", "suspended")})
    ]
    assert (outcome.suspended, status(staff)["4"], status(staff)["9"]) == (1, "suspended", "active")
    again = staff.take(ANN, BEN, CY, missing="suspend")
    assert (whats(again), again.events) == (["unchanged"] * 3, 0)


def test_who_was_met_unchanged_counts_as_of_the_source(staff: Desk) -> None:
    for number, who in enumerate((ANN, BEN, CY, DI)):
        staff.bus.dispatch(CreateUser(f"01890000-0000-7000-8000-{number:012x}", who))
    assert staff.take(ANN, BEN, CY, DI).events == 1
    assert staff.take(ANN, BEN, CY, DI).events == 0
    assert whats(staff.take(ANN, BEN, CY)) == ["unchanged"] * 3 + ["missing"]
    (recorded,) = staff.log.read(only=ListImported)
    assert recorded.causation == ImportOf("list.csv", by="ines")


def test_missing_is_asked_of_all_or_of_a_group(staff: Desk) -> None:
    staff.take({**ANN, "groups": "Choir"}, {**BEN, "groups": "Choir"}, {**CY, "groups": "Choir"}, {**DI, "groups": ""})
    rows = ANN, BEN
    assert [row.name for row in staff.take(*rows, source="x", among="all").rows[2:]] == ["Cy", "Di"]
    assert [row.name for row in staff.take(*rows, source="y", among="choir").rows[2:]] == ["Cy"]
    assert staff.take(*rows, source="z").counts["missing"] == 0
    with pytest.raises(RefusedError, match="no group “Board”"):
        staff.take(*rows, among="Board")


def test_of_one_user_it_is_said_as_of_one(staff: Desk) -> None:
    staff.take(ANN)
    outcome = staff.take(BEN, missing="suspend", skip_refused=True)
    assert reasons(outcome) == ["1 of 1 user is not in the list, more than a third."]


def test_more_than_a_third_needs_a_yes(staff: Desk) -> None:
    staff.take(ANN, BEN, CY, DI)
    outcome = staff.take(ANN, BEN, missing="delete", skip_refused=True)
    assert (outcome.accepted, outcome.written) == (False, False)
    assert reasons(outcome) == ["2 of 4 users are not in the list, more than a third."]
    assert advices(outcome) == ["They are deleted only with --yes."]
    assert (outcome.counts["missing"], outcome.deleted) == (2, 0)
    agreed = staff.take(ANN, BEN, missing="delete", yes=True)
    assert (agreed.written, agreed.deleted, status(staff)["4"]) == (True, 2, "deleted")


@pytest.mark.parametrize("at_once", [1, 7, 10_000])
def test_who_is_missing_is_told_in_one_order(at_once: int, staff: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "SORTED_AT_ONCE", at_once)
    staff.take(*({"external_id": str(number), "first_name": f"A{number}"} for number in range(30)))
    told = [row.user_id for row in staff.take(ANN).rows if row.what == "missing"]
    assert told == sorted(set(told))
    assert len(told) == 29


def test_nobody_is_missing_whose_row_is_refused(staff: Desk) -> None:
    staff.take(ANN, BEN, CY, DI)
    unread = listed(9, {"external_id": "4"})
    outcome = staff.take(
        ANN,
        {**BEN, "email": "ann@example.org"},
        {**CY, "phone": "one\ntwo", "title": "three\nfour"},
        UnusableRow(9, "", "status", 4, "“gone” is not known as a status.", known=unread),
        missing="delete",
        yes=True,
        skip_refused=True,
    )
    assert whats(outcome) == ["refused"] * 4
    assert (outcome.counts["missing"], outcome.accepted) == (0, True)


def test_nobody_is_missing_where_a_row_says_nothing_of_whom_it_is_about(staff: Desk) -> None:
    staff.take(ANN, BEN, CY, DI)
    outcome = staff.take(ANN, UnusableRow(3, "", "", 0, "No."), missing="suspend", yes=True, skip_refused=True)
    assert not outcome.accepted
    assert "nobody can be suspended for being missing" in reasons(outcome)[-1]
    assert staff.take(ANN, UnusableRow(3, "", "", 0, "No."), skip_refused=True).accepted


def test_whom_a_row_resembles_is_not_missing(staff: Desk) -> None:
    staff.take({"external_id": "1", "first_name": "Ann"}, BEN, CY, DI)
    outcome = staff.take({"first_name": "Ann"}, BEN, CY, DI, missing="delete", skip_refused=True)
    assert (whats(outcome)[0], outcome.counts["missing"]) == ("similar", 0)


def test_nobody_is_missing_of_whose_name_a_refused_row_is_that_names_nobody_else(staff: Desk) -> None:
    staff.take(ANN, BEN, CY, DI)
    renewed = listed(5, {"first_name": "Di", "email": "new.di@example.org"})
    unread = UnusableRow(5, "", "status", 3, "“gone” is not known as a status.", known=renewed)
    outcome = staff.take(ANN, BEN, CY, unread, missing="delete", skip_refused=True)
    assert (whats(outcome)[-1], outcome.counts["missing"], status(staff)["4"]) == ("refused", 0, "active")


def test_a_refused_row_says_nothing_of_namesakes_of_whom_it_names(staff: Desk) -> None:
    namesake = {**DI, "external_id": "5", "email": "other.di@example.org"}
    staff.take(ANN, BEN, CY, DI, namesake)
    unread = UnusableRow(5, "", "status", 3, "“gone” is not known as a status.", known=listed(5, DI))
    outcome = staff.take(ANN, BEN, CY, unread, missing="delete", skip_refused=True)
    assert (outcome.counts["missing"], status(staff)["4"], status(staff)["5"]) == (1, "active", "deleted")


def test_nobody_is_missing_where_a_key_cannot_be_read_and_the_others_name_nobody(staff: Desk) -> None:
    staff.take(ANN, BEN, CY, DI)
    row = {"external_id": "40", "first_name": "D.", "email": "no email"}
    outcome = staff.take(ANN, BEN, CY, row, missing="delete", skip_refused=True)
    assert (outcome.accepted, status(staff)["4"]) == (False, "active")
    known = {**DI, "email": "no email"}
    assert staff.take(ANN, BEN, CY, known, missing="delete", skip_refused=True).accepted


def test_who_is_suspended_already_needs_nothing(staff: Desk) -> None:
    staff.take(ANN, BEN, CY, DI)
    di = next(user for user in staff.users() if user.external_id == "4")
    staff.bus.dispatch(SuspendUser(di.id))
    assert staff.take(ANN, BEN, CY, missing="suspend").counts["missing"] == 0
    assert staff.take(ANN, BEN, CY, missing="delete").deleted == 1
    staff.bus.dispatch(RestoreUser(di.id))


# The preview, all or nothing, and files that break off.


def test_cells_new_fields_and_new_groups_are_told(staff: Desk) -> None:
    outcome = staff.take({**ANN, "attributes.Room": "7", "groups": "Choir;Board", "status": "suspended"})
    assert outcome.rows[0].changes == {
        "first_name": (None, "Ann"),
        "email": (None, "ann@example.org"),
        "external_id": (None, "1"),
        "attribute:Room": (None, "7"),
        "status": (None, "suspended"),
        "groups": (None, ("Board", "Choir")),
    }
    assert (outcome.fields, outcome.groups) == (("Room",), ("Board", "Choir"))


def test_what_comes_out_otherwise_than_previewed_is_told_and_not_written(staff: Desk) -> None:
    staff.take(ANN, BEN)
    rows = {**ANN, "title": "Clerk"}, {**BEN, "title": "Clerk"}
    preview = staff.take(*rows, dry_run=True)
    ben = next(user for user in staff.users() if user.external_id == "2")
    staff.bus.dispatch(UpdateUser(ben.id, {"phone": "1"}))

    late = staff.take(*rows, previewed=preview)
    assert (late.written, late.accepted, late.decided_again) == (False, True, (1,))
    assert staff.take(*rows, previewed=late).written


def test_one_refused_row_refuses_all(staff: Desk) -> None:
    bad = {"external_id": "2", "first_name": "Ben", "title": "two\nlines"}
    outcome = staff.take(ANN, bad)
    assert (whats(outcome), outcome.written, staff.users()) == (["created", "refused"], False, [])
    outcome = staff.take(ANN, bad, skip_refused=True)
    assert [(row.what, row.taken_without_field) for row in outcome.rows] == [("created", False), ("created", True)]


def breaking_off(*rows: Row | UnreadableRow) -> ListInput:
    """Return a list whose file cannot be read behind these rows."""

    def read() -> Iterator[Row | UnreadableRow]:
        yield from rows
        raise UnreadableError(9, 2, "A quotation mark is never closed.")

    whole = given([ANN])
    return ListInput(whole.source, Table(Detected("csv"), ("row",), "", read), whole.mapping)


def test_a_file_that_breaks_off_is_never_taken_and_nobody_is_missing(staff: Desk) -> None:
    staff.take(ANN, BEN)
    outcome = staff.take_all([breaking_off(Row(2, "", ("0",)))], missing="delete", yes=True, skip_refused=True)
    assert (whats(outcome), outcome.readable, outcome.accepted) == (["unchanged", "refused"], False, False)
    assert [(row.line, row.column) for row in outcome.rows if row.reason] == [(9, 2)]


def test_files_are_taken_together_and_each_row_names_its_own(staff: Desk) -> None:
    outcome = staff.take_all([given([ANN], name="a.csv"), given([{**ANN, "title": "x"}, BEN], name="b.csv")])
    assert [(row.file, row.what) for row in outcome.rows] == [
        ("a.csv", "created"),
        ("b.csv", "unchanged"),
        ("b.csv", "created"),
    ]
    assert staff.users()[0].title == "x"


def test_a_list_of_nobody_is_fine(staff: Desk) -> None:
    outcome = staff.take()
    assert (len(outcome.rows), outcome.accepted, outcome.events) == (0, True, 0)


@pytest.mark.parametrize("held", [0, 16_000_000])
def test_what_is_kept_is_the_same_in_a_file(staff: Desk, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD_BYTES", held)
    rows = [{"external_id": str(number), "first_name": f"A{number}", "notes": "é" * number} for number in range(40)]
    rows[7] = {**rows[7], "title": "half \ud800"}
    outcome = staff.take(*rows, skip_refused=True)
    assert [row.name for row in outcome.rows] == [f"A{number}" for number in range(40)]
    assert outcome.rows[7].raw.endswith("half \ud800")
    assert [row.name for row in outcome.rows[-2:]] == ["A38", "A39"]
    with pytest.raises(IndexError):
        outcome.rows[40]


@pytest.mark.parametrize("which", range(0, 40, 3))
def test_a_cancelled_import_leaves_nothing(staff: Desk, which: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "REPORT_EVERY", 1)
    monkeypatch.setattr("whowas.store.transaction._FEW", 0)
    monkeypatch.setattr("whowas.store.transaction._BYTES_AT_ONCE", 1)
    people = [{"external_id": str(number), "first_name": f"A{number}"} for number in range(30)]
    called = 0

    def progress(_done: int, _total: int) -> None:
        nonlocal called
        called += 1
        if called > which:
            raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        staff.take(*people, progress=progress)
    assert staff.log.head().position == 0
    assert staff.take(*people).written


def test_listeners_hear_of_an_import_once(staff: Desk) -> None:
    heard: list[Any] = []
    staff.bus.subscribe(heard.append)
    staff.take(ANN, BEN, dry_run=True)
    staff.take(ANN, BEN)
    assert [receipt.events for receipt in heard] == [3]


def test_what_was_read_of_the_rows_goes_without_the_garbage_collector(staff: Desk) -> None:
    """It is much, and freed at once in whichever thread is to be collected, which may be the window's."""
    gc.collect()
    gc.disable()
    try:
        staff.take({"email": "ada@example.org", "title": "Clerk"})
        assert not [one for one in gc.get_objects() if isinstance(one, Rows | TakenLists)]
    finally:
        gc.enable()
