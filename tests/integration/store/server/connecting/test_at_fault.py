"""Which field of a form is at fault, by what a real server, or the lack of one, says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.certificates import Authority
from tests.postgres import Cluster, running_cluster
from whowas.domain.errors import StoreError
from whowas.store.server.address import ServerAddress
from whowas.store.server.connecting.at_fault import part_at_fault
from whowas.store.server.connecting.connect import connect


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


def test_a_certificate_is_at_fault_where_it_does_not_vouch_for_the_server(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with running_cluster(tcp=True, tls=authority.certificate("localhost", days=-1)) as cluster:
        address = ServerAddress(host="localhost", port=str(cluster.port), dbname="postgres", user="postgres")
        assert fault(replace(address, sslrootcert=str(authority.root))) == "sslmode"
        assert fault(address) == "sslmode"


def test_a_server_that_does_not_encrypt_is_at_fault_in_how_the_connection_is(tmp_path: Path) -> None:
    with running_cluster(tcp=True) as cluster:
        address = ServerAddress(host="localhost", port=str(cluster.port), dbname="postgres", user="postgres")
        assert fault(address) == "sslmode"
