"""Clients and servers are killed, networks break: what was said to be saved is there, once, without a gap, verified.

A normal run strikes at some moments, EVERY_FAULT=1 at a hundred.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.command_line import whowas
from tests.conftest import REPOSITORY
from tests.faults.figures import FIGURES
from tests.faults.proxy import Proxy, between
from tests.faults.scenarios import EVERY
from tests.faults.shared_writer import names
from tests.postgres import Cluster, free_port, running_cluster
from whowas.domain.events import UserCreated
from whowas.store.chain import Head
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.address import ServerAddress
from whowas.store.server.team_file import read_team_file, write_team_file
from whowas.team.creating import create

pytestmark = pytest.mark.timeout(3600)

SAVES = 14
MOMENTS = range(1, 16)
"""Of the exchanges with the server while so much is saved."""

WAYS = [("client", when) for when in ("before", "amid", "after")]
WAYS += [("server", when) for when in ("before", "amid", "lost", "after")]
KILLS = [(whom, when, number) for number in MOMENTS for whom, when in WAYS]
TRIED = KILLS if EVERY else KILLS[::13]  # each way, as 13 and the number of ways share no divisor
PATIENCE_S = 60.0
LABELS = itertools.count()
STARTED: list[subprocess.Popen[str]] = []


@dataclass
class Shared:
    """A directory on a server, and where its team file lies."""

    cluster: Cluster
    team_file: Path

    def over(self, port: int, name: str, **more: str) -> Path:
        """The team file of the same directory at another port of 127.0.0.1."""
        there = read_team_file(self.team_file)
        other = self.team_file.with_name(f"{name}.whowas-team")
        address = replace(there, host="127.0.0.1", port=str(port), sslmode="disable", options=tuple(more.items()))
        write_team_file(other, address)
        return other


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server that may be killed, reached by a socket and over TCP."""
    with running_cluster(tcp=True) as cluster:
        yield cluster


