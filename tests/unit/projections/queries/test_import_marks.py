"""What is said where the slider stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteGroup,
    DeleteMoment,
    JoinGroup,
    NameMoment,
    RenameGroup,
    UpdateUser,
)
from whowas.projections.queries.change_lines import ChangeLine
from whowas.projections.queries.import_marks import ImportMark
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
STAFF = "01890000-0000-7000-8000-0000000000f1"
MOMENT = "01890000-0000-7000-8000-0000000000e1"
Told = Callable[..., ChangeLine]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    moments = iter(range(1_000_000, 100_000_000, 1_000_000))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    return bus


@pytest.fixture
def told(bus: Bus, log: EventLog, tmp_path: Path) -> Iterator[Told]:
    side = ReadSide(log, tmp_path / "cache")

    def told(*commands: Command) -> ChangeLine:
        with bus.change() as change:
            change.dispatch(*commands)
        index = side.catch_up()
        return side.change_line(index, index.now)

    yield told
    side.close()


@pytest.mark.parametrize(
    ("commands", "sentence"),
    [
        ([CreateUser(BEN, {"first_name": "Ben"})], "Ben: Created"),
        ([UpdateUser(ADA, {"title": "Clerk"})], "Ada: Title changed (empty → Clerk)"),
        (
            [UpdateUser(ADA, {"title": "Clerk"}), CreateUser(BEN, {"first_name": "Ben"})],
            "2 users changed: 1 created, 1 changed",
        ),
        ([CreateGroup(STAFF, "Staff")], "Group Staff created"),
        ([CreateGroup(STAFF, "Staff"), JoinGroup(ADA, STAFF)], "Ada: Added to group (Staff)"),
        ([DefineField("Room")], "Custom field Room defined"),
        ([DefineField("Room"), DefineField("Desk")], "2 custom fields defined"),
        ([NameMoment(MOMENT, "Audit", None, 0, 0)], "Moment Audit named"),
    ],
)
def test_a_step_in_a_sentence(told: Told, commands: list[Command], sentence: str) -> None:
    line = told(*commands)
    assert (line.moment, line.actor, line.text, line.cause) == (2, "ines", sentence, None)


def test_what_ends_is_told_by_its_name(told: Told) -> None:
    told(CreateGroup(STAFF, "Staff"))
    assert told(RenameGroup(STAFF, "Crew")).text == "Group Staff renamed to Crew"
    assert told(DeleteGroup(STAFF)).text == "Group Crew deleted"
    told(NameMoment(MOMENT, "Audit", None, 0, 0))
    assert told(DeleteMoment(MOMENT)).text == "Moment Audit deleted"


def test_an_import_is_marked_where_it_ends(bus: Bus, log: EventLog, tmp_path: Path) -> None:
    with bus.change(causation=ImportOf("staff.csv")) as change:
        change.dispatch(UpdateUser(ADA, {"title": "Clerk"}), occurred_at=1_500_000)
        change.dispatch(UpdateUser(ADA, {"title": "Head"}), occurred_at=1_600_000)
    bus.dispatch(UpdateUser(ADA, {"title": "Bursar"}))
    side = ReadSide(log, tmp_path / "cache")
    index = side.catch_up()
    assert side.import_marks(index) == [ImportMark(3, "staff.csv", "ines")]
    assert side.change_line(index, 3).text == "Ada: Title changed (Clerk → Head), imported from staff.csv"
    side.close()
