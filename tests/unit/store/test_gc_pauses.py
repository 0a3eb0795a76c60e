"""The collector is paused while it would find nothing, and large collections are freed in pieces."""

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
from whowas.store.gc_pauses import OLD_AT_ONCE, freeze_existing, gc_paused, let_go, unfreeze

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
def unfrozen() -> Iterator[None]:
    unfreeze()
    yield
    unfreeze()


def test_it_is_paused_while_a_read_side_is_folded(log: EventLog) -> None:
    paused: list[bool] = []
    with temporary_side(log) as side:
        side.catch_up(lambda _done, _total: paused.append(not gc.isenabled()))
    assert paused
    assert all(paused)
    assert gc.isenabled()


def test_the_objects_of_a_what_if_are_frozen_and_freed(log: EventLog) -> None:
    change_id = log.change_at(1)
    assert change_id is not None
    assert gc.get_freeze_count() == 0
    what_if = imagine(log, [change_id])
    assert gc.get_freeze_count() > 600
    assert gc.isenabled()
    assert (len(what_if.refused), len(what_if.user_differences)) == (600, 1)
    what_if.close()
    assert (what_if.refused, what_if.user_differences, what_if.users, what_if.log.decided) == ([], [], {}, [])


def test_large_collections_are_emptied_in_pieces() -> None:
    many, named = list(range(1234)), {number: str(number) for number in range(1234)}
    let_go(many, named, [])
    assert (many, named) == ([], {})


def test_frozen_objects_are_collected_again_after_unfreezing() -> None:
    freeze_existing()
    assert gc.get_freeze_count() > 0
    unfreeze()
    assert gc.get_freeze_count() == 0


def test_what_a_long_block_made_counts_as_old_at_its_end() -> None:
    gc.collect()
    with gc_paused():
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
    with gc_paused():
        made: list[object] = []
        made.append(made)
    young = {id(one) for generation in (0, 1) for one in gc.get_objects(generation)}
    assert id(made) in young


def test_a_block_within_another_leaves_the_rest_to_it() -> None:
    with gc_paused():
        with gc_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
