"""A bulk edit: the same as its edits one by one, or nothing at all; undone, the state before."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import at_most
from tests.properties.histories import HISTORIES, taken_in
from tests.properties.test_live_and_past import EMAILS, GROUP, TEXTS
from tests.properties.test_restoring import bus_after
from whowas.corrections.bulk_edit import carry_out
from whowas.corrections.undo.last_change import take_back
from whowas.domain.bulk_edit import Edit, each, edited, moving, rewriting, setting, together
from whowas.domain.causation import UndoOf
from whowas.domain.commands import Command, DeleteUser, ReactivateUser, RestoreUser, SuspendUser
from whowas.domain.errors import RefusedError
from whowas.domain.rewriting import CASES, in_case, replacing
from whowas.domain.users import User
from whowas.projections.queries.undo_list import UndoList
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

_FIELDS = st.lists(st.sampled_from(["first_name", "last_name", "title", "notes", "email"]), unique=True)
_VALUES = st.dictionaries(st.sampled_from(["first_name", "title", "notes"]), TEXTS) | st.fixed_dictionaries(
    {"email": EMAILS}
)
_REWRITES = st.one_of(
    st.sampled_from(sorted(CASES)).map(in_case),
    st.builds(
        replacing,
        st.sampled_from(["a", "ada", "o'", "@x", "🌱", "zz"]),
        st.sampled_from(["", "b", "@y", "\x00"]),
        whole=st.booleans(),
        match_case=st.booleans(),
    ),
)
_ONE: st.SearchStrategy[Edit] = st.one_of(
    _VALUES.map(setting),
    st.builds(moving, st.lists(GROUP, max_size=1), st.lists(GROUP, max_size=1)),
    st.builds(each, st.sampled_from([SuspendUser, ReactivateUser, DeleteUser, RestoreUser])),
    st.builds(rewriting, _FIELDS, _REWRITES),
)
EDITS = _ONE | st.builds(together, _ONE, _ONE)


@settings(max_examples=at_most(150), deadline=None)
@given(HISTORIES, EDITS, st.data())
def test_it_is_as_one_by_one_or_nothing_and_its_undo_is_the_state_before(
    history: list[tuple[Command, int]], edit: Edit, data: st.DataObject
) -> None:
    with taken_in(history) as (log, side, index), taken_in(history) as (other, other_side, _):
        users = _visible(side)
        some = data.draw(st.lists(st.sampled_from(sorted(users)), unique=True)) if users else []
        expected = _one_by_one(other, other_side, [users[one] for one in some], edit)
        head = log.head()
        try:
            outcome = carry_out(bus_after(log), lambda: [users[one] for one in some], len(some), lambda _change: edit)
        except RefusedError:
            assert expected is None, "where each is possible, so are all"
            assert log.head() == head, "nothing is written"
            return
        after = _visible(side)
        if expected is not None:
            assert _states(after.values()) == _states(expected.values())
        assert outcome.users == len(some)
        assert outcome.changed <= len(some)
        assert (outcome.changed > 0) == (log.head() != head)
        told = [edited(users[one], edit(users[one]), index.latest_directory()) for one in some]
        assert _states(told) == _states(after[one] for one in some), "what a preview tells is what comes"
        if outcome.changed:
            undo_list = UndoList("ines")
            undo_list.follow(side.read_model)
            done = undo_list.to_undo
            assert done is not None
            take_back(bus_after(log), log, done, UndoOf(done.change_id))
            assert _states(_visible(side).values()) == _states(users.values())


def _one_by_one(log: EventLog, side: ReadSide, users: list[User], edit: Edit) -> dict[str, User] | None:
    """Return everybody after an edit of each; None where a rule says no for one."""
    bus = bus_after(log)
    for user in users:
        for command in edit(user):
            try:
                bus.dispatch(command)
            except RefusedError:
                return None
    return _visible(side)


def _visible(side: ReadSide) -> dict[str, User]:
    index = side.catch_up()
    return {row.user.id: row.user for row in side.rows(index.numbers[index.alive(index.now)].tolist())}


def _states(users: Iterable[User]) -> list[User]:
    return sorted((user._replace(version=0) for user in users), key=lambda user: user.id)
