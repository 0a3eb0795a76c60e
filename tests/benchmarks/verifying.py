"""What it costs to look at everything: verifying a whole directory, and what is looked at whenever one is opened.

Verifying is measured by processor time, because the differences are smaller than what other programs make of the time
on the wall.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Bound, Figure, ratio
from tests.benchmarks.histories import make_history, prepare
from tests.benchmarks.launching import PROGRAM, launch, platforms
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.conftest import isolated_home
from whowas.domain.events import DirectoryEvent
from whowas.domain.users import User, evolve
from whowas.safekeeping.seen_heads import note_seen
from whowas.store.chain import first_damage
from whowas.store.event_log import EventLog
from whowas.store.file.schema_check import require_readable_schema
from whowas.system import folders

WITHOUT_CHECKS = Path(__file__).with_name("without_checks.py")


def verify_vs_parts(folder: Path, *, users: int = 20_000, changes: int = 100_000, rounds: int = 7) -> Figure:
    """Return how many times as long as its parts, each done alone, verifying everything takes."""
    path = folder / "history.whowas"
    make_history(path, users, changes)
    with closing(EventLog.open(path)) as log:

        def whole(_round: int, stopwatch: Stopwatch) -> None:
            with stopwatch.running():
                assert log.verify() is None

        def parts(_round: int, stopwatch: Stopwatch) -> None:
            with closing(EventLog.open(path)) as other:
                connection = other._connection()
                with stopwatch.running():
                    assert first_damage(other.rows()) is None
                with stopwatch.running():
                    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                with stopwatch.running():
                    _fold(other)

        duel = interleaved(whole, parts, rounds)
    note = f"{changes:,} changes of {users:,} users: verify ÷ (chain walk + integrity_check + fold, each alone), by CPU"
    ours, peer = [one.cpu for one in duel.ours], [one.cpu for one in duel.peer]
    details = {"ours_s": median(ours), "peer_s": median(peer)}
    return ratio("verify_vs_parts", ours, peer, note, Bound(most=1.2), details)


def _fold(log: EventLog) -> None:
    users: dict[str, User | None] = {}
    for recorded in log.read():
        if not isinstance(recorded.event, DirectoryEvent):
            users[recorded.stream] = evolve(users.get(recorded.stream), recorded.event)


def open_vs_before(folder: Path, *, sizes: tuple[int, ...] = (10_000, 1_000_000), rounds: int = 25) -> Figure:
    """Return how many times as long as without any of the checks a directory takes to open: the worse of the sizes."""
    home = folder / "home"
    os.environ.update(isolated_home(home))
    rounded: list[float] = []
    details: dict[str, float] = {}
    with platforms(folder, home) as found:
        environment = next(iter(found.values()))  # the screen, where there is one
        for size in sizes:
            path = folder / f"{size:,}.whowas"
            make_history(path, size // 5, size)
            prepare(path, folders.cache())
            _note(path)
            checked, trusting = _openings(environment, path, rounds)
            rounded.append(median(one / other for one, other in zip(checked, trusting, strict=True)))
            details |= {f"with_{size}_ms": median(checked), f"without_{size}_ms": median(trusting)}
    details["schema_us"] = _schema_us(folder / f"{sizes[-1]:,}.whowas")
    what = " and ".join(f"{size:,}" for size in sizes)
    note = f"directories of {what} changes: process start to the users painted, with all checks ÷ without; the worse"
    return Figure("open_vs_before", max(rounded), "x", rounded, note, Bound(most=1.03), details)


def _note(path: Path) -> None:
    """Have this computer have seen the directory."""
    with closing(EventLog.open(path)) as log:
        note_seen(log, folders.seen_heads(), time.time_ns() // 1_000)


def _openings(environment: dict[str, str], path: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of openings with all checks, and without any, taken turn by turn."""
    checked: list[float] = []
    trusting: list[float] = []
    launch(environment, "whowas", str(path))  # from here on the disk's cache is warm for both
    programs = ((checked, PROGRAM), (trusting, WITHOUT_CHECKS))
    for turn in range(rounds):
        for times, program in programs if turn % 2 else programs[::-1]:
            started = launch(environment, "whowas", str(path), program=(sys.executable, str(program)))
            times.append(started.filled)
    return checked, trusting


def _schema_us(path: Path) -> float:
    """Return how many microseconds comparing triggers, indexes and tables takes of each opening."""
    times: list[float] = []
    for _ in range(200):
        began = time.process_time()
        require_readable_schema(path)
        times.append(time.process_time() - began)
    return median(times) * 1e6