@pytest.fixture
def shared(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    """A new directory of a few users on the server."""
    monkeypatch.setenv("PGUSER", "postgres")
    file, team_file = tmp_path / "staff.whowas", tmp_path / "staff.whowas-team"
    assert whowas("sample", file, "--people", "3", "--changes", "5").code == 0
    address = ServerAddress(host=str(cluster.folder), port=str(cluster.port), dbname=cluster.database())
    create(file, address, team_file)
    yield Shared(cluster, team_file)
    for process in STARTED:
        process.kill()
        process.communicate()
    STARTED.clear()


class Writer:
    """A process that saves, see ``shared_writer``."""

    def __init__(self, team_file: Path, label: str, count: int = SAVES, **moment: object) -> None:
        told = {"team_file": str(team_file), "label": label, "count": count, **moment}
        self.label = label
        self.count = count
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.shared_writer", json.dumps(told)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[list[str]] = []
        self.errors = ""
        self.struck = False
        STARTED.append(self.process)

    def wait_open(self) -> None:
        """Wait until it has opened the directory."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "open\n"

    def ended(self, killed: Cluster | None = None) -> list[list[str]]:
        """Wait for its end, and return what it said, a list of words a line; kill ``killed`` where it asks for it."""
        assert self.process.stdout is not None
        assert self.process.stdin is not None
        for line in self.process.stdout:
            if line == "open\n":
                continue
            if line == "kill\n":
                assert killed is not None
                kill_and_start(killed)
                self.struck = True
                self.process.stdin.write("done\n")
                self.process.stdin.flush()
            else:
                self.said.append(line.split())
        _, self.errors = self.process.communicate()
        self.struck = self.struck or self.process.returncode == -signal.SIGKILL
        return self.said


def kill_and_start(cluster: Cluster) -> None:
    """Kill every process of the server, as for want of memory, and start it."""
    os.kill(cluster.pid, signal.SIGSTOP)  # so that it begets no more
    told = subprocess.run(["pgrep", "-P", str(cluster.pid)], capture_output=True, text=True, check=False).stdout
    processes = [cluster.pid, *map(int, told.split())]
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    cluster.kill()
    until = time.monotonic() + PATIENCE_S
    while any(map(is_running, processes)):
        assert time.monotonic() < until, "they do not end"
        time.sleep(0.005)
    cluster.start()


def is_running(process: int) -> bool:
    """Whether a process is there, and is not only waiting to be taken note of."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def saved(writer: Writer) -> int:
    """How many of its saves a writer knows to be saved."""
    return len({number for word, number, *_ in writer.said if word in {"saved", "there"}})


def wrong(shared: Shared, writers: list[Writer]) -> list[str]:
    """Say what is not as it must be, after all these have ended."""
    found = []
    with closing(SharedDirectory.open(read_team_file(shared.team_file))) as directory:
        log = directory.log
        events = list(log.read())
        if [event.position for event in events] != list(range(1, log.head().position + 1)):
            found.append("lost: there is a gap")
        if log.verify() is not None:
            found.append("lost: the history does not verify")
        with shared.cluster.superuser(read_team_file(shared.team_file).dbname or "") as connection:
            if connection.execute("SELECT count(*), max(position) FROM whowas.event").fetchone() != (len(events),) * 2:
                found.append("lost: the server has other events than were followed")
        created = Counter(
            event.event.fields.get("external_id") or "" for event in events if isinstance(event.event, UserCreated)
        )
    for writer in writers:
        found += wrong_of(writer, created)
    return found


def wrong_of(writer: Writer, created: Counter[str]) -> list[str]:
    """Say where what a writer was told is not so."""
    found = []
    said: dict[str, list[str]] = {}
    for word, which, *_ in writer.said:
        if word != "begin":
            said.setdefault(which, []).append(word)
    for number in range(1, writer.count + 1):
        name, words = f"{writer.label}-{number}", said.get(str(number), [])
        there = {created[user] for user in names(writer.label, number)}
        if not {"saved", "there"}.isdisjoint(words) and there != {1}:
            found.append(f"lost: {name} was saved, and is there {there} times")
        elif there not in ({0}, {1}):
            found.append(f"lost: {name} is there in part, or more than once: {there}")
        if (words[-1:] == ["unsaved"] and there != {0}) or words[-2:] == ["unsaved", "there"]:
            found.append(f"untrue: {name} was said not to be saved, and was")
    found += [f"refused: {' '.join(line)}" for line in writer.said if line[0] in {"refused", "away", "never"}]
    return found


def test_a_kill_of_client_or_server_loses_and_doubles_nothing(shared: Shared) -> None:
    for whom, when, number in TRIED:
        label = f"k{next(LABELS)}"
        writer = Writer(shared.team_file, label, whom=whom, when=when, number=number)
        writer.ended(shared.cluster)
        assert writer.struck, (whom, when, number, writer.errors)
        assert whom == "client" or writer.process.returncode == 0, writer.errors
        findings = wrong(shared, [writer])
        # Started again it goes on with the same, as somebody does who does not know what became of it.
        again = Writer(shared.team_file, label)
        again.ended()
        assert again.process.returncode == 0, again.errors
        assert saved(again) == SAVES
        findings += wrong(shared, [writer, again])
        FIGURES.count("kills of a shared directory", f"{whom} {when}", findings)
        assert findings == [], (whom, when, number, writer.said)
    assert whowas("verify", shared.team_file).code == 0


def test_several_write_while_their_server_is_killed_and_restarted(shared: Shared) -> None:
    writers = [Writer(shared.team_file, f"s{next(LABELS)}", count=24) for _ in range(3)]
    for writer in writers:
        writer.wait_open()
    for kill in (kill_and_start, Cluster.restart) * (4 if EVERY else 1):
        time.sleep(0.7)
        kill(shared.cluster)
    for writer in writers:
        writer.ended()
        assert writer.process.returncode == 0, writer.errors
        assert saved(writer) == writer.count
    findings = [one for one in wrong(shared, writers) if "away" not in one]
    FIGURES.count("kills of a shared directory", "under 3 writers", findings)
    assert findings == []


ROADS = {
    "slow": Proxy(0, delay_s=0.01),
    "breaking off": Proxy(0, break_after=(2_000, 30_000)),
    "silent": Proxy(0, break_after=(4_000, 40_000), silently=True),
    "slow and breaking off": Proxy(0, delay_s=0.01, break_after=(4_000, 40_000)),
}


@pytest.mark.parametrize("road", ROADS)
def test_a_bad_road_to_the_server_loses_and_doubles_nothing(shared: Shared, road: str) -> None:
    proxy = replace(ROADS[road], server=shared.cluster.port)
    with between(proxy):
        team_file = shared.over(proxy.port, "road")
        writers = [Writer(team_file, f"r{next(LABELS)}", count=24 if EVERY else 8) for _ in range(2)]
        for writer in writers:
            writer.ended()
            assert writer.process.returncode == 0, writer.errors
            assert saved(writer) == writer.count
    assert proxy.broken > 0 or proxy.break_after is None
    findings = [one for one in wrong(shared, writers) if "away" not in one]
    FIGURES.count("bad roads to a shared directory", road, findings)
    assert findings == []


@contextmanager
def pooling(cluster: Cluster, folder: Path) -> Iterator[int]:
    """Have PgBouncer before the server, which gives a connection to others after each transaction; yield its port."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("PgBouncer is not installed")
    port, settings, number = free_port(), folder / "pgbouncer.ini", cluster.folder / "pgbouncer.pid"
    (folder / "users.txt").write_text('"postgres" ""\n')
    told = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "trust",
        "auth_file": folder / "users.txt",
        "pool_mode": "transaction",
        "default_pool_size": 2,
        "logfile": cluster.folder / "pgbouncer.log",
        "pidfile": number,
    }
    lines = [f"* = host={cluster.folder} port={cluster.port}", "[pgbouncer]", *(f"{key} = {told[key]}" for key in told)]
    settings.write_text("\n".join(("[databases]", *lines, "")))
    cluster.run([program, "-q", "-d", str(settings)])
    until = time.monotonic() + PATIENCE_S
    while not (number.exists() and accepts(port)):
        assert time.monotonic() < until, (cluster.folder / "pgbouncer.log").read_text()
        time.sleep(0.02)
    try:
        yield port
    finally:
        os.kill(int(number.read_text()), signal.SIGKILL)


def accepts(port: int) -> bool:
    """Whether somebody listens at a port of this computer."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_behind_a_pooler_that_shares_connections_all_is_saved_and_followed(
    shared: Shared, tmp_path_factory: pytest.TempPathFactory
) -> None:
    readable = tmp_path_factory.mktemp("pooler")
    for folder in (readable, *list(readable.parents)[:-2]):
        folder.chmod(0o755)
    with pooling(shared.cluster, readable) as port:
        team_file = shared.over(port, "pooled")
        with closing(SharedDirectory.open(read_team_file(team_file))) as follower:
            writers = [Writer(team_file, f"p{next(LABELS)}") for _ in range(3)]
            for writer in writers:
                writer.ended()
                assert writer.process.returncode == 0, writer.errors
                assert saved(writer) == writer.count
            # Nothing wakes it there; it looks by itself.
            until = time.monotonic() + PATIENCE_S
            while follower.log.head() != head_of(shared):
                assert time.monotonic() < until, "it does not look"
                if follower.wait(10):
                    follower.follow()
        findings = wrong(shared, writers)
    FIGURES.count("bad roads to a shared directory", "a pooler", findings)
    assert findings == []


def head_of(shared: Shared) -> Head:
    """Return the head on the server."""
    with closing(SharedDirectory.open(read_team_file(shared.team_file))) as directory:
        return directory.log.head()
