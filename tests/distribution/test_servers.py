"""The bundle speaks to servers: by a socket, and over TCP with TLS, verified by the root certificates of the system."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.certificates import Authority
from tests.command_line import whowas
from tests.conftest import isolated_home
from tests.distribution.conftest import Packages
from tests.distribution.new_debian import OWN_MOUNTS
from tests.postgres import Cluster, running_cluster
from whowas.store.server.address import ServerAddress
from whowas.store.server.team_file import read_team_file, write_team_file
from whowas.team.creating import create

ROOTS = "/etc/ssl/certs/ca-certificates.crt"
HOST = "localhost"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Somebody whom this machine does not know."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def cluster(authority: Authority) -> Iterator[Cluster]:
    """A server that shows a certificate for ``HOST``."""
    with running_cluster(tcp=True, tls=authority.certificate(HOST)) as cluster:
        cluster.account("ines", None, "CREATEROLE")
        yield cluster


@pytest.fixture
def shared(cluster: Cluster, tmp_path: Path) -> Path:
    """The team file of a directory of five users on the server, whom ines may look at by the socket."""
    file, team_file = tmp_path / "staff.whowas", tmp_path / "staff.whowas-team"
    assert whowas("sample", file, "--people", "5", "--changes", "20").code == 0
    database = cluster.database()
    with cluster.superuser() as connection:
        connection.execute(f"ALTER DATABASE {database} OWNER TO ines".encode())
    create(file, ServerAddress(host=str(cluster.folder), port=str(cluster.port), dbname=database), team_file)
    return team_file


@pytest.fixture(autouse=True)
def _as_ines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGUSER", "ines")


def over_tcp(shared: Path, **more: str) -> Path:
    """The team file as ines would send it to somebody on another machine."""
    there = read_team_file(shared)
    sent = shared.with_name("sent.whowas-team")
    told = {"host": HOST, "port": there.port, "dbname": there.dbname, "directory_id": there.directory_id}
    address = ServerAddress(**(told | more))
    write_team_file(sent, address)
    return sent


def asked(packages: Packages, home: Path, *words: str | Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the bundle, with nothing of the test's surroundings, where its mounts are its own."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "PGUSER": "ines", **isolated_home(home)}
    run = f'{before} exec "$@"'
    command = [*OWN_MOUNTS, "sh", "-ec", run, "sh", str(packages.bundle / "whowas"), *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_the_bundle_lists_verifies_and_writes_by_a_socket(packages: Packages, shared: Path, home: Path) -> None:
    listed = asked(packages, home, "list", shared, "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    before = listed.stdout.splitlines()
    assert asked(packages, home, "verify", shared).returncode == 0
    created = json.dumps({"command": "CreateUser", "first_name": "Zoë"})
    assert asked(packages, home, "run", shared, before=f"echo '{created}' |").returncode == 0
    assert len(asked(packages, home, "list", shared, "--json").stdout.splitlines()) == len(before) + 1


def test_the_systems_roots_vouch_for_the_server(
    packages: Packages, shared: Path, authority: Authority, home: Path, tmp_path: Path
) -> None:
    sent = over_tcp(shared)
    refused = asked(packages, home, "list", sent)
    assert refused.returncode == 2
    assert "is signed by nobody this computer knows" in refused.stderr
    assert refused.stderr.count("\n") == 1

    # As update-ca-certificates leaves it where an administrator has added one.
    roots = tmp_path / "roots.crt"
    roots.write_bytes(Path(ROOTS).read_bytes() + authority.root.read_bytes())
    known = asked(packages, home, "list", sent, before=f"mount --bind '{roots}' {ROOTS};")
    assert (known.returncode, known.stderr) == (0, "")
    assert known.stdout == asked(packages, home, "list", shared).stdout


def test_a_root_that_the_team_file_names_vouches_too(
    packages: Packages, shared: Path, authority: Authority, home: Path
) -> None:
    listed = asked(packages, home, "list", over_tcp(shared, sslrootcert=str(authority.root)))
    assert (listed.returncode, listed.stderr) == (0, "")


def test_a_certificate_for_another_host_is_refused(
    packages: Packages, shared: Path, authority: Authority, home: Path
) -> None:
    refused = asked(packages, home, "list", over_tcp(shared, host="127.0.0.1", sslrootcert=str(authority.root)))
    assert refused.returncode == 2
    assert "certificate" in refused.stderr
    assert refused.stderr.count("\n") == 1
