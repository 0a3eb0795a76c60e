"""What whole changes are called, in menus and where one change points at another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.causation import Causation, ImportOf, RedoOf, RestoreOf, UndoOf, WhatIfOf
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
USERS = [f"01890000-0000-7000-8000-0000000001{number:02x}" for number in range(60)]


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
def side(log: EventLog, tmp_path: Path) -> Iterator[ReadSide]:
    side = ReadSide(log, tmp_path / "cache")
    yield side
    side.close()


@pytest.mark.parametrize(
    ("cause", "title"),
    [
        (None, "Ada: Title changed"),
        (UndoOf("01890000-0000-7000-8000-0000000000ff"), "Ada: Title changed"),
        (RedoOf("01890000-0000-7000-8000-0000000000ff"), "Ada: Title changed"),
        (ImportOf("staff.csv"), "Import of staff.csv"),
        (RestoreOf(0, 0), "Restored to an earlier moment"),
        (WhatIfOf(("01890000-0000-7000-8000-0000000000ff",)), "What-if applied"),
    ],
)
def test_a_change_is_called_by_its_cause_or_by_what_it_did(
    bus: Bus, side: ReadSide, cause: Causation | None, title: str
) -> None:
    with bus.change(causation=cause) as change:
        change.dispatch(UpdateUser(ADA, {"title": "Clerk"}))
    assert side.change_titles(side.catch_up(), [change.id]) == {change.id: title}


def test_a_large_change_is_counted_and_one_in_parts_named_by_its_first(bus: Bus, side: ReadSide) -> None:
    with bus.change() as large:
        large.dispatch(*(CreateUser(user, {"first_name": "Ben"}) for user in USERS))
    with bus.change() as parts:
        parts.dispatch(UpdateUser(ADA, {"title": "Clerk"}), UpdateUser(ADA, {"title": "Head"}))
    titles = side.change_titles(side.catch_up(), [large.id, parts.id])
    assert titles == {large.id: "60 users added", parts.id: "Ada: Title changed and more"}


def test_what_the_index_does_not_know_yet_has_no_title(bus: Bus, log: EventLog, side: ReadSide, tmp_path: Path) -> None:
    index = side.catch_up()
    with bus.change() as later:
        later.dispatch(UpdateUser(ADA, {"title": "Clerk"}))
    side.catch_up()
    assert side.change_titles(index, [later.id, "01890000-0000-7000-8000-0000000000ff"]) == {}
    assert side.change_titles(index, []) == {}
