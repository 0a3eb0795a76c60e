"""Emails and external ids that changed hands within one change go back, come again, and are imagined away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.corrections.restore import carried_out as restored
from whowas.corrections.restore import planned as restoration
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.undo_one.outcome import carried_out as undone
from whowas.corrections.undo_one.planning import planned as undoing
from whowas.corrections.what_if.apply import apply
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import ImportOf, RedoOf, UndoOf
from whowas.domain.commands import CreateUser, DeleteUser, UpdateUser
from whowas.projections.queries.undo_list import DoneChange
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA, BEN, CAM = IDS = tuple(f"01890000-0000-7000-8000-00000000000{letter}" for letter in "abc")
SECOND = 1_000_000

BEFORE = [("a@x.org", "1"), ("b@x.org", "2"), ("c@x.org", "3")]
AFTER = [("b@x.org", "2"), ("c@x.org", "1"), ("a@x.org", "3")]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """Three users with nothing but an email and an external id, and an import in which those went round."""
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    with bus.change() as change:
        for user_id, (email, external_id) in zip(IDS, BEFORE, strict=True):
            change.dispatch(CreateUser(user_id, {"email": email, "external_id": external_id}))
    with bus.change(causation=ImportOf("list.csv")) as change, change.together():
        for user_id, (email, external_id) in zip(IDS, AFTER, strict=True):
            change.dispatch(UpdateUser(user_id, {"email": email, "external_id": external_id}))
    return bus


def last_change(log: EventLog) -> DoneChange:
    events = list(log.read())
    last = events[-1]
    first = next(event.position for event in events if event.change_id == last.change_id)
    return DoneChange(last.change_id, first, last.position, last.recorded_at)


def held(bus: Bus) -> list[tuple[str | None, str | None]]:
    with bus.change() as change:
        users = [change.user(user_id) for user_id in IDS]
    return [(user.email, user.external_id) for user in users if user is not None]


def test_undone_and_redone(log: EventLog, bus: Bus) -> None:
    done = last_change(log)
    assert held(bus) == AFTER
    for causation, expected in ((UndoOf, BEFORE), (RedoOf, AFTER), (UndoOf, BEFORE)):
        assert take_back(bus, log, done, causation(done.change_id))
        done = last_change(log)
        assert held(bus) == expected
        assert done.last_position - done.first_position == 2, "nobody is touched twice"
    assert log.verify() is None


def test_undone_one_of_several(log: EventLog, bus: Bus) -> None:
    done = last_change(log)
    bus.dispatch(UpdateUser(ADA, {"title": "Head"}))
    plan = undoing(log, done)
    assert undone(bus, plan, [conflict.key for conflict in plan.conflicts])
    assert held(bus) == BEFORE
    assert log.verify() is None


def test_restored_to_before(log: EventLog, bus: Bus, tmp_path: Path) -> None:
    side = ReadSide(log, tmp_path / "cache")
    try:
        index = side.catch_up()
        assert restored(bus, restoration(side.read_model, index, log.head().position, 1))
        assert held(bus) == BEFORE
    finally:
        side.close()
    assert log.verify() is None


def test_imagined_away_and_made_so(log: EventLog, bus: Bus) -> None:
    outcome = imagine(log, [last_change(log).change_id])
    assert outcome.refused == []
    assert apply(bus, outcome)
    assert held(bus) == BEFORE
    assert log.verify() is None


def test_kept_where_something_else_is_imagined_away(log: EventLog, bus: Bus) -> None:
    swap = last_change(log)
    title = bus.dispatch(UpdateUser(ADA, {"title": "Head"})).change_id
    assert take_back(bus, log, swap, UndoOf(swap.change_id))
    outcome = imagine(log, [title])
    assert (outcome.refused, [outcome.users[user_id].email for user_id in IDS]) == ([], [email for email, _ in BEFORE])


def test_whoever_cannot_take_part_is_refused_and_who_relied_on_them_too(log: EventLog, bus: Bus) -> None:
    freed = bus.dispatch(UpdateUser(CAM, {"email": "d@x.org"})).change_id
    with bus.change() as change, change.together():
        change.dispatch(UpdateUser(BEN, {"email": "a@x.org"}))
        change.dispatch(UpdateUser(ADA, {"email": "c@x.org"}))
        change.dispatch(UpdateUser(CAM, {"title": "Head"}))
    bus.dispatch(DeleteUser(BEN))
    outcome = imagine(log, [freed])
    assert [(refused.user_id, refused.reason) for refused in outcome.refused] == [
        (BEN, "Another user has the email a@x.org already."),
        (ADA, "Another user has the email c@x.org already."),
    ]
    assert [outcome.users[user_id].email for user_id in IDS] == ["b@x.org", "c@x.org", "a@x.org"]
    assert outcome.users[CAM].title == "Head"
