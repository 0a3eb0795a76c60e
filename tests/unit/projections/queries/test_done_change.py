"""What one change did is read back as it was recorded: whom it changed, in as many steps as it took."""

from __future__ import annotations

import pytest

from tests.unit.projections.queries.test_change_titles import ADA, USERS, bus, log, side
from whowas.command_bus.bus import Bus
from whowas.command_bus.group_merging import merge
from whowas.domain.causation import ImportOf
from whowas.domain.commands import (
    CreateGroup,
    CreateUser,
    DeleteGroup,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    RenameGroup,
    RestoreUser,
    SuspendUser,
    UpdateUser,
)
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

__all__ = ["bus", "log", "side"]

NIGHT, DAY = "01890000-0000-7000-8000-0000000000d0", "01890000-0000-7000-8000-0000000000d1"


def told(side: ReadSide, change_id: str) -> tuple[int, str, str] | None:
    done = side.done_change(side.catch_up(), change_id)
    return None if done is None else (done.whom.users, str(done.whom), done.sentence)


def test_one_user_is_named(bus: Bus, side: ReadSide) -> None:
    receipt = bus.dispatch(SuspendUser(ADA))
    assert told(side, receipt.changed) == (1, "Ada", "Ada suspended")


def test_a_user_in_several_steps_is_told_once(bus: Bus, side: ReadSide) -> None:
    with bus.change() as change:
        change.dispatch(UpdateUser(ADA, {"title": "Intern"}), occurred_at=2_000_000)
        change.dispatch(UpdateUser(ADA, {"title": "Clerk", "phone": "1"}))
    assert told(side, change.id) == (1, "Ada", "Saved Ada: Phone, Title")


def test_what_came_back_by_itself_changed_nothing(bus: Bus, side: ReadSide) -> None:
    with bus.change() as change:
        change.dispatch(DeleteUser(ADA), RestoreUser(ADA))
    assert told(side, change.id) == (1, "Ada", "Nothing changed for Ada")


def test_a_group_made_with_its_first_member_is_joined(bus: Bus, side: ReadSide) -> None:
    with bus.change() as change:
        change.dispatch(CreateGroup(NIGHT, "Night shift"), JoinGroup(ADA, NIGHT))
    assert told(side, change.id) == (1, "Ada", "Added Ada to Night shift")


def test_the_directory_alone_may_have_changed(bus: Bus, side: ReadSide) -> None:
    bus.dispatch(CreateGroup(NIGHT, "Night shift"))
    receipt = bus.dispatch(RenameGroup(NIGHT, "Nights"))
    assert told(side, receipt.changed) == (0, "0 users", "Group Night shift renamed to Nights")


@pytest.mark.parametrize(("users", "sentence"), [(50, "Suspended 50 users"), (60, "Changed 60 users")])
def test_many_are_counted(bus: Bus, side: ReadSide, users: int, sentence: str) -> None:
    with bus.change() as change:
        change.dispatch(*(CreateUser(one, {"first_name": one[-2:]}) for one in USERS))
    assert told(side, change.id) == (60, "60 users", "Created 60 users")
    with bus.change() as change:
        change.dispatch(*(SuspendUser(one) for one in USERS[:users]))
    assert told(side, change.id) == (users, f"{users} users", sentence)


@pytest.mark.parametrize("users", [1, 3, 60])
def test_a_merge_of_groups_names_both(bus: Bus, log: EventLog, side: ReadSide, users: int) -> None:
    with bus.change() as change:
        change.dispatch(CreateGroup(NIGHT, "Night shift"), CreateGroup(DAY, "Day shift"))
        for user in USERS[:users]:
            change.dispatch(CreateUser(user, {"first_name": user[-2:]}), JoinGroup(user, NIGHT))
        if users > 1:
            change.dispatch(JoinGroup(USERS[0], DAY), DeleteUser(USERS[1]))
    _, receipt = bus.carry_out(lambda change: merge(change, log, NIGHT, DAY), whole=True)
    done = told(side, receipt.changed)
    assert done is not None
    assert (done[0], done[2]) == (users, "Merged Night shift into Day shift")


def test_leaving_a_group_that_ends_is_no_merge(bus: Bus, side: ReadSide) -> None:
    with bus.change() as change:
        change.dispatch(CreateGroup(NIGHT, "Night shift"), CreateGroup(DAY, "Day shift"), JoinGroup(ADA, NIGHT))
    with bus.change() as change:
        change.dispatch(LeaveGroup(ADA, NIGHT), DeleteGroup(NIGHT))
    assert told(side, change.id) == (1, "Ada", "Removed Ada from Night shift")


def test_an_import_is_called_by_its_cause(bus: Bus, side: ReadSide) -> None:
    with bus.change(causation=ImportOf("staff.csv")) as change:
        change.dispatch(UpdateUser(ADA, {"title": "Clerk"}))
    assert told(side, change.id) == (1, "Ada", "Import of staff.csv")


def test_nothing_is_told_of_what_is_not_known(bus: Bus, log: EventLog, side: ReadSide) -> None:
    index = side.catch_up()
    receipt = bus.dispatch(SuspendUser(ADA))
    assert side.done_change(index, receipt.changed) is None, "it was recorded since"
    assert told(side, receipt.changed) is not None
    assert told(side, "01890000-0000-7000-8000-0000000000ff") is None
    assert told(side, "") is None
