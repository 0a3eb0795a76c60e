"""Merging groups: who is in one joins the other and leaves it, in one change; nobody else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.directory_states import directory_before
from whowas.command_bus.bus import Bus
from whowas.command_bus.group_merging import merge, merging
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import UndoOf
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
    UpdateUser,
)
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.events import GroupDeleted, GroupJoined, GroupLeft
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

ADA, BEN, CLEO, DAN, EVE = (f"01890000-0000-7000-8000-00000000000{letter}" for letter in "abcde")
DAY, NIGHT, LEGAL, NEW = (f"01890000-0000-7000-8000-0000000000f{number}" for number in "1234")
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
        (DAN, GroupJoined(DAY)),
        (DAN, GroupLeft(NIGHT)),
        (log.directory_id, GroupDeleted(NIGHT)),
    ]
    assert len({one.change_id for one in done}) == 1
    assert user(bus, ADA).groups == {DAY, LEGAL}
    assert user(bus, BEN).groups == {DAY}
    assert user(bus, CLEO).groups == frozenset()


def test_a_deleted_user_goes_along_and_comes_back_into_the_other_group(bus: Bus, log: EventLog) -> None:
    bus.carry_out(lambda change: merge(change, log, NIGHT, DAY), whole=True)
    assert (user(bus, DAN).status, user(bus, DAN).groups) == ("deleted", {DAY})
    bus.dispatch(RestoreUser(DAN))
    groups = directory_before(log, log.head().position + 1)
    assert groups.names_of(user(bus, DAN).groups) == ("Day",)


def test_who_was_deleted_then_and_is_a_member_now_is_in_the_other_group_at_every_moment(
    bus: Bus, log: EventLog
) -> None:
    then = log.stream(log.directory_id)[-1].occurred_at + 20 * SECOND
    bus.dispatch(RestoreUser(DAN), occurred_at=then + 5 * SECOND)
    bus.dispatch(DeleteUser(ADA), occurred_at=then + 5 * SECOND)

    def decide(change: Change) -> None:
        change.dispatch(*merging(change, log, NIGHT, DAY, occurred_at=then), occurred_at=then)

    bus.carry_out(decide, whole=True)
    with bus.change() as change:
        for user_id, others in ((DAN, set()), (ADA, {LEGAL})):
            for known in (change.stream(user_id).as_of(then), change.user(user_id)):
                assert known is not None
                assert known.groups == {DAY, *others}
    assert user(bus, DAN).status == "active"
    assert user(bus, ADA).status == "deleted"


def test_undoing_it_takes_a_deleted_user_back_who_stays_deleted(bus: Bus, log: EventLog) -> None:
    head = log.head().position
    bus.carry_out(lambda change: merge(change, log, NIGHT, DAY), whole=True)
    first = next(log.read(head))
    done = DoneChange(first.change_id, head + 1, log.head().position, first.recorded_at)
    assert take_back(bus, log, done, UndoOf(done.change_id))
    assert [one.event for one in log.stream(DAN)[-2:]] == [GroupJoined(NIGHT), GroupLeft(DAY)]
    assert (user(bus, DAN).status, user(bus, DAN).groups) == ("deleted", {NIGHT})


def test_a_what_if_takes_a_deleted_user_along_too(bus: Bus, log: EventLog) -> None:
    named = bus.dispatch(UpdateUser(ADA, {"title": "Clerk"})).change_id
    bus.carry_out(lambda change: merge(change, log, NIGHT, DAY), whole=True)
    what_if = imagine(log, [named])
    assert what_if.refused == []
    assert (what_if.users[DAN].status, what_if.users[DAN].groups) == ("deleted", {DAY})


@pytest.mark.parametrize("command", [JoinGroup(DAN, DAY), LeaveGroup(DAN, NIGHT)])
def test_nobody_else_moves_a_deleted_user(bus: Bus, command: JoinGroup | LeaveGroup) -> None:
    with pytest.raises(RefusedError, match="Dan is deleted"):
        bus.dispatch(command)


def test_it_cannot_have_happened_when_one_of_both_was_not_there(bus: Bus, log: EventLog) -> None:
    made = log.stream(log.directory_id)[0].occurred_at
    bus.dispatch(CreateGroup(NEW, "New"))
    with bus.change() as change:
        for group, into, moment, why in (
            (LEGAL, DAY, made - 1, "There was no group “Legal” at that moment."),
            (LEGAL, NEW, made + 1, "There was no group “New” at that moment."),
        ):
            with pytest.raises(RefusedError) as refused:
                merging(change, log, group, into, occurred_at=moment)
            assert (refused.value.field, str(refused.value)) == ("occurred_at", why)
        now = change.directory_stream().last_occurred_at
    bus.dispatch(DeleteGroup(LEGAL))
    bus.dispatch(CreateGroup(LEGAL, "Legal"))
    with bus.change() as change, pytest.raises(RefusedError, match="Legal was deleted and brought back after that"):
        merging(change, log, LEGAL, DAY, occurred_at=now)


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
    assert LeaveGroup(DAN, NIGHT, even_deleted=True) in commands
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
