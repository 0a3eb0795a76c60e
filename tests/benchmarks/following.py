"""Following a directory on a server, writing to it over a long line, and dragging what was followed through time."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median
from threading import Barrier
from typing import TYPE_CHECKING, Any

import numpy as np
import uuid_utils

from tests.benchmarks.figures import Bound, Figure, slowness
from tests.benchmarks.histories import make_history, prepare
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.conftest import isolated_home
from tests.delaying_proxy import proxy_to
from tests.postgres import Cluster, running_cluster
from tests.shared_directories import ADMIN, OnServer, installed
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.progress import unwatched
from whowas.store.event_log import EventLog
from whowas.store.follower.follower import Follower
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.read_rows import recorded_of
from whowas.store.server.address import ServerAddress
from whowas.store.server.connecting.connect import connect
from whowas.store.server.making.moving_in import move_in
from whowas.store.server.server_log import ServerLog

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

ONE_WAY_S = 0.01
WRITERS = 8


def team_catch_up_vs_select(folder: Path, *, users: int = 20_000, changes: int = 100_000, rounds: int = 5) -> Figure:
    """Follow a directory from its beginning into a new file, against selecting the same rows and decoding them.

    Decoded they are what everything in Whowas reads: recorded events, as a log makes them of its rows.
    """
    with running_cluster() as cluster, _moved(cluster, folder / "history.whowas", users, changes) as server:

        def ours(number: int, stopwatch: Stopwatch) -> None:
            path = folder / f"follower {number}.whowas"
            with stopwatch.running():
                follower = Follower(path, server.directory_id, hides_passwords=False)
                follower.follow(server)
            assert follower.log.head() == server.head()
            follower.log.close()
            path.unlink()

        def bare(number: int, stopwatch: Stopwatch) -> None:
            del number
            with stopwatch.running():
                for page in server.pages(0):
                    for columns, _, _, _, body in page:
                        position, _, stream, version, kind, event_schema, *recorded = columns
                        row: Any = stream, version, *recorded, position, kind, event_schema, body, None
                        recorded_of(row)

        duel = interleaved(ours, bare, rounds)
    note = (
        f"{changes:,} events from the server into a new follower, verified ÷ selecting them in pages and decoding them "
        "into recorded events"
    )
    return slowness("team_catch_up_vs_select", duel, note, Bound(most=4))


def team_wan_8_writers(folder: Path, *, changes: int = 60, rounds: int = 3) -> Figure:
    """Save over a line of 20 ms, there and back: changes a second by eight writers ÷ those by one.

    Each has a connection and a follower of its own; about a tenth of their changes is to one and the same user. They
    are threads of one process: a change takes some 1.5 ms of a processor and waits 20 for the line, while eight
    interpreters on two processors would wait for each other, as those on eight machines do not. Their turns in Python
    are as long as in the program.
    """
    one: list[float] = []
    many: list[float] = []
    with running_cluster(durable=True) as cluster, _turns_as_in_the_program():
        for number in range(rounds):
            for writers, rates in ((1, one), (WRITERS, many)):
                directory = installed(cluster)
                rates.append(_rate(directory, folder / f"{number} {writers}", writers, changes))
    ratios = [eight / alone for eight, alone in zip(many, one, strict=True)]
    details = {"one_per_s": median(one), "eight_per_s": median(many)}
    note = (
        f"{WRITERS} writers × {changes} changes a second over 20 ms, a tenth of them colliding ÷ one writer's; each a "
        "thread with a follower of its own"
    )
    return Figure("team_wan_8_writers", median(ratios), "x", ratios, note, Bound(least=4), details)


def team_scrub_p99_ms(folder: Path, *, users: int = 200_000, changes: int = 1_000_000, jumps: int = 300) -> Figure:
    """Drag a follower through time, and the file that its server was made of, one after the other."""
    from tests.benchmarks.scrubbing import _sorted_by
    from tests.benchmarks.window import window_on
    from whowas.projections.index.version_index import DEFAULT_ORDER

    os.environ.update(isolated_home(folder / "home"))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    cache = folder / "home" / ".cache" / "whowas"
    file, followed = folder / "file.whowas", folder / "follower.whowas"
    with running_cluster() as cluster, _moved(cluster, file, users, changes) as server:
        follower = Follower(followed, server.directory_id, hides_passwords=False)
        follower.follow(server)
        follower.log.close()
    frames: dict[Path, list[float]] = {file: [], followed: []}
    for path in frames:
        prepare(path, cache)
    for turn in range(2):
        for path in frames:
            with window_on(path, folder / f"config {turn} {path.stem}") as desk:
                frames[path] += _sorted_by(desk, DEFAULT_ORDER, jumps)[0]
    of_file, of_follower = (float(np.percentile(times, 99)) for times in frames.values())
    note = f"{changes:,} changes of {users:,} users, followed from a server: slider to repaint, beside the file's own"
    details = {"file_p99_ms": of_file, "follower_vs_file": of_follower / of_file}
    return Figure("team_scrub_p99_ms", of_follower, "ms", frames[followed], note, Bound(most=of_file * 1.1), details)


@contextmanager
def _moved(cluster: Cluster, file: Path, users: int, changes: int) -> Iterator[ServerLog]:
    """Move a history to a server, and yield it there."""
    make_history(file, users, changes)
    made = OnServer(cluster, cluster.database(), "whowas", _id_of(file))
    cluster.account(ADMIN, None, "CREATEROLE")
    with cluster.superuser() as connection:
        connection.execute(f"GRANT CREATE ON DATABASE {made.database} TO {ADMIN}")
    with closing(EventLog.open(file)) as log:
        move_in(made.address(), file, log.head(), lambda: None, unwatched)
    with closing(connect(made.address())) as connection:
        yield ServerLog(connection, made.address())


def _id_of(file: Path) -> str:
    with closing(EventLog.open(file)) as log:
        return log.directory_id


def _rate(directory: OnServer, folder: Path, writers: int, changes: int) -> float:
    """Return how many changes a second so many writers save together."""
    shared = str(uuid_utils.uuid7())
    folder.mkdir(parents=True)
    context = multiprocessing.get_context("spawn")
    ended, ports = context.Event(), context.Queue()
    socket = f"{directory.cluster.folder}/.s.PGSQL.{directory.cluster.port}"
    line = context.Process(target=_line, args=(socket, ports, ended))
    line.start()
    address = replace(directory.address(), host="127.0.0.1", port=str(ports.get()), sslmode="disable")
    with ExitStack() as opened, ThreadPoolExecutor(writers) as threads:
        held = [opened.enter_context(closing(_opened(address, folder / str(number)))) for number in range(writers)]
        buses = [Bus(each.writes, clock=each.clock, actor=each.account) for each in held]
        buses[0].dispatch(CreateUser(shared, {"first_name": "x"}))
        ready = Barrier(writers)
        spans = list(threads.map(lambda bus: _write(bus, shared, changes, ready), buses))
    ended.set()
    line.join()
    seconds = max(end for _, end in spans) - min(begin for begin, _ in spans)
    return writers * changes / seconds


@contextmanager
def _turns_as_in_the_program() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _line(socket: str, ports: multiprocessing.Queue[int], ended: Event) -> None:
    with proxy_to(socket, ONE_WAY_S) as proxy:
        ports.put(proxy.port)
        ended.wait()


def _opened(address: ServerAddress, home: Path) -> SharedDirectory:
    os.environ.update(isolated_home(home))
    return SharedDirectory.open(address)


def _write(bus: Bus, shared: str, changes: int, ready: Barrier) -> tuple[float, float]:
    """Save so many changes, and return when that began and ended."""
    own, random = str(uuid_utils.uuid7()), Random()
    bus.dispatch(CreateUser(own, {"first_name": "x"}))
    ready.wait(120)
    began = time.monotonic()
    for number in range(changes):
        about = shared if random.random() < 0.1 else own
        bus.dispatch(UpdateUser(about, {"title": f"{own} {number}"}))
    return began, time.monotonic()
