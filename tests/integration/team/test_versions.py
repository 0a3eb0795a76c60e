"""Programs of several versions on one server: an older one goes on, or says which version it takes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import LiteralString, cast

import pytest
from psycopg import sql

from tests.integration.team.places import Place, directory, user
from whowas.command_bus.bus import Bus
from whowas.domain.commands import UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.team.checking import Finding, check
from whowas.team.creating import create

NEXT: LiteralString = """
ALTER FUNCTION whowas.append_1 RENAME TO append_2;
ALTER TABLE whowas.event ADD COLUMN remark text;
CREATE TABLE whowas.more (x integer);
UPDATE whowas.directory SET value = '3' WHERE key = 'version';
UPDATE whowas.directory SET value = '9.9.0' WHERE key = 'needs';
"""
"""A version 3 that there is none of."""


@pytest.fixture
def shared(place: Place, tmp_path: Path) -> Place:
    """A place with a directory, which the account that made it may upgrade."""
    create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    return place


def upgrade(place: Place, *statements: str) -> None:
    """Upgrade as the account that made the directory, which is no superuser, can: it becomes the owner."""
    with closing(place.cluster.connect(place.database, place.maker)) as connection, place.log() as server:
        owner = sql.Identifier(server.roles.owner)
        with connection.transaction():
            connection.execute(sql.SQL("GRANT {} TO SESSION_USER").format(owner))
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(owner))
            for statement in statements:
                connection.execute(cast("LiteralString", statement))
            connection.execute("RESET ROLE")
            connection.execute(sql.SQL("REVOKE {} FROM SESSION_USER").format(owner))


def append_1(place: Place) -> str:
    with place.superuser() as connection:
        row = connection.execute("SELECT pg_get_functiondef('whowas.append_1'::regproc)").fetchone()
    assert row is not None
    return str(row[0])


def test_windows_that_are_open_go_on_writing_on_a_newer_version_that_lets_them(shared: Place) -> None:
    with closing(SharedDirectory.open(shared.address)) as window, shared.log() as server:
        upgrade(shared, append_1(shared).replace("append_1", "append_2"), NEXT.split(";", 1)[1])

        Bus(window.writes, clock=window.clock, actor=window.account).dispatch(UpdateUser(user(0), {"title": "Head"}))

        assert server.head().position == 6
    with closing(SharedDirectory.open(shared.address)) as window, shared.log() as server:
        assert window.log.verify() is None
        sentence = "The directory is of another version than this program: its tables were not compared."
        assert Finding("to know", sentence) in check(server, window.log)


def test_a_version_that_leaves_older_programs_behind_says_which_one_it_takes(shared: Place) -> None:
    closing(SharedDirectory.open(shared.address)).__enter__().close()
    upgrade(shared, NEXT, "UPDATE whowas.directory SET value = '3' WHERE key = 'oldest'")

    with pytest.raises(StoreError, match=r"needs Whowas 9\.9\.0 or later"), shared.log():
        pass
    with pytest.raises(StoreError, match=r"needs Whowas 9\.9\.0 or later"):
        SharedDirectory.open(shared.address)


def test_an_upgrade_that_fails_leaves_everything_as_it_was(shared: Place) -> None:
    with pytest.raises(Exception, match="division by zero"):
        upgrade(shared, NEXT, "SELECT 1 / 0")
    with shared.log() as server:
        assert next(one for one in check(server) if "tables" in one.sentence.lower()).state == "fine"
