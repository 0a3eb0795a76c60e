"""How many of some users are there now."""

from __future__ import annotations

from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, DeleteUser, SuspendUser
from whowas.projections.queries import present
from whowas.projections.queries.present import count_present
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

IDS = [f"01890000-0000-7000-8000-{number:012}" for number in range(4)]
UNKNOWN = "01890000-0000-7000-8000-00000000ffff"


def test_who_is_deleted_or_unknown_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where they are more than are asked about at once."""
    monkeypatch.setattr(present, "ASKED_AT_ONCE", 2)
    log = EventLog.create(tmp_path / "people.whowas")
    moments = iter(range(1_000_000, 100_000_000, 1_000_000))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    for user_id in IDS:
        bus.dispatch(CreateUser(user_id, {"first_name": "Ada"}))
    bus.dispatch(DeleteUser(IDS[0]))
    bus.dispatch(SuspendUser(IDS[1]))
    side = ReadSide(log, tmp_path / "cache")
    index = side.catch_up()
    assert count_present(side.read_model, index, [*IDS[:3], UNKNOWN, IDS[2]]) == 2
    assert count_present(side.read_model, index, []) == 0
    assert count_present(side.read_model, index, IDS) == 3
    side.close()
    log.close()
