"""The owner of a file closes every connection, whichever thread it was opened on."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.leftovers import Leftovers
from whowas.domain.errors import StoreError
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog
from whowas.store.file import database
from whowas.store.file.connections import Connections


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    """Another thread, the same for the whole test."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield thread


@pytest.fixture
def connections(tmp_path: Path) -> Connections:
    return database.connected(tmp_path / "some.db", synchronous="off")


def is_open(connection: sqlite3.Connection) -> bool:
    try:
        return connection.execute("SELECT 1").fetchone() == (1,)
    except sqlite3.ProgrammingError:
        return False


def close(connections: Connections) -> None:
    with connections.closed():
        pass


def opened(connections: Connections) -> sqlite3.Connection:
    connection: sqlite3.Connection = connections.connection()  # type: ignore[no-untyped-call]
    return connection


def test_those_of_all_threads_are_closed_and_opened_again(connections: Connections, other: ThreadPoolExecutor) -> None:
    mine, theirs = opened(connections), other.submit(opened, connections).result()
    assert mine is not theirs
    close(connections)
    assert not is_open(mine)
    assert not is_open(theirs)
    again = other.submit(opened, connections).result()
    assert is_open(again)
    close(connections)
    assert not is_open(again)


def test_one_whose_thread_has_ended_is_closed(connections: Connections) -> None:
    found: list[sqlite3.Connection] = []
    thread = threading.Thread(target=lambda: found.append(opened(connections)))
    thread.start()
    thread.join()
    assert is_open(found[0])
    close(connections)
    assert not is_open(found[0])


def test_who_asks_is_not_closed_in_the_middle(connections: Connections, other: ThreadPoolExecutor) -> None:
    with connections.in_use:
        mine = opened(connections)
        closing_it = other.submit(close, connections)
        with pytest.raises(TimeoutError):
            closing_it.result(timeout=0.2)
        assert is_open(mine)
    closing_it.result()
    assert not is_open(mine)


def test_who_asks_for_the_first_time_while_they_are_closed_waits(
    connections: Connections, other: ThreadPoolExecutor
) -> None:
    def asked() -> sqlite3.Connection:
        with connections.in_use:
            return opened(connections)

    with connections.closed():
        asking = other.submit(asked)
        with pytest.raises(TimeoutError):
            asking.result(timeout=0.2)
    assert is_open(asking.result())
    close(connections)


def test_a_log_is_not_closed_while_another_thread_takes_rows_into_it(tmp_path: Path, other: ThreadPoolExecutor) -> None:
    with closing(EventLog.create(tmp_path / "staff.whowas")) as log:
        with log.taking_rows() as connection:
            closing_it = other.submit(log.close)
            with pytest.raises(TimeoutError):
                closing_it.result(timeout=0.2)
            assert is_open(connection)
        closing_it.result()
        assert not is_open(connection)


def open_below(folder: Path) -> list[str]:
    """The files that this process has open below a folder, including deleted ones."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [target for target in map(os.readlink, links) if target.startswith(str(folder))]


def test_nothing_is_connected_to_a_read_side_that_was_thrown_away(tmp_path: Path, other: ThreadPoolExecutor) -> None:
    with closing(EventLog.create(tmp_path / "staff.whowas")) as log, closing(ReadSide(log, tmp_path / "cache")) as side:
        side.catch_up()
        assert other.submit(side.rows, [1]).result() == []
        side.rebuild()
        assert [name for name in open_below(tmp_path / "cache") if name.endswith("(deleted)")] == []
        assert other.submit(side.rows, [1]).result() == []
    assert open_below(tmp_path) == []


def test_a_log_that_is_refused_is_let_go(tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    EventLog.create(file).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("INSERT INTO event_type VALUES ('UserForetold', 9)")
    watcher = Leftovers()
    with watcher.watching(), pytest.raises(StoreError, match="newer version"):
        EventLog.open(file)
    assert watcher.found() == []
    assert open_below(tmp_path) == []
