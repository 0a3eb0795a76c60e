"""Undoing one change out of the middle: what it alone did goes back, what was altered since is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.directory_states import directory_before
from whowas.command_bus.bus import Bus
from whowas.corrections.undo_one.outcome import carried_out, outcome
from whowas.corrections.undo_one.plan import GROUP_COLOUR, GROUP_NAME, GROUP_ORDER, MOMENT_NAME, WHOLE_USER, Extent
from whowas.corrections.undo_one.planning import planned
from whowas.domain.causation import ImportOf, UndoOf
from whowas.domain.commands import (
    ColourGroup,
    Command,
    CreateGroup,
    CreateUser,
    DeleteGroup,
    DeleteMoment,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    NameMoment,
    OrderGroups,
    RenameGroup,
    RenameMoment,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
CHI = "01890000-0000-7000-8000-00000000000c"
DAN = "01890000-0000-7000-8000-00000000000d"
AUDIT = "01890000-0000-7000-8000-0000000000a1"
SALES = "01890000-0000-7000-8000-0000000000f2"
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
        return DoneChange(change.id, change.head_position + 1, change.head_position + change.events, change.recorded_at)

    return do


def groups_of(log: EventLog) -> dict[str, str]:
    return dict(directory_before(log, log.head().position + 1).groups)


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
    assert carried_out(bus, plan)
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
    assert carried_out(bus, plan, [conflict.key for conflict in plan.conflicts] if chosen else [])
    assert user(bus, ADA).phone == "1"
    assert user(bus, ADA).title == ("Clerk" if chosen else "Director")


def test_what_somebody_took_back_already_is_not_asked_about(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor", "phone": "2"}))
    do(UpdateUser(ADA, {"title": "Clerk"}))
    plan = planned(log, old)
    assert plan.conflicts == ()
    assert carried_out(bus, plan)
    assert (user(bus, ADA).title, user(bus, ADA).phone) == ("Clerk", "1")


def test_nothing_is_appended_where_all_of_it_was_altered_again(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor"}))
    do(UpdateUser(ADA, {"title": "Director"}))
    head = log.head()
    assert not carried_out(bus, planned(log, old))
    assert log.head() == head


def test_a_created_user_who_was_edited_since_stays_unless_chosen(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(CreateUser(CHI, {"first_name": "Chi"}), UpdateUser(BEN, {"title": "Editor"}))
    do(UpdateUser(CHI, {"title": "Director"}))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert (conflict.field, conflict.now) == (WHOLE_USER, "Title: Director")
    assert carried_out(bus, plan)
    assert user(bus, CHI).status == "active"
    assert user(bus, BEN).title == "Clerk"
    assert carried_out(bus, planned(log, old), [(CHI, WHOLE_USER)])
    assert user(bus, CHI).status == "deleted"


@pytest.mark.parametrize("chosen", [True, False])
def test_an_import_keeps_and_names_who_was_edited_since(bus: Bus, log: EventLog, do: Do, chosen: bool) -> None:
    some = CreateUser(CHI, {"first_name": "Chi"}), UpdateUser(ADA, {"title": "Editor"})
    old = do(*some, CreateUser(DAN, {"first_name": "Dan"}), causation=ImportOf("staff.csv"))
    do(UpdateUser(CHI, {"title": "Director"}))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert (conflict.called, conflict.field) == ("Chi", WHOLE_USER)
    assert (conflict.before, conflict.after, conflict.now) == (None, "created", "Title: Director")
    assert carried_out(bus, plan, [conflict.key] if chosen else [])
    assert [user(bus, who).status for who in (CHI, DAN)] == ["deleted" if chosen else "active", "deleted"]
    assert user(bus, ADA).title == "Clerk"


@pytest.mark.parametrize("chosen", [True, False])
def test_an_import_keeps_whom_it_updated_as_a_whole(bus: Bus, log: EventLog, do: Do, chosen: bool) -> None:
    """Also where the edit was of another field: the row is somebody's work by now."""
    old = do(*(UpdateUser(one, {"title": "Editor"}) for one in (ADA, BEN)), causation=ImportOf("staff.csv"))
    do(UpdateUser(ADA, {"phone": "2"}))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert (conflict.called, conflict.field) == ("Ada", WHOLE_USER)
    assert (conflict.before, conflict.after, conflict.now) == ("Title: Clerk", "Title: Editor", "Phone: 2")
    assert carried_out(bus, plan, [conflict.key] if chosen else [])
    assert (user(bus, ADA).title, user(bus, ADA).phone) == ("Clerk" if chosen else "Editor", "2")
    assert user(bus, BEN).title == "Clerk"


