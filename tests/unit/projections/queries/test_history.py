"""The whole directory's history is everybody's history, put in the order of the timeline."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser, DeleteUser, JoinGroup, RenameGroup, UpdateUser
from whowas.projections.queries import history as histories
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables import parameters
from whowas.projections.tables.read_model import ReadModel
from whowas.store.event_log import EventLog

STAFF = "01890000-0000-7000-8000-0000000000f1"


def user(number: int) -> str:
    return f"01890000-0000-7000-8000-{number:012x}"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "staff.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    return Bus(log, clock=lambda: 1_000, actor="ines")


@pytest.fixture
def read_side(tmp_path: Path, log: EventLog, bus: Bus) -> Iterator[ReadSide]:
    """Twelve people; edits of one moment, of others between them, and a group that changes its name."""
    dice = random.Random(4)
    with bus.change() as change:
        change.dispatch(CreateGroup(STAFF, "Staff"), occurred_at=1)
        for number in range(12):
            change.dispatch(CreateUser(user(number), {"first_name": f"P{number}"}), occurred_at=2 + number % 3)
    for turn in range(40):
        number = dice.randrange(12)
        edit = UpdateUser(user(number), {"title": f"T{turn}"})
        bus.dispatch(edit, occurred_at=dice.randrange(10, 60), actor=dice.choice(("ines", "ruth")))
    bus.dispatch(JoinGroup(user(0), STAFF), occurred_at=20)
    bus.dispatch(RenameGroup(STAFF, "Crew"), occurred_at=40)
    bus.dispatch(JoinGroup(user(1), STAFF), occurred_at=50)
    bus.dispatch(DeleteUser(user(2)), occurred_at=70)
    read_side = ReadSide(log, tmp_path / "cache")
    yield read_side
    read_side.close()


@pytest.mark.parametrize("rows_at_once", [1, 7, 500])
def test_it_is_everybodys_in_the_order_of_the_timeline(rows_at_once: int, read_side: ReadSide) -> None:
    index = read_side.catch_up()
    with mock.patch.object(parameters, "AT_ONCE", rows_at_once):
        whole = list(histories.history(read_side.read_model, index))
        each = {entry.user.id: histories.history_of(read_side.read_model, index, entry.user.id) for entry in whole}

    assert [entry.moment for entry in whole] == sorted(entry.moment for entry in whole)
    for user_id, own in each.items():
        assert [entry for entry in whole if entry.user.id == user_id] == own
    assert len(whole) == sum(len(own) for own in each.values()) == 12 + 40 + 3


def test_those_of_one_step_come_in_one_order_however_they_were_folded(read_side: ReadSide, bus: Bus) -> None:
    read_side.catch_up()
    with bus.change() as change:
        for number in range(12):
            change.dispatch(UpdateUser(user(number), {"phone": "1"}), occurred_at=5)
    index = read_side.catch_up()
    entries = [entry for entry in histories.history(read_side.read_model, index) if entry.occurred_at == 5]
    as_created = sorted(range(12), key=lambda number: number % 3)
    assert [entry.user.id for entry in entries] == list(map(user, as_created))


def test_groups_are_called_as_they_were(read_side: ReadSide) -> None:
    index = read_side.catch_up()
    joined = [entry for entry in histories.history(read_side.read_model, index) if entry.sentence.kind == "groups"]
    assert [(entry.user.name, entry.sentence.detail) for entry in joined] == [("P0", "Staff"), ("P1", "Crew")]


def test_an_unknown_user_has_no_history(read_side: ReadSide) -> None:
    assert histories.history_of(read_side.read_model, read_side.catch_up(), user(99)) == []


def test_of_a_history_that_was_read_only_later_steps_are_read(read_side: ReadSide, bus: Bus) -> None:
    index = read_side.catch_up()
    entries = histories.history_of(read_side.read_model, index, user(0))
    read = histories.ReadHistory(entries, index)

    bus.dispatch(UpdateUser(user(0), {"title": "Later"}), occurred_at=900)
    with mock.patch.object(ReadModel, "versions_of", autospec=True, side_effect=ReadModel.versions_of) as asked:
        later = histories.history_of(read_side.read_model, read_side.catch_up(), user(0), read)
    ((_, _, after),) = (call.args for call in asked.call_args_list)
    assert after == len(index.steps)
    assert later[:-1] == entries
    assert (later[-1].sentence.title, later[-1].user.title) == ("Title changed", "Later")
    assert later == histories.history_of(read_side.read_model, read_side.catch_up(), user(0))


def test_of_a_history_that_was_read_all_is_read_again_where_a_step_came_between(read_side: ReadSide, bus: Bus) -> None:
    index = read_side.catch_up()
    read = histories.ReadHistory(histories.history_of(read_side.read_model, index, user(0)), index)

    bus.dispatch(UpdateUser(user(1), {"title": "Between"}), occurred_at=3)
    index = read_side.catch_up()
    again = histories.history_of(read_side.read_model, index, user(0), read)
    assert again == histories.history_of(read_side.read_model, index, user(0))
    assert [entry.moment for entry in again] != [entry.moment for entry in read.entries]
