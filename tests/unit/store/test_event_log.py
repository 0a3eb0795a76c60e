"""What the tables of a directory file refuse by themselves, and what verifying finds if somebody got past that."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.altered_files import alter, unguarded
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog

ADA = "0199a3c4-0000-7000-8000-000000000001"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Five events about one user."""
    path = tmp_path / "staff.whowas"
    log = EventLog.create(path)
    bus = Bus(log, clock=lambda: 1_700_000_000_000_000, actor="ines")
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    for number in range(4):
        bus.dispatch(UpdateUser(ADA, {"title": f"Title {number}"}))
    log.close()
    return path


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def damage(path: Path) -> int | None:
    log = EventLog.open(path)
    found = log.verify()
    log.close()
    return found.position if found is not None else None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'somebody else' WHERE position = 2",
        "DELETE FROM event WHERE position = 5",
        "UPDATE payload SET body = x'7b7d' WHERE position = 2",
        "DELETE FROM payload WHERE position = 2",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE position = 2",
        "INSERT OR REPLACE INTO payload SELECT * FROM payload WHERE position = 2",
        (
            "INSERT INTO event SELECT 9, event_id, zeroblob(16), 1, type, schema, recorded_at, occurred_at, actor, "
            "change_id, NULL, causation, digest, chain FROM event WHERE position = 5"
        ),
    ],
)
def test_the_database_itself_refuses(path: Path, raw: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)
    assert damage(path) is None


@pytest.mark.parametrize(
    "change",
    [
        "event_id = zeroblob(16)",
        "stream = zeroblob(16)",
        "version = 99",
        "type = 'UserDeleted'",
        "recorded_at = recorded_at + 1",
        "occurred_at = occurred_at - 1",
        "actor = 'somebody else'",
        "change_id = zeroblob(16)",
        "command_id = zeroblob(16)",
        "causation = '{}'",
        "digest = zeroblob(32)",
        "chain = zeroblob(32)",
    ],
)
def test_every_altered_column_is_found_at_its_position(path: Path, change: str) -> None:
    alter(path, f"UPDATE event SET {change} WHERE position = 3")
    assert damage(path) == 3


def test_altered_payloads_and_missing_events_are_found(path: Path) -> None:
    alter(path, "UPDATE payload SET body = x'7b7d' WHERE position = 4")
    assert damage(path) == 4
    alter(path, "DELETE FROM payload WHERE position = 2")
    assert damage(path) == 2


def test_a_cut_tail_is_noticed_by_a_head_taken_earlier(path: Path) -> None:
    log = EventLog.open(path)
    head = log.head()
    with unguarded(path) as raw:
        raw.execute("DELETE FROM payload WHERE position = 5")
        raw.execute("DELETE FROM event WHERE position = 5")
    assert log.verify() is None, "nothing in the file itself tells of a tail that is gone"
    found = log.verify(head)
    assert found is not None
    assert found.position == 5
    log.close()


def test_the_files_are_private(path: Path) -> None:
    log = EventLog.open(path)
    Bus(log, clock=lambda: 0, actor="ines").dispatch(UpdateUser(ADA, {"title": "Clerk"}))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("staff.whowas*")}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3
    *_, last = log.read()
    assert last.recorded_at == 1_700_000_000_000_000, "the log's clock never goes back"
    log.close()


def test_an_event_of_a_newer_program_refuses_to_open(path: Path, raw: sqlite3.Connection) -> None:
    raw.execute(
        "INSERT INTO event SELECT 6, event_id, stream, 6, 'UserPromoted', 1, recorded_at, occurred_at, actor, "
        "change_id, NULL, causation, digest, chain FROM event WHERE position = 5"
    )
    with pytest.raises(StoreError, match="UserPromoted"):
        EventLog.open(path)


def test_chain_values_are_given_where_the_log_has_them(path: Path) -> None:
    with closing(EventLog.open(path)) as log:
        head = log.head()
        found = log.chains_at([-1, 0, 1, head.position, head.position + 1, 2**63, 2**70])
        assert found == {0: log.chain_at(0), 1: log.chain_at(1), head.position: head.chain}
        assert log.chains_at([]) == {}
