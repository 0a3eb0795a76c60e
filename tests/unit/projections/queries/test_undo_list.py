"""Of a very long history the last changes of a person are followed, and what is on the list is as if all were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.domain.causation import RedoOf, UndoOf
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.projections.queries import undo_list
from whowas.projections.queries.undo_list import UndoList
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA = "0199a3c4-0000-7000-8000-000000000001"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with closing(EventLog.create(tmp_path / "staff.whowas")) as log:
        yield log


@pytest.fixture
def side(log: EventLog, tmp_path: Path) -> Iterator[ReadSide]:
    with closing(ReadSide(log, tmp_path / "cache")) as side:
        yield side


def followed(side: ReadSide) -> UndoList:
    side.catch_up()
    listed = UndoList("ines")
    listed.follow(side.read_model)
    return listed


def test_a_list_that_begins_late_says_the_same_as_one_of_all_changes_for_as_long_as_it_goes(
    log: EventLog, side: ReadSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = Bus(log, clock=lambda: 1_700_000_000_000_000, actor="ines")
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    for number in range(6):
        bus.dispatch(UpdateUser(ADA, {"title": f"{number}"}))
    for _ in range(4):
        undoing = followed(side).to_undo
        assert undoing is not None
        assert take_back(bus, log, undoing, UndoOf(undoing.change_id))
    redoing = followed(side).to_redo
    assert redoing is not None
    assert take_back(bus, log, redoing, RedoOf(redoing.change_id))
    whole = followed(side)

    # The last four are three undos, of which those undone came before, and a redo; of the last six one more undone.
    for last in (4, 6):
        monkeypatch.setattr(undo_list, "CHANGES_FOLLOWED", last)
        late = followed(side)
        assert (late.to_undo, late.to_redo) == (whole.to_undo, whole.to_redo)
