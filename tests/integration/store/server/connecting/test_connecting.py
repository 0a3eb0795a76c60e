"""Connecting to real servers, with real certificates: verified unless told otherwise, one sentence where it fails."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from tests.certificates import Authority, self_signed
from tests.postgres import Cluster, free_port, running_cluster
from whowas.domain.errors import RefusedError, StoreError
from whowas.store.server.address import ServerAddress, parsed
from whowas.store.server.connecting import connect as connecting
from whowas.store.server.connecting.connect import completed, connect
from whowas.store.server.connecting.root_certificates import trusted
from whowas.store.server.driver_errors import sentences_for_server
from whowas.store.server.errors import NotConnectedError


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def encrypted(authority: Authority) -> Iterator[Cluster]:
    """A server on a socket and over TCP, whose certificate is for localhost."""
    with running_cluster(tcp=True, tls=authority.certificate("localhost")) as cluster:
        cluster.account("ada", "richtig")
        yield cluster


def over_tcp(cluster: Cluster, **more: str) -> ServerAddress:
    return replace(ServerAddress("", "localhost", str(cluster.port), "postgres", "postgres"), service=None, **more)


def on_socket(cluster: Cluster, **more: str) -> ServerAddress:
    address = ServerAddress(host=str(cluster.folder), port=str(cluster.port), dbname="postgres", user="postgres")
    return replace(address, **more)


def connected(address: ServerAddress) -> psycopg.pq.ConnStatus:
    connection = connect(address)
    try:
        return connection.pgconn.status
    finally:
        connection.close()


def refused(address: ServerAddress) -> str:
    with pytest.raises(StoreError) as caught:
        connect(address)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_the_certificate_is_verified_by_the_root_that_is_named(encrypted: Cluster, authority: Authority) -> None:
    connection = connect(over_tcp(encrypted, sslrootcert=str(authority.root)))
    assert connection.pgconn.ssl_in_use
    assert connection.autocommit
    connection.close()


def test_the_persons_own_root_is_found(encrypted: Cluster, authority: Authority, home: Path) -> None:
    assert "signed by nobody" in refused(over_tcp(encrypted))
    (home / ".postgresql").mkdir()
    (home / ".postgresql" / "root.crt").write_bytes(authority.root.read_bytes())
    connected(over_tcp(encrypted))


def test_the_systems_roots_are_found_by_path(
    encrypted: Cluster, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))
    connected(over_tcp(encrypted))
    connected(over_tcp(encrypted, sslrootcert="system"))
    assert trusted("system") == str(authority.root)


def test_nothing_is_verified_on_a_socket(encrypted: Cluster) -> None:
    connection = connect(on_socket(encrypted))
    assert not connection.pgconn.ssl_in_use
    connection.close()


def test_it_need_not_be_verified_where_somebody_says_so(
    encrypted: Cluster, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    connected(over_tcp(encrypted, sslmode="require"))
    connected(over_tcp(encrypted, sslmode="prefer"))
    (home / ".pg_service.conf").write_text(
        f"[staff]\nhost=localhost\nport={encrypted.port}\ndbname=postgres\nuser=postgres\nsslmode=require\n"
    )
    connected(ServerAddress(service="staff"))
    monkeypatch.setenv("PGSSLMODE", "require")
    connected(over_tcp(encrypted))


def test_a_certificate_for_another_name_is_refused(encrypted: Cluster, authority: Authority) -> None:
    sentence = refused(replace(over_tcp(encrypted, sslrootcert=str(authority.root)), host="127.0.0.1"))
    assert "a certificate for “localhost”, not for “127.0.0.1”" in sentence


def test_an_expired_certificate_is_called_expired(authority: Authority) -> None:
    with running_cluster(tcp=True, tls=authority.certificate("localhost", days=-1)) as cluster:
        assert "has expired" in refused(over_tcp(cluster, sslrootcert=str(authority.root)))


def test_a_certificate_that_vouches_for_itself_is_refused(tmp_path: Path, authority: Authority) -> None:
    with running_cluster(tcp=True, tls=self_signed(tmp_path, "localhost")) as cluster:
        assert "is signed by nobody this computer knows" in refused(over_tcp(cluster, sslrootcert=str(authority.root)))


def test_a_server_that_does_not_encrypt_is_refused() -> None:
    with running_cluster(tcp=True) as cluster:
        assert "does not encrypt" in refused(over_tcp(cluster))
        connected(over_tcp(cluster, sslmode="disable"))


def test_roots_that_are_not_there_are_named(encrypted: Cluster, tmp_path: Path) -> None:
    assert f"no root certificates at {tmp_path}/none" in refused(
        over_tcp(encrypted, sslrootcert=str(tmp_path / "none"))
    )


def test_a_client_certificate_lets_in(encrypted: Cluster, authority: Authority, home: Path) -> None:
    certificate, key = authority.certificate("ada")
    trusting = over_tcp(encrypted, user="ada", sslrootcert=str(authority.root))
    with certificates_wanted(encrypted, authority.root):
        assert "client certificate" in refused(trusting)
        folder = home / ".postgresql"
        folder.mkdir()
        (folder / "postgresql.crt").write_bytes(certificate.read_bytes())
        (folder / "postgresql.key").write_bytes(key.read_bytes())
        assert "can be read by others" in refused(trusting)
        (folder / "postgresql.key").chmod(0o600)
        connected(trusting)


@contextmanager
def certificates_wanted(cluster: Cluster, root: Path) -> Iterator[None]:
    """Have accounts be let in by certificates that ``root`` vouches for."""
    (cluster.data / "root.crt").write_bytes(root.read_bytes())
    cluster.set(ssl_ca_file="root.crt")
    with let_in(cluster, "local all all trust", "hostssl all all cert"):
        yield


@contextmanager
def let_in(cluster: Cluster, *rules: str) -> Iterator[None]:
    """Have other rules about who is let in, and how."""
    before = (cluster.data / "pg_hba.conf").read_text()
    cluster.write_rules(list(rules))
    cluster.restart()
    try:
        yield
    finally:
        (cluster.data / "pg_hba.conf").write_text(before)
        cluster.restart()


def test_a_password_itself_goes_only_to_a_verified_server(encrypted: Cluster, authority: Authority) -> None:
    address = over_tcp(encrypted, user="ada", password="richtig")
    with let_in(encrypted, "local all all trust", "host all all password"):
        for mode in ("disable", "require"):
            assert "asks for the password as it is" in refused(replace(address, sslmode=mode))
        connected(replace(address, sslrootcert=str(authority.root)))
        connected(replace(address, sslmode="require", options=(("require_auth", "password"),)))
    connected(replace(address, sslmode="disable"))


def test_passwords_come_from_everywhere(
    encrypted: Cluster, authority: Authority, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = on_socket(encrypted, user="ada")
    assert "did not let “ada” in" in refused(address)
    assert "falsch" not in refused(replace(address, password="falsch"))
    connected(replace(address, password="richtig"))
    monkeypatch.setenv("PGPASSWORD", "richtig")
    connected(address)
    monkeypatch.delenv("PGPASSWORD")
    (home / ".pgpass").write_text("*:*:*:ada:richtig\n")
    (home / ".pgpass").chmod(0o600)
    connected(address)


def test_the_environment_completes_an_address(encrypted: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGHOST": encrypted.folder, "PGPORT": encrypted.port, "PGUSER": "postgres"}.items():
        monkeypatch.setenv(name, str(value))
    connected(parsed("postgresql:///postgres"))
    monkeypatch.setenv("PGUSER", "nobody_of_that_name")
    assert "did not let “nobody_of_that_name” in" in refused(parsed("postgresql:///postgres"))


def test_an_address_is_completed_for_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PGUSER", "ada")
    assert completed(ServerAddress(host="h")) == ServerAddress(host="h", dbname="ada")
    for name, value in {"PGHOST": "db.example.org", "PGPORT": "5433", "PGDATABASE": "staff"}.items():
        monkeypatch.setenv(name, value)
    assert completed(ServerAddress()) == ServerAddress(host="db.example.org", port="5433", dbname="staff")
    given = ServerAddress(host="h", port="1", dbname="d", password="geheim")
    assert completed(given) == given
    monkeypatch.chdir(tmp_path)
    assert completed(replace(given, sslrootcert="root.crt")).sslrootcert == str(tmp_path / "root.crt")
    monkeypatch.setenv("PGPORT", "many")
    with pytest.raises(RefusedError):
        completed(ServerAddress())
    monkeypatch.setenv("PGSERVICE", "ours")
    assert completed(ServerAddress(dbname="d")) == ServerAddress(service="ours", dbname="d")


def test_a_service_completes_an_address(encrypted: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = f"[staff]\nhost={encrypted.folder}\nport={encrypted.port}\nuser=postgres\ndbname=postgres\n"
    (home / ".pg_service.conf").write_text(lines)
    connected(ServerAddress(service="staff"))
    monkeypatch.setenv("PGSERVICE", "staff")
    connected(ServerAddress())
    assert "no service “nix”" in refused(ServerAddress(service="nix"))


def test_what_is_not_there_is_named(encrypted: Cluster) -> None:
    assert "has no database “nix”" in refused(on_socket(encrypted, dbname="nix"))
    assert "did not let “nix” in" in refused(on_socket(encrypted, user="nix"))


def test_a_server_that_is_away_is_told_apart(encrypted: Cluster) -> None:
    for address in (
        over_tcp(encrypted, port=str(free_port())),
        on_socket(encrypted, host="/nowhere"),
        over_tcp(encrypted, host="nowhere.invalid"),
    ):
        with pytest.raises(NotConnectedError):
            connect(address)


def test_what_is_no_postgresql_is_said_to_be_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

        answering = Thread(target=answer)
        answering.start()
        port = str(server.getsockname()[1])
        assert "is no PostgreSQL server" in refused(ServerAddress(host="127.0.0.1", port=port, dbname="d", user="u"))
        answering.join()


def test_a_replica_is_refused_and_passed_over() -> None:
    with running_cluster(tcp=True) as first, running_cluster(standby_of=first, tcp=True) as standby:
        alone = over_tcp(standby, sslmode="disable")
        assert "a replica" in refused(alone)
        assert "a replica" in refused(replace(alone, options=(("target_session_attrs", "read-write"),)))
        both = replace(alone, host="localhost,localhost", port=f"{standby.port},{first.port}")
        connection = connect(both)
        assert connection.info.port == first.port
        connection.close()


def test_a_server_full_of_connections_or_starting_is_away_for_now(tmp_path: Path) -> None:
    with running_cluster(settings={"max_connections": "4", "superuser_reserved_connections": "3"}) as cluster:
        cluster.account("ada")
        address = on_socket(cluster, user="ada")
        first = connect(address)
        with pytest.raises(NotConnectedError, match="too many connections"):
            connect(address)
        cluster.stop()
        with pytest.raises(NotConnectedError, match=r"was lost|ended the connection"), sentences_for_server(address):
            first.execute("SELECT 1")
        first.close()


def test_a_server_that_is_too_old_is_refused(encrypted: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "OLDEST", 9_990_000)
    assert refused(on_socket(encrypted)).endswith("of PostgreSQL. Whowas needs 13 or later.")


def test_a_database_of_other_text_is_refused(encrypted: Cluster) -> None:
    with encrypted.superuser() as connection:
        connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    assert "stores text as LATIN1" in refused(on_socket(encrypted, dbname="latin"))


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        ("53100", "disk of the server .* is full", StoreError),
        ("55P03", "busy", StoreError),
        ("42501", "no right", StoreError),
        ("25006", "replica", StoreError),
        ("40001", "Try again", StoreError),
        ("57014", "took longer", StoreError),
        ("53200", "run out", StoreError),
        ("57P01", "ended the connection", NotConnectedError),
        ("57P03", "starting up", NotConnectedError),
        ("08006", "was lost", NotConnectedError),
        ("P0001", "refused that: what it says \\(SQLSTATE P0001\\)", StoreError),
    ],
)
def test_errors_of_the_server_are_sentences(encrypted: Cluster, code: str, words: str, kind: type[StoreError]) -> None:
    address = on_socket(encrypted)
    connection = connect(address)
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'what it says' USING ERRCODE = '{code}'; END $$"
    with pytest.raises(StoreError, match=words) as caught, sentences_for_server(address):
        connection.execute(raising.encode())
    assert type(caught.value) is kind
    connection.close()


def test_a_bug_is_no_sentence(encrypted: Cluster) -> None:
    connection = connect(on_socket(encrypted))
    with pytest.raises(psycopg.ProgrammingError), sentences_for_server(on_socket(encrypted)):
        connection.execute("SELECT %s", (object(),))
    connection.close()
