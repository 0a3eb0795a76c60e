"""Directories on the tests' own PostgreSQL server, with accounts that may do something there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uuid_utils

from tests.postgres import Cluster
from whowas.store.server.address import ServerAddress
from whowas.store.server.administering.membership import set_rights
from whowas.store.server.connecting.connect import connect
from whowas.store.server.making.installing import install
from whowas.store.server.roles import Rights
from whowas.store.server.server_log import ServerLog

ADMIN = "ines"
"""Who installs every directory."""


@dataclass(frozen=True, slots=True)
class OnServer:
    """An empty directory in a schema of its own."""

    cluster: Cluster
    database: str
    schema: str
    directory_id: str

    def address(self, account: str = ADMIN) -> ServerAddress:
        """Return how ``account`` reaches it."""
        cluster = self.cluster
        return ServerAddress(
            host=str(cluster.folder),
            port=str(cluster.port),
            dbname=self.database,
            user=account,
            schema=self.schema,
            directory_id=self.directory_id,
        )

    @contextmanager
    def log(self, account: str = ADMIN) -> Iterator[ServerLog]:
        """Yield the log as ``account`` sees it, by a connection of its own."""
        connection = connect(self.address(account))
        try:
            yield ServerLog(connection, self.address(account))
        finally:
            connection.close()

    def member(self, account: str, rights: Rights) -> str:
        """Make an account, and a member."""
        self.cluster.account(account)
        with self.log() as log:
            set_rights(log, account, rights)
        return account


def installed(cluster: Cluster) -> OnServer:
    """Return a new directory on the server, made by an account that is no superuser."""
    directory_id = str(uuid_utils.uuid7())
    made = OnServer(cluster, cluster.common_database, f"w_{directory_id[-12:]}", directory_id)
    cluster.account(ADMIN, None, "CREATEROLE")
    with cluster.superuser() as connection:
        connection.execute(f"GRANT CREATE ON DATABASE {made.database} TO {ADMIN}")
    connection = cluster.connect(made.database, ADMIN)
    try:
        install(connection, made.schema, made.directory_id)
    finally:
        connection.close()
    return made
