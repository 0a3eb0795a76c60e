"""What an import did, read back: as the log has it, whatever was done since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.projections.queries.test_change_lines import naive
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf, UndoForSome, UndoOf
from whowas.domain.commands import Command, CreateUser, DeleteUser, EraseUser, SuspendUser, UpdateUser
from whowas.domain.errors import CancelledError, RefusedError
from whowas.interchange.importing.made_import import UNDONE_SINCE, MadeImport, made_import
from whowas.interchange.importing.told.differences import differences
from whowas.interchange.importing.told.outcome import RowOutcome
from whowas.projections.sides.read_side import ReadSide
from whowas.sample import make_sample
from whowas.store.event_log import EventLog

ADA, BEN, CHI, DAN = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abcd")
SECOND = 1_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    for user_id, name in ((ADA, "Ada"), (BEN, "Ben")):
        bus.dispatch(CreateUser(user_id, {"first_name": name}))
    return bus


@pytest.fixture
def side(log: EventLog, tmp_path: Path) -> Iterator[ReadSide]:
    side = ReadSide(log, tmp_path / "cache")
    yield side
    side.close()


def done(bus: Bus, *commands: Command, because: ImportOf | UndoOf | UndoForSome | None = None) -> str:
    with bus.change(causation=because) as change:
        change.dispatch(*commands)
    return change.id


def imported(bus: Bus, *commands: Command) -> str:
    return done(bus, *commands, because=ImportOf("list.csv"))


def made(side: ReadSide, change_id: str) -> MadeImport:
    return made_import(side.read_model, side.catch_up(), change_id)


def test_every_import_of_the_sample_did_what_its_log_has(tmp_path: Path) -> None:
    make_sample(tmp_path / "sample.whowas", people=90, changes=700)
    log = EventLog.open(tmp_path / "sample.whowas")
    side = ReadSide(log, tmp_path / "cache")
    sources = {event.change_id: event.causation for event in log.read()}
    expected: dict[str, list[RowOutcome]] = {
        change_id: [] for change_id, causation in sources.items() if isinstance(causation, ImportOf)
    }
    for occurred_at, change_id, lives, state in naive(log):
        for user_id, before, after, _ in lives if change_id in expected else ():
            what = "created" if before is None else "changed"
            if before is not None and after.status != before.status and after.status != "active":
                what = "missing"
            changes = differences(before, after, state)
            expected[change_id].append(
                RowOutcome("", 0, what, user_id, after.name, changes, occurred_at=occurred_at)  # type: ignore[arg-type]
            )
    assert len(expected) > 1
    for change_id, rows in expected.items():
        found = made(side, change_id)
        told = [row if found.span else _undated(row) for row in rows]
        assert sorted(found.rows, key=_place) == sorted(told, key=_place)
        assert [row.occurred_at or 0 for row in found.rows] == sorted(row.occurred_at or 0 for row in found.rows)
        assert found.users == len({row.user_id for row in rows})
    side.close()
    log.close()


def _place(row: RowOutcome) -> tuple[str, int]:
    return row.user_id, row.occurred_at or 0


def _undated(row: RowOutcome) -> RowOutcome:
    return RowOutcome("", 0, row.what, row.user_id, row.name, row.changes)


def test_what_was_done_since_alters_nothing_and_each_user_counts_once(bus: Bus, side: ReadSide) -> None:
    commands = (CreateUser(CHI, {"first_name": "Chi"}), UpdateUser(ADA, {"title": "Clerk"}), SuspendUser(BEN))
    change_id = imported(bus, *commands)
    done(bus, UpdateUser(ADA, {"title": "Head"}), DeleteUser(BEN))
    found = made(side, change_id)
    assert (found.source, found.actor, found.span) == ("list.csv", "ines", None)
    assert [(row.name, row.what, dict(row.changes).get("title")) for row in found.rows] == [
        ("Ada", "changed", (None, "Clerk")),
        ("Ben", "missing", None),
        ("Chi", "created", None),
    ]
    assert found.counts == {"created": 1, "deleted": 0, "suspended": 1, "changed": 1}
    assert found.rows.user_ids([0, 2]) == [ADA, CHI]
    assert (found.undone, found.undone_for, found.erased) == (False, 0, False)


def test_a_user_of_several_dates_has_as_many_rows_and_is_one(bus: Bus, side: ReadSide) -> None:
    with bus.change(causation=ImportOf("2019.csv")) as change:
        change.dispatch(CreateUser(CHI, {"first_name": "Chi"}), occurred_at=3 * SECOND)
        change.dispatch(UpdateUser(CHI, {"title": "Clerk"}), occurred_at=4 * SECOND)
        change.dispatch(DeleteUser(CHI), occurred_at=5 * SECOND)
        change.dispatch(DeleteUser(BEN), occurred_at=5 * SECOND)
    found = made(side, change.id)
    assert found.span == (3 * SECOND, 5 * SECOND)
    assert [(row.name, row.occurred_at) for row in found.rows] == [
        ("Chi", 3 * SECOND),
        ("Chi", 4 * SECOND),
        ("Ben", 5 * SECOND),
        ("Chi", 5 * SECOND),
    ]
    assert found.counts == {"created": 1, "deleted": 1, "suspended": 0, "changed": 0}
    assert (found.users, found.rows.users([0, 1, 3])) == (2, 1)


def test_those_for_whom_it_was_undone_are_marked_until_that_is_taken_back(bus: Bus, side: ReadSide) -> None:
    change_id = imported(bus, UpdateUser(ADA, {"title": "Clerk"}), CreateUser(CHI, {"first_name": "Chi"}))
    undo = done(bus, UpdateUser(ADA, {"title": None}), because=UndoForSome(change_id))
    found = made(side, change_id)
    assert [(row.name, row.reason) for row in found.rows] == [("Ada", UNDONE_SINCE), ("Chi", "")]
    assert (found.undone, found.undone_for) == (False, 1)
    done(bus, UpdateUser(ADA, {"title": "Clerk"}), because=UndoOf(undo))
    assert made(side, change_id).undone_for == 0
    done(bus, DeleteUser(CHI), because=UndoOf(change_id))
    assert made(side, change_id).undone


def test_who_was_erased_since_is_not_there(bus: Bus, side: ReadSide) -> None:
    change_id = imported(bus, CreateUser(CHI, {"first_name": "Chi"}), CreateUser(DAN, {"first_name": "Dan"}))
    bus.dispatch(EraseUser(CHI))
    found = made(side, change_id)
    assert [row.name for row in found.rows] == ["Dan"]
    assert found.erased


def test_what_is_no_import_is_refused(bus: Bus, side: ReadSide) -> None:
    for change_id in (done(bus, UpdateUser(ADA, {"title": "Clerk"})), "01890000-0000-7000-8000-0000000000ff"):
        with pytest.raises(RefusedError, match="no such import"):
            made(side, change_id)


def test_reading_can_be_cancelled(bus: Bus, side: ReadSide) -> None:
    change_id = imported(bus, UpdateUser(ADA, {"title": "Clerk"}))

    def stop(_done: int, _total: int) -> None:
        raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        made_import(side.read_model, side.catch_up(), change_id, stop)
