"""What it costs to look at everything: verifying a whole directory, and what is looked at whenever one is opened.

By processor time, because the differences are smaller than what other programs make of the time on the wall.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Bound, Figure, ratio
from tests.benchmarks.histories import make_history, prepare
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.conftest import isolated_home
from whowas.domain.events import DirectoryEvent
from whowas.domain.users import User, evolve
from whowas.projections.sides.read_side import ReadSide
from whowas.store.chain import first_damage
from whowas.store.event_log import EventLog
from whowas.store.file.schema_check import require_readable_schema
from whowas.system import folders


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


CHECKS: Mapping[str, Callable[[], AbstractContextManager[object]]] = {}
"""What is looked at when a directory is opened; each switches its own check off for the length of a block.

Comparing the schema is not among them: no version that is worth comparing with opens a file without that.
"""


def open_vs_before(folder: Path, *, sizes: tuple[int, ...] = (10_000, 1_000_000), rounds: int = 60) -> Figure:
    """Return how many times as long as without any of CHECKS a directory takes to open: the worse of the sizes."""
    os.environ.update(isolated_home(folder / "home"))
    ratios: list[float] = []
    details: dict[str, float] = {}
    for size in sizes:
        path = folder / f"{size:,}.whowas"
        make_history(path, size // 5, size)
        prepare(path, folders.cache())
        checked, trusting = _openings(path, rounds)
        ratios.append(checked / trusting)
        details |= {f"with_{size}_ms": checked * 1e3, f"without_{size}_ms": trusting * 1e3}
    what = " and ".join(f"{size:,}" for size in sizes)
    details["schema_us"] = _schema_us(path)
    checks = ", ".join(CHECKS) or "none so far"
    note = f"opening directories of {what} changes with all checks ({checks}) ÷ without, by CPU; the worse"
    return Figure("open_vs_before", max(ratios), "x", ratios, note, Bound(most=1.03), details)


def _schema_us(path: Path) -> float:
    """Return how many microseconds comparing triggers, indexes and tables takes of each opening."""
    times: list[float] = []
    for _ in range(200):
        began = time.process_time()
        require_readable_schema(path)
        times.append(time.process_time() - began)
    return median(times) * 1e6


def _openings(path: Path, rounds: int) -> tuple[float, float]:
    """Return the median processor seconds of an opening with all checks, and without any, taken turn by turn."""
    checked: list[float] = []
    trusting: list[float] = []
    _opened(path)
    for turn in range(rounds):
        for times in (checked, trusting) if turn % 2 else (trusting, checked):
            with ExitStack() as switched_off:
                if times is trusting:
                    for switch_off in CHECKS.values():
                        switched_off.enter_context(switch_off())
                times.append(_opened(path))
    return median(checked), median(trusting)


def _opened(path: Path) -> float:
    """Return how many seconds of a processor it takes to open a directory as ``list`` does, and to close it."""
    gc.collect()
    began = time.process_time()
    with closing(EventLog.open(path)) as log, closing(ReadSide(log, folders.cache())) as side:
        side.catch_up()
    return time.process_time() - began
