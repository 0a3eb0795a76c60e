"""Merging a group is its members' joining, their leaving and its end, one by one; undoing it gives all of it back."""

from __future__ import annotations

from hypothesis import assume, given, settings

from tests.directory_states import directory_before, looks_shown
from tests.examples import at_most
from tests.properties.histories import HISTORIES, taken_in
from tests.properties.test_live_and_past import GROUPS
from tests.properties.test_restoring import bus_after
from tests.properties.test_undoing_one import seen, users_of
from whowas.command_bus.group_merging import merge
from whowas.corrections.undo.last_change import take_back
from whowas.domain.causation import UndoOf
from whowas.domain.commands import Command, CreateGroup, CreateUser, DeleteGroup, JoinGroup, LeaveGroup
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

FROM, INTO = GROUPS
BEGINNING: list[tuple[Command, int]] = [
    (CreateGroup(FROM, "From"), 0),
    (CreateGroup(INTO, "Into"), 0),
    *((CreateUser(f"0199a3c4-0000-7000-8000-{number:012}", {"first_name": "Ada"}), 0) for number in range(3)),
    (JoinGroup("0199a3c4-0000-7000-8000-000000000000", FROM), 0),
]


def state(log: EventLog) -> tuple[object, object]:
    users = {user_id: seen(log, user) for user_id, user in users_of(log).items()}
    return users, looks_shown(directory_before(log, log.head().position + 1))


@settings(max_examples=at_most(80), deadline=None)
@given(HISTORIES)
def test_it_equals_its_parts_one_by_one_and_its_undo_the_state_before(history: list[tuple[Command, int]]) -> None:
    history = [*BEGINNING, *history]
    with taken_in(history) as (log, _, _), taken_in(history) as (other, _, _):
        groups = directory_before(log, log.head().position + 1).groups
        assume({FROM, INTO} <= groups.keys())
        before, head = state(log), log.head().position
        bus_after(log).carry_out(lambda change: merge(change, log, FROM, INTO), whole=True)

        bus = bus_after(other)
        for user_id, user in users_of(other).items():
            if FROM in user.groups:
                bus.dispatch(JoinGroup(user_id, INTO, even_deleted=True))
                bus.dispatch(LeaveGroup(user_id, FROM, even_deleted=True))
        bus.dispatch(DeleteGroup(FROM))
        assert state(log) == state(other)

        appended = list(log.read(head))
        assert len({one.change_id for one in appended}) == 1
        done = DoneChange(appended[0].change_id, head + 1, log.head().position, appended[0].recorded_at)
        assert take_back(bus_after(log), log, done, UndoOf(done.change_id))
        assert state(log) == before
