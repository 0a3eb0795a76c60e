"""Where tests share directories, and what they ask of what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.postgres import Cluster
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, EraseUser, SetPassword
from whowas.store.event_log import EventLog
from whowas.store.follower.follower import Follower
from whowas.store.server.address import ServerAddress, parsed
from whowas.store.server.connecting.connect import connect
from whowas.store.server.server_log import ServerLog

MAKER = "maker"
NOON = 1_700_000_000_000_000
HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHlzYWx0$UnlikeAnythingElse"


@dataclass(frozen=True)
class Place:
    """A database of a cluster, for the account that makes a directory there."""

    cluster: Cluster
    database: str
    maker: str

    @property
    def address(self) -> ServerAddress:
        """Where the maker reaches it."""
        return self.of(self.maker)

    def of(self, account: str) -> ServerAddress:
        """Return where an account reaches it."""
        return replace(parsed(self.cluster.url(self.database)), user=account)

    @contextmanager
    def log(self, account: str | None = None) -> Iterator[ServerLog]:
        """Yield the directory there, as an account has it open."""
        address = self.of(account or self.maker)
        with closing(connect(address)) as connection:
            yield ServerLog(connection, address)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[Any]]:
        """Yield a connection that may do everything."""
        with self.cluster.superuser(self.database) as connection:
            yield connection


def place_on(cluster: Cluster) -> Place:
    """Return a new database that belongs to an account with CREATEROLE."""
    database = cluster.database()
    cluster.account(MAKER, None, "CREATEROLE")
    with cluster.superuser() as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*map(sql.Identifier, (database, MAKER))))
    return Place(cluster, database, MAKER)


def user(number: int) -> str:
    """Return the id of a user of tests."""
    return f"0199a3c4-0000-7000-8000-{number:012d}"


def directory(path: Path, users: int = 3) -> Path:
    """Make a directory of some users, one of whom has a password, and one of whom was erased."""
    with closing(EventLog.create(path)) as log:
        bus = Bus(log, clock=lambda: NOON, actor="ines")
        with bus.change() as change:
            for number in range(users):
                fields = {"first_name": f"Ada {number}", "email": f"a{number}@example.org", "external_id": f"x{number}"}
                change.dispatch(CreateUser(user(number), fields))
        bus.dispatch(SetPassword(user(0), HASH))
        bus.dispatch(EraseUser(user(1)))
        log.sweep()
        log.mark_swept()
    return path


def rows_of(path: Path) -> list[object]:
    """Return every row of a directory file, as it is stored."""
    with closing(EventLog.open(path)) as log:
        assert log.verify() is None
        return list(log.rows())


def followed(server: ServerLog, path: Path, *, hides_passwords: bool = False) -> EventLog:
    """Return a new file that follows a directory, which whoever calls this closes."""
    follower = Follower(path, server.directory_id, hides_passwords=hides_passwords)
    follower.follow(server)
    return follower.log
