"""Undo and redo through the bus: the log only grows, and shows the state before and the state after again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.undo.sentences import why_nothing
from whowas.domain.causation import RedoOf, UndoOf
from whowas.domain.commands import (
    ClearPassword,
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteGroup,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    ReactivateUser,
    RecordListImport,
    RenameGroup,
    RestoreField,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.events import DirectoryEvent, ListImported
from whowas.domain.users import User, evolve
from whowas.projections.queries.undo_list import DoneChange
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
STAFF = "01890000-0000-7000-8000-0000000000f1"
LEGAL = "01890000-0000-7000-8000-0000000000f2"
NEW = "01890000-0000-7000-8000-0000000000c1"
SECOND = 1_000_000

State = tuple[Mapping[str, User], Mapping[str, str]]
Do = Callable[..., DoneChange]
Title = Callable[[DoneChange], str]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """Ada is active, Ben is suspended; both are staff, and nobody is in Legal."""
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    with bus.change() as change:
        change.dispatch(DefineField("Desk"), CreateGroup(STAFF, "Staff"), CreateGroup(LEGAL, "Legal"))
        change.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "a@example.org", "title": "Clerk"}))
        change.dispatch(CreateUser(BEN, {"first_name": "Ben", "email": "b@example.org"}, {"Desk": "7"}))
        change.dispatch(JoinGroup(ADA, STAFF), JoinGroup(BEN, STAFF), SuspendUser(BEN))
        change.dispatch(SetPassword(ADA, "$argon2id$one"))
    return bus


@pytest.fixture
def do(bus: Bus) -> Do:
    def do(*commands: Command) -> DoneChange:
        with bus.change() as change:
            change.dispatch(*commands)
        return DoneChange(change.id, change.head_position + 1, change.head_position + change.events, change.recorded_at)

    return do


@pytest.fixture
def title(log: EventLog, tmp_path: Path) -> Iterator[Title]:
    """Return what menus call a change."""
    side = ReadSide(log, tmp_path / "cache")
    yield lambda done: side.change_titles(side.catch_up(), [done.change_id])[done.change_id]
    side.close()


def shown(log: EventLog) -> State:
    """Fold the log the slow way: the users, their versions left out, and the groups there are."""
    users: dict[str, User] = {}
    directory = Directory()
    for recorded in sorted(log.read(), key=lambda recorded: (recorded.occurred_at, recorded.position)):
        if isinstance(recorded.event, DirectoryEvent):
            directory = evolve_directory(directory, recorded.event)
        else:
            users[recorded.stream] = evolve(users.get(recorded.stream), recorded.event)._replace(version=0)
    return users, directory.groups


def last_change(log: EventLog) -> DoneChange:
    """Return what an undo or a redo has just appended."""
    events = list(log.read())
    last = events[-1]
    first = next(event.position for event in events if event.change_id == last.change_id)
    return DoneChange(last.change_id, first, last.position, last.recorded_at)


CHANGES: list[tuple[str, list[Command]]] = [
    ("Ada: Title and Notes changed", [UpdateUser(ADA, {"title": None, "notes": "one\ntwo"})]),
    ("Ada: Email changed", [UpdateUser(ADA, {"email": "ada@example.org"})]),
    ("Ben: Desk changed", [UpdateUser(BEN, {}, {"Desk": None})]),
    ("Ada: Deleted", [DeleteUser(ADA)]),
    ("Ben: Deleted", [DeleteUser(BEN)]),
    ("Ada: Deleted", [UpdateUser(ADA, {"title": "Head"}), LeaveGroup(ADA, STAFF), DeleteUser(ADA)]),
    ("Ada: Suspended", [SuspendUser(ADA)]),
    ("Ben: Reactivated", [ReactivateUser(BEN)]),
    ("Ada: Password set", [SetPassword(ADA, "$argon2id$two")]),
    ("Ada: Password cleared", [ClearPassword(ADA)]),
    ("Ben: Password set", [SetPassword(BEN, "$argon2id$two")]),
    ("Ada: Added to group", [JoinGroup(ADA, LEGAL)]),
    ("Ada: Removed from group", [LeaveGroup(ADA, STAFF)]),
    ("Group New created", [CreateGroup(NEW, "New")]),
    ("Ada: Added to group", [CreateGroup(NEW, "New"), JoinGroup(ADA, NEW)]),
    ("Group Staff renamed to Crew", [RenameGroup(STAFF, "Crew")]),
    ("Group Staff deleted", [DeleteGroup(STAFF)]),
    ("Ada: Removed from group", [LeaveGroup(ADA, STAFF), DeleteGroup(STAFF)]),
    ("2 users changed", [UpdateUser(ADA, {"title": "Head"}), ReactivateUser(BEN), JoinGroup(BEN, LEGAL)]),
    (
        "2 users changed and more",
        [
            UpdateUser(ADA, {"email": None}),
            UpdateUser(BEN, {"email": "a@example.org"}),
            UpdateUser(ADA, {"email": "b@example.org"}),
        ],
    ),
    ("2 users changed", [DeleteUser(ADA), UpdateUser(BEN, {"email": "a@example.org"})]),
    (
        "2 groups renamed",
        [RenameGroup(STAFF, "Away"), RenameGroup(LEGAL, "Staff"), RenameGroup(STAFF, "Legal")],
    ),
]


@pytest.mark.parametrize(("sentence", "commands"), CHANGES)
def test_back_and_forth_and_back_again(
    log: EventLog, bus: Bus, do: Do, title: Title, sentence: str, commands: list[Command]
) -> None:
    before = shown(log)
    done = do(*commands)
    after = shown(log)
    assert after != before
    assert title(done) == sentence
    for causation, expected in ((UndoOf, before), (RedoOf, after), (UndoOf, before)):
        assert take_back(bus, log, done, causation(done.change_id))
        undone, done = done, last_change(log)
        assert shown(log) == expected
        assert {event.causation for event in log.read(done.first_position - 1)} == {causation(undone.change_id)}


def test_a_creation_is_undone_by_deleting_and_redone_as_it_was(log: EventLog, bus: Bus, do: Do, title: Title) -> None:
    done = do(CreateUser(NEW, {"first_name": "Cam", "email": "c@example.org"}), JoinGroup(NEW, STAFF), SuspendUser(NEW))
    after = shown(log)[0][NEW]
    assert title(done) == "Cam: Created"
    assert take_back(bus, log, done, UndoOf(done.change_id))
    assert shown(log)[0][NEW] == after._replace(status="deleted")
    undo = last_change(log)
    assert take_back(bus, log, undo, RedoOf(undo.change_id))
    assert shown(log)[0][NEW] == after


def test_a_restoring_is_undone_and_redone(log: EventLog, bus: Bus, do: Do) -> None:
    do(DeleteUser(BEN))
    before = shown(log)
    done = do(RestoreUser(BEN, keep_email=False))
    after = shown(log)
    assert take_back(bus, log, done, UndoOf(done.change_id))
    assert shown(log) == before
    undo = last_change(log)
    assert take_back(bus, log, undo, RedoOf(undo.change_id))
    assert shown(log) == after


@pytest.mark.parametrize(
    ("commands", "later", "field"),
    [
        ([UpdateUser(ADA, {"title": "Head"})], [UpdateUser(ADA, {"title": "Chief"})], "title"),
        ([SuspendUser(ADA)], [DeleteUser(ADA)], "status"),
        ([DeleteUser(ADA)], [CreateUser(NEW, {"email": "A@example.org"})], "email"),
        ([RenameGroup(STAFF, "Crew")], [RenameGroup(STAFF, "Team")], "groups"),
        ([RenameGroup(STAFF, "Crew")], [CreateGroup(NEW, "staff")], "group"),
        ([ReactivateUser(BEN), SuspendUser(ADA)], [ReactivateUser(ADA)], "status"),
    ],
)
def test_later_work_stands_in_the_way_of_all_of_it(
    log: EventLog, bus: Bus, do: Do, commands: list[Command], later: list[Command], field: str
) -> None:
    done = do(*commands)
    do(*later)
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        take_back(bus, log, done, UndoOf(done.change_id))
    assert (refused.value.field, log.head()) == (field, head)


def test_later_work_on_something_else_is_kept(log: EventLog, bus: Bus, do: Do) -> None:
    done = do(UpdateUser(ADA, {"title": "Head"}), CreateGroup(NEW, "New"))
    do(UpdateUser(ADA, {"notes": "Later."}), JoinGroup(BEN, NEW))
    assert take_back(bus, log, done, UndoOf(done.change_id))
    users, groups = shown(log)
    assert (users[ADA].title, users[ADA].notes, groups[NEW]) == ("Clerk", "Later.", "New"), "Ben is in it by now"


def test_a_group_that_everybody_left_again_ends(log: EventLog, bus: Bus, do: Do) -> None:
    done = do(CreateGroup(NEW, "New"), JoinGroup(ADA, NEW))
    do(JoinGroup(BEN, NEW))
    do(LeaveGroup(BEN, NEW))
    assert take_back(bus, log, done, UndoOf(done.change_id))
    assert NEW not in shown(log)[1]


def test_an_edit_of_the_past_is_told_as_of_then_and_why_nothing_is_left_of_it(
    log: EventLog, bus: Bus, title: Title
) -> None:
    began = log.stream(ADA)[0].occurred_at
    bus.dispatch(UpdateUser(ADA, {"title": "Head"}))
    bus.dispatch(UpdateUser(ADA, {"title": "Trainee"}), occurred_at=began)
    done = last_change(log)
    assert title(done) == "Ada: Title changed"
    assert not take_back(bus, log, done, UndoOf(done.change_id))
    assert why_nothing(log, done) == "It was true only until what came later, and that stands."


@pytest.mark.parametrize(
    "commands",
    [
        [RecordListImport("Members", (ADA,))],
        [SuspendUser(ADA), ReactivateUser(ADA)],
        [JoinGroup(ADA, LEGAL), LeaveGroup(ADA, LEGAL)],
    ],
)
def test_nothing_is_appended_where_there_is_nothing_to_take_back(
    log: EventLog, bus: Bus, do: Do, commands: list[Command]
) -> None:
    done = do(*commands)
    assert not take_back(bus, log, done, UndoOf(done.change_id))
    assert log.head().position == done.last_position


def test_a_membership_of_a_group_that_ended_since_stays_ended(log: EventLog, bus: Bus, do: Do) -> None:
    done = do(LeaveGroup(ADA, STAFF), UpdateUser(ADA, {"title": "Head"}))
    bus.dispatch(DeleteGroup(STAFF))
    assert take_back(bus, log, done, UndoOf(done.change_id))
    users, groups = shown(log)
    assert users[ADA].title == "Clerk"
    assert STAFF not in groups


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        ([RecordListImport("Members", (ADA,))], "Everybody was already as that list has them."),
    ],
)
def test_why_nothing_is_left_of_an_import(log: EventLog, do: Do, commands: list[Command], why: str) -> None:
    assert why_nothing(log, do(*commands)) == why


def test_an_import_that_is_undone_leaves_its_record_which_counts_again_once_it_is_redone(
    log: EventLog, bus: Bus, do: Do
) -> None:
    done = do(UpdateUser(BEN, {"title": "Clerk"}), CreateUser(NEW, {"first_name": "Cy"}), RecordListImport("A", (ADA,)))
    assert known_of(bus) == {ADA, BEN, NEW}

    assert take_back(bus, log, done, UndoOf(done.change_id))
    undo = last_change(log)
    assert known_of(bus) == set()
    assert [type(event.event) for event in log.read(undo.first_position - 1, only=ListImported)] == []

    assert take_back(bus, log, undo, RedoOf(undo.change_id))
    assert known_of(bus) == {ADA, BEN, NEW}


def test_it_is_cancelled_wherever_it_looks_also_while_it_reads_what_was_done(
    log: EventLog, bus: Bus, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.corrections.undo.last_change.LOOKED_AT", 1)
    users = [f"01890000-0000-7000-8000-{number:012}" for number in range(5)]
    do(*(CreateUser(one, {"first_name": "P"}) for one in users))
    done = do(CreateGroup(NEW, "Night shift"), *(JoinGroup(one, NEW) for one in users))
    head, looks, told = log.head(), 0, []

    def stop(count: int, total: int) -> None:
        told.append((count, total))
        if len(told) > looks:
            raise CancelledError("Cancelled; nothing was changed.")

    while True:
        told.clear()
        try:
            take_back(bus, log, done, UndoOf(done.change_id), stop)
        except CancelledError:
            assert log.head() == head
            looks += 1
        else:
            break
    events, members = len(users) + 1, len(users)
    assert [total for _, total in told[:events]] == [4 * events] * events, "while it reads"
    assert looks >= events + 2 * members
    assert NEW not in shown(log)[1]


def test_it_is_cancelled_wherever_it_looks_for_who_uses_what_it_made(
    log: EventLog, bus: Bus, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.corrections.undo.met.LOOKED_AT", 1)
    users = [f"01890000-0000-7000-8000-{number:012}" for number in range(5)]
    done = do(DefineField("Room"), CreateUser(NEW, {"first_name": "Ada"}, {"Room": "7"}))
    do(*(CreateUser(one, {"first_name": "P"}, {"Room": "8"}) for one in users))
    do(*(DeleteUser(one) for one in users))
    head, told = log.head(), 0
    for looks in count():
        told = 0

        def stop(_count: int, _total: int, looks: int = looks) -> None:
            nonlocal told
            told += 1
            if told > looks:
                raise CancelledError("Cancelled; nothing was changed.")

        try:
            take_back(bus, log, done, UndoOf(done.change_id), stop)
        except CancelledError:
            assert log.head() == head
        else:
            break
    events, holders = 2 + len(users) * 2, len(users) + 1
    assert told >= events + holders, "it looked while it read, and while it looked at each of them"
    assert shown(log)[0][NEW].status == "deleted"


def test_a_field_that_was_brought_back_goes_again_though_it_held_something_before(
    log: EventLog, bus: Bus, do: Do
) -> None:
    do(UpdateUser(ADA, {}, {"Desk": "1"}))
    do(DeleteField("Desk"))
    done = do(RestoreField("Desk"), UpdateUser(ADA, {}, {"Desk": "7"}))
    assert take_back(bus, log, done, UndoOf(done.change_id))
    assert bus_directory(bus).deleted_fields == {"Desk": "Desk"}

    again = do(RestoreField("Desk"), UpdateUser(ADA, {}, {"Desk": "7"}))
    do(UpdateUser(BEN, {}, {"Desk": "8"}))
    assert take_back(bus, log, again, UndoOf(again.change_id))
    assert bus_directory(bus).fields == {"Desk": "Desk"}, "somebody got a value in it since"


def test_what_stands_in_a_deleted_field_was_not_taken_back(log: EventLog, bus: Bus, do: Do) -> None:
    done = do(UpdateUser(ADA, {}, {"Desk": "1"}))
    do(DeleteField("Desk"))
    assert not take_back(bus, log, done, UndoOf(done.change_id))
    why = "What it changed is in a custom field that was deleted since: Desk. Bring that back first."
    assert why_nothing(log, done) == why

    do(RestoreField("Desk"))
    assert take_back(bus, log, done, UndoOf(done.change_id))
    do(DeleteField("Desk"))
    assert why_nothing(log, done) == "All of it was taken back already."


def bus_directory(bus: Bus) -> Directory:
    with bus.change() as change:
        return change.directory()


def known_of(bus: Bus) -> set[str]:
    with bus.change() as change:
        return change.users_of_source("A")


def test_what_is_deleted_for_another_of_its_name_keeps_that_name(log: EventLog, bus: Bus, do: Do) -> None:
    done = do(
        DeleteGroup(LEGAL),
        CreateGroup(NEW, "Legal"),
        JoinGroup(ADA, NEW),
        DeleteField("Desk"),
        DefineField("Desk"),
        UpdateUser(ADA, {}, {"Desk 2": "8"}),
    )
    assert take_back(bus, log, done, UndoOf(done.change_id))
    directory = bus_directory(bus)
    assert (directory.fields, directory.deleted_fields) == ({"Desk": "Desk"}, {"Desk 2": "Desk"})
    assert directory.groups[LEGAL] == "Legal"
    assert directory.deleted_groups == {NEW: "Legal"}

    undo = last_change(log)
    assert take_back(bus, log, undo, RedoOf(undo.change_id))
    directory = bus_directory(bus)
    assert (directory.fields, directory.deleted_fields) == ({"Desk 2": "Desk"}, {"Desk": "Desk"})
    assert (directory.groups[NEW], directory.deleted_groups) == ("Legal", {LEGAL: "Legal"})
    assert shown(log)[0][ADA].attributes == {"Desk 2": "8"}
