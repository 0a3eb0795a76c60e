"""The view: one moment, section, search and sort order, and the table's model that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.session.test_session import changed
from whowas.command_bus.bus import Bus
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import GROUP_PREFIX, DirectoryView
from whowas.desktop.table.columns import Roles, attribute_column, standard_columns
from whowas.desktop.table.model import UsersModel
from whowas.domain.commands import (
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteUser,
    DescribeField,
    EraseUser,
    JoinGroup,
    RenameGroup,
    SuspendUser,
    UpdateUser,
)
from whowas.store.event_log import EventLog

PEOPLE = {name: f"0199a3c4-0000-7000-8000-{number:012}" for number, name in enumerate(("Ada", "Ben", "Chi", "Dan"))}
RECORDS = "0199a3c4-0000-7000-8000-00000000ffff"


@pytest.fixture
def people(session: Session, runner: ManualJobRunner) -> Session:
    """Four users, created in the order of their names."""
    for name, user_id in PEOPLE.items():
        assert not changed(session, runner, CreateUser(user_id, {"first_name": name, "title": "Clerk"}))
    return session


@pytest.fixture
def view(people: Session) -> DirectoryView:
    return DirectoryView(people)


@pytest.fixture
def model(view: DirectoryView, people: Session) -> Iterator[UsersModel]:
    model = UsersModel(people.reads.rows, standard_columns())
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    view.changed.connect(lambda: model.show(view.rows(), view.directory))
    model.show(view.rows(), view.directory)
    yield model
    del tester


def names(model: UsersModel) -> list[str]:
    return [str(model.data(model.index(row, 0))) for row in range(model.rowCount())]


def test_the_table_shows_any_moment(view: DirectoryView, model: UsersModel) -> None:
    assert names(model) == ["Ada", "Ben", "Chi", "Dan"]
    view.show_moment(2)
    assert view.is_past
    assert names(model) == ["Ada", "Ben"]
    view.show_moment(0)
    assert names(model) == []
    view.show_moment(99)
    assert not view.is_past
    assert names(model) == ["Ada", "Ben", "Chi", "Dan"]


def test_a_view_of_now_follows_and_a_view_of_the_past_stays(
    view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner
) -> None:
    view.show_moment(2)
    changed(people, runner, UpdateUser(PEOPLE["Ada"], {"first_name": "Zoe"}))
    assert names(model) == ["Ada", "Ben"]
    view.show_moment(view.index.now)
    assert names(model) == ["Ben", "Chi", "Dan", "Zoe"]
    changed(people, runner, DeleteUser(PEOPLE["Ben"]))
    assert names(model) == ["Chi", "Dan", "Zoe"]


def test_sections_and_counts(view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner) -> None:
    changed(people, runner, SuspendUser(PEOPLE["Ben"]))
    changed(people, runner, DeleteUser(PEOPLE["Dan"]))
    changed(people, runner, CreateGroup(RECORDS, "Records"))
    changed(people, runner, JoinGroup(PEOPLE["Chi"], RECORDS))
    expected = {"everyone": ["Ada", "Ben", "Chi"], "active": ["Ada", "Chi"], "suspended": ["Ben"], "deleted": ["Dan"]}
    for section, shown in expected.items():
        view.show_section(section)
        assert names(model) == shown
    view.show_section(GROUP_PREFIX + RECORDS)
    assert names(model) == ["Chi"]
    assert view.counts().by_status == {"active": 2, "suspended": 1, "deleted": 1}
    assert view.counts().by_group == {RECORDS: 1}


def test_search_follows_new_rows_and_the_past(
    view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner
) -> None:
    view.search("archivist")
    runner.drain()
    assert names(model) == []
    changed(people, runner, UpdateUser(PEOPLE["Chi"], {"title": "Archivist"}))
    assert names(model) == ["Chi"]
    view.show_moment(4)
    assert names(model) == [], "at that moment nobody was"
    view.search("")
    assert names(model) == ["Ada", "Ben", "Chi", "Dan"]


def test_a_search_finds_by_a_field_where_it_shows_and_nowhere_else(
    view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner
) -> None:
    """Also by one that is deleted since, at a moment when it was there."""
    assert not changed(people, runner, DefineField("Badge"))
    assert not changed(people, runner, UpdateUser(PEOPLE["Ben"], {}, {"Badge": "seven"}))
    there = people.shown.index.now
    assert not changed(people, runner, DeleteField("Badge"))
    view.search("seven")
    runner.drain()
    assert names(model) == []
    view.show_moment(there)
    runner.drain()
    assert names(model) == ["Ben"]
    view.show_moment(there + 1)
    runner.drain()
    assert names(model) == []


def test_a_search_that_is_over_before_anybody_was_found_leaves_everybody(
    view: DirectoryView, model: UsersModel, runner: ManualJobRunner
) -> None:
    view.search("ben")
    view.search("")
    runner.drain()
    assert names(model) == ["Ada", "Ben", "Chi", "Dan"]
    view.search("ben")
    view.search("chi")
    shown: list[list[str]] = []
    view.changed.connect(lambda: shown.append(names(model)))
    runner.drain()
    assert ["Ben"] not in shown
    assert names(model) == ["Chi"]


@pytest.mark.parametrize("erased", [False, True])
def test_nobody_else_is_found_while_rows_of_another_order_are_searched_again(
    view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner, erased: bool
) -> None:
    """Somebody's past was changed, or they were erased: the rows of everybody are elsewhere by then."""
    changed(people, runner, UpdateUser(PEOPLE["Ada"], {"phone": "2"}))
    view.search("clerk ben")
    runner.drain()
    shown: list[list[str]] = []

    def look() -> None:
        model.forget()
        model.show(view.rows(), view.directory)
        shown.append(names(model))

    view.changed.connect(look)
    with closing(EventLog.open(people.path)) as log:
        bus = Bus(log, clock=microseconds_now, actor="olu")
        if erased:
            bus.dispatch(EraseUser(PEOPLE["Ada"]))
        else:
            bus.dispatch(UpdateUser(PEOPLE["Ada"], {"phone": "1"}), occurred_at=next(log.read()).occurred_at + 1)
    people.file.wake()
    runner.drain()
    assert names(model) == ["Ben"]
    assert {name for some in shown for name in some} <= {"Ben"}
    if not erased:
        assert [] not in shown


