"""Whatever is asked of a log is asked while it is in use, so that no other thread closes the connection under it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.unit.store.follower.followed_file import FollowedFile
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, EraseUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.domain.events import UserCreated
from whowas.erasure import finish
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog
from whowas.store.file.connections import Connections
from whowas.store.follower.follower import Follower

NOON = 1_800_000_000_000_000
USERS = [f"00000000-0000-7000-8000-{number:012}" for number in range(150)]


@pytest.fixture
def unheld(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of any connection by a thread that did not hold it: statements, and rows of their answers."""
    found: list[str] = []
    connect = Connections._connect

    def watched(connections: Connections) -> sqlite3.Connection:
        connection, in_use = connect(connections), connections.in_use

        def see(what: str) -> None:
            if not in_use._is_owned():  # type: ignore[attr-defined]
                found.append(what)

        def seen_row(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> tuple[Any, ...]:
            see(f"a row of {[column[0] for column in cursor.description]}")
            return row

        connection.row_factory = seen_row
        connection.set_trace_callback(see)
        return connection

    monkeypatch.setattr(Connections, "_connect", watched)
    return found


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "staff.whowas"
    with closing(EventLog.create(path)) as log, bus_of(log).change() as change:
        for number, user_id in enumerate(USERS):
            change.dispatch(CreateUser(user_id, {"first_name": "Kim", "email": f"kim{number}@example.org"}))
    return path


@pytest.fixture
def log(template: Path, tmp_path: Path) -> Iterator[EventLog]:
    with closing(EventLog.open(shutil.copy(template, tmp_path / "staff.whowas"))) as log:
        yield log


def bus_of(log: EventLog) -> Bus:
    return Bus(log, clock=lambda: NOON, actor="ines")


def some_rows(log: EventLog) -> None:
    with closing(log.read()) as events:
        next(events)


def decided(log: EventLog) -> None:
    bus = bus_of(log)
    bus.dispatch(UpdateUser(USERS[1], {"title": "Chair"}))
    bus.dispatch(EraseUser(USERS[2]))
    with log.reading() as reading:
        reading.stream_events(USERS[0])
        reading.owners_of_email("kim1@example.org")


def followed(log: EventLog) -> None:
    follower = Follower(log.path.with_name("follower.whowas"), log.directory_id, hides_passwords=False)
    with closing(follower.log):
        assert follower.follow(FollowedFile(log, rows_a_page=40))
        follower.witness(FollowedFile(log))


def projected(log: EventLog) -> None:
    with closing(ReadSide(log, log.path.with_name("cache"))) as side:
        assert side.catch_up().now


ASKED: dict[str, Callable[[EventLog], object]] = {
    "activity": lambda log: log.activity(),
    "chains": lambda log: (log.chain_at(1), log.chains_at([0, 1, 2]), log.chain_of(USERS[0], 1)),
    "change": lambda log: (log.change_at(1), log.timeline_keys_of_change(1), log.end_of_step(1)),
    "copies": lambda log: log.copy_into(log.path.with_name("copy")),
    "clean copies": lambda log: log.copy_clean_into(log.path.with_name("clean")),
    "deciding": decided,
    "end of a change": lambda log: log.end_of_change_before(3),
    "erasures": lambda log: (log.erased_through(), log.erased_users(), log.erasure_of(USERS[0])),
    "erasing": lambda log: finish(log, cache=log.path.parent, drafts=log.path.parent, reports=log.path.parent),
    "following": followed,
    "opening": lambda log: EventLog.open(log.path).close(),
    "owners": lambda log: (log.owners_of_email("kim1@example.org"), log.owners_of_external_id("1"), log.shared()),
    "positions": lambda log: log.positions_with(["Kim"]),
    "projecting": projected,
    "reading": lambda log: (list(log.read()), list(log.read(only=UserCreated)), some_rows(log)),
    "rows": lambda log: (list(log.rows()), list(islice(log.rows(), 2))),
    "settling": lambda log: (log.settle(), log.settle_if_unused()),
    "streams": lambda log: log.stream(USERS[0]),
    "sweeping": lambda log: (log.sweep(), log.mark_swept(), log.unswept),
    "times": lambda log: (log.begun_at(), log.begins_at(), log.ends_at(), log.head()),
    "verifying": lambda log: log.verify(log.head()),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED.keys())
def test_whatever_is_asked_holds_the_connection(
    unheld: list[str], log: EventLog, ask: Callable[[EventLog], object]
) -> None:
    ask(log)
    assert unheld == []


@pytest.mark.parametrize("read", [EventLog.read, EventLog.rows])
def test_who_reads_on_after_another_thread_has_closed_is_told(
    log: EventLog, read: Callable[[EventLog], Iterator[object]]
) -> None:
    rows = read(log)
    next(rows)
    with ThreadPoolExecutor(max_workers=1) as other:
        other.submit(log.close).result()
    with pytest.raises(StoreError, match="was closed while it was being read"):
        list(rows)
