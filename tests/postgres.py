"""A PostgreSQL server of the tests' own, in a temporary folder, run by an unprivileged user."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

SUPERUSER = "postgres"
"""Is let in without a password, on the socket and over TCP."""

PASSWORDLESS = "without_password"
"""Accounts that were made without a password are members of this role, and are let in without one."""

_SECONDS_TO_START = 60
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "max_prepared_transactions": "0",
    "shared_buffers": "64MB",
    "logging_collector": "off",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
}
_DURABLE = {"fsync": "on", "full_page_writes": "on"}


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest where there are several, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def require_programs() -> Path:
    """Return the folder of PostgreSQL's programs, or skip the test."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL's programs (initdb, postgres) are not installed")
    return found


@dataclass
class Cluster:
    """A server in a folder with a short name, so that the path of its socket is short; ``stop`` leaves its data.

    With ``durable`` what is committed is on the disk; else it is lost with the machine, but not with the server. With
    ``tcp`` it listens on 127.0.0.1 too; ``tls`` are the files of its certificate and private key.
    """

    programs: Path
    folder: Path
    port: int = 5432
    durable: bool = False
    tcp: bool = False
    tls: tuple[Path, Path] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    _server: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _numbers: Iterator[int] = field(default_factory=count, repr=False)

    @property
    def data(self) -> Path:
        """The folder of the data."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The file that the server writes its messages to."""
        return self.folder / "log"

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self._server is not None, "the cluster is not running"
        return self._server.pid

    def make(self) -> None:
        """Make the data, of a cluster with one superuser."""
        initdb = [str(self.programs / "initdb"), "--pgdata", str(self.data), "--username", SUPERUSER]
        self.run([*initdb, "--no-locale", "--encoding=UTF8", "--no-sync", "--auth=trust"])
        rules = [f"{kind} all {who} {how}" for kind in ("local", "host") for who, how in _LET_IN]
        rules += [f"{kind} replication {SUPERUSER} trust" for kind in ("local", "host")]
        self.write_rules(rules)
        self._write_settings()

    def write_rules(self, rules: list[str]) -> None:
        """Have ``rules`` (lines of pg_hba.conf, of TCP without the address) in force at the next start or reload."""
        lines = [
            re.sub(r"^(host\w*) (\S+) (\S+)", r"\1 \2 \3 samehost", rule) if rule.startswith("host") else rule
            for rule in rules
        ]
        (self.data / "pg_hba.conf").write_text("".join(f"{line}\n" for line in lines))

    def start(self) -> None:
        """Start the server and wait until it lets people in."""
        assert self._server is None, "the cluster is running"
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_unprivileged(),
            )
        end = time.monotonic() + _SECONDS_TO_START
        while True:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.conninfo(), connect_timeout=5).close()
                return
            if self._server.poll() is not None or time.monotonic() > end:
                self.kill()
                raise AssertionError(f"PostgreSQL did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server, cutting off whoever is connected; what was committed is written."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server at once, as a crash does: it recovers when it is started next."""
        self._end(signal.SIGQUIT)

    def restart(self) -> None:
        """Stop the server and start it."""
        self.stop()
        self.start()

    def reload(self) -> None:
        """Have the server read its settings and rules again."""
        os.kill(self.pid, signal.SIGHUP)

    def set(self, **settings: str) -> None:
        """Alter settings, for which the server needs no restart."""
        with self.superuser() as connection:
            for name, value in settings.items():
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value))
            connection.execute("SELECT pg_reload_conf()")

    def database(self) -> str:
        """Make a new, empty database and return its name."""
        name = f"d{next(self._numbers)}"
        with self.superuser() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return name

    @cached_property
    def common_database(self) -> str:
        """The name of a database for all who only need schemas of their own: making one takes its time."""
        return self.database()

    def account(self, name: str, password: str | None = None, *options: str) -> str:
        """Make an account that may log in, without a password or with this one; ``options`` are of CREATE ROLE.

        Accounts are of the whole cluster: one of that name may be there already.
        """
        account = sql.Identifier(name)
        with self.superuser() as connection:
            is_there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
            make = sql.SQL("ALTER ROLE {} LOGIN " if is_there else "CREATE ROLE {} LOGIN ").format(account)
            connection.execute(make + sql.SQL(" ".join(options)) + sql.SQL(" PASSWORD {}").format(password))
            give = "REVOKE {} FROM {}" if password is not None else "GRANT {} TO {}"
            if is_there or password is None:
                connection.execute(sql.SQL(give).format(sql.Identifier(PASSWORDLESS), account))
        return name

    def conninfo(
        self, database: str = "postgres", user: str = SUPERUSER, *, over_tcp: bool = False, **more: str
    ) -> str:
        """Return how to connect, as libpq takes it; by the socket unless ``over_tcp``."""
        host = "127.0.0.1" if over_tcp else str(self.folder)
        return make_conninfo("", host=host, port=self.port, dbname=database, user=user, **more)

    def url(self, database: str = "postgres", user: str = SUPERUSER, *, over_tcp: bool = False) -> str:
        """Return the same as a URL."""
        host = "127.0.0.1" if over_tcp else str(self.folder).replace("/", "%2F")
        return f"postgresql://{user}@{host}:{self.port}/{database}"

    def connect(self, database: str, user: str = SUPERUSER, **more: str) -> psycopg.Connection[Any]:
        """Connect as the program does: without a transaction, and without prepared statements."""
        how = make_conninfo(self.conninfo(database, user), **more)
        return psycopg.connect(how, autocommit=True, prepare_threshold=None)

    @contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
        """Yield a connection that may do everything, without a transaction; close it."""
        connection = self.connect(database)
        try:
            yield connection
        finally:
            connection.close()

    def run(self, command: list[str]) -> None:
        """Run one of PostgreSQL's programs as the user who runs the server, in the cluster's folder."""
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **_unprivileged())
        assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}{done.stderr}"

    def _end(self, signal_number: int) -> None:
        if self._server is None:
            return
        server, self._server = self._server, None
        with suppress(ProcessLookupError):
            server.send_signal(signal_number)
        server.wait(_SECONDS_TO_START)

    def _write_settings(self) -> None:
        settings = {
            **_SETTINGS,
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            **(_DURABLE if self.durable else {}),
            **({"listen_addresses": "127.0.0.1"} if self.tcp else {}),
            **self._settings_of_tls(),
            **self.settings,
        }
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def _settings_of_tls(self) -> dict[str, str]:
        if self.tls is None:
            return {}
        for name, source in zip(("server.crt", "server.key"), self.tls, strict=True):
            target = self.data / name
            shutil.copyfile(source, target)
            target.chmod(0o600)
            _give(target)
        return {"ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"}


_LET_IN = ((SUPERUSER, "trust"), (f"+{PASSWORDLESS}", "trust"), ("all", "scram-sha-256"))


@contextmanager
def running_cluster(
    *,
    durable: bool = False,
    tcp: bool = False,
    tls: tuple[Path, Path] | None = None,
    settings: Mapping[str, str] | None = None,
    standby_of: Cluster | None = None,
) -> Iterator[Cluster]:
    """Make a cluster, start it, and take it away afterwards; see ``Cluster``, or skip the test.

    ``standby_of`` is a running cluster of which it is a copy that follows it and may be read.
    """
    found = require_programs()
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path has 107 bytes at most
    folder.chmod(0o755)
    _give(folder)
    port = free_port() if tcp or standby_of is not None else 5432
    cluster = Cluster(found, folder, port, durable, tcp or tls is not None, tls, settings or {})
    try:
        if standby_of is None:
            cluster.make()
            cluster.start()
            with cluster.superuser() as connection:
                connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(PASSWORDLESS)))
        else:
            _copy(standby_of, cluster)
            cluster.start()
        yield cluster
    finally:
        cluster.kill()
        shutil.rmtree(folder)


def free_port() -> int:
    """Return a port of 127.0.0.1 at which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _copy(source: Cluster, target: Cluster) -> None:
    """Make ``target`` a standby of ``source`` that calls itself by the name of its folder."""
    follow = source.conninfo(application_name=target.folder.name)
    backup = [str(target.programs / "pg_basebackup"), "--pgdata", str(target.data), "--dbname", follow]
    target.run([*backup, "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--wal-method=stream"])
    target._write_settings()


def _unprivileged() -> dict[str, Any]:
    """Return as whom PostgreSQL's programs are run, and in which environment, for ``subprocess``: they refuse root."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    who = _who()
    if who is None:
        return {"env": environment}
    return {
        "env": environment | {"HOME": "/"},
        "user": who.pw_uid,
        "group": who.pw_gid,
        "extra_groups": [],
    }


def _who() -> pwd.struct_passwd | None:
    """Return as whom to run PostgreSQL's programs: oneself (None), or for root the account that packages make."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _give(path: Path) -> None:
    who = _who()
    if who is not None:
        os.chown(path, who.pw_uid, who.pw_gid)
