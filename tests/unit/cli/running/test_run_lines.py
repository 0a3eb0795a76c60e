"""What ``run`` answers where somebody else writes while it decides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.optimistic_log import OptimisticLog
from whowas.cli.running.run_lines import _answered
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.store.decided import Committed, Moved
from whowas.store.event_log import EventLog

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
COMMAND = "01890000-0000-7000-8000-0000000000c1"


class Asked:
    """A directory with Ada; ``coming`` is what somebody else does before each append."""

    def __init__(self, log: EventLog, other: EventLog) -> None:
        self.theirs = Bus(other, clock=lambda: 1_000_000, actor="theo")
        self.coming: list[Callable[[], object]] = []
        self._log = log
        self._optimistic = OptimisticLog(log, lambda: self.coming.pop(0)() if self.coming else None)
        self._bus = Bus(self._optimistic, clock=lambda: 1_000_000, actor="ines")
        self._bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "a@example.org"}))
        self._optimistic.answers.clear()

    @property
    def answers(self) -> list[type]:
        return [type(answer) for answer in self._optimistic.answers]

    def __call__(self, **line: object) -> dict[str, Any]:
        return _answered(json.dumps(line).encode(), 1, self._bus, self._log)


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Asked]:
    path = tmp_path / "staff.whowas"
    with closing(EventLog.create(path)) as log, closing(EventLog.open(path)) as other:
        yield Asked(log, other)


def test_the_position_is_that_of_its_own_change(ask: Asked) -> None:
    ask.coming = [lambda: ask.theirs.dispatch(CreateUser(BEN, {"first_name": "Ben"}))]
    assert ask(command="UpdateUser", id=ADA, title="Bursar") == {"ok": True, "id": ADA, "position": 3}
    assert ask.answers == [Committed]


def test_it_is_that_of_the_head_where_nothing_was_to_be_done(ask: Asked) -> None:
    ask.theirs.dispatch(CreateUser(BEN, {"first_name": "Ben"}))
    assert ask(command="UpdateUser", id=ADA, first_name="Ada") == {"ok": True, "id": ADA, "position": 2}


def test_the_subject_is_that_of_the_last_decision(ask: Asked) -> None:
    """Ada gives her email to Ben while a line about it is decided."""

    def pass_on() -> None:
        with ask.theirs.change() as change:
            change.dispatch(UpdateUser(ADA, {"email": None}), CreateUser(BEN, {"email": "a@example.org"}))

    ask.coming = [pass_on]
    assert ask(command="UpdateUser", id="a@example.org", title="Bursar") == {"ok": True, "id": BEN, "position": 4}
    assert ask.answers == [Moved, Committed]


def test_who_sent_the_same_command_meanwhile_has_carried_it_out(ask: Asked) -> None:
    ask.coming = [lambda: ask.theirs.dispatch(CreateUser(CLEO, {"first_name": "Cleo"}), command_id=COMMAND)]
    answer = ask(command="CreateUser", first_name="Cleo", command_id=COMMAND)
    assert answer == {"ok": True, "id": CLEO, "position": 2}
    assert ask.answers == [Moved]
