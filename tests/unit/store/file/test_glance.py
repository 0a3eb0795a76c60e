"""A glance at a directory file says how it is, and leaves it and its folder as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, EraseUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.file.glance import glances

ADA, BEN = (f"0199a3c4-0000-7000-8000-{number:012}" for number in range(2))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "what?is#this%20.whowas"
    with closing(EventLog.create(path)) as log:
        bus = Bus(log, clock=lambda: 1, actor="ines")
        bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
        bus.dispatch(CreateUser(BEN, {"first_name": "Ben"}))
    return path


def test_it_tells_id_head_and_chain(path: Path) -> None:
    with closing(EventLog.open(path)) as log:
        directory_id, head = log.directory_id, log.head()
    with glances(path) as file:
        assert file.now() == (directory_id, head.position, False)
        assert file.since(head.position) == (head.chain, False)
        assert file.since(head.position + 1) == (None, False)


def test_it_tells_of_an_erasure_behind_a_position(path: Path) -> None:
    with closing(EventLog.open(path)) as log:
        before = log.head().position
        Bus(log, clock=lambda: 2, actor="ines").dispatch(EraseUser(ADA))
    with glances(path) as file:
        assert file.since(before).erased
        now = file.now()
        assert now is not None
        assert now.unswept
        assert not file.since(now.position).erased


def test_it_leaves_nothing_behind(path: Path) -> None:
    before = path.read_bytes()
    with glances(path) as file:
        file.now()
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == before


def test_a_file_in_use_is_not_looked_at(path: Path) -> None:
    with closing(EventLog.open(path)) as log:
        Bus(log, clock=lambda: 2, actor="ines").dispatch(EraseUser(ADA))
        with pytest.raises(StoreError), glances(path) as file:
            file.now()


@pytest.mark.parametrize("content", [b"", b"no directory", bytes(4096)])
def test_what_is_no_directory_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "staff.whowas"
    path.write_bytes(content)
    with pytest.raises(StoreError), glances(path) as file:
        file.now()


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE directory (key TEXT, value TEXT)")
    with pytest.raises(StoreError), glances(path) as file:
        file.now()


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError), glances(tmp_path / "gone.whowas"):
        pass
