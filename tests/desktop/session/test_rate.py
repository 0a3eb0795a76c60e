"""How many rows go by in a second is said once it is known, and does not flicker."""

from __future__ import annotations

from itertools import pairwise

import pytest

from whowas.desktop.session.rate import Rate


class Clock:
    """Tells the time that it is set to, in seconds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def rates(counts: list[tuple[float, int]]) -> list[int]:
    clock = Clock()
    rate = Rate(clock)
    told = []
    for seconds, count in counts:
        clock.now = 100.0 + seconds
        told.append(rate.seen(count))
    return told


def test_nothing_is_said_within_the_first_second() -> None:
    assert rates([(0.0, 0), (0.3, 300), (0.6, 600), (0.9, 900)]) == [0, 0, 0, 0]


@pytest.mark.parametrize(("a_second", "told"), [(8, 8), (777, 777), (12_437, 12_400), (1_234_567, 1_230_000)])
def test_what_goes_by_evenly_is_told_to_three_digits(a_second: int, told: int) -> None:
    assert rates([(each / 10, a_second * each // 10) for each in range(31)])[-1] == told


def test_it_follows_what_gets_slower_without_jumping() -> None:
    fast = [(each / 10, 1000 * each) for each in range(21)]
    slow = [(2 + each / 10, 20_000 + 100 * each) for each in range(1, 101)]
    told = [each for each in rates([*fast, *slow]) if each]
    assert told[0] == 10_000
    assert all(before * 0.6 < after <= before for before, after in pairwise(told))
    assert 1_000 <= told[-1] < 1_200


def test_with_fewer_than_before_it_begins_anew() -> None:
    assert rates([(each, 1000 * each) for each in range(5)] + [(5, 0), (5.5, 100), (6.5, 300)])[-3:] == [0, 0, 200]


def test_what_stands_still_has_no_rate() -> None:
    assert rates([(each, 1000) for each in range(60)])[-1] == 0