def test_of_very_many_rows_another_section_is_shown_once_a_job_has_found_it(
    view: DirectoryView,
    model: UsersModel,
    people: Session,
    runner: ManualJobRunner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed(people, runner, SuspendUser(PEOPLE["Ben"]))
    monkeypatch.setattr("whowas.desktop.session.view.ROWS_RANKED_AT_ONCE", 0)
    view.show_section("suspended")
    assert names(model) == ["Ada", "Ben", "Chi", "Dan"], "as before"
    view.show_moment(2)
    assert names(model) == ["Ada", "Ben"]
    view.show_section("active")
    view.show_moment(view.index.now)
    runner.drain()
    assert names(model) == ["Ada", "Chi", "Dan"]
    view.show_section("suspended")
    runner.drain()
    shown: list[list[str]] = []
    view.changed.connect(lambda: shown.append(names(model)))
    changed(people, runner, SuspendUser(PEOPLE["Chi"]))
    assert shown[0] == ["Ben", "Chi"], "a change is never waited for"
    view.sort_by("name", True)
    runner.drain()
    assert names(model) == ["Chi", "Ben"]


def test_sorting_by_another_column(
    view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner
) -> None:
    changed(people, runner, UpdateUser(PEOPLE["Dan"], {"title": "Analyst"}))
    view.sort_by("title", False)
    runner.drain()
    assert names(model)[0] == "Dan"
    view.sort_by("name", True)
    runner.drain()
    assert names(model) == ["Dan", "Chi", "Ben", "Ada"]


@pytest.fixture
def starts(people: Session, runner: ManualJobRunner) -> list[str]:
    """Four days in the custom field Since, told as text; the ids in the order of the days."""
    changed(people, runner, DefineField("Since"))
    days = {"Ada": "2024-10-01", "Ben": "2024-9-30", "Chi": "2023-11-01", "Dan": ""}
    for name, day in days.items():
        changed(people, runner, UpdateUser(PEOPLE[name], {}, {"Since": day}))
    changed(people, runner, UpdateUser(PEOPLE["Ben"], {}, {"Since": "2024-09-30"}))
    return ["Chi", "Ben", "Ada", "Dan"]


def test_a_column_sorts_by_what_its_field_is_from_now_on_and_by_what_it_was_before(
    view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner
) -> None:
    changed(people, runner, DefineField("Shift"))
    for name, shift in {"Ada": "Night", "Ben": "Early", "Chi": "Late"}.items():
        changed(people, runner, UpdateUser(PEOPLE[name], {}, {"Shift": shift}))
    view.sort_by("attributes.Shift", False)
    runner.drain()
    assert names(model) == ["Ben", "Chi", "Ada", "Dan"]
    as_text = view.index.now
    changed(people, runner, DescribeField("Shift", type="choice", choices=("Early", "Night", "Late")))
    assert names(model) == ["Ben", "Ada", "Chi", "Dan"]
    changed(people, runner, DescribeField("Shift", choices=("Late", "Night", "Early")))
    assert names(model) == ["Chi", "Ada", "Ben", "Dan"]
    view.show_moment(as_text)
    assert names(model) == ["Chi", "Ada", "Ben", "Dan"], "until a job has laid the other order"
    runner.drain()
    assert names(model) == ["Ben", "Chi", "Ada", "Dan"]
    view.show_moment(as_text + 1)
    runner.drain()
    assert names(model) == ["Ben", "Ada", "Chi", "Dan"]
    view.show_moment(view.index.now)
    runner.drain()
    assert names(model) == ["Chi", "Ada", "Ben", "Dan"]
    assert len([name for name in view.index.orders if name.startswith("attributes.")]) <= 2, "the others are let go"


def test_days_are_shown_in_the_style_of_the_settings_from_when_the_field_is_one_of_dates(
    view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner, starts: list[str], qtbot: QtBot
) -> None:
    model.set_columns((*standard_columns(), attribute_column("Since")))
    since = model.columnCount() - 1
    view.sort_by("attributes.Since", False)
    runner.drain()
    assert model.index(0, since).data() == "2023-11-01"
    with qtbot.waitSignal(model.dataChanged):
        changed(people, runner, DescribeField("Since", type="date"))
    runner.drain()
    assert names(model) == starts
    assert [model.index(row, since).data() for row in range(4)] == ["1 Nov 2023", "30 Sep 2024", "1 Oct 2024", ""]
    view.show_moment(view.index.now - 1)
    assert model.index(0, since).data() == "2023-11-01"


def test_an_edit_that_moves_nothing_tells_of_one_row(
    model: UsersModel, people: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(model.dataChanged) as told, qtbot.assertNotEmitted(model.modelReset):
        changed(people, runner, UpdateUser(PEOPLE["Chi"], {"title": "Counsel"}))
    first, last = told.args[0], told.args[1]
    assert (first.row(), last.row()) == (2, 2)
    assert model.data(model.index(2, 3)) == "Counsel"


def test_one_coming_and_one_going_are_told_as_such(
    model: UsersModel, people: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(model.rowsRemoved) as removed, qtbot.assertNotEmitted(model.modelReset):
        changed(people, runner, DeleteUser(PEOPLE["Ben"]))
    assert removed.args[1:] == [1, 1]
    newcomer = CreateUser("0199a3c4-0000-7000-8000-0000000000aa", {"first_name": "Bob"})
    with qtbot.waitSignal(model.rowsInserted) as inserted, qtbot.assertNotEmitted(model.modelReset):
        changed(people, runner, newcomer)
    assert inserted.args[1:] == [1, 1]
    assert names(model) == ["Ada", "Bob", "Chi", "Dan"]


def test_groups_are_called_as_they_were_at_the_moment(
    view: DirectoryView, model: UsersModel, people: Session, runner: ManualJobRunner
) -> None:
    changed(people, runner, CreateGroup(RECORDS, "Records"))
    changed(people, runner, JoinGroup(PEOPLE["Ada"], RECORDS))
    changed(people, runner, RenameGroup(RECORDS, "Archive"))
    groups = [column.key for column in standard_columns()].index("groups")
    assert model.data(model.index(0, groups)) == "Archive"
    assert model.data(model.index(0, 0), Roles.GROUPS) == ("Archive",)
    view.show_moment(view.index.now - 1)
    assert model.data(model.index(0, groups)) == "Records"


def test_texts_are_plain_and_only_asked_roles_answer(model: UsersModel) -> None:
    index = model.index(0, 0)
    assert model.data(index, Roles.USER_ID) == PEOPLE["Ada"]
    assert model.data(index, Roles.STATUS) == "active"
    assert model.data(index, Qt.ItemDataRole.DecorationRole) is None
    assert model.rowCount(index) == model.columnCount(index) == 0
    assert model.data(QModelIndex()) is None


def test_an_edit_does_not_move_a_user_among_others_of_the_same_name(
    model: UsersModel, people: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    for number in range(3):
        twin = CreateUser(f"0199a3c4-0000-7000-8000-0000000000b{number}", {"first_name": "Ben", "title": str(number)})
        changed(people, runner, twin)
    column = [column.key for column in standard_columns()].index("title")

    def titles() -> list[str]:
        return [str(model.data(model.index(row, column))) for row in range(model.rowCount())]

    assert titles() == ["Clerk", "Clerk", "0", "1", "2", "Clerk", "Clerk"]
    with qtbot.assertNotEmitted(model.modelReset):
        changed(people, runner, UpdateUser(PEOPLE["Ben"], {"title": "First"}))
    assert titles() == ["Clerk", "First", "0", "1", "2", "Clerk", "Clerk"]


def test_a_job_prepares_many_rows_after_whatever_else_is_to_be_done(
    view: DirectoryView, model: UsersModel, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.desktop.session.view.ROWS_LOOKED_AT", 0)
    view.show_section("active")
    before = view.rows()
    view.search("ben")  # for which the preparing makes way
    runner.drain()
    assert names(model) == ["Ben"]
    view.search("")
    runner.drain()
    view.show_moment(2)
    assert names(model) == ["Ada", "Ben"]
    after = view.rows()
    assert (before._ranks.is_prepared, after._ranks.is_prepared) == (False, True)


def test_the_texts_of_a_large_directory_are_made_before_anybody_searches(
    view: DirectoryView, people: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = "SELECT (SELECT count(*) FROM search_text), (SELECT count(*) FROM version_row)"
    monkeypatch.setattr("whowas.desktop.session.view.ROWS_LOOKED_AT", 0)
    view.show_section("active")
    view.rows()
    runner.drain()
    ((texts, rows),) = people.shown.side.read_model.select(counting)
    assert texts == rows > 0


def test_nothing_is_prepared_for_a_directory_that_was_closed_meanwhile(
    view: DirectoryView, people: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.desktop.session.view.ROWS_LOOKED_AT", 0)
    view.show_section("active")
    asked = view.rows()
    people.close()
    runner.drain()
    assert not asked._ranks.is_prepared
    assert not runner.jobs


def test_what_is_compared_and_what_was_asked_before_do_not_keep_one_another_waiting(
    view: DirectoryView, model: UsersModel, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.desktop.session.view.ROWS_LOOKED_AT", 0)
    monkeypatch.setattr("whowas.desktop.session.pinned.ROWS_COMPARED_AT_ONCE", 0)
    view.show_section("active")
    view.compare_with(2)
    turns = 0
    while not runner.idle:
        runner.turn()
        turns += 1
        assert turns < 20, "it would never end"
    comparison = view.compared()
    assert comparison is not None
    assert comparison.rows._ranks.is_prepared


def test_very_many_rows_are_compared_once_a_job_has_laid_them_out(
    view: DirectoryView, model: UsersModel, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.compare_with(2)
    view.show_moment(3)
    at_once = view.compared()
    assert at_once is not None
    view.compare_with(None)
    monkeypatch.setattr("whowas.desktop.session.pinned.ROWS_COMPARED_AT_ONCE", 0)
    view.compare_with(1)
    view.compare_with(2)
    assert view.compared() is None, "it is being laid out"
    assert names(model) == ["Ada", "Ben", "Chi"], "the moment is shown meanwhile"
    told: list[None] = []
    view.changed.connect(lambda: told.append(None))
    runner.drain()
    later = view.compared()
    assert later is not None
    assert told, "whoever shows it hears of it"
    assert later.counts == at_once.counts
    assert later.rows.all_numbers().tolist() == at_once.rows.all_numbers().tolist()


def test_whoever_looks_hears_of_a_change_that_a_job_met_before_the_list_is_sorted(
    view: DirectoryView, people: Session, runner: ManualJobRunner
) -> None:
    """A job that asks something else follows the file too, and tells nobody of it."""
    told: list[int] = []
    people.shown.refreshed.connect(lambda: told.append(people.shown.index.now))
    with closing(EventLog.open(people.path)) as log:
        Bus(log, clock=microseconds_now, actor="olu").dispatch(SuspendUser(PEOPLE["Ben"]))
    now = people.shown.side.asked(lambda index: index.now)[0]
    view.sort_by("title", False)
    runner.drain()
    assert told == [now]
    assert view.index.now == now
    view.sort_by("email", False)
    runner.drain()
    assert told == [now], "nothing but the order is new"
