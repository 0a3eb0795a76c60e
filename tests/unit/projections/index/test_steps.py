"""The place of a moment: it stays put whatever steps come in, and among fewer steps is where it would be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from whowas.projections.index.steps import Steps, TimelineKey

MOMENTS = st.lists(st.integers(-5, 20), max_size=20)


def steps_of(moments: list[int]) -> Steps:
    """Steps recorded in this order, each of one event that occurred at its moment."""
    numbers = np.arange(1, len(moments) + 1)
    one = np.ones_like(numbers)
    return Steps.of(np.column_stack((numbers, np.array(moments, dtype=np.int64), numbers, one, one, one)))


@given(MOMENTS, MOMENTS)
def test_a_place_is_after_the_same_step_among_more_and_among_fewer(moments: list[int], more: list[int]) -> None:
    fewer, all_of_them = steps_of(moments), steps_of(moments + more)
    for moment in range(len(fewer) + 1):
        key = fewer.key_of(moment)
        assert fewer.moment_after(key) == moment
        then = all_of_them.moment_after(key)
        shown = set(all_of_them.numbers[:then].tolist())
        assert set(fewer.numbers[:moment].tolist()) <= shown
        assert set(fewer.numbers[moment:].tolist()).isdisjoint(shown)
        assert all_of_them.key_of(then) == key
    for moment in range(len(all_of_them) + 1):
        then = fewer.moment_after(all_of_them.key_of(moment))
        known = [number for number in all_of_them.numbers[:moment].tolist() if number <= len(moments)]
        assert fewer.numbers[:then].tolist() == known


def test_the_beginning_has_a_place_before_everything() -> None:
    steps = steps_of([-7, 3])
    assert steps.key_of(0) == TimelineKey(0, 0)
    assert steps.moment_after(TimelineKey(0, 0)) == 0


@given(MOMENTS)
def test_all_moments_newest_first(moments: list[int]) -> None:
    steps = steps_of(moments)
    newest_first = steps.newest_first()
    assert newest_first.tolist() == list(range(len(moments), 0, -1))
    in_order = moments == sorted(moments)
    assert np.shares_memory(newest_first, steps.numbers) == (in_order and bool(moments)), "where it is there already"
