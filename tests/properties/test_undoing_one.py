"""Undoing any one change: just what it did goes back, what others did stays, and undoing that gives all of it back."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.directory_states import directory_before, looks_shown
from tests.examples import at_most
from tests.properties.histories import HISTORIES, taken_in
from tests.properties.test_restoring import bus_after
from whowas.corrections.undo.last_change import is_member, take_back
from whowas.corrections.undo_one.outcome import carried_out, outcome
from whowas.corrections.undo_one.plan import WHOLE_USER
from whowas.corrections.undo_one.planning import planned
from whowas.domain.causation import UndoOf
from whowas.domain.commands import Command
from whowas.domain.compensation import GROUP_PREFIX, altered
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent, GroupJoined, UserErased
from whowas.domain.streams import UserStream
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

Users = dict[str, User]


@settings(max_examples=at_most(150), deadline=None)
@given(HISTORIES, st.data())
def test_what_the_change_did_and_nothing_else(history: list[tuple[Command, int]], data: st.DataObject) -> None:
    with taken_in(history) as (log, side, _):
        changes = _changes(side.read_model.select(_CHANGES))
        assume(changes)
        done = data.draw(st.sampled_from(changes))
        try:
            plan = planned(log, done)
        except RefusedError:
            assert any(isinstance(one.event, UserErased) for one in log.read(done.first_position - 1))
            return
        chosen = data.draw(st.sets(st.sampled_from([one.key for one in plan.conflicts]))) if plan.conflicts else set()
        head, before = log.head(), users_of(log)
        groups_before = directory_before(log, head.position + 1).groups
        looks_before = looks_shown(directory_before(log, head.position + 1))
        contested = {one.key for one in plan.conflicts} - chosen
        expected = outcome(plan, chosen)
        try:
            appended = carried_out(bus_after(log), plan, chosen)
        except RefusedError:
            assert log.head() == head
        else:
            assert bool(appended) == (log.head() != head) == bool(expected)
            after, groups_after = users_of(log), directory_before(log, log.head().position + 1).groups
            ended = groups_before.keys() - groups_after.keys()
            joined = {
                (event.stream, event.event.group_id)
                for event in log.read(done.first_position - 1, head.position)
                if isinstance(event.event, GroupJoined)
            }
            assert not [one for one, group in joined if group in ended and is_member(after[one], group)]
            assert not expected.kept.keys() & ended
            touched = {reverted.now.id for reverted in plan.users}
            assert all(seen(log, after[one]) == seen(log, before[one]) for one in before if one not in touched)
            for reverted in plan.users:
                now = after[reverted.now.id]
                if reverted.before is None:
                    assert (now.status == "deleted") == ((now.id, WHOLE_USER) not in contested)
                    continue
                fields = {field for field in reverted.fields if (now.id, field) not in contested}
                there = directory_before(log, log.head().position + 1).groups
                for name in fields:
                    assert name not in altered(reverted.before, now) or _of_ended_group(name, there)
                assert set(altered(reverted.now, now)) <= fields
            if appended:
                _undo(log)
                again = users_of(log)
                assert {one: seen(log, again[one]) for one in before} == {one: seen(log, before[one]) for one in before}
                assert looks_shown(directory_before(log, log.head().position + 1)) == looks_before


@settings(max_examples=at_most(80), deadline=None)
@given(HISTORIES)
def test_the_last_change_leaves_the_state_before_it(history: list[tuple[Command, int]]) -> None:
    with taken_in(history) as (log, side, _):
        changes = _changes(side.read_model.select(_CHANGES))
        assume(changes)
        done = changes[-1]
        if any(isinstance(one.event, UserErased) for one in log.read(done.first_position - 1, done.last_position)):
            with pytest.raises(RefusedError, match="for ever"):
                planned(log, done)
            return
        before = users_of(log, done.first_position - 1)
        looks_before = looks_shown(directory_before(log, done.first_position))
        plan = planned(log, done)
        assert plan.conflicts == ()
        carried_out(bus_after(log), plan)  # no rule is in the way of what there was a moment ago
        after = users_of(log)
        assert {one: seen(log, after[one]) for one in before} == {one: seen(log, before[one]) for one in before}
        assert all(after[one].status == "deleted" for one in after if one not in before)
        assert looks_shown(directory_before(log, log.head().position + 1)) == looks_before


_CHANGES = "SELECT change_id, first_position, last_position, recorded_at FROM change ORDER BY number"


def _changes(rows: object) -> list[DoneChange]:
    return [DoneChange(*row) for row in rows]  # type: ignore[attr-defined]


def users_of(log: EventLog, through: int | None = None) -> Users:
    """Fold every user in timeline order."""
    streams: dict[str, UserStream] = {}
    for recorded_event in log.read(0, through):
        event = recorded_event.event
        if not isinstance(event, DirectoryEvent):
            stream = streams.get(recorded_event.stream, UserStream())
            streams[recorded_event.stream] = stream.then(recorded_event.occurred_at, event)
    return {user_id: stream.user for user_id, stream in streams.items() if stream.user is not None}


def seen(log: EventLog, user: User) -> User:
    """What is seen of a user: no version, and no membership of groups that have ended."""
    there = directory_before(log, log.head().position + 1).groups.keys()
    return user._replace(version=0, groups=user.groups & there)


def _of_ended_group(name: str, there: object) -> bool:
    return name.startswith(GROUP_PREFIX) and name.removeprefix(GROUP_PREFIX) not in there  # type: ignore[operator]


def _undo(log: EventLog) -> None:
    head = log.head().position
    change_id = log.change_at(head)
    assert change_id is not None
    first = min(event.position for event in log.read() if event.change_id == change_id)
    take_back(bus_after(log), log, DoneChange(change_id, first, head, 0), UndoOf(change_id))
