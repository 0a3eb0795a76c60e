"""A change of many users goes to the server in portions: it tells how far it is, and is cancelled between any two."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import uuid_utils

from tests.integration.store.follower.conftest import Computers, bus_of
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.undo.last_change import take_back
from whowas.domain.causation import UndoOf
from whowas.domain.commands import CreateUser, SuspendUser, UpdateUser
from whowas.domain.errors import CancelledError
from whowas.domain.progress import Phase, Progress
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.server import server_log

USERS = [str(uuid_utils.uuid7()) for _ in range(5)]


class Saving:
    """Remembers what it is told while a change is saved, and cancels at ``at``; -1 for never."""

    def __init__(self, at: int) -> None:
        self.told: list[tuple[int, int]] = []
        self._at = at
        self._saves = False

    def __call__(self, done: int, total: int) -> None:
        if self._saves:
            self.told.append((done, total))
            if done == self._at:
                raise CancelledError

    def begin_phase(self, phase: Phase | None, *, counts_rows: bool) -> None:
        del counts_rows
        self._saves = phase == "saving"


@pytest.mark.parametrize("at", [0, 4])
def test_a_bulk_edit_and_its_undo_are_cancelled_between_portions(
    computers: Computers, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    bus = bus_of(ada)
    bus.carry_out(lambda change: change.dispatch(*(CreateUser(one, {"first_name": "Ada"}, {}) for one in USERS)))
    monkeypatch.setattr(server_log, "_EVENTS_A_CALL", 2)

    def suspend(change: Change) -> None:
        change.dispatch(*(SuspendUser(one) for one in USERS))

    def require_cancelled(begin: Callable[[Progress], object]) -> None:
        before, saving = ada.log.head(), Saving(at)
        with pytest.raises(CancelledError):
            begin(saving)
        assert saving.told == [(done, 5) for done in range(0, at + 1, 2)]
        ben.follow()
        assert ben.log.head() == before

    require_cancelled(lambda progress: bus.carry_out(suspend, progress=progress))
    new = CreateUser(str(uuid_utils.uuid7()), {"first_name": "Ben"}, {})
    bus_of(ben).dispatch(new)  # which does not touch what was read
    _, receipt = bus.carry_out(suspend, progress=Saving(-1))
    assert receipt.events == 5
    done = DoneChange(receipt.change_id, receipt.first_position, receipt.last_position, 0)
    cause = UndoOf(receipt.change_id)
    require_cancelled(lambda progress: take_back(bus, ada.log, done, cause, progress))
    assert take_back(bus, ada.log, done, cause, Saving(-1))
    bus_of(ben).dispatch(UpdateUser(USERS[0], {"title": "Clerk"}, {}))
    assert ben.log.verify() is None
