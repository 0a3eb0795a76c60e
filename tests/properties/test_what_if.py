"""What if: any history without any of its changes, against a second log that takes the rest in, change by change."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.directory_states import looks_shown
from tests.examples import at_most
from tests.naive_steps import naive_steps
from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.what_if.apply import apply
from whowas.corrections.what_if.outcome import WhatIfOutcome
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import UndoOf, WhatIfOf
from whowas.domain.command_of_event import command_of
from whowas.domain.commands import (
    ClearPassword,
    ColourGroup,
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteGroup,
    DeleteMoment,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    MomentCommand,
    NameMoment,
    OrderGroups,
    ReactivateUser,
    RenameGroup,
    RenameMoment,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent, UserRestored, UserUpdated
from whowas.domain.named_moments import NamedMoment
from whowas.domain.users import User, evolve
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.undo_list import DoneChange, change_called
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.sides.temporary import temporary_side
from whowas.projections.tables.search_texts import SEARCHED
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

SECOND = 1_000_000
IDS = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(3)]
GROUPS = [f"0199a3c4-0000-7000-8000-00000000f{number:03}" for number in range(2)]
MOMENTS = [f"0199a3c4-0000-7000-8000-00000000a{number:03}" for number in range(2)]
FIRST = "0199a3c4-0000-7000-8000-00000000f999"

USER = st.sampled_from(IDS)
GROUP = st.sampled_from(GROUPS)
MOMENT = st.sampled_from(MOMENTS)
MOMENT_NAME = st.sampled_from(["Audit", "AUDIT", "The move"])
NOTE = st.sampled_from(["Noted.", None])
EMAILS = st.sampled_from(["a@x.org", "A@X.org", "b@x.org", None])
FIELDS = {
    "first_name": st.sampled_from(["Ada", "", None]),
    "email": EMAILS,
    "external_id": st.sampled_from(["EMP-1", "EMP-2", None]),
    "title": st.sampled_from(["Head", None]),
}
ATTRIBUTES = st.dictionaries(st.sampled_from(["Desk", "Room"]), st.sampled_from(["7", None]), max_size=1)
CHANGED = st.sampled_from(sorted(FIELDS)).flatmap(lambda name: st.fixed_dictionaries({name: FIELDS[name]}))

COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(CreateUser, USER, st.fixed_dictionaries(FIELDS), ATTRIBUTES),
    st.builds(UpdateUser, USER, CHANGED, ATTRIBUTES),
    st.builds(DeleteUser, USER),
    st.builds(RestoreUser, USER, st.booleans()),
    st.builds(SuspendUser, USER),
    st.builds(ReactivateUser, USER),
    st.builds(SetPassword, USER, st.sampled_from(["$argon2id$one", "$argon2id$two"])),
    st.builds(ClearPassword, USER),
    st.builds(DefineField, st.sampled_from(["Desk", "Room"])),
    st.builds(NameMoment, MOMENT, MOMENT_NAME, NOTE, st.sampled_from([SECOND, 2 * SECOND]), st.just(0)),
    st.builds(RenameMoment, MOMENT, MOMENT_NAME, NOTE),
    st.builds(DeleteMoment, MOMENT),
    st.builds(CreateGroup, GROUP, st.sampled_from(["Records", "Legal"])),
    st.builds(RenameGroup, GROUP, st.sampled_from(["Records", "Legal", "Archive"])),
    st.builds(DeleteGroup, GROUP),
    st.builds(ColourGroup, GROUP, st.sampled_from(["blue", "red", None])),
    st.builds(OrderGroups, st.permutations([FIRST, *GROUPS]).map(tuple) | st.just(())),
    st.builds(JoinGroup, USER, GROUP),
    st.builds(LeaveGroup, USER, GROUP),
)


PASSING: st.SearchStrategy[Command] = st.one_of(
    *(st.builds(UpdateUser, USER, st.fixed_dictionaries({"email": EMAILS})) for _ in range(3)),
    st.builds(UpdateUser, USER, st.fixed_dictionaries({"external_id": FIELDS["external_id"]})),
    st.builds(DeleteUser, USER),
    st.builds(RestoreUser, USER, st.booleans()),
)
"""Whatever frees or takes what must be unique."""


class Edit(NamedTuple):
    """One change, as it is asked for; ``ago`` is for how many seconds it is backdated."""

    commands: list[Command]
    ago: int
    passed: int

    def occurred_at(self, command: Command, now: int) -> int | None:
        """When it is said to have become true; the name of a moment is never dated."""
        return None if not self.ago or isinstance(command, MomentCommand) else now - self.ago * SECOND


AGO = st.sampled_from([0, 0, 0, 1, 3])
EDITS = st.builds(Edit, st.lists(COMMANDS, min_size=1, max_size=3), AGO, st.integers(0, 2))
PASSING_ON = st.builds(Edit, st.lists(PASSING, min_size=1, max_size=2), AGO, st.integers(0, 2))
BEGINNING = [
    Edit([CreateGroup(FIRST, "First")], 0, 1),
    Edit([DefineField("Desk"), CreateGroup(GROUPS[0], "Records")], 0, 1),
    Edit([CreateUser(IDS[0], {"first_name": "Ada", "email": "a@x.org"})], 0, 1),
    Edit([CreateUser(IDS[1], {"email": "b@x.org", "external_id": "EMP-1"}), JoinGroup(IDS[1], GROUPS[0])], 0, 1),
]
HISTORIES = st.one_of(
    st.lists(EDITS, min_size=8, max_size=25).map(lambda edits: [*BEGINNING, *edits]),
    st.lists(PASSING_ON, min_size=8, max_size=25).map(
        lambda edits: [*BEGINNING, Edit([CreateUser(IDS[2], {"last_name": "Cam"})], 0, 1), *edits]
    ),
)

Looks = list[tuple[str, str, str | None]]
Shown = tuple[dict[str, User], dict[str, str], dict[str, NamedMoment], Looks]
"""Users with versions left out, the names of groups, the named moments, and how groups look."""


@contextmanager
def new_log() -> Iterator[EventLog]:
    with tempfile.TemporaryDirectory() as folder, closing(EventLog.create(Path(folder) / "people.whowas")) as log:
        yield log


@contextmanager
def played(history: list[Edit]) -> Iterator[tuple[EventLog, Bus]]:
    """A log with that history, as far as the rules allow it."""
    now = SECOND
    with new_log() as log:
        bus = Bus(log, clock=lambda: now, actor="ines")
        for edit in history:
            now += edit.passed * SECOND
            with bus.change() as change:
                for command in edit.commands:
                    try:
                        change.dispatch(command, occurred_at=edit.occurred_at(command, now))
                    except RefusedError:
                        continue
        yield log, bus


def change_ids(log: EventLog) -> list[str]:
    return list(dict.fromkeys(recorded.change_id for recorded in log.read()))


def users_of(events: list[RecordedEvent], moment: int = 2**62) -> dict[str, User]:
    """Fold the slow way: everybody as of a moment."""
    users: dict[str, User] = {}
    for recorded in sorted(events, key=lambda recorded: (recorded.occurred_at, recorded.position)):
        if recorded.occurred_at <= moment and not isinstance(recorded.event, DirectoryEvent):
            user = evolve(users.pop(recorded.stream, None), recorded.event)
            if user is not None:
                users[recorded.stream] = user
    return users


def directory_of(events: list[RecordedEvent]) -> Directory:
    directory = Directory()
    for recorded in sorted(events, key=lambda recorded: (recorded.occurred_at, recorded.position)):
        if isinstance(recorded.event, DirectoryEvent):
            directory = evolve_directory(directory, recorded.event)
    return directory


def everything(log: EventLog) -> Shown:
    events = list(log.read())
    directory = directory_of(events)
    users = {user_id: user._replace(version=0) for user_id, user in users_of(events).items()}
    return users, dict(directory.groups), dict(directory.moments), looks_shown(directory)


def imagined(what_if: WhatIfOutcome) -> Shown:
    directory = what_if.directory
    return visible(dict(what_if.users), dict(directory.groups), dict(directory.moments), looks_shown(directory))


def visible(users: dict[str, User], groups: dict[str, str], moments: dict[str, NamedMoment], looks: Looks) -> Shown:
    shown = {
        user_id: user._replace(version=0, groups=user.groups & groups.keys())
        for user_id, user in users.items()
        if user.status != "deleted"
    }
    return shown, groups, moments, looks


def taken_again(log: EventLog, without: list[str], again: EventLog) -> list[tuple[int, str]] | None:
    """Dispatch everything but those changes to another log; return position and reason of what was refused.

    What passes from one user to another within a change is judged by what the change comes to. None where that cannot
    be: which of its commands are left out then is more than this can tell.
    """
    refused: list[tuple[int, str]] = []
    now = 0
    bus = Bus(again, clock=lambda: now, actor="ines")
    for change_id, events in groupby(log.read(), key=attrgetter("change_id")):
        if change_id in without:
            continue
        asked = list(_asked_in(list(events)))
        now = asked[0][0].recorded_at
        together = len(asked) > 1
        with bus.change() as change, change.together(lambda _: True) if together else nullcontext():
            for recorded, command in asked:
                try:
                    occurred_at = None if isinstance(command, MomentCommand) else recorded.occurred_at
                    change.dispatch(command, actor=recorded.actor, occurred_at=occurred_at)
                except RefusedError as error:
                    refused.append((recorded.position, str(error)))
            if together and change.contested():
                return None
    return refused


def _asked_in(events: list[RecordedEvent]) -> Iterator[tuple[RecordedEvent, Command]]:
    """Yield the first event of each command of one change, and the command."""
    for before, recorded, following in zip([None, *events], events, [*events[1:], None], strict=False):
        if recorded.event == UserUpdated({"email": None}, {}) and before and _one_restoring(before, recorded):
            continue
        keep_email = not (following and _one_restoring(recorded, following))
        yield recorded, command_of(recorded.event, recorded.stream, keep_email=keep_email)


def _one_restoring(recorded: RecordedEvent, following: RecordedEvent) -> bool:
    return (
        recorded.event == UserRestored()
        and following.event == UserUpdated({"email": None}, {})
        and (recorded.stream, recorded.change_id) == (following.stream, following.change_id)
        and recorded.position + 1 == following.position
    )


@given(HISTORIES)
@settings(max_examples=at_most(40))
def test_with_nothing_removed_it_is_now(history: list[Edit]) -> None:
    with played(history) as (log, bus):
        head, events = log.head(), list(log.read())
        what_if = imagine(log, [])
        assert what_if.users == users_of(events)
        assert what_if.directory == directory_of(events)
        assert (what_if.refused, what_if.user_differences, what_if.group_differences) == ([], [], ())
        assert (what_if.moment_differences, what_if.fields) == ((), ())
        assert not apply(bus, what_if)
        assert log.head() == head


TABLES = ("user", "version_row", "step", "change", "directory_state", SEARCHED)


@given(HISTORIES)
@settings(max_examples=at_most(20))
def test_with_nothing_removed_the_window_would_show_now(history: list[Edit]) -> None:
    with played(history) as (log, _), temporary_side(log) as today, temporary_side(imagine(log, []).log) as other:
        now, would_be = today.catch_up(), other.catch_up()
        for table in TABLES:
            read = [list(side.read_model.select(f"SELECT * FROM {table} ORDER BY 1")) for side in (today, other)]
            assert read[0] == read[1]
        assert would_be.directories == now.directories
        assert would_be.counts(would_be.now) == now.counts(now.now)


@given(HISTORIES, st.data())
@settings(max_examples=at_most(40))
def test_the_window_shows_what_would_be_at_every_moment(history: list[Edit], data: st.DataObject) -> None:
    with played(history) as (log, _):
        without = data.draw(st.lists(st.sampled_from(change_ids(log)), min_size=1, max_size=3, unique=True))
        what_if = imagine(log, without)
        with temporary_side(what_if.log) as side:
            index, events = side.catch_up(), list(what_if.log.read())
            assert shown(side, index, index.now) == what_if.users
            assert index.latest_directory() == what_if.directory
            for moment in {recorded.occurred_at for recorded in events}:
                assert shown(side, index, index.steps.moment_at(moment)) == users_of(events, moment)
            assert without == [change_id for change_id in without if change_called(side.read_model, change_id) is None]
            assert len(index.steps) == len(naive_steps(events))


def shown(side: ReadSide, index: VersionIndex, moment: int) -> dict[str, User]:
    return {row.user.id: row.user for row in side.rows(index.numbers[index.alive(moment)].tolist())}


@given(HISTORIES)
@settings(max_examples=at_most(40))
def test_deciding_all_again_on_the_same_ground_gives_the_same(history: list[Edit]) -> None:
    with played(history) as (log, _):
        events = list(log.read())
        what_if = imagine(log, [change_ids(log)[0]])
        assert what_if.refused == []
        assert what_if.users == users_of(events)
        assert what_if.group_differences == (what_if.group_differences[0],)
        imagined_events = list(what_if.log.read())
        for moment in {recorded.occurred_at for recorded in events}:
            assert users_of(imagined_events, moment) == users_of(events, moment)


@given(HISTORIES)
@settings(max_examples=at_most(40))
def test_without_the_last_change_it_is_the_state_before_it(history: list[Edit]) -> None:
    with played(history) as (log, _):
        last = change_ids(log)[-1]
        before = [recorded for recorded in log.read() if recorded.change_id != last]
        what_if = imagine(log, [last])
        assert (what_if.users, what_if.directory, what_if.refused) == (users_of(before), directory_of(before), [])


@given(HISTORIES, st.data())
@settings(max_examples=at_most(100))
def test_it_is_what_another_log_would_have_become(history: list[Edit], data: st.DataObject) -> None:
    with played(history) as (log, _), new_log() as again:
        without = data.draw(st.lists(st.sampled_from(change_ids(log)), min_size=1, max_size=3, unique=True))
        head = log.head()
        what_if = imagine(log, without)
        assert log.head() == head, "looking writes nothing"
        refused = taken_again(log, without, again)
        assume(refused is not None)
        events = list(again.read())
        assert [(one.position, one.reason) for one in what_if.refused] == refused
        assert what_if.users == users_of(events)
        assert what_if.directory == directory_of(events)
        imagined_events = list(what_if.log.read())
        for moment in {recorded.occurred_at for recorded in log.read()}:
            assert users_of(imagined_events, moment) == users_of(events, moment)
        _assert_differences_tell(what_if, list(log.read()))


def _assert_differences_tell(what_if: WhatIfOutcome, events: list[RecordedEvent]) -> None:
    directory, other_directory = directory_of(events), what_if.directory
    now, names = users_of(events), {**directory.groups, **other_directory.groups}
    assert set(what_if.fields) == set(directory.fields) - set(other_directory.fields)
    assert {one.moment_id: one.would_be for one in what_if.moment_differences} == {
        moment_id: other_directory.moments.get(moment_id)
        for moment_id in directory.moments.keys() | other_directory.moments.keys()
        if directory.moments.get(moment_id) != other_directory.moments.get(moment_id)
    }
    differing = {difference.now.id for difference in what_if.user_differences}
    for user_id, user in now.items():
        other = what_if.users.get(user_id)
        if other is not None:
            mine, theirs = user.groups & directory.groups.keys(), other.groups & other_directory.groups.keys()
            shown = [
                each._replace(version=0, groups=frozenset(names[group] for group in groups))
                for each, groups in ((user, mine), (other, theirs))
            ]
            assert (user_id in differing) == (shown[0] != shown[1])
        elif user.status != "deleted":
            assert user_id in differing
    assert what_if.users.keys() <= now.keys()


@given(HISTORIES, st.data())
@settings(max_examples=at_most(100))
def test_applying_makes_it_so_and_undoing_that_makes_it_now(history: list[Edit], data: st.DataObject) -> None:
    with played(history) as (log, bus):
        without = data.draw(st.lists(st.sampled_from(change_ids(log)), min_size=1, max_size=3, unique=True))
        what_if, before, head = imagine(log, without), everything(log), log.head()
        fields = directory_of(list(log.read())).fields
        if not apply(bus, what_if, "A mistake."):
            assert log.head() == head
            assert visible(*before) == imagined(what_if)
            return
        appended = list(log.read(head.position))
        assert len({recorded.change_id for recorded in appended}) == 1
        assert {recorded.causation for recorded in appended} == {WhatIfOf(tuple(sorted(without)), "A mistake.")}
        shown_now = everything(log)
        users, _, _, _ = shown_now
        assert visible(*shown_now) == imagined(what_if)
        assert directory_of(list(log.read())).fields == fields, "what is defined stays so"
        for user_id, user in what_if.users.items():
            assert users[user_id]._replace(groups=frozenset()) == user._replace(version=0, groups=frozenset())
        with pytest.raises(RefusedError, match="look again"):
            apply(bus, what_if)
        first, last = appended[0], appended[-1]
        done = DoneChange(first.change_id, first.position, last.position, first.recorded_at)
        assert take_back(bus, log, done, UndoOf(done.change_id))
        assert everything(log) == before
