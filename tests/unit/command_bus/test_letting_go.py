"""What a change held goes with it, in pieces, and leaves the garbage collector nothing to look for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import RefusedError
from whowas.domain.events import UserCreated
from whowas.store.event_log import EventLog

USERS = 50
IDS = "7e77176e-0000-7000-8000"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    log = EventLog.create(tmp_path / "staff.whowas")
    yield Bus(log, clock=lambda: 1, actor="tests")
    log.close()


def _create(bus: Bus, how: str) -> None:
    with suppress(RefusedError), bus.change() as change:
        for number in range(USERS):
            user_id = f"{IDS}-{number:012d}"
            change.dispatch(CreateUser(user_id, {"email": f"{number}@example.org"}, {}))
        if how == "abandoned":
            change.abandon()
        if how == "refused":
            raise RefusedError("", "No.")


@pytest.mark.parametrize("how", ["written", "abandoned", "refused"])
def test_no_event_of_a_change_that_is_over_waits_for_the_garbage_collector(bus: Bus, how: str) -> None:
    gc.collect()
    gc.disable()
    try:
        _create(bus, how)
        left = [one for one in gc.get_objects() if isinstance(one, UserCreated) and one.user_id.startswith(IDS)]
    finally:
        gc.enable()
    assert len(left) == (USERS if how == "written" else 0), "what was written is kept in the cache of streams"


def test_how_many_events_a_change_caused_is_still_known_once_it_is_written(bus: Bus) -> None:
    with bus.change() as change:
        change.dispatch(CreateUser("00000000-0000-7000-8000-000000000001", {"first_name": "Ada"}, {}))
    assert change.events == 1