def test_of_an_import_nothing_is_kept_of_whom_nothing_is_left(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(
        UpdateUser(ADA, {"title": "Editor"}), CreateUser(CHI, {"first_name": "Chi"}), causation=ImportOf("staff.csv")
    )
    do(UpdateUser(ADA, {"title": "Clerk", "phone": "2"}))
    do(UpdateUser(CHI, {"title": "Director"}))
    do(DeleteUser(CHI))
    plan = planned(log, old)
    assert (plan.conflicts, bool(outcome(plan))) == ((), False)


def test_the_extent_of_a_change_is_told(bus: Bus, log: EventLog, do: Do) -> None:
    with bus.change(causation=ImportOf("old.jsonl")) as change:
        for seconds, title in enumerate(("Intern", "Clerk", "Head"), 1):
            change.dispatch(UpdateUser(ADA, {"title": title}), occurred_at=change.recorded_at + seconds * SECOND)
        change.dispatch(UpdateUser(BEN, {"title": "Head"}), occurred_at=change.recorded_at + 3 * SECOND)
    position = log.head().position
    done = DoneChange(change.id, position - change.events + 1, position, change.recorded_at)
    assert planned(log, done).extent == Extent("old.jsonl", users=2, steps=3)
    assert planned(log, do(DeleteUser(BEN))).extent == Extent(None, users=1, steps=1)


def test_memberships_and_status_are_fields_of_their_own(bus: Bus, log: EventLog, do: Do) -> None:
    do(JoinGroup(ADA, STAFF))
    old = do(LeaveGroup(ADA, STAFF), SuspendUser(ADA), SetPassword(ADA, "$argon2id$one"))
    do(DeleteUser(ADA))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    told = conflict.label, conflict.before, conflict.after, conflict.now
    assert told == ("Status", "active", "suspended", "deleted")
    assert carried_out(bus, plan, [conflict.key])
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
    carried_out(bus, plan, [conflict.key] if chosen else [])
    assert groups_of(log) == {STAFF: "Staff" if chosen else "Team"}


def test_a_group_nobody_touched_since_comes_back(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(DeleteGroup(STAFF))
    assert carried_out(bus, planned(log, old))
    assert groups_of(log) == {STAFF: "Staff"}


def test_a_group_stays_while_whom_the_change_created_stays(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(CreateGroup(SALES, "Sales"), CreateUser(CHI, {"first_name": "Chi"}), JoinGroup(CHI, SALES))
    do(UpdateUser(CHI, {"title": "Director"}))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert [member.name for member in outcome(plan).kept[SALES]] == ["Chi"]
    assert not carried_out(bus, plan)
    assert groups_of(log) == {STAFF: "Staff", SALES: "Sales"}
    assert outcome(plan, [conflict.key]).kept == {}
    assert carried_out(bus, plan, [conflict.key])
    assert groups_of(log) == {STAFF: "Staff"}


def test_a_group_of_an_import_stays_with_whom_it_keeps(bus: Bus, log: EventLog, do: Do) -> None:
    some = CreateGroup(SALES, "Sales"), CreateUser(CHI, {"first_name": "Chi"}), JoinGroup(CHI, SALES)
    old = do(*some, CreateUser(DAN, {"first_name": "Dan"}), JoinGroup(DAN, SALES), causation=ImportOf("staff.csv"))
    do(UpdateUser(CHI, {"title": "Director"}))
    assert carried_out(bus, planned(log, old))
    assert (user(bus, CHI).groups, user(bus, DAN).status) == (frozenset({SALES}), "deleted")
    assert groups_of(log) == {STAFF: "Staff", SALES: "Sales"}


@pytest.mark.parametrize(("leaves", "there"), [(False, True), (True, False)])
def test_a_group_stays_with_those_who_joined_since(bus: Bus, log: EventLog, do: Do, leaves: bool, there: bool) -> None:
    old = do(CreateGroup(SALES, "Sales"), JoinGroup(ADA, SALES))
    do(JoinGroup(BEN, SALES))
    if leaves:
        do(LeaveGroup(BEN, SALES))
    plan = planned(log, old)
    assert plan.conflicts == ()
    kept = outcome(plan).kept
    assert [member.name for members in kept.values() for member in members] == (["Ben"] if there else [])
    assert carried_out(bus, plan)
    assert (SALES in groups_of(log)) == there
    assert user(bus, ADA).groups == frozenset()


@pytest.mark.parametrize("chosen", [True, False])
@pytest.mark.parametrize("later", [RenameMoment(AUDIT, "Inspection", None), DeleteMoment(AUDIT)])
def test_a_named_moment_altered_again_is_asked_about(
    bus: Bus, log: EventLog, do: Do, later: Command, chosen: bool
) -> None:
    do(NameMoment(AUDIT, "Audit", "Noted.", SECOND, 1))
    old = do(RenameMoment(AUDIT, "Review", None), UpdateUser(ADA, {"title": "Editor"}))
    do(later)
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert (conflict.key, conflict.label) == ((AUDIT, MOMENT_NAME), "Named moment")
    assert (conflict.before, conflict.after) == ("Audit (Noted.)", "Review")
    assert conflict.now == ("Inspection" if isinstance(later, RenameMoment) else None)
    assert carried_out(bus, plan, [conflict.key] if chosen else [])
    assert user(bus, ADA).title == "Clerk"
    names = [moment.name for moment in directory_before(log, log.head().position + 1).moments.values()]
    assert names == (["Audit"] if chosen else [conflict.now] if conflict.now else [])


def test_an_email_that_somebody_else_has_now_is_refused_in_a_sentence(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"email": "ada@example.org"}))
    do(UpdateUser(BEN, {"email": "a@example.org"}))
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        carried_out(bus, planned(log, old))
    assert "a@example.org" in str(refused.value)
    assert log.head() == head


def test_a_plan_is_void_once_the_log_went_on(bus: Bus, log: EventLog, do: Do) -> None:
    plan = planned(log, do(UpdateUser(ADA, {"title": "Editor"})))
    do(DeleteUser(BEN))
    head = log.head()
    with pytest.raises(RefusedError, match="look again"):
        carried_out(bus, plan)
    assert log.head() == head


def test_the_reason_and_the_pointer_stand_in_the_log(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(UpdateUser(ADA, {"title": "Editor"}))
    assert carried_out(bus, planned(log, old), reason=" a slip ")
    assert log.stream(ADA)[-1].causation == UndoOf(old.change_id, "a slip")


def test_undo_of_an_undo_of_an_undo(bus: Bus, log: EventLog, do: Do) -> None:
    change = do(UpdateUser(ADA, {"title": "Editor"}))
    for title in ("Clerk", "Editor", "Clerk"):
        before = log.head().position
        assert carried_out(bus, planned(log, change))
        head = log.head().position
        change = DoneChange(log.change_at(head) or "", before + 1, head, 0)
        assert user(bus, ADA).title == title


@pytest.mark.parametrize("chosen", [True, False])
def test_a_group_coloured_and_moved_again_is_asked_about(bus: Bus, log: EventLog, do: Do, chosen: bool) -> None:
    do(CreateGroup(SALES, "Sales"))
    do(ColourGroup(SALES, "red"), OrderGroups((SALES, STAFF)))
    old = do(ColourGroup(SALES, "blue"), ColourGroup(STAFF, "grey"), OrderGroups((STAFF, SALES)))
    do(RenameGroup(SALES, "Selling"))
    do(ColourGroup(SALES, "green"), OrderGroups(()))
    plan = planned(log, old)
    colour, order = plan.conflicts
    assert (colour.key, colour.called, colour.label) == ((SALES, GROUP_COLOUR), "Sales", "Group colour")
    assert (colour.before, colour.after, colour.now) == ("red", "blue", "green")
    assert (order.key, order.called, order.label) == (("", GROUP_ORDER), "Groups", "Order")
    assert (order.before, order.after, order.now) == ("Sales, Staff", "Staff, Sales", "Selling, Staff")
    assert carried_out(bus, plan, [one.key for one in plan.conflicts] if chosen else [])
    looks = directory_before(log, log.head().position + 1).looks
    assert looks.colours == {SALES: "red" if chosen else "green"}, "grey goes back, as nobody altered that"
    assert looks.order == ((SALES, STAFF) if chosen else ())
    assert groups_of(log)[SALES] == "Selling"


def test_a_group_that_is_deleted_since_is_not_coloured(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(ColourGroup(STAFF, "blue"))
    do(DeleteGroup(STAFF))
    plan = planned(log, old)
    assert (plan.conflicts, bool(outcome(plan))) == ((), False)
    assert not carried_out(bus, plan)


def test_a_deleted_group_comes_back_with_its_look(bus: Bus, log: EventLog, do: Do) -> None:
    do(ColourGroup(STAFF, "blue"), OrderGroups((STAFF,)))
    old = do(DeleteGroup(STAFF))
    assert carried_out(bus, planned(log, old))
    directory = directory_before(log, log.head().position + 1)
    assert (directory.groups, directory.looks.colours, directory.looks.order) == (
        {STAFF: "Staff"},
        {STAFF: "blue"},
        (STAFF,),
    )
