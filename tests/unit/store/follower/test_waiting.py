"""When the server is looked at and tried again, by a clock that jumps instead of waiting."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from whowas.domain.errors import StoreError
from whowas.store.follower import waiting
from whowas.store.follower.waiting import Waiting
from whowas.store.server.address import ServerAddress
from whowas.store.server.connecting import listening

LONG = 1e6


class Clock:
    """Stands in for ``time``, and for the event that is waited for, which takes the time it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.is_hurried = False

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        assert seconds > 0
        self.now += seconds
        return False

    def is_set(self) -> bool:
        return self.is_hurried

    def set(self) -> None:
        self.is_hurried = True

    def clear(self) -> None:
        self.is_hurried = False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(waiting, "time", clock)
    monkeypatch.setattr(waiting, "Event", lambda: clock)
    return clock


class Computer:
    """Is in some network; the server may let it listen, and be ahead."""

    network: tuple[tuple[str, ...], ...] = ((), ("10.0.0.2", ""))
    hears: bool | None = None
    """Whether it hears anything where it listens; None where it is not let to."""
    is_behind = False


@pytest.fixture
def computer(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Computer:
    computer = Computer()

    def listener(*_: object) -> Any:
        if computer.hears is None:
            raise StoreError("Only one connection is let in.")
        return SimpleNamespace(can_hear=computer.hears, wait=clock.wait, wake=lambda: None, close=lambda: None)

    monkeypatch.setattr(waiting, "networks", lambda: computer.network)
    monkeypatch.setattr(listening, "Listener", listener)
    return computer


@pytest.fixture
def waits(computer: Computer) -> Waiting:
    return Waiting(ServerAddress(host="db.example.org"), "an id", lambda: computer.is_behind)


def waited(waits: Waiting, clock: Clock, timeout: float = LONG) -> tuple[bool, float]:
    """Wait; return what that said, and how long it took, in seconds."""
    began = clock.now
    return waits.wait(timeout), round(clock.now - began, 6)


def test_it_is_tried_again_more_and_more_seldom(waits: Waiting, clock: Clock) -> None:
    for _ in range(2):
        for seconds in (1, 2, 5, 15, 30, 30, 30):
            waits.failed()
            assert waited(waits, clock) == (True, seconds)
        waits.connected()


def test_whoever_asks_in_between_does_not_put_it_off(waits: Waiting, clock: Clock) -> None:
    for _ in range(3):
        waits.failed()
    assert [waited(waits, clock, 2) for _ in range(3)] == [(False, 2), (False, 2), (True, 1)]


def test_in_another_network_it_is_tried_at_once(waits: Waiting, clock: Clock, computer: Computer) -> None:
    for _ in range(5):
        waits.failed()
    assert waited(waits, clock, 3) == (False, 3)
    computer.network = ((), ("", ""))
    assert waited(waits, clock) == (True, 0), "there may be a server in it"
    waits.failed()
    assert waited(waits, clock, 3) == (False, 3), "once"
    computer.network = (("wlan0",), ("", ""))
    assert waited(waits, clock) == (True, 0)


def test_who_asks_for_it_need_not_wait(waits: Waiting, clock: Clock) -> None:
    for _ in range(5):
        waits.failed()
    waits.hurry()
    assert waited(waits, clock) == (True, 0)


@pytest.mark.parametrize(("hears", "seconds"), [(True, 15), (False, 2), (None, 2)])
def test_the_head_is_looked_at_seldom_where_the_server_wakes_and_often_elsewhere(
    waits: Waiting, clock: Clock, computer: Computer, hears: bool | None, seconds: int
) -> None:
    computer.hears = hears
    if hears is not None:
        assert waited(waits, clock) == (True, 0), "what came before it listened is still to be read"
    assert waited(waits, clock, 40) == (False, 40)
    computer.is_behind = True
    took = [waited(waits, clock) for _ in range(4)]
    assert all(is_due for is_due, _ in took)
    assert [each for _, each in took[1:]] == [seconds] * 3
