"""Dragging a directory of a million changes through time, in the real window."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.window import Desk, window_on
from whowas.projections.change_filter import ChangeFilter

WARM_UP = 10

Measured = dict[str, list[float]]


def scrubbing(small: Path, large: Path, config: Path, *, jumps: int = 300, drag_seconds: float = 5.0) -> list[Figure]:
    """Return how long a frame takes on two prepared directories: the slider moved, to the table repainted."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with window_on(small, config / "small") as desk:
        few = _measured(desk, jumps, drag_seconds)
    with window_on(large, config / "large") as desk:
        many = _measured(desk, jumps, drag_seconds)
        changes, users = desk.page.view.index.now, len(desk.page.view.numbers())
    every = many["name"] + many["title"] + many["search"] + many["drag"]
    growth = float(np.median(many["name"]) / np.median(few["name"]))
    ratios = [ours / bare for ours, bare in zip(many["name"], many["bare"], strict=True)]
    what = f"{changes:,} changes of {users:,} users: slider moved to table repainted"
    details = {f"{name}_p50_ms": float(np.median(times)) for name, times in many.items()}
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
        Figure(
            "scrub_changes_p50_ms",
            float(np.percentile(many["changes"], 50)),
            "ms",
            many["changes"],
            "the same with the changes list open, which reads and paints other steps each time",
            Bound(most=16.7),
            {"scrub_changes_p99_ms": float(np.percentile(many["changes"], 99))},
        ),
        Figure(
            "scrub_finding_p50_ms",
            float(np.percentile(many["finding"], 50)),
            "ms",
            many["finding"],
            "the same while the changes of a field are looked for",
            Bound(most=16.7),
            {"scrub_finding_p99_ms": float(np.percentile(many["finding"], 99))},
        ),
        Figure(
            "scrub_growth_10x",
            growth,
            "x",
            [growth],
            "a frame ÷ one at a tenth of the size: changes and users",
            Bound(most=4),
        ),
    ]


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
    desk.page.panel.show_changes()
    desk.settle()
    found["changes"] = [_frame(desk, jump()) for _ in range(jumps)]
    desk.page.panel.show_details()
    desk.page.counted.want(ChangeFilter(field="title"))
    found["finding"] = [_frame(desk, jump())]
    while not desk.runner.idle:
        found["finding"].append(_frame(desk, jump()))
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
