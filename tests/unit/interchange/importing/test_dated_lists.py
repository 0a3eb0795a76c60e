"""Lists that were true at some date: each is compared with the directory as of then, and only differences are taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.unit.interchange.importing.given_lists import NOW, Desk, Fields, given, reasons, whats
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import UndoOf
from whowas.domain.commands import (
    CreateGroup,
    CreateUser,
    DeleteGroup,
    DeleteUser,
    RenameGroup,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.events import ListImported
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.given.rules import ImportRules, LeaveOut
from whowas.interchange.importing.import_files import import_files
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.projections.queries.undo_list import UndoList
from whowas.projections.sides.read_side import ReadSide
from whowas.store.gc_pauses import unfreeze

DAY = 86_400_000_000
ANN = {"external_id": "1", "first_name": "Ann", "email": "ann@example.org"}
BEN = {"external_id": "2", "first_name": "Ben", "email": "ben@example.org"}
CY = {"external_id": "3", "first_name": "Cy", "email": "cy@example.org"}
STAFF = "01890000-0000-7000-8000-0000000000f1"
ADA = "01890000-0000-7000-8000-00000000000a"


def date(year: int, month: int, day: int = 1) -> int:
    """Return local midnight, as dates of lists are (UTC µs)."""
    return int(datetime(year, month, day).timestamp()) * 1_000_000  # noqa: DTZ001


JAN, FEB, MARCH, APRIL = (date(2020, month) for month in (1, 2, 3, 4))
MONTHS = {JAN: "2020-01.csv", FEB: "2020-02.csv", MARCH: "2020-03.csv", APRIL: "2020-04.csv"}


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Desk]:
    """A directory with nobody in it."""
    desk = Desk(tmp_path / "staff.whowas")
    yield desk
    desk.log.close()


@pytest.fixture
def side(staff: Desk, tmp_path: Path) -> Iterator[ReadSide]:
    """Its read side."""
    side = ReadSide(staff.log, tmp_path / "cache")
    yield side
    side.close()


def dated(when: int, *rows: Fields, source: str = "members", content: bytes = b"") -> ListInput:
    """Return a list that was true at a date, called like its month."""
    return given(rows, source, MONTHS.get(when, "list.csv"), when, content)


def take(staff: Desk, *inputs: ListInput, **rules: object) -> ImportOutcome:
    """Import lists; whoever is missing is deleted, however many they are."""
    return staff.take_all(inputs, **{"missing": "delete", "yes": True, **rules})


def there(side: ReadSide, when: int | None = None) -> dict[str, tuple[str | None, str | None, str]]:
    """Return email, title and status of who is there at a moment, by first name."""
    index = side.catch_up()
    moment = index.now if when is None else index.steps.moment_at(when)
    users = [row.user for row in side.rows(index.numbers[index.alive(moment)].tolist())]
    shown = [user for user in users if user.status != "deleted"]
    assert len({user.first_name for user in shown}) == len(shown), "no one is there twice"
    return {user.first_name or "": (user.email, user.title, user.status) for user in shown}


def steps(side: ReadSide) -> list[int]:
    """Return when each step occurred."""
    return side.catch_up().steps.occurred_at.tolist()


def test_only_the_differences_become_events_at_their_dates(staff: Desk, side: ReadSide) -> None:
    outcome = take(staff, dated(JAN, ANN, BEN), dated(FEB, {**ANN, "title": "Clerk"}, BEN), dated(MARCH, BEN))
    assert whats(outcome) == ["created", "created", "changed", "unchanged", "unchanged", "missing"]
    assert [(row.file, row.line, row.occurred_at) for row in outcome.rows] == [
        ("2020-01.csv", 2, JAN),
        ("2020-01.csv", 3, JAN),
        ("2020-02.csv", 2, FEB),
        ("2020-02.csv", 3, FEB),
        ("2020-03.csv", 2, MARCH),
        ("2020-03.csv", 0, MARCH),
    ]
    assert outcome.rows[2].changes == {"title": (None, "Clerk")}
    assert (outcome.deleted, outcome.counts["missing"]) == (1, 1)
    assert {recorded.change_id for recorded in staff.log.read()} == {outcome.change_id}
    events = [(type(each.event).__name__, each.occurred_at) for each in staff.log.read()]
    assert events == [
        ("UserCreated", JAN),
        ("UserCreated", JAN),
        ("ListImported", JAN),
        ("UserUpdated", FEB),
        ("ListImported", FEB),
        ("UserDeleted", MARCH),
        ("ListImported", MARCH),
    ]
    assert steps(side) == [JAN, FEB, MARCH]
    assert (list(there(side, JAN)), list(there(side, MARCH))) == (["Ann", "Ben"], ["Ben"])


def test_the_same_folder_once_more_changes_nothing(staff: Desk) -> None:
    lists = dated(JAN, ANN, BEN), dated(FEB, {**ANN, "title": "Clerk"}), dated(MARCH, ANN, {**BEN, "title": "Judge"})
    assert take(staff, *lists).written
    again = take(staff, *lists)
    assert (set(whats(again)), again.events, again.change_id) == ({"unchanged"}, 0, "")


def test_a_folder_goes_on_with_another_list(staff: Desk, side: ReadSide) -> None:
    take(staff, dated(JAN, ANN, BEN))
    outcome = take(staff, dated(JAN, ANN, BEN), dated(FEB, BEN))
    assert whats(outcome) == ["unchanged"] * 3 + ["missing"]
    assert steps(side) == [JAN, FEB]


@pytest.mark.parametrize("is_new", [False, True])
def test_who_is_missing_leaves_their_email_to_others(staff: Desk, side: ReadSide, *, is_new: bool) -> None:
    heir = {**(CY if is_new else BEN), "email": "ann@example.org"}
    outcome = take(staff, dated(JAN, ANN, BEN), dated(FEB, *([BEN] if is_new else []), heir))
    assert outcome.written
    assert there(side)[heir["first_name"]] == ("ann@example.org", None, "active")
    assert "Ann" not in there(side)
    assert steps(side) == [JAN, FEB]


def test_who_has_another_id_than_the_missing_of_that_name_and_email_is_asked_about(staff: Desk) -> None:
    lists = dated(JAN, ANN, BEN), dated(FEB, {**ANN, "external_id": "9"}, BEN)
    assert whats(take(staff, *lists)) == ["created", "created", "similar", "unchanged"]
    outcome = take(staff, *lists, keys=("external_id", "email", "name"))
    assert reasons(outcome) == ["ann@example.org belongs to Ann, whose external id is 1, not 9."]


def test_who_comes_back_is_the_same_user_in_one_step(staff: Desk, side: ReadSide) -> None:
    take(staff, dated(JAN, ANN), dated(FEB, BEN), dated(MARCH, {**ANN, "title": "Clerk", "status": "suspended"}, BEN))
    assert steps(side) == [JAN, FEB, MARCH]
    assert there(side)["Ann"] == ("ann@example.org", "Clerk", "suspended")
    assert len(staff.users()) == 2


def test_who_comes_back_with_another_email_because_theirs_is_taken_has_one_step(staff: Desk, side: ReadSide) -> None:
    heir = {**BEN, "email": "ann@example.org"}
    take(staff, dated(JAN, ANN, BEN), dated(FEB, heir), dated(MARCH, {**ANN, "email": "a.lee@example.org"}, heir))
    assert there(side) == {
        "Ann": ("a.lee@example.org", None, "active"),
        "Ben": ("ann@example.org", None, "active"),
    }
    assert steps(side) == [JAN, FEB, MARCH]


@pytest.mark.parametrize("missing", ["keep", "suspend"])
def test_who_is_not_deleted_for_being_missing_stays(staff: Desk, side: ReadSide, missing: str) -> None:
    take(staff, dated(JAN, ANN, BEN), dated(FEB, BEN), dated(MARCH, ANN, BEN), missing=missing)
    assert there(side, FEB)["Ann"][2] == ("suspended" if missing == "suspend" else "active")
    assert there(side, MARCH)["Ann"][2] == "active", "being listed again ends what being missing began"
    assert steps(side) == ([JAN, FEB, MARCH] if missing == "suspend" else [JAN])


def test_who_was_suspended_otherwise_stays_suspended(staff: Desk, side: ReadSide) -> None:
    suspended = {**ANN, "status": "suspended"}
    take(staff, dated(JAN, suspended, BEN), dated(FEB, BEN), dated(MARCH, ANN, BEN), missing="suspend")
    assert there(side)["Ann"][2] == "suspended"


def test_nobody_is_made_of_somebody_who_is_gone_already(staff: Desk, side: ReadSide) -> None:
    outcome = take(staff, dated(JAN, {**ANN, "status": "deleted"}, BEN), dated(FEB, ANN, BEN))
    assert whats(outcome) == ["unchanged", "created", "created", "unchanged"]
    assert outcome.said == (
        "1 row says that somebody is deleted of whom nothing was known before: nobody is made of that.",
    )
    assert (steps(side), list(there(side))) == ([JAN, FEB], ["Ben", "Ann"])


def test_lists_that_are_the_same_are_named(staff: Desk) -> None:
    lists = [dated(when, ANN, content=content) for when, content in ((JAN, b"one"), (FEB, b"two"), (MARCH, b"one"))]
    assert take(staff, *lists).said == ("“2020-01.csv” and “2020-03.csv” are the same, byte for byte.",)


def test_lists_of_one_import_are_of_one_source_whatever_their_titles(staff: Desk, side: ReadSide) -> None:
    take(staff, dated(JAN, ANN, BEN, source="old"), dated(FEB, ANN, CY, source="new"))
    assert list(there(side)) == ["Ann", "Cy"]
    sources = [each.event for each in staff.log.read(only=ListImported)]
    assert sources == [ListImported("old", ()), ListImported("new", (staff.users()[0].id,))]
    assert whats(staff.take(CY, source="new", missing="suspend", yes=True)) == ["unchanged", "missing"]


def test_users_of_earlier_imports_are_asked_about_as_far_as_they_were_there(staff: Desk) -> None:
    take(staff, dated(JAN, ANN), dated(MARCH, ANN, BEN))
    outcome = take(staff, dated(FEB, {**CY}), skip_refused=True)
    assert whats(outcome) == ["created", "missing"]
    assert [row.name for row in outcome.rows if row.what == "missing"] == ["Ann"]


def test_too_many_missing_refuse_all_and_are_told_with_their_list(staff: Desk) -> None:
    lists = dated(JAN, ANN, BEN, CY), dated(FEB, ANN), dated(MARCH, ANN, BEN, CY)
    outcome = take(staff, *lists, yes=False)
    assert not outcome.written
    refused = [row for row in outcome.rows if row.what == "refused"]
    assert [(row.file, row.line, row.occurred_at, row.reason) for row in refused] == [
        ("2020-02.csv", 0, FEB, "2 of 3 users are not in the list, more than a third.")
    ]
    assert [row.what for row in outcome.rows if row.file == "2020-03.csv"] == ["unchanged", "changed", "changed"]


# What the directory knows from later.


def test_who_begins_later_is_refused_in_an_older_list(staff: Desk) -> None:
    staff.bus.dispatch(CreateUser(ADA, {**ANN, "last_name": "Osei"}), occurred_at=date(2020, 3, 3))
    row = {**ANN, "last_name": "Osei"}
    for keys in (("external_id",), ("email",), ("name",), ("id", "external_id", "email")):
        outcome = take(staff, dated(JAN, row, BEN), keys=keys)
        assert reasons(outcome) == ["Ann Osei is in the directory from 3 March 2020 on, and this list is older."]
    outcome = take(staff, dated(JAN, {"first_name": "Ann", "last_name": "Osei"}))
    assert reasons(outcome) == ["Ann Osei is in the directory from 3 March 2020 on, and this list is older."]
    assert whats(take(staff, dated(JAN, row, BEN), skip_refused=True)) == ["refused", "created"]


def test_a_list_older_than_the_directory_is_refused_row_by_row(staff: Desk) -> None:
    staff.take(ANN, BEN)
    outcome = take(staff, dated(JAN, ANN, BEN))
    assert whats(outcome) == ["refused", "refused"]
    assert all(reason.endswith("November 2023 on, and this list is older.") for reason in reasons(outcome))


def known_later(staff: Desk, *commands: object) -> None:
    """Let Ann be there from January on, and become something else on 3 March."""
    staff.bus.dispatch(CreateGroup(STAFF, "Staff"), occurred_at=JAN)
    staff.bus.dispatch(CreateUser(ADA, ANN), occurred_at=JAN)
    for command in commands:
        staff.bus.dispatch(command, occurred_at=date(2020, 3, 3))  # type: ignore[arg-type]


AND_OLDER = "from 3 March 2020 on, and this list is older."


@pytest.mark.parametrize(
    ("later", "row", "reason"),
    [
        (
            UpdateUser(ADA, {"title": "Judge"}, {}),
            {**ANN, "title": "Clerk"},
            f"Here it is “Clerk”, but the directory says that it is “Judge” {AND_OLDER}",
        ),
        (
            SuspendUser(ADA),
            {**ANN, "status": "suspended"},
            f"Here this user is suspended, but the directory says that this user is suspended {AND_OLDER}",
        ),
        (
            UpdateUser(ADA, {"title": "Judge"}, {}),
            {**ANN, "status": "deleted"},
            f"Here this user is deleted, but the directory knows of changes of this user {AND_OLDER}",
        ),
        (
            CreateUser(ADA[:-1] + "b", {"email": "a.lee@example.org"}),
            {**ANN, "email": "a.lee@example.org"},
            f"a.lee@example.org belongs to a.lee@example.org {AND_OLDER}",
        ),
        (DeleteGroup(STAFF), {**ANN, "groups": "Staff"}, "The group “Staff” was deleted on 3 March 2020 already."),
        (RenameGroup(STAFF, "Board"), {**ANN, "groups": "board"}, f"There is a group “board” {AND_OLDER}"),
    ],
)
def test_what_contradicts_later_changes_is_refused_and_both_are_shown(
    staff: Desk, later: object, row: Fields, reason: str
) -> None:
    known_later(staff, later)
    before = staff.log.head()
    outcome = take(staff, dated(FEB, row), missing="keep")
    assert (whats(outcome), reasons(outcome)) == (["refused"], [reason])
    assert staff.log.head() == before


def test_what_is_altered_otherwise_later_is_taken(staff: Desk, side: ReadSide) -> None:
    known_later(staff, UpdateUser(ADA, {"title": "Judge"}, {}), SetPassword(ADA, "$argon2id$later"))
    outcome = take(staff, dated(FEB, {**ANN, "department": "Court", "groups": "Staff"}))
    assert whats(outcome) == ["changed"]
    assert steps(side).count(FEB) == 1
    assert there(side, FEB)["Ann"] == ("ann@example.org", None, "active")
    assert staff.users()[0].department == "Court"


def test_without_the_field_that_contradicts_a_row_is_taken_where_refused_ones_are_skipped(staff: Desk) -> None:
    known_later(staff, UpdateUser(ADA, {"title": "Judge"}, {}))
    row = {**ANN, "title": "Clerk", "department": "Court"}
    (told,) = take(staff, dated(FEB, row), skip_refused=True).rows
    assert (told.what, told.field, told.taken_without_field) == ("changed", "title", True)
    assert (staff.users()[0].title, staff.users()[0].department) == ("Judge", "Court")


@pytest.mark.parametrize(
    ("missing", "later"), [("delete", UpdateUser(ADA, {"title": "x"}, {})), ("suspend", DeleteUser(ADA))]
)
def test_who_is_missing_but_known_of_later_is_refused(staff: Desk, missing: str, later: object) -> None:
    take(staff, dated(JAN, BEN))
    known_later(staff, later)
    outcome = take(staff, dated(FEB, BEN), missing=missing, among="all")
    (told,) = [row for row in outcome.rows if row.what == "refused"]
    assert (told.file, told.line, told.user_id, told.name) == ("2020-02.csv", 0, ADA, "Ann")
    assert told.reason.startswith("Ann is not in this list, but the directory ")
    assert told.reason.endswith(AND_OLDER)
    assert (outcome.written, outcome.deleted, outcome.suspended) == (False, 0, 0)
    assert whats(take(staff, dated(FEB, BEN, CY), missing=missing, among="all", skip_refused=True)) == [
        "unchanged",
        "created",
        "refused",
    ]


def test_who_would_be_there_again_is_refused_where_later_changes_had_no_effect_on_a_deleted_user(staff: Desk) -> None:
    known_later(staff, SuspendUser(ADA))
    staff.bus.dispatch(DeleteUser(ADA), occurred_at=JAN)
    reason = f"Here this user is active, but the directory says that this user is suspended {AND_OLDER}"
    assert reasons(take(staff, dated(FEB, ANN))) == [reason]


def test_a_field_that_is_defined_later_can_be_used(staff: Desk, side: ReadSide) -> None:
    take(staff, dated(JAN, ANN))
    staff.take({**BEN, "attributes.Room": "R1"})
    outcome = take(staff, dated(FEB, {**ANN, "attributes.Room": "R2"}))
    assert (whats(outcome), outcome.fields) == (["changed"], ())
    index = side.catch_up()
    (row,) = side.rows(index.numbers[index.alive(index.steps.moment_at(FEB))].tolist())
    assert row.user.attributes == {"Room": "R2"}


def test_a_group_that_is_made_later_can_be_used(staff: Desk, side: ReadSide) -> None:
    known_later(staff, CreateGroup(STAFF[:-1] + "2", "Board"))
    outcome = take(staff, dated(FEB, {**ANN, "groups": "board;Staff"}))
    assert (whats(outcome), outcome.groups) == (["changed"], ())
    index = side.catch_up()
    (row,) = side.rows(index.numbers[index.alive(index.steps.moment_at(FEB))].tolist())
    assert index.directory(index.steps.moment_at(FEB)).names_of(row.user.groups) == ("Board", "Staff")


# The whole import.


def test_members_of_a_group_can_be_missing_once_there_is_one(staff: Desk, side: ReadSide) -> None:
    lists = dated(JAN, {**ANN, "groups": "Staff"}, BEN), dated(FEB, CY)
    take(staff, *lists, among="staff")
    assert list(there(side)) == ["Ben", "Cy"]
    with pytest.raises(RefusedError, match="There is no group “Bored”"):
        take(staff, *lists, among="Bored")


def test_a_date_in_the_future_refuses_the_import(staff: Desk) -> None:
    with pytest.raises(RefusedError, match=r"“list\.csv” is dated \d+ \w+ \d{4}, which lies in the future\."):
        take(staff, dated(JAN, ANN), dated(NOW + DAY, ANN))
    assert staff.log.head().position == 0


def test_what_was_previewed_is_taken_although_new_users_have_other_ids(staff: Desk) -> None:
    lists = dated(JAN, ANN, BEN), dated(FEB, {**ANN, "title": "Clerk"}), dated(MARCH, ANN, BEN)
    previewed = take(staff, *lists, dry_run=True)
    assert not previewed.written
    staff.take(CY)
    outcome = take(staff, *lists, previewed=previewed)
    assert (outcome.decided_again, outcome.written) == ((), True)


def test_what_comes_out_otherwise_than_previewed_is_not_taken(staff: Desk) -> None:
    lists = dated(JAN, ANN), dated(FEB, {**ANN, "title": "Clerk"})
    previewed = take(staff, *lists, dry_run=True)
    staff.bus.dispatch(CreateUser(ADA, ANN), occurred_at=MARCH)
    outcome = take(staff, *lists, previewed=previewed, skip_refused=True)
    assert (outcome.decided_again, outcome.written) == ((0, 1), False)


def test_a_row_that_is_left_out_keeps_its_user(staff: Desk) -> None:
    lists = dated(JAN, ANN, BEN), dated(FEB, {**ANN, "title": "Clerk"}, BEN)
    outcome = take(staff, *lists, decisions={("2020-02.csv", 2): LeaveOut()})
    assert whats(outcome) == ["created", "created", "left_out", "unchanged"]


def test_the_first_rows_alone_can_be_looked_at(staff: Desk) -> None:
    lists = [dated(JAN, ANN, BEN), dated(FEB, ANN), dated(MARCH, CY)]
    outcome = import_files(staff.bus, staff.log, lists, ImportRules(missing="delete", yes=True), first=3)
    assert (whats(outcome), outcome.written) == (["created", "created", "unchanged"], False)


def test_of_lists_older_than_the_log_too_the_first_rows_are_looked_at_without_reading_it(
    staff: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(staff, dated(JAN, ANN, BEN), dated(MARCH, {**ANN, "title": "Clerk"}, CY))
    monkeypatch.setattr(staff.log, "read", lambda *_args, **_options: pytest.fail("the log is read"))
    lists = [dated(FEB, {**ANN, "phone": "1"}, BEN, {**ANN, "title": "Judge"}, CY, {"external_id": "9"})]
    outcome = import_files(staff.bus, staff.log, lists, ImportRules(missing="delete", yes=True), first=4)
    assert whats(outcome) == ["refused", "unchanged", "refused", "refused"]
    lists = [dated(FEB, {**ANN, "phone": "1"}, BEN, {"external_id": "9"}), dated(APRIL, {"external_id": "9"}, CY)]
    outcome = import_files(staff.bus, staff.log, lists, ImportRules(missing="delete", yes=True), first=5)
    assert whats(outcome) == ["changed", "unchanged", "created", "unchanged", "unchanged"]


@pytest.mark.parametrize("after", [1, 5, 20])
def test_a_cancelled_import_writes_nothing(staff: Desk, after: int) -> None:
    calls = iter(range(after))

    def cancelling(_done: int, _total: int) -> None:
        if next(calls, None) is None:
            raise CancelledError

    lists: Sequence[ListInput] = [dated(JAN, ANN, BEN), dated(FEB, ANN), dated(MARCH, CY)]
    with pytest.raises(CancelledError):
        staff.take_all(lists, progress=cancelling, missing="delete", yes=True)
    assert staff.log.head().position == 0


def undo(staff: Desk, side: ReadSide) -> bool:
    """Take the last change back."""
    side.catch_up()
    done = UndoList("ines")
    done.follow(side.read_model)
    assert done.to_undo is not None
    return take_back(staff.bus, staff.log, done.to_undo, UndoOf(done.to_undo.change_id))


def test_such_an_import_can_be_undone_as_a_whole(staff: Desk, side: ReadSide) -> None:
    take(staff, dated(JAN, {**ANN, "groups": "Staff"}, BEN), dated(FEB, BEN), dated(MARCH, ANN, CY))
    assert undo(staff, side)
    assert there(side) == {}
    assert [list(there(side, when)) for when in (JAN, FEB, MARCH)] == [["Ann", "Ben"], ["Ben"], ["Ann", "Cy"]]


def test_undoing_one_that_went_into_a_directory_leaves_what_was_there(staff: Desk, side: ReadSide) -> None:
    take(staff, dated(JAN, ANN, BEN))
    staff.bus.dispatch(UpdateUser(staff.users()[0].id, {"title": "Judge"}, {}), occurred_at=APRIL)
    before = there(side)
    outcome = take(staff, dated(FEB, {**ANN, "department": "Court"}), dated(MARCH, {**ANN, "phone": "12"}, CY))
    assert outcome.written
    assert undo(staff, side)
    assert there(side) == before
    assert (staff.users()[0].department, staff.users()[0].phone) == (None, None)


def test_what_if_judges_such_an_import_again_as_it_was_judged(staff: Desk) -> None:
    with staff.bus.change() as creation:
        creation.dispatch(CreateUser(ADA, {"first_name": "Ada"}), occurred_at=JAN)
    heir = {**BEN, "email": "ann@example.org"}
    returned = {**ANN, "email": "a.lee@example.org", "status": "suspended"}
    outcome = take(staff, dated(JAN, ANN, BEN), dated(FEB, heir), dated(MARCH, returned, heir))
    assert outcome.written
    what_if = imagine(staff.log, [creation.id])
    would_be = [recorded.event for recorded in what_if.log.read()]
    what_if.log.close()
    unfreeze()
    assert not what_if.refused
    assert would_be == [recorded.event for recorded in staff.log.read(1)]
