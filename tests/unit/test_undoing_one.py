"""Undoing one change out of the middle: what it alone did goes back, what was altered since is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whowas.bus import Bus
from whowas.domain.causation import ImportOf, UndoOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DeleteGroup,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    RenameGroup,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.domain.users import User
from whowas.projections.undo_list import DoneChange
from whowas.store.event_log import EventLog
from whowas.undo import directory_before
from whowas.undoing_one import BEING_THERE, GROUP_NAME, carried_out, planned

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
CHI = "01890000-0000-7000-8000-00000000000c"
STAFF = "01890000-0000-7000-8000-0000000000f1"
SECOND = 1_000_000

Do = Callable[..., DoneChange]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    bus.dispatch(CreateGroup(STAFF, "Staff"))
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "a@example.org", "title": "Clerk", "phone": "1"}))
    bus.dispatch(CreateUser(BEN, {"first_name": "Ben", "title": "Clerk"}))
    return bus


@pytest.fixture
def do(bus: Bus) -> Do:
    def do(*commands: Command, causation: ImportOf | None = None) -> DoneChange:
        with bus.change(causation=causation) as change:
            change.dispatch(*commands)
        return DoneChange(change.id, change.head_position - change.events + 1, change.head_position, change.recorded_at)

    return do


def user(bus: Bus, user_id: str) -> User:
    with bus.change() as change:
        found = change.user(user_id)
    assert found is not None
    return found


def test_what_nobody_altered_since_goes_back_and_the_rest_of_later_work_stays(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor"}), UpdateUser(BEN, {"title": "Editor"}))
    do(UpdateUser(ADA, {"phone": "2"}))
    plan = planned(log, old)
    assert plan.conflicts == ()
    assert carried_out(bus, log, plan)
    assert (user(bus, ADA).title, user(bus, ADA).phone, user(bus, BEN).title) == ("Clerk", "2", "Clerk")


def test_a_field_altered_again_is_asked_about_with_all_its_values(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor", "phone": "2"}))
    do(UpdateUser(ADA, {"title": "Director"}))
    (conflict,) = planned(log, old).conflicts
    assert (conflict.called, conflict.label) == ("Ada", "Title")
    assert (conflict.before, conflict.after, conflict.now) == ("Clerk", "Editor", "Director")
    assert conflict.actor == "ines"
    assert conflict.occurred_at == log.stream(ADA)[-1].occurred_at


@pytest.mark.parametrize("chosen", [True, False])
def test_a_conflict_keeps_the_later_value_unless_it_is_chosen(bus: Bus, log: EventLog, do: Do, chosen: bool) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor", "phone": "2"}))
    do(UpdateUser(ADA, {"title": "Director"}))
    plan = planned(log, old)
    assert carried_out(bus, log, plan, [conflict.key for conflict in plan.conflicts] if chosen else [])
    assert user(bus, ADA).phone == "1"
    assert user(bus, ADA).title == ("Clerk" if chosen else "Director")


def test_what_somebody_took_back_already_is_not_asked_about(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor", "phone": "2"}))
    do(UpdateUser(ADA, {"title": "Clerk"}))
    plan = planned(log, old)
    assert plan.conflicts == ()
    assert carried_out(bus, log, plan)
    assert (user(bus, ADA).title, user(bus, ADA).phone) == ("Clerk", "1")


def test_nothing_is_appended_where_all_of_it_was_altered_again(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor"}))
    do(UpdateUser(ADA, {"title": "Director"}))
    head = log.head()
    assert not carried_out(bus, log, planned(log, old))
    assert log.head() == head


def test_a_created_user_who_was_edited_since_stays_unless_chosen(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(CreateUser(CHI, {"first_name": "Chi"}), UpdateUser(BEN, {"title": "Editor"}))
    do(UpdateUser(CHI, {"title": "Director"}))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert (conflict.field, conflict.now) == (BEING_THERE, "Title: Director")
    assert carried_out(bus, log, plan)
    assert user(bus, CHI).status == "active"
    assert user(bus, BEN).title == "Clerk"
    assert carried_out(bus, log, planned(log, old), [(CHI, BEING_THERE)])
    assert user(bus, CHI).status == "deleted"


def test_an_import_keeps_and_names_who_was_edited_since(bus: Bus, log: EventLog, do: Do) -> None:
    some = CreateUser(CHI, {"first_name": "Chi"}), UpdateUser(ADA, {"title": "Editor"})
    other = "01890000-0000-7000-8000-00000000000d"
    old = do(*some, CreateUser(other, {"first_name": "Dan"}), causation=ImportOf("staff.csv"))
    do(UpdateUser(CHI, {"title": "Director"}))
    plan = planned(log, old)
    assert plan.kept == ("Chi",)
    assert plan.conflicts == ()
    assert carried_out(bus, log, plan)
    assert [user(bus, who).status for who in (CHI, other)] == ["active", "deleted"]
    assert user(bus, ADA).title == "Clerk"


def test_memberships_and_status_are_fields_of_their_own(bus: Bus, log: EventLog, do: Do) -> None:
    do(JoinGroup(ADA, STAFF))
    old = do(LeaveGroup(ADA, STAFF), SuspendUser(ADA), SetPassword(ADA, "$argon2id$one"))
    do(DeleteUser(ADA))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    told = conflict.label, conflict.before, conflict.after, conflict.now
    assert told == ("Status", "active", "suspended", "deleted")
    assert carried_out(bus, log, plan, [conflict.key])
    ada = user(bus, ADA)
    assert (ada.status, ada.password, ada.groups) == ("active", None, frozenset({STAFF}))


@pytest.mark.parametrize("chosen", [True, False])
def test_a_group_renamed_again_is_asked_about(bus: Bus, log: EventLog, do: Do, chosen: bool) -> None:
    old = do(RenameGroup(STAFF, "Crew"))
    do(RenameGroup(STAFF, "Team"))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert conflict.key == (STAFF, GROUP_NAME)
    assert (conflict.before, conflict.after, conflict.now) == ("Staff", "Crew", "Team")
    carried_out(bus, log, plan, [conflict.key] if chosen else [])
    groups = directory_before(log, log.head().position + 1).groups
    assert groups == {STAFF: "Staff" if chosen else "Team"}


def test_a_group_nobody_touched_since_comes_back(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(DeleteGroup(STAFF))
    assert carried_out(bus, log, planned(log, old))
    assert directory_before(log, log.head().position + 1).groups == {STAFF: "Staff"}


def test_an_email_that_somebody_else_has_now_is_refused_in_a_sentence(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"email": "ada@example.org"}))
    do(UpdateUser(BEN, {"email": "a@example.org"}))
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        carried_out(bus, log, planned(log, old))
    assert "a@example.org" in str(refused.value)
    assert log.head() == head


def test_a_plan_is_void_once_the_log_went_on(bus: Bus, log: EventLog, do: Do) -> None:
    plan = planned(log, do(UpdateUser(ADA, {"title": "Editor"})))
    do(DeleteUser(BEN))
    head = log.head()
    with pytest.raises(RefusedError, match="look again"):
        carried_out(bus, log, plan)
    assert log.head() == head


def test_the_reason_and_the_pointer_stand_in_the_log(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor"}))
    assert carried_out(bus, log, planned(log, old), reason=" a slip ")
    assert log.stream(ADA)[-1].causation == UndoOf(old.change_id, "a slip")


def test_undo_of_an_undo_of_an_undo(bus: Bus, log: EventLog, do: Do) -> None:
    change = do(UpdateUser(ADA, {"title": "Editor"}))
    for title in ("Clerk", "Editor", "Clerk"):
        before = log.head().position
        assert carried_out(bus, log, planned(log, change))
        head = log.head().position
        change = DoneChange(log.change_at(head) or "", before + 1, head, 0)
        assert user(bus, ADA).title == title
