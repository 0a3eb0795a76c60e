"""The streams that a bus caches from one change to the next never differ from the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus import streams
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command, CreateUser, DefineField, DeleteUser, UpdateUser
from whowas.domain.errors import ConflictError, RefusedError
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    EventLog.create(tmp_path / "people.whowas").close()
    return tmp_path / "people.whowas"


@pytest.fixture
def buses(path: Path) -> Iterator[tuple[Bus, Bus]]:
    logs = EventLog.open(path), EventLog.open(path)
    yield tuple(Bus(log, clock=lambda: 1_000_000, actor="ines") for log in logs)  # type: ignore[misc]
    for log in logs:
        log.close()


def test_what_another_wrote_in_between_is_decided_upon(buses: tuple[Bus, Bus]) -> None:
    mine, theirs = buses
    mine.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    theirs.dispatch(DeleteUser(ADA))
    with pytest.raises(RefusedError, match="is deleted"):
        mine.dispatch(UpdateUser(ADA, {"title": "Bursar"}))


def test_an_edit_made_elsewhere_since_is_a_conflict(buses: tuple[Bus, Bus]) -> None:
    mine, theirs = buses
    mine.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    theirs.dispatch(UpdateUser(ADA, {"title": "Bursar"}))
    with pytest.raises(ConflictError):
        mine.dispatch(UpdateUser(ADA, {"title": "Clerk"}), expected_version=1)


def test_a_change_that_failed_leaves_nothing_behind(buses: tuple[Bus, Bus]) -> None:
    bus, _ = buses
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    with pytest.raises(ZeroDivisionError):
        _fail_after(bus, DefineField("room"), CreateUser(BEN, {"first_name": "Ben"}), DeleteUser(ADA))
    with pytest.raises(RefusedError, match="no such user"):
        bus.dispatch(DeleteUser(BEN))
    with pytest.raises(RefusedError, match="no custom field"):
        bus.dispatch(UpdateUser(ADA, {}, {"room": "12"}))
    assert bus.dispatch(UpdateUser(ADA, {"title": "Bursar"})).events == 1


def _fail_after(bus: Bus, *commands: Command) -> None:
    with bus.change() as change:
        change.dispatch(*commands)
        raise ZeroDivisionError


def test_an_abandoned_change_leaves_nothing_behind(buses: tuple[Bus, Bus]) -> None:
    bus, _ = buses
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    with bus.change() as change:
        change.dispatch(DefineField("room"), CreateUser(BEN, {"first_name": "Ben"}), DeleteUser(ADA))
        change.abandon()
    with pytest.raises(RefusedError, match="no such user"):
        bus.dispatch(DeleteUser(BEN))
    assert bus.dispatch(UpdateUser(ADA, {"title": "Bursar"}), expected_version=1).events == 1


@pytest.mark.parametrize(("limit", "most"), [("STREAMS_KEPT", 1), ("BYTES_KEPT", 2_500)])
def test_too_many_streams_are_forgotten(
    buses: tuple[Bus, Bus], monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(streams, limit, most)
    bus, _ = buses
    for user_id, name in ((ADA, "Ada"), (BEN, "Ben")):
        bus.dispatch(CreateUser(user_id, {"first_name": name}))
    bus.dispatch(UpdateUser(ADA, {"title": "Bursar"}))
    with bus.change() as change:
        assert len(change.cache().users) <= 1
        assert change.user(ADA) is not None
