"""Undoing an import for some users: just they are as before it, where nobody changed them since; then for the rest."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.directory_states import directory_before
from tests.examples import at_most
from tests.properties.histories import HISTORIES, taken_in
from tests.properties.test_live_and_past import COMMANDS, EMAILS, GROUP, TEXTS, USER
from tests.properties.test_restoring import bus_after
from tests.properties.test_undoing_one import Users, seen, users_of
from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.undo_one.outcome import carried_out, outcome
from whowas.corrections.undo_one.planning import planned
from whowas.domain.causation import ImportOf, UndoForSome, UndoOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    EraseUser,
    JoinGroup,
    RecordListImport,
    UpdateUser,
)
from whowas.domain.compensation import altered
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

SOURCE = "Pupils"

IMPORTED = st.lists(
    st.one_of(
        st.builds(CreateUser, USER, st.fixed_dictionaries({"first_name": TEXTS, "email": EMAILS})),
        st.builds(UpdateUser, USER, st.dictionaries(st.sampled_from(["first_name", "title", "email"]), TEXTS)),
        st.builds(CreateGroup, GROUP, st.sampled_from(["Records", "Legal"])),
        st.builds(JoinGroup, USER, GROUP),
        COMMANDS.filter(lambda command: not isinstance(command, EraseUser)),
    ),
    min_size=1,
    max_size=20,
)
"""More often than others, what touches several users."""


@settings(max_examples=at_most(120), deadline=None)
@given(HISTORIES, IMPORTED, HISTORIES, st.data())
def test_they_alone_go_back_and_later_the_rest(
    history: list[tuple[Command, int]],
    import_: list[Command],
    later: list[tuple[Command, int]],
    data: st.DataObject,
) -> None:
    with taken_in([one for one in history if not isinstance(one[0], EraseUser)]) as (log, _, _):
        done = _imported(log, import_)
        _go_on(log, later)
        touched = _altered_by(log, done.change_id)
        assume(touched)
        chosen = data.draw(st.sets(st.sampled_from(sorted(touched)), min_size=1))
        earlier, right_after, before = (users_of(log, at) for at in (done.first_position - 1, done.last_position, None))
        whole = outcome(planned(log, done))
        plan = planned(log, done, among=chosen)
        assert {reverted.now.id for reverted in plan.users} <= chosen
        assert not plan.groups
        assert not plan.moments
        assert _members(log) == touched
        head, directory = log.head(), directory_before(log, log.head().position + 1)
        try:
            appended = carried_out(bus_after(log), plan)
        except RefusedError:  # somebody else has the email that would come back
            assert log.head() == head
            return
        after = users_of(log)
        assert directory_before(log, log.head().position + 1) == directory, "groups and fields stay"
        assert all(after[one] == before[one] for one in before if one not in chosen), "nobody else is touched"
        for one in chosen & before.keys() & right_after.keys():
            _require_back(log, one, earlier, right_after, before, after)
        some = {one for one in before if after[one] != before[one]}
        assert bool(appended) == bool(some)
        assert _members(log) == touched - some, "whom it was undone for are not of that source any more"
        try:
            rest = carried_out(bus_after(log), planned(log, done))
        except RefusedError:
            return
        final = users_of(log)
        expected = before | {now.id: then for now, then in whole.users}
        assert _seen(log, final) == _seen(log, expected), "by and by it comes to what it would at once"
        assert _members(log) == (set() if rest else touched - some)
        if appended and rest:
            _take_back(log)
            assert _seen(log, users_of(log)) == _seen(log, after)
            assert _members(log) == touched - some
            _take_back(log, 2)
            assert _seen(log, users_of(log)) == _seen(log, before)
            assert _members(log) == touched


def _require_back(log: EventLog, one: str, earlier: Users, right_after: Users, before: Users, after: Users) -> None:
    """Require a user to be as before the import, where nobody changed them since, else as they are."""
    since = set(altered(right_after[one], before[one]))
    if since:
        was = earlier.get(one)
        differs = None if was is None else set(altered(was, before[one]))
        # What is as before the import by now stands against nothing: the rest of the user may go back.
        is_back = differs is not None and not since & differs
        has_gone_back = was is not None and differs is not None and not set(altered(was, right_after[one])) & differs
        assert after[one] == before[one] or is_back or has_gone_back
    elif one not in earlier:
        assert after[one].status == "deleted"
    else:
        assert seen(log, after[one]) == seen(log, earlier[one])


def _imported(log: EventLog, commands: list[Command]) -> DoneChange:
    bus = Bus(log, clock=lambda: 1_740_000_000_000_000, actor="ines")
    with bus.change(causation=ImportOf("list.csv")) as change:
        for command in commands:
            with suppress(RefusedError):
                change.dispatch(command)
        change.dispatch(RecordListImport(SOURCE))
    return DoneChange(change.id, change.head_position + 1, change.head_position + change.events, change.recorded_at)


def _go_on(log: EventLog, later: list[tuple[Command, int]]) -> None:
    now = 1_750_000_000_000_000
    bus = Bus(log, clock=lambda: now, actor="lee")
    for command, ago in later:
        now += 1_000_000
        if not isinstance(command, EraseUser):
            with suppress(RefusedError):
                bus.dispatch(command, occurred_at=now - ago * 2_500_000 if ago else None)


def _altered_by(log: EventLog, change_id: str) -> set[str]:
    return {
        recorded.stream
        for recorded in log.read()
        if recorded.change_id == change_id and not isinstance(recorded.event, DirectoryEvent)
    }


def _members(log: EventLog) -> set[str]:
    with bus_after(log).change() as change:
        return change.users_of_source(SOURCE)


def _seen(log: EventLog, users: Users) -> Users:
    return {one: seen(log, user) for one, user in users.items()}


def _take_back(log: EventLog, nth: int = 1) -> None:
    """Take back the last change, or the nth last that no undo took back."""
    changes: dict[str, list[int]] = {}
    for recorded in log.read():
        if isinstance(recorded.causation, UndoOf | UndoForSome):
            changes.setdefault(recorded.change_id, []).append(recorded.position)
    change_id, positions = list(changes.items())[-1 if nth == 1 else -3]
    take_back(bus_after(log), log, DoneChange(change_id, positions[0], positions[-1], 0), UndoOf(change_id))
