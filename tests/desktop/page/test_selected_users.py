"""Users remembered are found again by number, wherever their rows stand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.histories import HISTORIES, taken_in
from whowas.desktop.page.selected_users import RUNS_MOST, Numbering, runs_of, selected_users
from whowas.domain.commands import Command
from whowas.projections.index.ranks import ranked


@given(HISTORIES, st.data())
def test_users_are_found_again_at_any_other_moment(history: list[tuple[Command, int]], data: st.DataObject) -> None:
    with taken_in(history) as (_log, side, index):
        ranks = ranked(index, "name")
        then, now = (data.draw(st.integers(0, index.now)) for _ in range(2))
        there = ranks.at(then).all_numbers()
        some = there[sorted(data.draw(st.sets(st.integers(0, max(len(there) - 1, 0))))) if len(there) else []]
        remembered = selected_users(index, some, Numbering(0, 0), ())
        numbers = ranks.at(now).all_numbers()
        spans = remembered.among(index, numbers)
        assert spans is not None
        wanted = {row.user.id for row in side.rows(some.tolist())}
        expected = [place for place, row in enumerate(side.rows(numbers.tolist())) if row.user.id in wanted]
        assert [place for span in spans for place in span] == expected
        assert all(one.stop < two.start for one, two in pairwise(spans)), "runs have gaps between"


def test_very_many_runs_are_none() -> None:
    assert runs_of(np.arange(0, 2 * RUNS_MOST, 2)) is not None
    assert runs_of(np.arange(0, 2 * RUNS_MOST + 2, 2)) is None
    assert runs_of(np.arange(100_000)) == [range(100_000)]


def test_few_users_are_known_by_id_where_numbers_mean_others() -> None:
    with taken_in([]) as (_log, _side, index):
        few = selected_users(index, np.zeros(0, dtype=np.int32), Numbering(0, 0), ("a", "b", "c"))
        moved = few.renumbered(Numbering(0, 1), {"a": 7, "c": 3}.get)
        assert moved is not None
        assert moved.ids == ("a", "c")
        assert moved.users.tolist() == [7, 3]
        many = selected_users(index, np.zeros(0, dtype=np.int32), Numbering(0, 0), ())
        assert many.renumbered(Numbering(1, 0), {}.get) is None
