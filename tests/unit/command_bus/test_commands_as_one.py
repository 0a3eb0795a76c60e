"""Several commands dispatched as one are known by one command id, and expect one version of their user."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser, DefineField, JoinGroup, UpdateUser
from whowas.domain.errors import ConflictError
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
STAFF = "01890000-0000-7000-8000-0000000000f1"
COMMAND = "01890000-0000-7000-8000-0000000000c1"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    log = EventLog.create(tmp_path / "people.whowas")
    bus = Bus(log, clock=lambda: 1_000_000, actor="ines")
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    yield bus
    log.close()


def test_the_command_id_is_kept_when_the_first_command_has_nothing_to_do(bus: Bus) -> None:
    with bus.change() as change:
        change.dispatch(UpdateUser(ADA, {"first_name": "Ada"}), CreateGroup(STAFF, "Staff"), command_id=COMMAND)
    with bus.change() as change:
        _, *positions = change.done_before(COMMAND) or ()
        assert positions == [2, 2]


def test_the_command_id_stands_on_one_event_only(bus: Bus) -> None:
    with bus.change() as change:
        change.dispatch(CreateGroup(STAFF, "Staff"), JoinGroup(ADA, STAFF), command_id=COMMAND)
    with bus.change() as change:
        _, *positions = change.done_before(COMMAND) or ()
        assert positions == [2, 3]


def test_the_expected_version_is_asked_of_the_user_behind_a_command_for_the_directory(bus: Bus) -> None:
    with bus.change() as change, pytest.raises(ConflictError):
        change.dispatch(DefineField("Desk"), UpdateUser(ADA, {}, {"Desk": "7"}), expected_version=5)
    with bus.change() as change:
        change.dispatch(DefineField("Desk"), UpdateUser(ADA, {}, {"Desk": "7"}), expected_version=1)
        assert change.events == 2


def test_the_expected_version_is_not_asked_again_of_what_the_commands_made(bus: Bus) -> None:
    with bus.change() as change:
        change.dispatch(UpdateUser(ADA, {"title": "Clerk"}), UpdateUser(ADA, {"title": "Editor"}), expected_version=1)
        assert change.events == 2
