"""Restoring, undoing and imagining away in any order, upon one another, each held against what it promises."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.examples import at_most
from tests.properties.test_what_if import (
    AGO,
    BEGINNING,
    EDITS,
    GROUP,
    SECOND,
    USER,
    Edit,
    Shown,
    change_ids,
    everything,
    imagined,
    visible,
)
from whowas.command_bus.bus import Bus
from whowas.corrections.restore import carried_out as restored
from whowas.corrections.restore import planned as restoration
from whowas.corrections.undo.last_change import is_member, take_back
from whowas.corrections.undo_one.outcome import carried_out as undone
from whowas.corrections.undo_one.outcome import outcome
from whowas.corrections.undo_one.plan import MOMENT_NAME
from whowas.corrections.undo_one.planning import planned as undoing
from whowas.corrections.what_if.apply import apply
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import UndoOf
from whowas.domain.commands import CreateGroup, CreateUser, EraseUser, JoinGroup
from whowas.domain.comparison_keys import email_key
from whowas.domain.errors import RefusedError
from whowas.domain.events import Forgotten, GroupJoined, UserErased
from whowas.domain.fields import name_key
from whowas.domain.sentences import FieldChange
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.differences import differences
from whowas.projections.queries.undo_list import DoneChange
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

TOGETHER = st.builds(
    lambda user_id, group_id: [
        CreateGroup(group_id, "New"),
        CreateUser(user_id, {"first_name": "Chi"}),
        JoinGroup(user_id, group_id),
    ],
    USER,
    GROUP,
)
"""A group and whoever is in it, as imports make them: refused one by one where there is such a one already."""

PUT_BACK = st.one_of(EDITS, st.builds(Edit, TOGETHER, AGO, st.integers(0, 2)))


class PuttingBack(RuleBasedStateMachine):
    """Edits between which changes are undone, moments restored and changes imagined away and taken back again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.log = EventLog.create(self.folder / "d.whowas")
        self.now = SECOND
        self.bus = Bus(self.log, clock=lambda: self.now, actor="ines")
        self.side = ReadSide(self.log, self.folder / "cache")
        self.before_last: Shown | None = None

    def teardown(self) -> None:
        self.side.close()
        self.log.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        for edit in BEGINNING:
            self.edit(edit)

    @rule(edit=PUT_BACK)
    def edit(self, edit: Edit) -> None:
        """One change of several commands; those that the rules refuse are left out."""
        self.now += edit.passed * SECOND
        before, head = everything(self.log), self.log.head()
        with self.bus.change() as change:
            for command in edit.commands:
                try:
                    change.dispatch(command, occurred_at=edit.occurred_at(command, self.now))
                except RefusedError:
                    continue
        if self.log.head() != head:
            self.before_last = before

    @rule(user_id=USER)
    def erase(self, user_id: str) -> None:
        """Everything else goes on without them; what nobody can take back is refused by everything that takes back."""
        users, *others = everything(self.log)
        self.now += SECOND
        try:
            self.bus.dispatch(EraseUser(user_id))
        except RefusedError:
            assert user_id not in users
            return
        self.before_last = None
        rest = {key: user for key, user in users.items() if key != user_id}
        assert everything(self.log) == (rest, *others)
        last, head = self._last(), self.log.head()
        for attempt in (
            lambda: undoing(self.log, last),
            lambda: take_back(self.bus, self.log, last, UndoOf(last.change_id)),
            lambda: imagine(self.log, [last.change_id]),
        ):
            with pytest.raises(RefusedError, match="Erasing is for ever"):
                attempt()
        assert self.log.head() == head

    @precondition(lambda self: self.before_last is not None)
    @rule()
    def undo_the_last_change(self) -> None:
        """Undo-this of the last change gives the state before it, whatever that change was; no rule is in the way."""
        before = self.before_last
        assert before is not None
        plan = undoing(self.log, self._last())
        assert plan.conflicts == (), "nothing is later than the last change"
        foreseen = bool(outcome(plan))
        assert self._attempt(lambda: undone(self.bus, plan), may_be_refused=False) == foreseen
        assert visible(*everything(self.log)) == visible(*before)

    @precondition(lambda self: self.before_last is not None)
    @rule()
    def take_back_the_last_change(self) -> None:
        """Undo gives the state before, of an undo, a restoration and a what-if as well."""
        before, last = self.before_last, self._last()
        assert before is not None
        self._attempt(lambda: take_back(self.bus, self.log, last, UndoOf(last.change_id)), may_be_refused=False)
        assert visible(*everything(self.log)) == visible(*before)

    @rule(share=st.floats(0, 1), ticked=st.booleans())
    def undo_any_change(self, share: float, ticked: bool) -> None:
        """Whoever joined a group with the change, or since, and is there, is in it still."""
        ids = change_ids(self.log)
        done = self._change(ids[round(share * (len(ids) - 1))])
        try:
            plan = undoing(self.log, done)
        except RefusedError:
            assert done.change_id in self._irrevocable(), "anything else can be planned"
            return
        chosen = [conflict.key for conflict in plan.conflicts] if ticked else []
        head, (_, groups_before, moments_before, _) = self.log.head(), everything(self.log)
        if not self._attempt(lambda: undone(self.bus, plan, chosen)):
            return
        users, groups, moments, _ = everything(self.log)
        for recorded in self.log.read(done.first_position - 1, head.position, only=GroupJoined):
            if isinstance(recorded.event, GroupJoined) and recorded.event.group_id in groups_before:
                group_id = recorded.event.group_id
                assert group_id in groups or not is_member(users[recorded.stream], group_id)
        met = {conflict.owner for conflict in plan.conflicts if conflict.field == MOMENT_NAME and not ticked}
        assert all(moments.get(one) == moments_before.get(one) for one in met)

    @rule(share=st.floats(0, 1))
    def restore_a_moment(self, share: float) -> None:
        """A moment restored and then compared with shows no difference, and there is nothing left to restore."""
        index = self.side.catch_up()
        moment = round(share * index.now)
        steps = index.steps
        key = (int(steps.occurred_at[moment - 1]), int(steps.first_position[moment - 1])) if moment else None
        plan = restoration(self.side.read_model, index, self.log.head().position, moment)
        appended = self._attempt(lambda: restored(self.bus, plan, "as agreed"))
        if plan and not appended:
            assert self._overlapping(index, moment), "only what the rules forbid is refused"
            return
        assert bool(plan) == appended
        after = self.side.catch_up()
        place = after.steps.moment_of(*key) if key else 0
        found = differences(self.side.read_model, after, place, after.now)
        assert [change for one in found for change in one.changes if not _of_ended_groups(change)] == []
        assert not restoration(self.side.read_model, after, self.log.head().position, place)

    @rule(share=st.floats(0, 1))
    def imagine_a_change_away(self, share: float) -> None:
        """Looking writes nothing; made so, it is what was shown."""
        ids = [change_id for change_id in change_ids(self.log) if change_id not in self._erasures()]
        head = self.log.head()
        what_if = imagine(self.log, [ids[round(share * (len(ids) - 1))]])
        assert self.log.head() == head
        self._attempt(lambda: apply(self.bus, what_if, "a mistake"))
        assert visible(*everything(self.log)) == imagined(what_if)

    @precondition(lambda self: self.log.head().position > 0)
    @rule()
    def imagine_nothing_away(self) -> None:
        what_if = imagine(self.log, [])
        assert imagined(what_if) == visible(*everything(self.log))
        assert (what_if.user_differences, what_if.group_differences, what_if.refused) == ([], (), [])
        head = self.log.head()
        assert not apply(self.bus, what_if)
        assert self.log.head() == head

    @invariant()
    def the_log_holds(self) -> None:
        assert self.log.verify() is None

    @invariant()
    def nobody_erased_is_shown_at_any_moment(self) -> None:
        erased = set(self._erasures().values())
        if not erased:
            return
        index = self.side.catch_up()
        assert {row.user.id for row in self.side.rows(index.numbers.tolist())} & erased == set()
        assert not any(self.side.user_number(user_id) for user_id in erased)

    def _irrevocable(self) -> set[str]:
        """The changes that erased somebody, or only changed who was erased since."""
        left = {one.change_id for one in self.log.read() if not isinstance(one.event, Forgotten | UserErased)}
        return self._erasures().keys() | (set(change_ids(self.log)) - left)

    def _erasures(self) -> dict[str, str]:
        """Whom each change that erased somebody erased."""
        return {recorded.change_id: recorded.stream for recorded in self.log.read(only=UserErased)}

    def _attempt(self, action: Callable[[], str | bool], *, may_be_refused: bool = True) -> bool:
        """Say whether something was appended: one change, or nothing at all where it is refused."""
        before, head, changes = everything(self.log), self.log.head(), len(change_ids(self.log))
        self.now += SECOND
        try:
            appended = bool(action())
        except RefusedError:
            assert may_be_refused
            assert self.log.head() == head, "what is refused leaves everything as it was"
            return False
        assert appended == (self.log.head() != head)
        assert len(change_ids(self.log)) == changes + appended
        if appended:
            self.before_last = before
        return appended

    def _overlapping(self, index: VersionIndex, moment: int) -> bool:
        """Whether backdated commands gave two users or groups of a moment what only one may have."""
        names = [name_key(name) for name in index.directory(moment).groups.values()]
        users = [row.user for row in self.side.rows(index.numbers[index.alive(moment)].tolist())]
        emails = [email_key(user.email) for user in users if user.email and user.status != "deleted"]
        ids = [user.external_id for user in users if user.external_id]
        return any(len(set(values)) < len(values) for values in (emails, ids, names))

    def _last(self) -> DoneChange:
        return self._change(change_ids(self.log)[-1])

    def _change(self, change_id: str) -> DoneChange:
        events = [event for event in self.log.read() if event.change_id == change_id]
        return DoneChange(change_id, events[0].position, events[-1].position, events[0].recorded_at)


def _of_ended_groups(change: FieldChange) -> bool:
    """Whether it is about groups that are at neither moment: memberships that nobody sees and nobody can end."""
    seen = [
        {name for name in (text or "").split(", ") if name not in ("", "a deleted group")}
        for text in (change.before, change.after)
    ]
    return change.field == "groups" and seen[0] == seen[1]


TestPuttingBack = PuttingBack.TestCase
TestPuttingBack.settings = settings(max_examples=at_most(60), stateful_step_count=20, deadline=None)


def test_a_group_that_was_made_later_and_is_over_by_now_does_not_differ() -> None:
    """Somebody may still be in it, which nobody sees and nobody can end."""
    user_id, group_id = "0199a3c4-0000-7000-8000-000000000000", "0199a3c4-0000-7000-8000-00000000f001"
    machine = PuttingBack()
    machine.begin()
    try:
        machine.edit(edit=Edit([CreateGroup(group_id, "New"), JoinGroup(user_id, group_id)], 0, 0))
        machine.restore_a_moment(share=0.0)
        machine.restore_a_moment(share=0.5)
    finally:
        machine.teardown()
