"""Merging groups: who is in one joins the other and leaves it, in one change; nobody else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.directory_states import directory_before
from whowas.command_bus.bus import Bus
from whowas.command_bus.group_merging import merge, merging
from whowas.domain.commands import (
    ColourGroup,
    CreateGroup,
    CreateUser,
    DeleteGroup,
    DeleteUser,
    EraseUser,
    JoinGroup,
    LeaveGroup,
    RestoreUser,
    SuspendUser,
)
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.events import GroupDeleted, GroupJoined, GroupLeft
from whowas.domain.users import User
from whowas.store.event_log import EventLog

ADA, BEN, CLEO, DAN, EVE = (f"01890000-0000-7000-8000-00000000000{letter}" for letter in "abcde")
DAY, NIGHT, LEGAL = (f"01890000-0000-7000-8000-0000000000f{number}" for number in "123")
SECOND = 1_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """Ada and the suspended Ben are in Night, Ben in Day too; Cleo left Night; Dan is deleted, Eve erased."""
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    with bus.change() as change:
        change.dispatch(
            *(CreateGroup(group, name) for group, name in ((DAY, "Day"), (NIGHT, "Night"), (LEGAL, "Legal")))
        )
        for user_id, name in ((ADA, "Ada"), (BEN, "Ben"), (CLEO, "Cleo"), (DAN, "Dan"), (EVE, "Eve")):
            change.dispatch(CreateUser(user_id, {"first_name": name}), JoinGroup(user_id, NIGHT))
        change.dispatch(JoinGroup(BEN, DAY), SuspendUser(BEN), LeaveGroup(CLEO, NIGHT), JoinGroup(ADA, LEGAL))
        change.dispatch(DeleteUser(DAN))
    bus.dispatch(EraseUser(EVE))
    return bus


def user(bus: Bus, user_id: str) -> User:
    with bus.change() as change:
        found = change.user(user_id)
    assert found is not None
    return found


def test_its_members_join_the_other_and_it_ends_in_one_change(bus: Bus, log: EventLog) -> None:
    head = log.head().position
    bus.carry_out(lambda change: merge(change, log, NIGHT, DAY), whole=True)
    done = list(log.read(head))
    assert [(one.stream, one.event) for one in done] == [
        (ADA, GroupJoined(DAY)),
        (ADA, GroupLeft(NIGHT)),
        (BEN, GroupLeft(NIGHT)),
        (log.directory_id, GroupDeleted(NIGHT)),
    ]
    assert len({one.change_id for one in done}) == 1
    assert user(bus, ADA).groups == {DAY, LEGAL}
    assert user(bus, BEN).groups == {DAY}
    assert user(bus, CLEO).groups == frozenset()


def test_a_deleted_user_stays_as_they_are_and_comes_back_without_the_group(bus: Bus, log: EventLog) -> None:
    bus.carry_out(lambda change: merge(change, log, NIGHT, DAY), whole=True)
    bus.dispatch(RestoreUser(DAN))
    groups = directory_before(log, log.head().position + 1)
    assert groups.names_of(user(bus, DAN).groups) == ()


@pytest.mark.parametrize(
    ("group", "into", "field", "why"),
    [
        (NIGHT, NIGHT, "into", "Night cannot be merged into itself."),
        (NIGHT, EVE, "into", "There is no such group."),
        (EVE, DAY, "group", "There is no such group."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    bus: Bus, log: EventLog, group: str, into: str, field: str, why: str
) -> None:
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        bus.carry_out(lambda change: merge(change, log, group, into), whole=True)
    assert (refused.value.field, str(refused.value)) == (field, why)
    assert log.head() == head


def test_it_may_have_happened_earlier_where_nobody_joined_or_left_since(bus: Bus, log: EventLog) -> None:
    now = log.stream(log.directory_id)[-1].occurred_at
    with bus.change() as change:
        commands = merging(change, log, NIGHT, DAY, occurred_at=now)
    assert commands[-1] == DeleteGroup(NIGHT)
    assert LeaveGroup(DAN, NIGHT) not in commands
    bus.dispatch(LeaveGroup(ADA, NIGHT))
    with bus.change() as change, pytest.raises(RefusedError, match="joined or left Night after that") as refused:
        merging(change, log, NIGHT, DAY, occurred_at=now)
    assert refused.value.field == "occurred_at"


def test_it_can_be_cancelled_and_leaves_everything(bus: Bus, log: EventLog) -> None:
    def cancel(_done: int, _total: int) -> None:
        raise CancelledError

    with bus.change() as change:
        for number in range(1100):
            user_id = f"01890000-0000-7000-8000-{number:012}"
            change.dispatch(CreateUser(user_id, {"first_name": "N"}), JoinGroup(user_id, NIGHT))
    head = log.head()
    with pytest.raises(CancelledError):
        bus.carry_out(lambda change: merge(change, log, NIGHT, DAY, cancel), whole=True)
    assert log.head() == head


def test_a_group_of_nobody_is_only_deleted(bus: Bus, log: EventLog) -> None:
    bus.dispatch(LeaveGroup(ADA, LEGAL))
    bus.dispatch(ColourGroup(DAY, "blue"))
    head = log.head().position
    bus.carry_out(lambda change: merge(change, log, LEGAL, DAY), whole=True)
    assert [one.event for one in log.read(head)] == [GroupDeleted(LEGAL)]
