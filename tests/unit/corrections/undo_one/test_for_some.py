"""Undoing an import for some of its users: what it did to them goes back, and nothing that it made for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.directory_states import directory_before
from whowas.command_bus.bus import Bus
from whowas.corrections.undo_one.outcome import carried_out
from whowas.corrections.undo_one.planning import planned
from whowas.domain.causation import ImportOf, UndoForSome
from whowas.domain.commands import Command, CreateGroup, CreateUser, DefineField, EraseUser, JoinGroup, UpdateUser
from whowas.domain.errors import RefusedError
from whowas.domain.users import User
from whowas.interchange.importing.given.list_input import source_of
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.made_import import made_import
from whowas.interchange.importing.ready import Request, made_ready
from whowas.interchange.source import Source
from whowas.projections.queries.undo_list import DoneChange, change_called
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA, BEN, CHI = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
CREW = "01890000-0000-7000-8000-0000000000f1"
SECOND = 1_000_000
START = 1_700_000_000 * SECOND
DAY = 86_400 * SECOND


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    moments = iter(range(START, START + 1000 * SECOND, SECOND))
    return Bus(log, clock=lambda: next(moments), actor="ines")


def imported(bus: Bus, *commands: Command) -> DoneChange:
    with bus.change(causation=ImportOf("list.csv")) as change:
        change.dispatch(*commands)
    return DoneChange(change.id, change.head_position + 1, change.head_position + change.events, change.recorded_at)


def user(bus: Bus, user_id: str) -> User:
    with bus.change() as change:
        found = change.user(user_id)
    assert found is not None
    return found


def test_groups_and_fields_that_it_made_stay_and_so_do_the_other_users(bus: Bus, log: EventLog) -> None:
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    done = imported(
        bus,
        CreateGroup(CREW, "Crew"),
        DefineField("Desk"),
        UpdateUser(ADA, {"title": "Clerk"}, {"Desk": "7"}),
        JoinGroup(ADA, CREW),
        CreateUser(BEN, {"first_name": "Ben"}),
        CreateUser(CHI, {"first_name": "Chi"}),
    )
    assert carried_out(bus, planned(log, done, among={ADA, BEN}), reason="not ours")
    ada = user(bus, ADA)
    assert (ada.title, dict(ada.attributes), ada.groups) == (None, {}, frozenset())
    assert (user(bus, BEN).status, user(bus, CHI).status) == ("deleted", "active")
    directory = directory_before(log, log.head().position + 1)
    assert (list(directory.groups.values()), tuple(directory.fields)) == (["Crew"], ("Desk",))
    assert list(log.read())[-1].causation == UndoForSome(done.change_id, "not ours")
    assert carried_out(bus, planned(log, done)), "the rest, and the group with it"
    assert user(bus, CHI).status == "deleted"
    assert not directory_before(log, log.head().position + 1).groups


def test_whom_it_did_not_touch_or_who_was_erased_since_has_nothing_to_be_taken_back(bus: Bus, log: EventLog) -> None:
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    done = imported(bus, CreateUser(BEN, {"first_name": "Ben"}), CreateUser(CHI, {"first_name": "Chi"}))
    bus.dispatch(EraseUser(BEN))
    head = log.head()
    for among in ({ADA}, {BEN}, set[str]()):
        assert not carried_out(bus, planned(log, done, among=among))
    assert log.head() == head
    bus.dispatch(EraseUser(CHI))
    with pytest.raises(RefusedError, match="erased since"):
        planned(log, done, among={CHI})


def test_of_dated_lists_a_user_is_as_before_the_first_and_belongs_to_them_no_more(
    bus: Bus, log: EventLog, tmp_path: Path
) -> None:
    lists = {
        "2019-01.csv": b"Email,First name,Title\na@x.org,Ada,Clerk\nb@x.org,Ben,Clerk\n",
        "2019-02.csv": b"Email,First name,Title\na@x.org,Ada,Head\nc@x.org,Chi,Clerk\n",
        "2019-03.csv": b"Email,First name,Title\na@x.org,Ada,Head\nb@x.org,Ben,Clerk\nc@x.org,Chi,Head\n",
    }
    moments = {name: START - (100 - 30 * number) * DAY for number, name in enumerate(lists)}
    rules = ImportRules(missing="delete", yes=True)
    ready = made_ready([Source.of(*given) for given in lists.items()], Request(moments=moments, rules=rules))
    outcome = ready.take(bus, log)
    side = ReadSide(log, tmp_path / "cache")
    made = made_import(side.read_model, side.catch_up(), outcome.change_id)
    first, second, third = moments.values()
    assert [(row.name, row.what, row.occurred_at) for row in made.rows] == [
        ("Ada", "created", first),
        ("Ben", "created", first),
        ("Ada", "changed", second),
        ("Ben", "missing", second),
        ("Chi", "created", second),
        ("Ben", "changed", third),
        ("Chi", "changed", third),
    ]
    done = change_called(side.read_model, outcome.change_id)
    side.close()
    assert done is not None
    ids = {row.name: row.user_id for row in made.rows}
    plan = planned(log, done, among={ids["Ada"]})
    assert plan.conflicts == ()
    assert carried_out(bus, plan)
    with bus.change() as change:
        assert change.users_of_source(source_of(ready.lists[0])) == {ids["Ben"], ids["Chi"]}
    assert [user(bus, ids[name]).status for name in ("Ada", "Ben", "Chi")] == ["deleted", "active", "active"]
