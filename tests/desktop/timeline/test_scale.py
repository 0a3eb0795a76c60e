"""The scales of the timeline: by date with empty stretches compressed, by change, and parts of either."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.desktop.timeline.axis import ticks
from whowas.desktop.timeline.scale import IDLE_SHARE, WHOLE, Times, TimeScale, Window
from whowas.desktop.timeline.zoom import PartInView, panned, zoomed

DAY = 86_400_000_000
START = 1_583_244_312_000_000
GAPS = st.lists(st.integers(0, 4_000), min_size=1, max_size=30)
WINDOWS = st.tuples(st.floats(0, 0.9), st.floats(0.05, 1)).map(lambda ends: (ends[0], min(ends[0] + ends[1], 1.0)))


def days(*numbers: float) -> Times:
    return np.array([START + int(number * DAY) for number in numbers], dtype=np.int64)


def of_gaps(gaps: list[int]) -> Times:
    return START + np.cumsum(np.array(gaps, dtype=np.int64)) * DAY


def test_an_empty_stretch_is_compressed_and_known() -> None:
    scale = TimeScale(days(0, 1, 2, 902, 903, 904), 0, 1000)
    assert list(scale.idle) == [(int(scale.occurred_at[2]), int(scale.occurred_at[3]))]
    assert scale.x_of(4) - scale.x_of(3) == pytest.approx(1000 * IDLE_SHARE)
    assert scale.x_of(3) == pytest.approx(1000 * (1 - IDLE_SHARE) / 2)
    assert scale.busy == [tuple(days(0, 2)), tuple(days(902, 904))]


def test_a_history_without_empty_stretches_is_laid_evenly() -> None:
    scale = TimeScale(days(*range(11)), 0, 1000)
    assert list(scale.idle) == []
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


def bursts(count: int, days_each: int, apart: float) -> Times:
    return days(*(burst * apart + day for burst in range(count) for day in range(days_each)))


def test_every_clearly_empty_stretch_is_compressed_not_only_the_longest() -> None:
    scale = TimeScale(bursts(6, 10, 500), 0, 1000)
    assert len(scale.idle) == 5
    assert all(end - begin == 491 * DAY for begin, end in scale.idle)
    assert scale.x_of(10) == pytest.approx(1000 * (1 - 5 * IDLE_SHARE) / 6)


@pytest.mark.parametrize(
    "moments",
    [
        days(0, 1, 3, 4, 6, 7, 9, 12),
        days(0, 30, 60, 61, 62, 90, 120),
        bursts(30, 10, 500),
        days(0, 0, 500, 500),
    ],
    ids=["uneven", "single steps", "a rhythm", "instants"],
)
def test_where_nothing_is_clearly_empty_nothing_is_compressed(moments: Times) -> None:
    assert not TimeScale(moments, 0, 1000).idle


def test_what_is_empty_is_judged_by_the_part_in_view() -> None:
    part = PartInView(0)
    part.set_history(np.concatenate((bursts(2, 10, 40), days(*range(100, 2000)))))
    part.set_width(1000)
    assert not part.scale.idle
    for _ in range(9):
        part.zoom(1.5, 0.0)
    assert [end - begin for begin, end in part.scale.idle][:1] == [31 * DAY]


def test_looking_from_further_off_reaches_across_what_is_empty() -> None:
    part = PartInView(0)
    part.set_history(bursts(2, 10, 5_000))
    part.set_width(1000)
    for _ in range(4):
        part.zoom(1.5, 100.0)
    assert part.scale.x_of(11) > 1000
    assert not part.scale.idle, "the empty stretch is beyond the edge, not in view"
    reached = []
    while part.window != WHOLE:
        part.zoom(1 / 1.5, 100.0)
        reached.append(part.window)
        assert len(reached) < 12


def test_panning_by_date_gets_to_the_other_end_across_what_is_empty() -> None:
    part = PartInView(0)
    part.set_history(bursts(3, 10, 5_000))
    part.set_width(1000)
    for _ in range(4):
        part.zoom(1.5, 0.0)
    for _ in range(40):
        part.pan(0.2)
    assert part.scale.x_of(30) == pytest.approx(1000)
    for _ in range(40):
        part.pan(-0.2)
    assert part.scale.x_of(1) == pytest.approx(0)


@given(
    GAPS, st.lists(st.sampled_from(["closer", "further", "back", "on", "first", "last"]), max_size=12), st.booleans()
)
def test_however_one_looks_what_is_in_view_is_a_part_of_the_timeline(
    gaps: list[int], ways: list[str], by_change: bool
) -> None:
    part = PartInView(14)
    part.set_history(of_gaps(gaps))
    part.set_width(1028)
    part.set_by_change(by_change)
    for way in ways:
        match way:
            case "closer":
                part.zoom(1.5, 300.0)
            case "further":
                part.zoom(1 / 1.5, 300.0)
            case "back":
                part.pan(-0.2)
            case "on":
                part.pan(0.2)
            case _:
                value = 1 if way == "first" else len(gaps)
                part.bring_in(value)
                assert 8 <= part.scale.x_of(value) <= 1016
        low, high = part.window
        assert 0 <= low < high <= 1
        shown = [part.scale.x_of(value) for value in range(part.scale.steps + 1)]
        assert shown == sorted(shown)


def texts(scale: TimeScale) -> list[str]:
    return [tick.text for tick in ticks(scale, lambda text: 6.2 * len(text)) if tick.text]


def minutes(*numbers: float) -> Times:
    return days(*(number / 1440 for number in numbers))


def test_labels_let_one_know_the_day_and_the_year_however_close_one_looks() -> None:
    long_ago = minutes(*range(1000))
    scale = TimeScale(np.concatenate((long_ago - 3650 * DAY, long_ago)), 14, 1000, by_change=True)
    for window in ((0.6, 0.61), (0.6, 0.8)):
        first, *others = texts(TimeScale(scale.occurred_at, 14, 1000, True, window))
        assert "2020" in first
        assert others
        assert not any("2020" in text for text in others)


def test_by_change_a_new_day_is_said() -> None:
    moments = minutes(*range(0, 1440, 1))
    found = texts(TimeScale(moments, 14, 1000, by_change=True))
    assert "2020" in found[0]
    assert sum(" Mar " in text for text in found) == len(found)


def test_each_burst_of_a_long_history_is_dated() -> None:
    burst = minutes(*range(1020))
    found = texts(TimeScale(np.concatenate((burst - 3650 * DAY, burst)), 14, 1000))
    assert len(found) > 4
    assert sum("2010" in text for text in found) == 1
    assert sum("2020" in text for text in found) == 1
