"""Restoring: the moment restored to, and nothing else; undone, the state before; nothing to do appends nothing."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import at_most
from tests.properties.histories import HISTORIES, taken_in
from whowas.command_bus.bus import Bus
from whowas.corrections.restore import Plan, carried_out, planned, with_fields
from whowas.corrections.undo.last_change import take_back
from whowas.domain.causation import UndoOf
from whowas.domain.commands import Command
from whowas.domain.comparison_keys import email_key
from whowas.domain.errors import RefusedError
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.differences import differences
from whowas.projections.queries.undo_list import UndoList
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog


def bus_after(log: EventLog) -> Bus:
    return Bus(log, clock=lambda: 1_800_000_000_000_000, actor="ines")


@settings(max_examples=at_most(60))
@given(HISTORIES, st.data())
def test_everything_is_as_it_was_and_undoing_that_as_it_is(
    history: list[tuple[Command, int]], data: st.DataObject
) -> None:
    with taken_in(history) as (log, side, index):
        moment = data.draw(st.integers(0, index.now))
        then = (
            (int(index.steps.occurred_at[moment - 1]), int(index.steps.first_position[moment - 1])) if moment else None
        )
        head, now_groups = log.head(), index.latest_directory().groups
        names = list(index.directory(moment).groups.values())
        # Where a group was backdated, two had one name, which cannot be again.
        assume(len(set(names)) == len(names))
        plan = planned(side.read_model, index, head.position, moment)
        done = carried_out(bus_after(log), plan, "as agreed")
        assert bool(done) == (log.head() != head)
        restored = side.catch_up()
        place = restored.steps.moment_of(*then) if then else 0
        assert list(differences(side.read_model, restored, place, restored.now)) == []
        assert bool(planned(side.read_model, restored, log.head().position, place)) is False
        if done:
            _undo(log, side)
            again = side.catch_up()
            before = again.steps.moment_of(*_place(index, index.now)) if index.now else 0
            assert list(differences(side.read_model, again, before, again.now)) == []
            assert again.latest_directory().groups == now_groups


@settings(max_examples=at_most(40))
@given(HISTORIES, st.data())
def test_one_user_comes_back_alone_and_chosen_fields_alone(
    history: list[tuple[Command, int]], data: st.DataObject
) -> None:
    with taken_in(history) as (log, side, index):
        moment = data.draw(st.integers(0, index.now))
        everybody = planned(side.read_model, index, log.head().position, moment)
        if everybody.users:
            chosen = data.draw(st.sampled_from(everybody.users))
            number = side.user_number(chosen.now.id)
            assert number is not None
            plan = planned(side.read_model, index, log.head().position, moment, [number])
            assert list(plan.users) == [chosen]
            assert plan.groups == {}
            fields = data.draw(st.sets(st.sampled_from([change.field for change in chosen.changes])))
            partly = with_fields(chosen, fields)
            assert {change.field for change in partly.changes} == fields
            for name in ("title", "email", "status", "groups", "password"):
                source = chosen.then if name in fields else chosen.now
                assert getattr(partly.then, name) == getattr(source, name)


@settings(max_examples=at_most(60))
@given(HISTORIES, st.data())
def test_some_come_back_as_planned_without_what_others_have_and_with_the_passwords_of_now(
    history: list[tuple[Command, int]], data: st.DataObject
) -> None:
    with taken_in(history) as (log, side, index):
        moment = data.draw(st.integers(0, index.now))
        users = index.users[index.alive(index.now)].tolist()
        some = data.draw(st.sets(st.sampled_from(users))) if users else set()
        head = log.head()
        plan = planned(side.read_model, index, head.position, moment, some, passwords=False, owners=log)
        expected = list(plan.users)
        assert all(one.changes or one.taken for one in expected)
        assert plan.taken == sum(bool(one.taken) for one in expected)
        assert plan.possible == any(one.changes for one in expected)
        assert set(plan.later.moments.tolist()) == _steps_of(index, moment, set(plan.users.numbers.tolist()))
        before = _users(side, index)
        refused = _refusal(log, plan)
        if refused is not None:
            assert "needs a name" in str(refused) or _overlapping(side, index, moment)
            assert log.head() == head
        else:
            would_be = {**before, **{one.now.id: one.then for one in expected}}
            assert _visible(_users(side, side.catch_up())) == _visible(would_be)
            assert {user.id: user.password for user in would_be.values()} == {
                user.id: user.password for user in before.values()
            }


def _refusal(log: EventLog, plan: Plan) -> RefusedError | None:
    try:
        carried_out(bus_after(log), plan)
    except RefusedError as error:
        return error
    return None


def _users(side: ReadSide, index: VersionIndex) -> dict[str, User]:
    return {row.user.id: row.user for row in side.rows(index.numbers[index.alive(index.now)].tolist())}


def _visible(users: dict[str, User]) -> dict[str, User]:
    return {user_id: user._replace(version=0) for user_id, user in users.items()}


def _steps_of(index: VersionIndex, moment: int, users: set[int]) -> set[int]:
    lives = zip(index.users.tolist(), index.begins.tolist(), strict=True)
    return {begins for user, begins in lives if user in users and begins > moment}


def _overlapping(side: ReadSide, index: VersionIndex, moment: int) -> bool:
    """Whether backdated commands gave two users of a moment what only one may have."""
    users = [row.user for row in side.rows(index.numbers[index.alive(moment)].tolist())]
    emails = [email_key(user.email) for user in users if user.email and user.status != "deleted"]
    ids = [user.external_id for user in users if user.external_id]
    return len(set(emails)) < len(emails) or len(set(ids)) < len(ids)


def _place(index: VersionIndex, moment: int) -> tuple[int, int]:
    return int(index.steps.occurred_at[moment - 1]), int(index.steps.first_position[moment - 1])


def _undo(log: EventLog, side: ReadSide) -> None:
    undo_list = UndoList("ines")
    side.catch_up()
    undo_list.follow(side.read_model)
    done = undo_list.to_undo
    assert done is not None
    take_back(bus_after(log), log, done, UndoOf(done.change_id))
