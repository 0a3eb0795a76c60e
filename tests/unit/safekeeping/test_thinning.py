"""Thinning: what stays of the backups, however they lie in time, and however often they were thinned before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.safekeeping import thinning
from whowas.safekeeping.thinning import Made, too_many

SECOND = 1_000_000
DAY = 24 * 3600 * SECOND
NOW = int(datetime(2026, 11, 28, 14, 5, 12, tzinfo=UTC).timestamp()) * SECOND
NO_LIMIT = 2**62

made_within_years = st.lists(
    st.builds(Made, st.integers(NOW - 900 * DAY, NOW + 30 * DAY), st.integers(0, 400)), min_size=1, max_size=60
)


def left(made: list[Made], now: int = NOW, limit: int = NO_LIMIT) -> list[Made]:
    gone = set(too_many(made, now, limit))
    return [one for index, one in enumerate(made) if index not in gone]


def test_daily_use_for_two_years_leaves_a_few_dozen() -> None:
    kept: list[Made] = []
    for day in range(730):
        now = NOW - (729 - day) * DAY
        kept = left([*kept, Made(now - 3600 * SECOND, 1), Made(now, 1)], now)
    ages = sorted((NOW - one.at) // DAY for one in kept)
    assert ages[:9] == [0, 0, 1, 2, 3, 4, 5, 6, 7]
    assert len([age for age in ages if 7 < age <= 31]) in (4, 5)
    assert len([age for age in ages if age > 31]) in (23, 24)


@given(made_within_years, st.integers(0, 8_000))
def test_it_is_idempotent_and_keeps_the_newest(made: list[Made], limit: int) -> None:
    kept = left(made, limit=limit)
    assert left(kept, limit=limit) == kept
    oldest_first = sorted(made, key=lambda one: (min(one.at, NOW), one.at <= NOW, one.at))
    assert oldest_first[-1] in kept
    assert sum(one.size for one in kept) <= limit or len(kept) == 1


@given(made_within_years, st.integers(0, 400))
def test_what_stays_does_not_depend_on_when_it_was_thinned_before(made: list[Made], days: int) -> None:
    there = [one for one in made if one.at <= NOW]
    later = NOW + days * DAY
    assert left(left(there), later) == left(there, later)
    assert set(left(there, later)) <= set(left(there))


@given(made_within_years)
def test_no_gap_grows_beyond_what_its_age_allows(made: list[Made]) -> None:
    kept = sorted(one.at for one in left(made))
    for one in made:
        after = min((at for at in kept if at >= one.at), default=None)
        age = (NOW - min(one.at, NOW)) / DAY
        allowed = 0 if age <= 0 else 1 if age <= thinning.DAYS_DAILY else 7 if age <= thinning.DAYS_WEEKLY - 1 else 31
        assert after is not None
        assert after - one.at <= allowed * DAY + 3600 * SECOND, "an hour, where a day has 25 of them"
    assert all(first <= second for first, second in pairwise(kept))


@given(made_within_years, st.integers(0, 8_000), st.integers(0, 8_000))
def test_more_room_never_leaves_less(made: list[Made], one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert set(left(made, limit=less)) <= set(left(made, limit=more))


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=40), timedelta(days=4_000)])
def test_after_the_clock_was_set_back_nothing_of_the_future_goes_but_for_room(back: timedelta) -> None:
    now = NOW - int(back.total_seconds()) * SECOND
    future = [Made(NOW - hours * 3600 * SECOND, 10) for hours in (0, 1, 2)]
    there = [*future, Made(now, 10)]
    assert [one for one in left(there, now) if one.at >= now] == [one for one in there if one.at >= now]
    # The one just made is the newest, whatever the others are called.
    assert left([Made(NOW, 10), Made(NOW + DAY, 10), Made(now, 10)], now, limit=10) == [Made(now, 10)]


def test_the_oldest_goes_first_for_room_and_one_too_large_stays() -> None:
    made = [Made(NOW - 2 * SECOND, 40), Made(NOW - SECOND, 50), Made(NOW, 60)]
    assert left(made, limit=110) == made[1:]
    assert left(made, limit=10) == made[2:]
