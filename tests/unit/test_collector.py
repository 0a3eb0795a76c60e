"""The collector rests through a long transaction, and does not go through all that it left behind at its end."""

from __future__ import annotations

import gc

from whowas.store.collector import OLD_AT_ONCE, resting


def test_what_a_long_block_made_counts_as_old_at_its_end() -> None:
    gc.collect()
    with resting():
        assert not gc.isenabled()
        made = [[number] for number in range(2 * OLD_AT_ONCE)]
        assert gc.get_count()[0] > OLD_AT_ONCE
    assert gc.isenabled()
    assert gc.get_count()[0] < OLD_AT_ONCE
    young = {id(one) for generation in (0, 1) for one in gc.get_objects(generation)}
    assert id(made[0]) not in young
    assert gc.get_freeze_count() == 0, "they can be collected one day"


def test_what_a_short_block_made_stays_young() -> None:
    gc.collect()
    with resting():
        made: list[object] = []
        made.append(made)
    young = {id(one) for generation in (0, 1) for one in gc.get_objects(generation)}
    assert id(made) in young


def test_a_block_within_another_leaves_the_rest_to_it() -> None:
    with resting():
        with resting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
