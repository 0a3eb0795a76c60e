"""The exported log holds everything: whoever has it can check it without Whowas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.interchange import log_export
from whowas.store.chain import GENESIS, linked
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import to_blob

ADA = "01890000-0000-7000-8000-00000000000a"
COMMAND = "01890000-0000-7000-8000-0000000000c1"
COLUMNS = [
    "position", "event_id", "stream", "version", "type", "schema", "recorded_at", "occurred_at", "actor", "change_id",
    "command_id", "causation", "digest", "chain", "salt", "payload",
]  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "staff.whowas")
    bus = Bus(log, clock=lambda: 1_700_000_000_000_000, actor="ines")
    bus.dispatch(
        CreateUser(ADA, {"first_name": 'Ada \u2028 "é"'}), command_id=COMMAND, occurred_at=1_500_000_000_000_001
    )
    with bus.change(causation=ImportOf("list.csv")) as change:
        change.dispatch(UpdateUser(ADA, {"title": "Clerk", "notes": "a\nb"}))
    yield log
    log.close()


def exported(log: EventLog) -> list[str]:
    return list(log_export.write(log))


def test_a_line_holds_every_column(log: EventLog) -> None:
    first, second = (json.loads(line) for line in exported(log))

    assert list(first) == list(second) == COLUMNS
    assert (first["position"], first["stream"], first["type"], first["command_id"]) == (1, ADA, "UserCreated", COMMAND)
    assert first["occurred_at"] == "2017-07-14T02:40:00.000001+00:00"
    assert first["payload"] == {"user_id": ADA, "fields": {"first_name": 'Ada \u2028 "é"'}, "attributes": {}}
    assert second["causation"] == {"import": {"source": "list.csv", "by": "ines"}}
    assert second["chain"] == log.head().chain.hex()


def test_the_export_alone_proves_itself(log: EventLog) -> None:
    chain = GENESIS
    for line in exported(log):
        entry = json.loads(line)
        payload = line.rstrip("\n").partition('"payload":')[2].removesuffix("}")
        assert hashlib.sha256(bytes.fromhex(entry["salt"]) + payload.encode()).hexdigest() == entry["digest"]
        chain = linked(chain, columns(entry), bytes.fromhex(entry["digest"]))
        assert chain.hex() == entry["chain"]


def test_only_what_is_wanted_is_written(log: EventLog) -> None:
    lines = log_export.write(log, lambda occurred_at, position: occurred_at > 1_500_000_000_000_001 and position == 2)
    assert [json.loads(line)["position"] for line in lines] == [2]


def columns(entry: dict[str, Any]) -> Any:
    """Return the columns of a row as the log holds them."""
    from whowas.interchange.iso_moments import parsed

    causation = entry["causation"]
    return (
        entry["position"],
        to_blob(entry["event_id"]),
        to_blob(entry["stream"]),
        entry["version"],
        entry["type"],
        entry["schema"],
        parsed(entry["recorded_at"]),
        parsed(entry["occurred_at"]),
        entry["actor"],
        to_blob(entry["change_id"]),
        None if entry["command_id"] is None else to_blob(entry["command_id"]),
        None if causation is None else json.dumps(causation, ensure_ascii=False),
    )
