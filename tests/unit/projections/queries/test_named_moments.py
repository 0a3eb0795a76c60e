"""Named moments in the timeline: where they are, that they stay there, and what is kept of them on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser, DeleteMoment, NameMoment, RenameMoment, UpdateUser
from whowas.domain.errors import RefusedError
from whowas.projections.index import building
from whowas.projections.queries.named_moments import PlacedMoment, moment_named, named_moments, place_of
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

START, FIRST, NOW = (f"01890000-0000-7000-8000-0000000000a{digit}" for digit in "123")
STAFF = "01890000-0000-7000-8000-0000000000f1"
CLOCK = 1_000


def user(number: int) -> str:
    return f"01890000-0000-7000-8000-{number:012x}"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "staff.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """An import of three events at two moments, the later one first, and an edit since."""
    bus = Bus(log, clock=lambda: CLOCK, actor="ines")
    with bus.change() as change:
        for number, occurred_at in ((1, 20), (2, 10), (3, 20)):
            change.dispatch(CreateUser(user(number), {"first_name": f"P{number}"}), occurred_at=occurred_at)
    bus.dispatch(UpdateUser(user(1), {"title": "Clerk"}), occurred_at=20)
    return bus


@pytest.fixture
def read_side(log: EventLog, bus: Bus, tmp_path: Path) -> Iterator[ReadSide]:
    read_side = ReadSide(log, tmp_path / "cache")
    yield read_side
    read_side.close()


def test_a_moment_is_remembered_by_the_last_event_before_it(log: EventLog, read_side: ReadSide) -> None:
    steps = read_side.catch_up().steps
    assert [place_of(log, steps, moment) for moment in range(4)] == [(0, 0), (10, 2), (20, 3), (20, 4)]


def test_they_are_listed_in_timeline_order_and_those_of_one_place_by_name(bus: Bus, read_side: ReadSide) -> None:
    bus.dispatch(NameMoment(NOW, "today", "one\ntwo", 20, 4))
    bus.dispatch(NameMoment(FIRST, "Émile came", None, 10, 2))
    bus.dispatch(NameMoment(START, "Start", None, 0, 0))
    bus.dispatch(NameMoment(STAFF, "Again today", None, 20, 4))

    index = read_side.catch_up()

    assert named_moments(index) == [
        PlacedMoment(START, "Start", None, 0),
        PlacedMoment(FIRST, "Émile came", None, 1),
        PlacedMoment(STAFF, "Again today", None, 3),
        PlacedMoment(NOW, "today", "one\ntwo", 3),
    ]
    named = [moment_named(index, name) for name in ("START", "éMILE CAME", " Today ", "now")]
    assert [known and known.place for known in named] == [(0, 0), (10, 2), (20, 4), None]


def test_they_stay_put_when_somebody_backdates(bus: Bus, read_side: ReadSide) -> None:
    bus.dispatch(NameMoment(START, "Start", None, 0, 0))
    bus.dispatch(NameMoment(FIRST, "First", None, 10, 2))
    for occurred_at in (-5, 5, 10, 15):
        bus.dispatch(UpdateUser(user(1), {"notes": str(occurred_at)}), occurred_at=20)
        bus.dispatch(CreateUser(user(100 + occurred_at), {"first_name": "Late"}), occurred_at=occurred_at)

    index = read_side.catch_up()

    assert [placed.moment for placed in named_moments(index)] == [0, 3], "two steps were backdated before the first"
    assert int(index.steps.first_position[2]) == 2


def test_they_are_those_of_now_however_far_back_one_looks(bus: Bus, read_side: ReadSide) -> None:
    bus.dispatch(NameMoment(FIRST, "First", None, 10, 2))
    bus.dispatch(NameMoment(NOW, "Today", None, 20, 4))
    bus.dispatch(RenameMoment(FIRST, "The first", "Noted."))
    bus.dispatch(DeleteMoment(NOW))

    index = read_side.catch_up()

    assert named_moments(index) == [PlacedMoment(FIRST, "The first", "Noted.", 1)]
    assert {len(index.directory(moment).moments) for moment in range(index.now + 1)} == {0, 1, 2}
    assert index.directory(index.now).moments == index.latest_directory().moments


def test_what_is_kept_on_disk_knows_them(log: EventLog, bus: Bus, read_side: ReadSide, tmp_path: Path) -> None:
    bus.dispatch(NameMoment(FIRST, "First", "Noted.", 10, 2))
    index = read_side.catch_up()
    read_side.keep_index()

    again = ReadSide(log, tmp_path / "cache")
    try:
        assert named_moments(again.catch_up()) == named_moments(index) == [PlacedMoment(FIRST, "First", "Noted.", 1)]
        assert again.index is not None
        assert again.index.directories == index.directories
        assert named_moments(again.rebuild()) == named_moments(index)
    finally:
        again.close()


@pytest.mark.parametrize("occurred_at", [5, CLOCK + 1])
@pytest.mark.parametrize(
    "command", [NameMoment(NOW, "Today", None, 20, 4), RenameMoment(FIRST, "A", None), DeleteMoment(FIRST)]
)
def test_names_are_never_backdated(
    command: NameMoment | RenameMoment | DeleteMoment, occurred_at: int, log: EventLog, bus: Bus
) -> None:
    bus.dispatch(NameMoment(FIRST, "First", None, 10, 2))
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        bus.dispatch(command, occurred_at=occurred_at)
    assert (refused.value.field, log.head()) == ("occurred_at", head)


def test_a_name_costs_no_sorting_anew(bus: Bus, read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    bus.dispatch(CreateGroup(STAFF, "Staff"))
    read_side.catch_up()
    read_side.sorted_by("groups")
    bus.dispatch(NameMoment(FIRST, "First", None, 10, 2))
    with monkeypatch.context() as patch:
        patch.setattr(building, "built", pytest.fail)
        assert len(named_moments(read_side.catch_up())) == 1
