"""Everybody put back to a moment: what custom fields are by now is in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.command_bus.field_describing import describe
from whowas.corrections.restore import carried_out, planned
from whowas.domain.commands import CreateUser, DefineField, DescribeField, UpdateUser
from whowas.domain.field_definitions import FieldDefinition
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA, BEN = (f"01890000-0000-7000-8000-00000000000{letter}" for letter in "ab")
BOTH_HAVE_7 = 3
"""The moment, by the number of steps before it, when they held the same, in two spellings."""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    moments = count(1_000_000, 1_000_000)
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    bus.dispatch(DefineField("No"))
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}, {"No": "7"}))
    bus.dispatch(CreateUser(BEN, {"first_name": "Ben"}, {"No": "07"}))
    bus.dispatch(UpdateUser(BEN, {}, {"No": "8"}))
    return bus


def put_back(bus: Bus, log: EventLog, folder: Path) -> str:
    with closing(ReadSide(log, folder / "cache")) as side:
        return carried_out(bus, planned(side.read_model, side.catch_up(), log.head().position, BOTH_HAVE_7))


def numbers(bus: Bus) -> list[str | None]:
    with bus.change() as change:
        return [None if (user := change.user(one)) is None else user.attributes.get("No") for one in (ADA, BEN)]


def definition(bus: Bus) -> FieldDefinition:
    with bus.change() as change:
        return change.directory().definition("No")


def test_values_come_back_that_are_not_of_the_type_of_today(bus: Bus, log: EventLog, tmp_path: Path) -> None:
    bus.dispatch(UpdateUser(ADA, {}, {"No": "8"}))
    bus.carry_out(lambda change: describe(change, log, DescribeField("No", "choice", choices=("8",))), whole=True)
    assert put_back(bus, log, tmp_path)
    assert (numbers(bus), definition(bus).type) == (["7", "07"], "choice")


def test_a_field_is_unique_no_more_where_several_held_the_same(bus: Bus, log: EventLog, tmp_path: Path) -> None:
    bus.carry_out(lambda change: describe(change, log, DescribeField("No", "number", unique=True)), whole=True)
    assert put_back(bus, log, tmp_path)
    assert (numbers(bus), definition(bus)) == (["7", "07"], FieldDefinition("number"))


def test_a_field_stays_unique_where_nobody_held_what_another_did(bus: Bus, log: EventLog, tmp_path: Path) -> None:
    bus.dispatch(UpdateUser(BEN, {}, {"No": "9"}), occurred_at=3_000_001)
    bus.carry_out(lambda change: describe(change, log, DescribeField("No", "number", unique=True)), whole=True)
    with closing(ReadSide(log, tmp_path / "cache")) as side:
        assert carried_out(bus, planned(side.read_model, side.catch_up(), log.head().position, BOTH_HAVE_7 + 1))
    assert (numbers(bus), definition(bus).unique) == (["7", "9"], True)
