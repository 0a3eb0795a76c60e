"""A mad user, checked against a naive fold after every step: now, every moment of the past, and a rebuilt read side."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.directory_states import looks_shown
from tests.examples import at_most
from tests.naive_steps import naive_steps
from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.domain.causation import UndoOf
from whowas.domain.commands import (
    ClearPassword,
    ColourGroup,
    Command,
    CreateGroup,
    CreateUser,
    DeleteGroup,
    DeleteUser,
    EraseUser,
    JoinGroup,
    LeaveGroup,
    OrderGroups,
    ReactivateUser,
    RecordListImport,
    RenameGroup,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent, UserErased
from whowas.domain.text_folding import folded, searchable
from whowas.domain.users import User, evolve
from whowas.projections.index.ranks import ranked
from whowas.projections.queries.history import ReadHistory, history_of
from whowas.projections.queries.undo_list import UndoList
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables import latest_users, projector, waiting_rows
from whowas.projections.tables.row_codec import search_text
from whowas.store.event_log import EventLog

IDS = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(3)]
GROUPS = [f"0199a3c4-0000-7000-8000-00000000f{number:03}" for number in range(2)]
TEXTS = st.sampled_from(["Ada", "Émile", "o'Brien", "Łukasz 🌱", "", None, "zz"])
EMAILS = st.sampled_from(["a@x.org", "A@X.org", "b@x.org", "", None])
USER = st.sampled_from(IDS)
GROUP = st.sampled_from(GROUPS)
AGO = st.sampled_from([0, 0, 1, 2, 3])
"""How many seconds ago a backdated command is to have happened; 0 is now."""

COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(CreateUser, USER, st.fixed_dictionaries({"first_name": TEXTS, "email": EMAILS})),
    st.builds(UpdateUser, USER, st.dictionaries(st.sampled_from(["first_name", "title", "notes"]), TEXTS, max_size=2)),
    st.builds(UpdateUser, USER, st.fixed_dictionaries({"email": EMAILS})),
    st.builds(DeleteUser, USER),
    st.builds(EraseUser, st.just(IDS[2])),
    st.builds(RestoreUser, USER),
    st.builds(SuspendUser, USER),
    st.builds(ReactivateUser, USER),
    st.builds(SetPassword, USER, st.sampled_from(["$argon2id$one", "$argon2id$two"])),
    st.builds(ClearPassword, USER),
    st.builds(CreateGroup, GROUP, st.sampled_from(["Records", "Legal"])),
    st.builds(RenameGroup, GROUP, st.sampled_from(["Archive", "Legal"])),
    st.builds(DeleteGroup, GROUP),
    st.builds(ColourGroup, GROUP, st.sampled_from(["blue", "red", None])),
    st.builds(OrderGroups, st.permutations(GROUPS).map(tuple) | st.just(())),
    st.builds(JoinGroup, USER, GROUP),
    st.builds(LeaveGroup, USER, GROUP),
    st.builds(RecordListImport, st.just("Members"), st.lists(USER, max_size=2).map(tuple)),
)

Table = dict[str, User]


class Directory(RuleBasedStateMachine):
    """Random commands through the bus; the read side follows by catching up."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.log = EventLog.create(self.folder / "d.whowas")
        self.now = 1_700_000_000_000_000
        self.bus = Bus(self.log, clock=lambda: self.now, actor="ines")
        self.read_side = ReadSide(self.log, self.folder / "cache")
        self.index = self.read_side.catch_up()
        for user_id in IDS[:2]:
            self.bus.dispatch(CreateUser(user_id, {"first_name": "Ada"}))
        self.now += 1_000_000
        for group_id, name in zip(GROUPS, ("Records", "Legal"), strict=True):
            self.bus.dispatch(CreateGroup(group_id, name))
        self.now += 3_000_000
        self.index = self.read_side.catch_up()
        self.seen: dict[tuple[int, int], Table] = {}
        self.read: dict[str, ReadHistory] = {}
        self.before: Table = {}
        self.undoable = False
        self.groups_before = looks_shown(self.index.latest_directory())

    def teardown(self) -> None:
        self.read_side.close()
        self.log.close()
        shutil.rmtree(self.folder)

    @rule(commands=st.lists(COMMANDS, min_size=1, max_size=2), ago=AGO, passed=st.integers(0, 2_000_000))
    def dispatch(self, commands: list[Command], ago: int, passed: int) -> None:
        """One change of one or two commands, now or backdated; some of them are refused."""
        self.now += passed
        occurred_at = None if ago == 0 else self.now - ago * 1_000_000
        self._attempt(lambda: self._change(commands, occurred_at), backdated=occurred_at is not None)

    @precondition(lambda self: self.undoable)
    @rule()
    def undo_and_redo(self) -> None:
        """Undo of the last change gives the state before it, redo the state after it."""
        undo_list = UndoList("ines")
        undo_list.follow(self.read_side.read_model)
        done = undo_list.to_undo
        assert done is not None
        before, after = self.before, self._table(self.index.now)
        self.undoable = False
        head = self.log.head()
        try:
            appended = take_back(self.bus, self.log, done, UndoOf(done.change_id))
        except RefusedError:
            assert self.log.head() == head, "an undo that cannot be leaves everything as it was"
            return
        self.index = self.read_side.catch_up()
        assert looks_shown(self.index.latest_directory()) == self.groups_before
        assert self._plain(self._table(self.index.now)) == self._plain(before)
        if not appended:
            assert self.log.head() == head
            return
        undo_list.follow(self.read_side.read_model)
        undone = undo_list.to_redo
        assert undone is not None
        take_back(self.bus, self.log, undone, UndoOf(undone.change_id))
        self.index = self.read_side.catch_up()
        assert self._plain(self._table(self.index.now)) == self._plain(after)

    @invariant()
    def every_moment_is_the_naive_fold(self) -> None:
        steps = self.index.steps
        for moment in range(self.index.now + 1):
            key = None if moment == 0 else (int(steps.occurred_at[moment - 1]), int(steps.first_position[moment - 1]))
            assert self._table(moment) == self._naive(key, moment)

    @invariant()
    def earlier_moments_never_change(self) -> None:
        steps = self.index.steps
        keys = list(zip(steps.occurred_at.tolist(), steps.first_position.tolist(), strict=True))
        for key, table in self.seen.items():
            assert self._table(keys.index(key) + 1) == table
        self.seen = {key: self._table(moment + 1) for moment, key in enumerate(keys)}

    @invariant()
    def a_history_goes_on_from_what_was_read_of_it(self) -> None:
        for user_id in IDS:
            whole = history_of(self.read_side.read_model, self.index, user_id)
            assert history_of(self.read_side.read_model, self.index, user_id, self.read.get(user_id)) == whole
            self.read[user_id] = ReadHistory(whole, self.index)

    @invariant()
    def the_log_holds(self) -> None:
        assert self.log.verify() is None
        recorded = list(self.log.read())
        assert [event.position for event in recorded] == list(range(1, len(recorded) + 1))
        versions: dict[str, int] = {}
        for event in recorded:
            versions[event.stream] = versions.get(event.stream, 0) + 1
            assert event.version == versions[event.stream]
        times = [event.recorded_at for event in recorded]
        assert times == sorted(times)

    @invariant()
    def a_rebuilt_read_side_is_the_same(self) -> None:
        again = self.read_side.catch_up()
        assert again is self.index, "delivering nothing new changes nothing"
        fresh = ReadSide(self.log, self.folder / "fresh")
        with pytest.MonkeyPatch.context() as patch:
            # As a long history is made from nothing, where users are too many to be held.
            patch.setattr(projector, "EVENTS_WITH_LOOKUP", 0)
            patch.setattr(projector, "ROWS_A_TRANSACTION", 3)
            patch.setattr(waiting_rows, "_ROWS_AT_ONCE", 2)
            patch.setattr(latest_users, "USERS_HELD", 1)
            rebuilt = fresh.rebuild()
        for moment in range(self.index.now + 1):
            assert self._shown(fresh, rebuilt, moment) == self._shown(self.read_side, self.index, moment)
            assert rebuilt.counts(moment) == self.index.counts(moment)
            assert rebuilt.directory(moment) == self.index.directory(moment)
        fresh.close()

    @invariant()
    def rows_are_sorted_and_found(self) -> None:
        rows = self.read_side.rows(ranked(self.index, "name").at(self.index.now).all_numbers().tolist())
        keys = [folded(row.user.name) for row in rows]
        assert keys == sorted(keys)
        for word in ("ada", "@x", "x.org", "z"):
            mask = self.read_side.matching(word)
            assert mask is not None
            found = set(self.index.numbers[mask].tolist())
            everyone = self.read_side.rows(self.index.numbers.tolist())
            assert found == {row.number for row in everyone if searchable(word) in search_text(row.user)}

    def _change(self, commands: list[Command], occurred_at: int | None) -> None:
        with self.bus.change() as change:
            change.dispatch(*commands, occurred_at=occurred_at)

    def _attempt(self, action: Callable[[], None], *, backdated: bool) -> None:
        head, before = self.log.head(), self._table(self.index.now)
        try:
            action()
        except RefusedError:
            assert self.log.head() == head, "what is refused leaves everything as it was"
            return
        groups_before = looks_shown(self.index.latest_directory())
        self.index = self.read_side.catch_up()
        appended = self.log.head() != head
        erased = any(isinstance(recorded.event, UserErased) for recorded in self.log.read(head.position))
        if appended:
            self.before = before
            self.groups_before = groups_before
            self.undoable = not backdated and not erased and _undo_is_plain(before, self._table(self.index.now))
        if backdated or erased:
            self.seen = {}

    def _table(self, moment: int) -> Table:
        return self._shown(self.read_side, self.index, moment)

    def _plain(self, table: Table) -> dict[str, tuple[object, ...]]:
        """What is seen of users: who left a group that has ended cannot join it again, which nobody sees."""
        there = self.index.latest_directory().groups.keys()
        return {
            user_id: (
                user.status,
                user.first_name,
                user.title,
                user.email,
                user.notes,
                user.password,
                user.groups & there,
            )
            for user_id, user in table.items()
        }

    @staticmethod
    def _shown(read_side: ReadSide, index: object, moment: int) -> Table:
        numbers = index.numbers[index.alive(moment)]  # type: ignore[attr-defined]
        table = {row.user.id: row.user for row in read_side.rows(np.sort(numbers).tolist())}
        assert len(table) == len(numbers), "a user is shown once"
        return table

    def _naive(self, last: tuple[int, int] | None, moment: int) -> Table:
        """Fold every event of the first ``moment`` steps in timeline order, the slow way."""
        users: Table = {}
        for recorded in (recorded for step in naive_steps(self.log.read())[:moment] for recorded in step):
            if not isinstance(recorded.event, DirectoryEvent):
                user = evolve(users.pop(recorded.stream, None), recorded.event)
                if user is not None:
                    users[recorded.stream] = user
        assert (last is None) == (moment == 0)
        return users


def _undo_is_plain(before: Table, after: Table) -> bool:
    """Whether nobody is created by the change: undoing that deletes, which is no state of before."""
    return before.keys() == after.keys()


TestDirectory = Directory.TestCase
TestDirectory.settings = settings(max_examples=at_most(60), stateful_step_count=25, deadline=None)
