"""The scales of the timeline: by date with empty stretches compressed, by change, and parts of either."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.desktop.timeline_axis import ticks
from whowas.desktop.timeline_scale import IDLE_SHARE, WHOLE, Moments, TimeScale, Window, panned, zoomed

DAY = 86_400_000_000
START = 1_583_244_312_000_000
GAPS = st.lists(st.integers(0, 4_000), min_size=1, max_size=30)
WINDOWS = st.tuples(st.floats(0, 0.9), st.floats(0.05, 1)).map(lambda ends: (ends[0], min(ends[0] + ends[1], 1.0)))


def days(*numbers: float) -> Moments:
    return np.array([START + int(number * DAY) for number in numbers], dtype=np.int64)


def of_gaps(gaps: list[int]) -> Moments:
    return START + np.cumsum(np.array(gaps, dtype=np.int64)) * DAY


def test_an_empty_stretch_is_compressed_and_known() -> None:
    scale = TimeScale(days(0, 1, 2, 902, 903, 904), 0, 1000)
    assert scale.idle() == [(int(scale.occurred_at[2]), int(scale.occurred_at[3]))]
    assert scale.x_of(4) - scale.x_of(3) == pytest.approx(1000 * IDLE_SHARE)
    assert scale.x_of(3) == pytest.approx(1000 * (1 - IDLE_SHARE) / 2)
    assert scale.busy_share == pytest.approx(4 / 904, abs=0.01)


def test_a_history_without_empty_stretches_is_laid_evenly() -> None:
    scale = TimeScale(days(*range(11)), 0, 1000)
    assert scale.idle() == []
    assert [round(scale.x_of(value)) for value in range(1, 12)] == list(range(0, 1001, 100))


def test_by_change_every_step_is_as_wide_as_any_other() -> None:
    scale = TimeScale(days(0, 1, 2, 902), 0, 1000, by_change=True)
    assert [scale.x_of(value) for value in range(1, 5)] == [250, 500, 750, 1000]
    assert [scale.value_at(x) for x in (0, 250, 500, 1000)] == [0, 1, 2, 4]


@given(GAPS, st.booleans(), WINDOWS)
def test_in_any_part_of_any_scale_a_click_reaches_what_is_drawn_there(
    gaps: list[int], by_change: bool, window: Window
) -> None:
    scale = TimeScale(of_gaps(gaps), 10.0, 1010.0, by_change, window)
    shown = [scale.x_of(value) for value in range(scale.steps + 1)]
    assert shown == sorted(shown)
    for value, x in enumerate(shown):
        if scale.left <= x <= scale.right:
            found = scale.value_at(round(x))
            assert abs(scale.x_of(found) - x) <= 1.01
            assert found >= value or scale.x_of(value) - scale.x_of(found) <= 1.01


@given(GAPS, st.booleans(), WINDOWS, st.integers(1, 60))
def test_bins_hold_the_steps_in_view_each_once(gaps: list[int], by_change: bool, window: Window, count: int) -> None:
    borders = TimeScale(of_gaps(gaps), 0, 1000, by_change, window).bins(count).tolist()
    assert borders == sorted(borders)
    assert 0 <= borders[0] <= borders[-1] <= len(gaps)
    if window == WHOLE:
        assert (borders[0], borders[-1]) == (0, len(gaps))


@given(WINDOWS, st.floats(0.1, 10), st.floats(0, 1))
def test_zooming_stays_on_the_timeline_and_around_the_pointer(window: Window, factor: float, share: float) -> None:
    low, high = zoomed(window, factor, share)
    assert 0 <= low < high <= 1 + 1e-12
    if factor >= 1:
        before = window[0] + share * (window[1] - window[0])
        assert low + share * (high - low) == pytest.approx(before, abs=1e-6)


@given(WINDOWS, st.floats(-3, 3))
def test_panning_keeps_the_length(window: Window, share: float) -> None:
    low, high = panned(window, share)
    assert 0 <= low < high <= 1 + 1e-12
    assert high - low == pytest.approx(window[1] - window[0])


@given(GAPS, st.booleans(), WINDOWS, st.integers(240, 3000))
def test_labels_neither_touch_nor_leave_the_axis_wherever_one_looks(
    gaps: list[int], by_change: bool, window: Window, width: int
) -> None:
    scale = TimeScale(of_gaps(gaps), 14.0, width - 14.0, by_change, window)
    found = [tick for tick in ticks(scale, lambda text: 6.2 * len(text)) if tick.text]
    assert all(tick.label_x >= scale.left - 1e-6 for tick in found)
    assert len(found) <= 1 or found[-1].label_x + 6.2 * len(found[-1].text) <= scale.right + 1e-6
    assert all(next_.label_x >= one.label_x + 6.2 * len(one.text) for one, next_ in pairwise(found))
