"""A backdated command must be consistent with what has occurred since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus import unit_of_work
from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import CLOCKS_APART
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.commands import (
    ColourGroup,
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteGroup,
    DeleteUser,
    DescribeField,
    OrderFields,
    ReactivateUser,
    RenameField,
    RenameGroup,
    RestoreField,
    RestoreUser,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
STAFF = "01890000-0000-7000-8000-0000000000f1"
DAY = 86_400_000_000
NOW = 100 * DAY


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    bus = Bus(log, clock=lambda: NOW, actor="ines")
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}), occurred_at=10 * DAY)
    return bus


def _status(bus: Bus) -> str:
    with bus.change() as change:
        user = change.user(ADA)
        assert user is not None
        return user.status


def test_nobody_begins_twice_not_even_before_the_first_time(log: EventLog, bus: Bus) -> None:
    with pytest.raises(RefusedError, match="Ada exists already"):
        bus.dispatch(CreateUser(ADA, {"first_name": "Anna"}), occurred_at=DAY)
    assert log.head().position == 1


def test_nobody_is_edited_before_they_began(bus: Bus) -> None:
    with pytest.raises(RefusedError, match="no such user"):
        bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), occurred_at=DAY)


@pytest.mark.parametrize("later", [[SuspendUser(ADA)], [SuspendUser(ADA), ReactivateUser(ADA)]])
def test_a_backdated_deletion_stands_whatever_was_suspended_since(
    bus: Bus, later: list[SuspendUser | ReactivateUser]
) -> None:
    for command in later:
        bus.dispatch(command, occurred_at=30 * DAY)
    bus.dispatch(DeleteUser(ADA), occurred_at=20 * DAY)
    assert _status(bus) == "deleted"
    bus.dispatch(RestoreUser(ADA))
    assert _status(bus) == "active"


def test_a_group_brought_back_before_its_deletion_stays_deleted(bus: Bus) -> None:
    bus.dispatch(CreateGroup(STAFF, "Staff"), occurred_at=10 * DAY)
    bus.dispatch(DeleteGroup(STAFF), occurred_at=30 * DAY)
    bus.dispatch(CreateGroup(STAFF, "Crew"), occurred_at=20 * DAY)
    with bus.change() as change:
        assert (change.directory().groups, change.directory().deleted_groups) == ({}, {STAFF: "Crew"})
    with pytest.raises(RefusedError, match="no such group"):
        bus.dispatch(DeleteGroup(STAFF))


def test_a_group_renamed_after_a_backdated_deletion_stays_deleted(bus: Bus) -> None:
    bus.dispatch(CreateGroup(STAFF, "Staff"), occurred_at=10 * DAY)
    bus.dispatch(RenameGroup(STAFF, "Crew"), occurred_at=30 * DAY)
    bus.dispatch(DeleteGroup(STAFF), occurred_at=20 * DAY)
    with bus.change() as change:
        assert (change.directory().groups, change.directory().deleted_groups) == ({}, {STAFF: "Crew"})


def test_nothing_occurs_in_the_future(log: EventLog, bus: Bus) -> None:
    head = log.head()
    for command in (UpdateUser(ADA, {"title": "Clerk"}), CreateGroup(STAFF, "Staff")):
        with pytest.raises(RefusedError, match="lies in the future") as refused:
            bus.dispatch(command, occurred_at=NOW + CLOCKS_APART + 1)
        assert refused.value.field == "occurred_at"
    assert log.head() == head


def test_a_clock_a_little_ahead_of_this_one_is_taken_at_its_word(log: EventLog, bus: Bus) -> None:
    bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), occurred_at=NOW + CLOCKS_APART)
    assert list(log.read())[-1].occurred_at == NOW + CLOCKS_APART


def test_what_the_last_change_was_recorded_at_is_no_future_though_this_clock_is_behind(log: EventLog, bus: Bus) -> None:
    bus.dispatch(UpdateUser(ADA, {"phone": "1"}))
    behind = Bus(log, clock=lambda: NOW - 2 * DAY, actor="ines")
    behind.dispatch(UpdateUser(ADA, {"title": "Clerk"}), occurred_at=NOW)
    assert [recorded.occurred_at for recorded in log.read()][-2:] == [NOW, NOW]


def test_what_an_earlier_program_took_from_the_future_is_decided_again_as_it_was(
    log: EventLog, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed = bus.dispatch(UpdateUser(ADA, {"phone": "1"}))
    with monkeypatch.context() as earlier:
        earlier.setattr(unit_of_work, "CLOCKS_APART", 1_000 * DAY)
        bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), occurred_at=NOW + 10 * DAY)
    what_if = imagine(log, [removed.change_id])
    assert what_if.refused == []
    ada = what_if.users[ADA]
    assert (ada.title, ada.phone) == ("Clerk", None)


@pytest.fixture
def own(bus: Bus) -> Bus:
    """Desk is there from day 20 on, but for days 30 to 40; Staff is there from day 20 on, and blue from day 30 on."""
    bus.dispatch(DefineField("Desk"), occurred_at=20 * DAY)
    bus.dispatch(DefineField("Room"), occurred_at=20 * DAY)
    bus.dispatch(DescribeField("Desk", help="Which one?"), occurred_at=25 * DAY)
    bus.dispatch(DescribeField("Desk", help="Where?"), occurred_at=45 * DAY)
    bus.dispatch(DeleteField("Desk"), occurred_at=30 * DAY)
    bus.dispatch(RestoreField("Desk"), occurred_at=40 * DAY)
    bus.dispatch(CreateGroup(STAFF, "Staff"), occurred_at=20 * DAY)
    bus.dispatch(ColourGroup(STAFF, "blue"), occurred_at=30 * DAY)
    return bus


@pytest.mark.parametrize(
    ("day", "command", "why"),
    [
        (10, RenameField("Desk", "Table"), "There was no custom field “Desk” at that moment."),
        (10, DeleteField("Desk"), "There was no custom field “Desk” at that moment."),
        (35, DescribeField("Desk", help="Which one?"), "It was so at that moment already."),
        (30, DeleteField("Desk"), "The custom field “Desk” was deleted at that moment already."),
        (10, OrderFields(("Room", "Desk")), "It was so at that moment already."),
        (10, RenameGroup(STAFF, "Crew"), "There was no group “Staff” at that moment."),
        (10, DeleteGroup(STAFF), "There was no group “Staff” at that moment."),
        (10, ColourGroup(STAFF, "red"), "There was no group “Staff” at that moment."),
        (25, ColourGroup(STAFF, None), "It was so at that moment already."),
    ],
)
def test_what_would_change_nothing_at_its_moment_is_refused(
    log: EventLog, own: Bus, day: int, command: Command, why: str
) -> None:
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        own.dispatch(command, occurred_at=day * DAY)
    assert (refused.value.field, str(refused.value)) == ("occurred_at", why)
    assert log.head() == head


def test_a_field_that_was_not_deleted_then_cannot_have_been_brought_back_then(log: EventLog, own: Bus) -> None:
    own.dispatch(DeleteField("Desk"), occurred_at=50 * DAY)
    head = log.head()
    for day, why in ((45, "was not deleted at that moment"), (10, "There was no custom field “Desk” at that moment")):
        with pytest.raises(RefusedError, match=why):
            own.dispatch(RestoreField("Desk"), occurred_at=day * DAY)
    assert log.head() == head
    own.dispatch(RestoreField("Desk"), occurred_at=60 * DAY)


def test_what_alters_the_directory_at_its_moment_is_taken(log: EventLog, own: Bus) -> None:
    head = log.head().position
    own.dispatch(RenameField("Desk", "Table"), occurred_at=35 * DAY)  # while it is deleted
    own.dispatch(ColourGroup(STAFF, "red"), occurred_at=20 * DAY)
    own.dispatch(RenameGroup(STAFF, "Crew"), occurred_at=20 * DAY)
    own.dispatch(DeleteField("Room"), occurred_at=20 * DAY)
    assert log.head().position == head + 4
