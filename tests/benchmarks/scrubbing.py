"""Dragging a directory of a million changes through time, in the real window."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from tests.benchmarks.bulk import microseconds_now
from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.people import create_commands
from tests.benchmarks.window import Desk, window_on
from tests.conftest import isolated_home
from whowas.bus import Bus
from whowas.domain.commands import UpdateUser
from whowas.projections.read_side import ReadSide
from whowas.store.event_log import EventLog

YEAR = 365 * 86_400_000_000
START = 1_400_000_000_000_000
WARM_UP = 10

Measured = dict[str, list[float]]


def scrubbing(
    folder: Path, *, users: int = 200_000, changes: int = 1_000_000, jumps: int = 300, drag_seconds: float = 5.0
) -> list[Figure]:
    """Return how long a frame takes: the slider moved, to the table repainted, at this size and at a tenth of it."""
    os.environ.update({**isolated_home(folder / "home"), "QT_QPA_PLATFORM": "offscreen"})
    small = _frames(folder, "small", users // 10, changes // 10, jumps, drag_seconds)
    large = _frames(folder, "large", users, changes, jumps, drag_seconds)
    every = large["name"] + large["title"] + large["search"] + large["drag"]
    growth = float(np.median(large["name"]) / np.median(small["name"]))
    ratios = [ours / bare for ours, bare in zip(large["name"], large["bare"], strict=True)]
    what = f"{changes:,} changes of {users:,} users: slider moved to table repainted"
    details = {f"{name}_p50_ms": float(np.median(times)) for name, times in large.items()}
    return [
        Figure("scrub_p50_ms", float(np.percentile(every, 50)), "ms", every, what, Bound(most=12), details),
        Figure("scrub_p99_ms", float(np.percentile(every, 99)), "ms", every, what, Bound(most=16.7)),
        Figure(
            "scrub_vs_mask",
            float(np.median(ratios)),
            "x",
            ratios,
            "the same ÷ the bare NumPy mask and the repaint of an empty QTableView",
            Bound(most=3),
        ),
        Figure("scrub_growth_10x", growth, "x", [growth], "a frame ÷ one at a tenth of the size", Bound(most=4)),
    ]


def _frames(folder: Path, name: str, users: int, changes: int, jumps: int, drag_seconds: float) -> Measured:
    path = folder / f"{name}.whowas"
    make_history(path, users, changes)
    log = EventLog.open(path)
    side = ReadSide(log, Path(os.environ["XDG_CACHE_HOME"]) / "whowas")
    side.catch_up()
    side.index_texts()
    side.keep_index()
    side.close()
    log.close()
    with window_on(path, folder / f"config-{name}") as desk:
        return _measured(desk, jumps, drag_seconds)


def make_history(path: Path, users: int, changes: int) -> None:
    """Write a log of so many changes, each at a moment of its own, the first of which create the users."""
    people = create_commands(users)
    random = Random(5)
    log = EventLog.create(path)
    pause = 10 * YEAR // changes
    with Bus(log, clock=microseconds_now, actor="bench").change() as change:
        for number, person in enumerate(people):
            change.dispatch(person, occurred_at=START + number * pause)
        for number in range(users, changes):
            field = random.choice(("title", "department", "phone"))
            edit = UpdateUser(random.choice(people).user_id, {field: f"{field} {random.randrange(2_000)}"})
            change.dispatch(edit, occurred_at=START + number * pause)
    log.close()


def _measured(desk: Desk, jumps: int, drag_seconds: float) -> Measured:
    view, random = desk.page.view, Random(2)
    now = view.index.now
    bare = _bare_frame(desk)

    def jump() -> int:
        return random.randrange(now + 1)

    found: Measured = {"name": [], "bare": []}
    for _ in range(WARM_UP):
        _frame(desk, jump())
    for _ in range(jumps):
        found["name"].append(_frame(desk, jump()))
        found["bare"].append(bare(jump()))
    view.sort_by("title", descending=True)
    desk.settle()
    found["title"] = [_frame(desk, jump()) for _ in range(jumps)]
    view.search("title 77")
    desk.settle()
    found["search"] = [_frame(desk, jump()) for _ in range(jumps)]
    view.search("")
    view.sort_by("name", descending=False)
    desk.settle()
    found["drag"] = _drag(desk, now, drag_seconds)
    return found


def _drag(desk: Desk, now: int, seconds: float) -> list[float]:
    frames: list[float] = []
    start = time.perf_counter()
    while (gone := time.perf_counter() - start) < seconds:
        frames.append(_frame(desk, round(now * (0.5 + 0.5 * np.sin(gone * 2.5)))))
    return frames


def _frame(desk: Desk, moment: int) -> float:
    """Move the slider; return the milliseconds until all that follows from it was done and painted."""
    start = time.perf_counter()
    desk.page.timeline.slider.setValue(moment)
    desk.process()
    return (time.perf_counter() - start) * 1000


def _bare_frame(desk: Desk) -> Callable[[int], float]:
    """Return what masks the same arrays as an expression would, and repaints a QTableView that shows nothing."""
    from PySide6.QtWidgets import QTableView

    index = desk.page.view.index
    order = index.orders["name"]
    numbers, begins, ends = index.numbers[order], index.begins[order], index.ends[order]
    table = QTableView()
    table.resize(desk.page.table.size())
    table.show()

    def frame(moment: int) -> float:
        start = time.perf_counter()
        shown = numbers[(begins <= moment) & (moment < ends)]
        table.viewport().update()
        desk.process()
        assert len(shown) <= len(numbers)
        return (time.perf_counter() - start) * 1000

    return frame
