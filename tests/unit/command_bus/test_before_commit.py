"""The hook before the commit of a change: if it raises, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus, Receipt
from whowas.domain.commands import CreateUser, SuspendUser
from whowas.domain.errors import CancelledError
from whowas.store.event_log import EventLog

ADA = "0199a3c4-0000-7000-8000-000000000001"
BEN = "0199a3c4-0000-7000-8000-000000000002"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "staff.whowas")
    yield log
    log.close()


def test_it_comes_when_all_is_written_and_nothing_stands(log: EventLog) -> None:
    told: list[str] = []
    others = EventLog.open(log.path)

    def before() -> None:
        told.append(f"here {log.head().position}, for others {others.head().position}")

    bus = Bus(log, clock=lambda: 1, actor="ines", before_commit=before)

    def after(_receipt: Receipt) -> None:
        told.append(f"for others {others.head().position}")

    bus.subscribe(after)
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    assert told == ["here 1, for others 0", "for others 1"]
    with bus.change() as change:
        change.dispatch(SuspendUser(ADA))
        change.abandon()
    assert len(told) == 2, "nothing is about to stand"
    others.close()


def test_whoever_objects_has_nothing_written_and_the_next_change_goes_on(log: EventLog) -> None:
    objecting = True

    def before() -> None:
        if objecting:
            raise CancelledError("Cancelled; nothing was changed.")

    bus = Bus(log, clock=lambda: 1, actor="ines", before_commit=before)
    committed: list[Receipt] = []
    bus.subscribe(committed.append)
    with pytest.raises(CancelledError):
        bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "ada@example.org"}))
    assert (log.head().position, committed) == (0, [])
    objecting = False
    bus.dispatch(CreateUser(BEN, {"first_name": "Ben", "email": "ada@example.org"}))
    assert [event.stream for event in log.read()] == [BEN]
    assert len(committed) == 1
