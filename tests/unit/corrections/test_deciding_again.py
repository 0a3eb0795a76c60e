"""Corrections during which somebody else writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.optimistic_log import OptimisticLog
from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.undo_one.outcome import carried_out
from whowas.corrections.undo_one.planning import planned
from whowas.domain.causation import UndoOf
from whowas.domain.commands import Command, CreateUser, DeleteUser, UpdateUser
from whowas.domain.errors import AlteredAgainError, RefusedError
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.decided import Committed, Moved
from whowas.store.event_log import EventLog

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
SECOND = 1_000_000


class Directory:
    """Ada and Ben got titles by one change; ``coming`` is what somebody else does before the next append."""

    def __init__(self, log: EventLog, other: EventLog) -> None:
        self.log = log
        self.theirs = Bus(other, clock=lambda: 2 * SECOND, actor="theo")
        self.coming: list[Command] = []
        self.optimistic = OptimisticLog(log, self._interfere)
        self.bus = Bus(self.optimistic, clock=lambda: 2 * SECOND, actor="ines")
        for user_id, name in ((ADA, "Ada"), (BEN, "Ben")):
            self.bus.dispatch(CreateUser(user_id, {"first_name": name}))
        titles = UpdateUser(ADA, {"title": "Bursar"}), UpdateUser(BEN, {"title": "Bursar"})
        _, receipt = self.bus.carry_out(lambda change: change.dispatch(*titles))
        self.done = DoneChange(receipt.change_id, receipt.first_position, receipt.last_position, 2 * SECOND)
        self.optimistic.answers.clear()

    @property
    def answers(self) -> list[type]:
        return [type(answer) for answer in self.optimistic.answers]

    def user(self, user_id: str) -> User:
        user = self.bus.try_out(lambda change: change.user(user_id))
        assert user is not None
        return user

    def _interfere(self) -> None:
        if self.coming:
            self.theirs.dispatch(self.coming.pop())


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    path = tmp_path / "staff.whowas"
    with closing(EventLog.create(path)) as log, closing(EventLog.open(path)) as other:
        yield Directory(log, other)
        assert log.verify() is None


def undo(directory: Directory) -> bool:
    return take_back(directory.bus, directory.log, directory.done, UndoOf(directory.done.change_id))


def undo_one(directory: Directory) -> Callable[[], bool]:
    plan = planned(directory.log, directory.done)
    return lambda: carried_out(directory.bus, plan)


def test_the_last_change_is_taken_back_after_what_another_did(directory: Directory) -> None:
    directory.coming = [UpdateUser(ADA, {"phone": "12"})]
    assert undo(directory)
    assert directory.answers == [Moved, Committed]
    assert (directory.user(ADA).title, directory.user(ADA).phone, directory.user(BEN).title) == (None, "12", None)


def test_it_is_not_taken_back_over_what_another_made_of_it(directory: Directory) -> None:
    directory.coming = [UpdateUser(BEN, {"title": "Clerk"})]
    with pytest.raises(AlteredAgainError):
        undo(directory)
    assert directory.answers == [Moved]
    assert (directory.user(ADA).title, directory.user(BEN).title) == ("Bursar", "Clerk")


@pytest.mark.parametrize("theirs", [CreateUser(CLEO, {"first_name": "Cleo"}), DeleteUser(BEN)])
def test_a_plan_is_not_carried_out_once_another_has_written(directory: Directory, theirs: Command) -> None:
    carry_out = undo_one(directory)
    directory.coming = [theirs]
    with pytest.raises(RefusedError, match="was changed since you looked at this"):
        carry_out()
    assert directory.answers == [Moved]
    assert directory.user(ADA).title == "Bursar"


def test_a_plan_is_carried_out_where_nobody_has_written(directory: Directory) -> None:
    assert undo_one(directory)()
    assert directory.answers == [Committed]
    assert directory.user(ADA).title is None
