"""The collector rests where there is nothing to find, and what is large is let go in pieces."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.projections.sides.temporary import temporary_side
from whowas.store.event_log import EventLog
from whowas.store.gc_pauses import OLD_AT_ONCE, let_go, resting, set_aside, take_back

ADA = "01890000-0000-7000-8000-00000000000a"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    """Ada, and six hundred titles of hers."""
    log = EventLog.create(tmp_path / "people.whowas")
    bus = Bus(log, clock=lambda: 1_000_000, actor="ines")
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    with bus.change() as change:
        change.dispatch(*(UpdateUser(ADA, {"title": f"Clerk {number}"}) for number in range(600)))
    yield log
    log.close()


@pytest.fixture(autouse=True)
def looked_at_again() -> Iterator[None]:
    take_back()
    yield
    take_back()


def test_it_rests_while_a_read_side_is_folded(log: EventLog) -> None:
    rested: list[bool] = []
    with temporary_side(log) as side:
        side.catch_up(lambda _done, _total: rested.append(not gc.isenabled()))
    assert rested
    assert all(rested)
    assert gc.isenabled()


def test_what_came_of_a_what_if_is_set_aside_and_let_go(log: EventLog) -> None:
    change_id = log.change_at(1)
    assert change_id is not None
    assert gc.get_freeze_count() == 0
    what_if = imagine(log, [change_id])
    assert gc.get_freeze_count() > 600
    assert gc.isenabled()
    assert (len(what_if.refused), len(what_if.user_differences)) == (600, 1)
    what_if.close()
    assert (what_if.refused, what_if.user_differences, what_if.users, what_if.log.decided) == ([], [], {}, [])


def test_what_is_large_goes_in_pieces_to_its_end() -> None:
    many, named = list(range(1234)), {number: str(number) for number in range(1234)}
    let_go(many, named, [])
    assert (many, named) == ([], {})


def test_what_was_set_aside_is_looked_at_again() -> None:
    set_aside()
    assert gc.get_freeze_count() > 0
    take_back()
    assert gc.get_freeze_count() == 0


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
