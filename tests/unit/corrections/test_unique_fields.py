"""Values of unique custom fields where something is taken back, brought back, imagined away or comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.store.test_upgrade import golden
from whowas.command_bus.bus import Bus
from whowas.corrections.restore import carried_out as restored
from whowas.corrections.restore import planned as restoration
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.what_if.apply import apply
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import UndoOf
from whowas.domain.commands import (
    CreateUser,
    DefineField,
    DeleteUser,
    DescribeField,
    RestoreUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.interchange import log_export
from whowas.interchange.log_import import import_log
from whowas.interchange.source import Source
from whowas.projections.queries.restorations import Taken
from whowas.projections.queries.undo_list import DoneChange
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA, BEN, CAM, DAN, EVE = (f"01890000-0000-7000-8000-00000000000{letter}" for letter in "abcde")
SECOND = 1_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    assert log.verify() is None
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    bus = bus_of(log)
    for command in (
        DefineField("Badge", "badge"),
        DefineField("Work email", "work"),
        DescribeField("badge", unique=True),
        DescribeField("work", type="email", unique=True),
        CreateUser(ADA, {"first_name": "Ada"}, {"badge": "1", "work": "a@x.org"}),
        CreateUser(BEN, {"first_name": "Ben"}, {"badge": "2", "work": "b@x.org"}),
    ):
        bus.dispatch(command)
    return bus


def bus_of(log: EventLog) -> Bus:
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    return Bus(log, clock=lambda: next(moments), actor="ines")


def swap(bus: Bus) -> None:
    with bus.change() as change, change.together():
        change.dispatch(UpdateUser(ADA, {}, {"badge": "2", "work": "b@x.org"}))
        change.dispatch(UpdateUser(BEN, {}, {"badge": "1", "work": "a@x.org"}))


def badges(bus: Bus) -> list[tuple[str | None, str | None]]:
    with bus.change() as change:
        users = [change.user(user_id) for user_id in (ADA, BEN)]
    return [(user.attributes.get("badge"), user.attributes.get("work")) for user in users if user is not None]


def last_change(log: EventLog) -> DoneChange:
    events = list(log.read())
    last = events[-1]
    first = next(event.position for event in events if event.change_id == last.change_id)
    return DoneChange(last.change_id, first, last.position, last.recorded_at)


def test_what_was_swapped_is_swapped_back(log: EventLog, bus: Bus) -> None:
    before = badges(bus)
    swap(bus)
    done = last_change(log)
    assert take_back(bus, log, done, UndoOf(done.change_id))
    assert badges(bus) == before


def test_a_value_that_somebody_has_taken_since_is_not_taken_back(log: EventLog, bus: Bus) -> None:
    bus.dispatch(UpdateUser(ADA, {}, {"badge": "3"}))
    done = last_change(log)
    bus.dispatch(UpdateUser(BEN, {}, {"badge": "1"}))
    head = log.head()
    with pytest.raises(RefusedError, match="Another user has the Badge 1 already"):
        take_back(bus, log, done, UndoOf(done.change_id))
    assert log.head() == head


def test_a_restoration_leaves_out_what_others_have_and_keep(log: EventLog, bus: Bus, tmp_path: Path) -> None:
    position = log.head().position
    bus.dispatch(UpdateUser(ADA, {}, {"badge": "3", "work": "c@x.org"}))
    bus.dispatch(CreateUser(CAM, {"first_name": "Cam"}, {"badge": "1", "work": "a@x.org"}))
    with closing(ReadSide(log, tmp_path / "cache")) as side:
        index = side.catch_up()
        moment = index.steps.at_position(position) if hasattr(index.steps, "at_position") else 6
        number = side.read_model.user_number(ADA)
        assert number is not None
        plan = restoration(side.read_model, index, log.head().position, moment, [number], owners=log)
        (one,) = plan.users
        assert one.taken == (
            Taken("attributes.badge", "1", "Cam", "Badge"),
            Taken("attributes.work", "a@x.org", "Cam", "Work email"),
        )
        assert dict(one.then.attributes) == {"badge": "3", "work": "c@x.org"}
        index = side.catch_up()
        everybody = restoration(side.read_model, index, log.head().position, moment, owners=log)
        assert restored(bus, everybody)  # Cam is deleted then, who keeps the badge but not the email
    assert badges(bus)[0] == ("3", "a@x.org")


def test_of_who_comes_back_without_an_email_that_somebody_has(log: EventLog, bus: Bus, tmp_path: Path) -> None:
    bus.dispatch(DeleteUser(ADA))
    bus.dispatch(UpdateUser(BEN, {}, {"work": "a@x.org"}))
    with closing(ReadSide(log, tmp_path / "cache")) as side:
        index, number = side.catch_up(), side.read_model.user_number(ADA)
        assert number is not None
        plan = restoration(side.read_model, index, log.head().position, 6, [number], owners=log)
        assert restored(bus, plan)
    assert badges(bus) == [("1", None), ("2", "a@x.org")]


def test_without_a_change_nobody_comes_to_share_a_value(log: EventLog, bus: Bus) -> None:
    freed = bus.dispatch(UpdateUser(ADA, {}, {"badge": "3"})).change_id
    bus.dispatch(UpdateUser(BEN, {}, {"badge": "1"}))
    swapped = imagine(log, [freed])
    assert [(one.reason) for one in swapped.refused] == ["Another user has the Badge 1 already."]
    swap(bus)
    done = last_change(log)
    assert imagine(log, [done.change_id]).refused == []


@pytest.mark.parametrize("made_unique_by_it", [False, True])
def test_who_would_not_exist_leaves_a_value_to_whom_would_have_it(
    log: EventLog, bus: Bus, made_unique_by_it: bool
) -> None:
    if made_unique_by_it:
        without = bus.dispatch(DescribeField("badge", unique=False)).change_id
        for user_id, name, badge in ((CAM, "Cam", "1"), (DAN, "Dan", "3"), (EVE, "Eve", "3")):
            bus.dispatch(CreateUser(user_id, {"first_name": name}, {"badge": badge}))
    else:
        without = bus.dispatch(UpdateUser(ADA, {}, {"badge": "3"})).change_id
        bus.dispatch(CreateUser(CAM, {"first_name": "Cam"}, {"badge": "1"}))
    assert apply(bus, imagine(log, [without]))
    with bus.change() as change:
        ada, cam = change.user(ADA), change.user(CAM)
    assert ada is not None
    assert cam is not None
    assert ada.attributes["badge"] == "1"
    assert (cam.status, cam.attributes.get("badge")) == ("deleted", None)


def test_a_log_comes_in_beside_others_but_not_with_their_values(log: EventLog, bus: Bus, tmp_path: Path) -> None:
    lines = "".join(log_export.write(log)).encode()
    with closing(EventLog.create(tmp_path / "new.whowas")) as new:
        others = bus_of(new)
        assert import_log(others, Source.of("log.jsonl", lines)).written
        assert new.verify() is None
        with pytest.raises(RefusedError, match="Badge 2"):
            others.dispatch(UpdateUser(ADA, {}, {"badge": "2"}))
    with closing(EventLog.create(tmp_path / "third.whowas")) as third:
        others = bus_of(third)
        others.dispatch(CreateUser(CAM, {"first_name": "Cam", "email": "B@x.org"}))
        outcome = import_log(others, Source.of("log.jsonl", lines))
        assert not outcome.written
        assert [(row.field, row.reason) for row in outcome.rows] == [
            ("attributes.Work email", "Another user has the Work email b@x.org already.")
        ]
        assert third.head().position == 1


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0", "0.4.0"])
def test_a_file_of_old_is_renewed_once_a_field_of_it_is_unique(tmp_path: Path, version: str) -> None:
    with closing(EventLog.open(golden(tmp_path, version))) as log:
        renewed: list[object] = []
        bus = Bus(log, clock=lambda: 2_000_000_000_000_000, actor="ines", renewed=renewed.append)
        bus.dispatch(DefineField("Badge", "badge"))
        bus.dispatch(CreateUser(CAM, {"first_name": "Cam"}, {"badge": "1"}))
        assert renewed == []
        bus.dispatch(DescribeField("badge", unique=True))
        assert len(renewed) == 1
        assert log.schema_version == 3
        assert log.verify() is None
        with pytest.raises(RefusedError, match="Another user has the Badge 1 already"):
            bus.dispatch(CreateUser(BEN, {"first_name": "Ben"}, {"badge": "1"}))
        bus.dispatch(DeleteUser(CAM))
        bus.dispatch(RestoreUser(CAM))
        assert log.verify() is None
