"""Names of moments are taken back like everything else: by further events, and never over later work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.domain.causation import RedoOf, UndoOf
from whowas.domain.commands import Command, CreateUser, DeleteMoment, NameMoment, RenameMoment, UpdateUser
from whowas.domain.errors import RefusedError
from whowas.domain.named_moments import Moments, NamedMoment
from whowas.projections.queries.undo_list import DoneChange
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
AUDIT = "01890000-0000-7000-8000-0000000000a1"
MOVE = "01890000-0000-7000-8000-0000000000a2"
NEW = "01890000-0000-7000-8000-0000000000a3"
SECOND = 1_000_000

Do = Callable[..., DoneChange]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """Ada, a moment after her creation, and one before everything."""
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    bus.dispatch(NameMoment(AUDIT, "Audit", "Noted.", SECOND, 1))
    bus.dispatch(NameMoment(MOVE, "The move", None, 0, 0))
    return bus


@pytest.fixture
def do(bus: Bus) -> Do:
    def do(*commands: Command) -> DoneChange:
        with bus.change() as change:
            change.dispatch(*commands)
        return DoneChange(change.id, change.head_position + 1, change.head_position + change.events, change.recorded_at)

    return do


def moments_of(bus: Bus) -> Moments:
    with bus.change() as change:
        return change.directory().moments


def last_change(log: EventLog) -> DoneChange:
    """Return what an undo or a redo has just appended."""
    events = list(log.read())
    last = events[-1]
    first = next(event.position for event in events if event.change_id == last.change_id)
    return DoneChange(last.change_id, first, last.position, last.recorded_at)


@pytest.mark.parametrize(
    ("sentence", "commands"),
    [
        ("Moment Payday named", [NameMoment(NEW, "Payday", "one\ntwo", SECOND, 1)]),
        ("Moment Audit renamed to AUDIT", [RenameMoment(AUDIT, "AUDIT", None)]),
        ("Note of moment Audit changed", [RenameMoment(AUDIT, "Audit", "Noted again.")]),
        ("Moment Audit deleted", [DeleteMoment(AUDIT)]),
        ("Moment audit named and moment Audit deleted", [DeleteMoment(AUDIT), NameMoment(NEW, "audit", None, 0, 0)]),
        ("Note of moment Audit changed", [DeleteMoment(AUDIT), NameMoment(AUDIT, "Audit", "Noted.", 0, 0)]),
        ("Ada: Title changed", [UpdateUser(ADA, {"title": "Clerk"}), DeleteMoment(MOVE)]),
    ],
)
def test_back_and_forth_and_back_again(
    log: EventLog, bus: Bus, do: Do, tmp_path: Path, sentence: str, commands: list[Command]
) -> None:
    before = moments_of(bus)
    done = do(*commands)
    after = moments_of(bus)
    assert after != before
    side = ReadSide(log, tmp_path / "cache")
    assert side.change_titles(side.catch_up(), [done.change_id]) == {done.change_id: sentence}
    side.close()
    for causation, expected in ((UndoOf, before), (RedoOf, after), (UndoOf, before)):
        assert take_back(bus, log, done, causation(done.change_id))
        undone, done = done, last_change(log)
        assert moments_of(bus) == expected
        assert {event.causation for event in log.read(done.first_position - 1)} == {causation(undone.change_id)}


@pytest.mark.parametrize(
    ("commands", "later", "field"),
    [
        ([RenameMoment(AUDIT, "Payday", None)], [RenameMoment(AUDIT, "Payday", "Noted.")], "moment"),
        ([RenameMoment(AUDIT, "Payday", None)], [NameMoment(NEW, "audit", None, 0, 0)], "name"),
        ([DeleteMoment(AUDIT)], [NameMoment(NEW, "AUDIT", None, 0, 0)], "name"),
        ([NameMoment(NEW, "Payday", None, 0, 0)], [DeleteMoment(NEW)], "moment"),
        ([NameMoment(NEW, "Payday", None, 0, 0)], [RenameMoment(NEW, "PAYDAY", None)], "moment"),
        ([UpdateUser(ADA, {"title": "Clerk"}), DeleteMoment(AUDIT)], [UpdateUser(ADA, {"title": "Head"})], "title"),
    ],
)
def test_later_work_stands_in_the_way_of_all_of_it(
    log: EventLog, bus: Bus, do: Do, commands: list[Command], later: list[Command], field: str
) -> None:
    done = do(*commands)
    do(*later)
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        take_back(bus, log, done, UndoOf(done.change_id))
    assert (refused.value.field, str(refused.value)[-1], log.head()) == (field, ".", head)


def test_later_work_on_another_moment_is_kept(log: EventLog, bus: Bus, do: Do) -> None:
    done = do(RenameMoment(AUDIT, "Inspection", None))
    do(RenameMoment(MOVE, "Moving", "Later."))
    assert take_back(bus, log, done, UndoOf(done.change_id))
    assert moments_of(bus) == {
        AUDIT: NamedMoment("Audit", "Noted.", SECOND, 1),
        MOVE: NamedMoment("Moving", "Later.", 0, 0),
    }
