"""A place on a server where an administrator, who is no superuser, can share a directory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from psycopg import sql

from tests.integration.team.places import Place, place_on
from tests.postgres import Cluster


@pytest.fixture
def place(place_made: Callable[[], Place]) -> Place:
    """A database that belongs to an account with CREATEROLE."""
    return place_made()


@pytest.fixture(scope="session")
def place_made(cluster: Cluster) -> Callable[[], Place]:
    """Makes such a database each time it is called."""
    return lambda: place_on(cluster)


@pytest.fixture(autouse=True)
def no_accounts_left(cluster: Cluster) -> Iterator[None]:
    """Take from accounts what a test granted them: they are of the whole cluster."""
    yield
    with closing(cluster.connect("postgres")) as connection:
        granted = connection.execute(
            "SELECT r.rolname, m.rolname FROM pg_auth_members AS a JOIN pg_roles AS r ON r.oid = a.roleid "
            "JOIN pg_roles AS m ON m.oid = a.member WHERE r.rolname ~ '_(reader|editor|admin)$' AND m.rolcanlogin"
        ).fetchall()
        for role, member in granted:
            connection.execute(sql.SQL("REVOKE {} FROM {} CASCADE").format(*map(sql.Identifier, (role, member))))
