"""Rows are taken in many at a time, each verified; what is whole of them stays whatever comes next."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from uuid_utils import uuid7

from tests.unit.store.follower.followed_file import FollowedFile, owners
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, DeleteUser, RestoreUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.chain import ChainedRow, digest_of, linked
from whowas.store.event_log import EventLog
from whowas.store.file.many_rows import carry_out, total
from whowas.store.follower.follower import Follower
from whowas.store.follower.verified_rows import DamagedServerError

NOW = 1_700_000_000_000_000


class Interrupted(FollowedFile):
    """Does something before it hands out a page."""

    def __init__(self, log: EventLog, rows_a_page: int, before: Callable[[int], None]) -> None:
        super().__init__(log, rows_a_page)
        self._before = before

    def pages(self, after: int, through: int | None = None) -> Iterator[list[ChainedRow]]:
        for number, page in enumerate(super().pages(after, through)):
            self._before(number)
            yield page


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    """Eight changes, in which an email is given up and taken by somebody else, who is backdated."""
    with closing(EventLog.create(tmp_path / "server.whowas")) as log:
        bus = Bus(log, clock=lambda: NOW, actor="ines")
        first, second = str(uuid7()), str(uuid7())
        bus.dispatch(CreateUser(first, {"email": "a@example.org", "external_id": "1"}), occurred_at=NOW - 9_000)
        bus.dispatch(DeleteUser(first), occurred_at=NOW - 5_000)
        bus.dispatch(CreateUser(second, {"email": "a@example.org"}), occurred_at=NOW - 4_000)
        bus.dispatch(UpdateUser(second, {"email": "b@example.org"}), occurred_at=NOW - 3_000)
        bus.dispatch(RestoreUser(first), occurred_at=NOW - 2_000)
        bus.dispatch(UpdateUser(first, {"email": "c@example.org"}), occurred_at=NOW - 1_000)
        bus.dispatch(UpdateUser(first, {"email": "d@example.org"}), occurred_at=NOW - 1_500)
        bus.dispatch(UpdateUser(second, {"title": "Cook"}))
        yield log


@pytest.mark.parametrize("few", [2_000, 0], ids=["in one thread", "in two"])
@pytest.mark.parametrize("rows_a_page", [1, 3, 8])
@pytest.mark.parametrize("quicker", [0, 2, 3, 8])
def test_whoever_follows_into_the_same_file_may_be_quicker(
    log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, rows_a_page: int, quicker: int
) -> None:
    monkeypatch.setattr("whowas.store.follower.follower._FEW", few)
    path = tmp_path / "follower.whowas"
    follower, other = (Follower(path, log.directory_id, hides_passwords=False) for _ in range(2))
    with closing(follower.log), closing(other.log):

        def before(page: int) -> None:
            if page == 0 and quicker:
                other.follow(FollowedFile(log), at_least=quicker)

        follower.follow(Interrupted(log, rows_a_page, before))
        assert follower.log.head() == log.head()
        assert follower.log.verify() is None
    assert owners(path) == owners(log.path)


def test_what_is_whole_stays_where_the_rest_does_not_come(log: EventLog, tmp_path: Path) -> None:
    follower = Follower(tmp_path / "follower.whowas", log.directory_id, hides_passwords=False)

    def lose(page: int) -> None:
        if page == 2:
            raise StoreError("The connection was lost.")

    with closing(follower.log):
        with pytest.raises(StoreError, match="lost"):
            follower.follow(Interrupted(log, 3, lose))
        assert follower.log.head().position == 5  # the sixth waits for the page that says that its change ends
        assert follower.log.verify() is None


def test_a_gap_in_the_events_of_a_user_is_noticed_whenever_they_come(log: EventLog, tmp_path: Path) -> None:
    follower = Follower(tmp_path / "follower.whowas", log.directory_id, hides_passwords=False)
    rows = list(log.rows())
    with closing(follower.log):
        follower.take(rows[:7])
        columns, _, _, salt, body = rows[7]
        assert salt is not None
        assert body is not None
        skipped = (*columns[:3], columns[3] + 1, *columns[4:])
        digest = digest_of(salt, body)
        forged = (skipped, digest, linked(rows[6][2], skipped, digest), salt, body)
        with pytest.raises(DamagedServerError, match="position 8: it stands in the place of event 3 of its user"):
            follower.take([forged])
        assert follower.take(rows[7:])
        assert follower.log.head() == log.head()


@pytest.mark.parametrize("rows", [0, 1, 10, 99, 1_111, 2_009])
def test_a_statement_is_carried_out_for_every_row_once(rows: int) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE pair (number, square)")
        pairs = [(number, number * number) for number in range(rows)]
        values = [value for pair in pairs for value in pair]
        carry_out(connection, "INSERT INTO pair VALUES (?,?)", 2, values)
        assert connection.execute("SELECT * FROM pair").fetchall() == pairs
        assert total(connection, "SELECT count(*) FROM (VALUES (?,?)) WHERE column1 % 2 = 1", 2, values) == rows // 2
