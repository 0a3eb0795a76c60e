"""A log that nobody else has written to is not read again before a save; whatever anybody else does to it is seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog, ReadOnlyError
from whowas.store.file import database

ADA = "0199a3c4-0000-7000-8000-000000000001"
NOW = 1_700_000_000_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with closing(EventLog.create(tmp_path / "staff.whowas")) as log:
        bus(log).dispatch(CreateUser(ADA, {"first_name": "Ada"}))
        yield log


def bus(log: EventLog) -> Bus:
    return Bus(log, clock=lambda: NOW, actor="ines")


def statements(log: EventLog) -> list[str]:
    """Return what SQLite carries out from now on through this thread's connection."""
    asked: list[str] = []
    with log._database.in_use:
        log._connection().set_trace_callback(asked.append)
    return asked


def titled(log: EventLog, title: str) -> int:
    return bus(log).dispatch(UpdateUser(ADA, {"title": title})).last_position


def test_between_two_saves_of_ones_own_neither_schema_nor_end_is_read(log: EventLog) -> None:
    asked = statements(log)
    assert titled(log, "Bursar") == 2
    assert "PRAGMA data_version" in asked
    assert not [sql for sql in asked if "schema_version" in sql or "ORDER BY position DESC LIMIT 1" in sql]
    assert log.verify() is None


@pytest.mark.parametrize("in_thread", [False, True], ids=["another log", "another thread of the same"])
def test_what_another_connection_appends_is_what_the_next_save_follows(log: EventLog, *, in_thread: bool) -> None:
    for number in range(3):
        if in_thread:
            other = Thread(target=titled, args=(log, f"Clerk {number}"))
            other.start()
            other.join()
        else:
            with closing(EventLog.open(log.path)) as second:
                titled(second, f"Clerk {number}")
        assert titled(log, f"Bursar {number}") == 3 + 2 * number
    assert log.verify() is None


def test_a_trigger_that_somebody_takes_away_is_missed_at_the_next_save(log: EventLog) -> None:
    titled(log, "Bursar")
    with closing(sqlite3.connect(log.path, isolation_level=None)) as other:
        other.execute("DROP TRIGGER event_is_never_updated")
    with pytest.raises(ReadOnlyError):
        titled(log, "Clerk")


def test_after_a_commit_that_failed_the_end_is_read_again(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("The disk failed.")

    with monkeypatch.context() as failing:
        failing.setattr("whowas.store.event_log.require_in_place", fail)
        with pytest.raises(StoreError):
            titled(log, "Bursar")
    asked = statements(log)
    assert titled(log, "Clerk") == 2
    assert "PRAGMA schema_version" in asked
    assert log.verify() is None


def test_a_connection_that_was_opened_again_reads_the_end(log: EventLog) -> None:
    titled(log, "Bursar")
    log.close()
    with closing(sqlite3.connect(log.path, isolation_level=None)) as other:
        other.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
    assert titled(log, "Clerk") == 3
    assert log.verify() is None
