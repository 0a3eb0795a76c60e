"""Which field of a form is at fault, by what a real server, or the lack of one, says."""

from __future__ import annotations

import pytest

from tests.postgres import Cluster
from whowas.domain.errors import StoreError
from whowas.store.server.address import ServerAddress
from whowas.store.server.at_fault import part_at_fault
from whowas.store.server.connecting import connect


def fault(address: ServerAddress) -> str:
    with pytest.raises(StoreError) as refused:
        connect(address).close()
    return part_at_fault(refused.value)


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"user": "ines", "password": "another"}, "password"),
        ({"user": "nobody_at_all"}, "password"),  # a server does not tell that there is no such account
        ({"user": "postgres", "dbname": "nowhere"}, "dbname"),
        ({"user": "postgres", "port": "1"}, "host"),  # there is no such socket in the folder
        ({"host": "/nowhere/at/all"}, "host"),
        ({"host": "nowhere.invalid"}, "host"),
        ({"host": "127.0.0.1", "port": "1"}, "port"),
    ],
)
def test_what_is_wrong_with_an_address_is_found_where_it_is_typed(
    cluster: Cluster, database: str, said: dict[str, str], part: str
) -> None:
    cluster.account("ines", "a secret")
    whole = {"host": str(cluster.folder), "port": str(cluster.port), "dbname": database, "user": "ines", **said}
    assert fault(ServerAddress(**whole)) == part  # type: ignore[arg-type]


def test_what_is_about_no_part_names_none() -> None:
    assert part_at_fault(StoreError("The server is of another version.")) == ""
