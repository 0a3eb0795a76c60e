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
from whowas.projections.index.version_index import DEFAULT_ORDER
from whowas.projections.queries.change_filter import ChangeFilter

WARM_UP = 10
SEARCH = "title 77"
DRAG = "drag"
"""The frames of the drag, among those of the sort orders."""

Measured = dict[str, list[float]]


def scrubbing(small: Path, large: Path, config: Path, *, jumps: int = 300, drag_seconds: float = 5.0) -> list[Figure]:
    """Return how long a frame takes on two prepared directories: the slider moved, to the table repainted."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    few = _of_small(small, config, jumps)
    with window_on(large, config / "large") as desk:
        frames, ratios = _frames(desk, jumps, drag_seconds)
        busier = _with_more_open(desk, jumps)
        changes, users = desk.page.view.index.now, len(desk.page.view.rows())
    # Before and after, as the machine may be busier by then.
    few += _of_small(small, config, jumps)
    every = [time for times in frames.values() for time in times]
    growth = float(np.median(frames[DEFAULT_ORDER]) / np.median(few))
    what = f"{changes:,} changes of {users:,} users, every sort order, with a search and without: slider to repaint"
    details = {f"{name}_p50_ms": float(np.median(times)) for name, times in frames.items()}
    details |= {f"{name}_p99_ms": float(np.percentile(times, 99)) for name, times in frames.items()}
    return [
        Figure("scrub_p50_ms", float(np.percentile(every, 50)), "ms", every, what, Bound(most=12), details),
        Figure("scrub_p99_ms", float(np.percentile(every, 99)), "ms", every, what, Bound(most=8.3)),
        Figure(
            "scrub_vs_mask",
            float(np.median(ratios)),
            "x",
            ratios,
            "the same ÷ the bare NumPy mask and the repaint of an empty QTableView, each after each",
            Bound(most=3),
        ),
        Figure(
            "scrub_growth_10x",
            growth,
            "x",
            [growth],
            "a frame ÷ one at a tenth of the size: changes and users",
            Bound(most=4),
        ),
        *busier,
    ]


def _of_small(small: Path, config: Path, jumps: int) -> list[float]:
    with window_on(small, config / "small") as desk:
        frames, _ = _sorted_by(desk, DEFAULT_ORDER, jumps)
    return frames


def _frames(desk: Desk, jumps: int, drag_seconds: float) -> tuple[Measured, list[float]]:
    """Return the frames of every sort order, of each with a search, and of a drag; and the first ones' ratios."""
    from whowas.desktop.table.columns import standard_columns

    view = desk.page.view
    frames: Measured = {}
    ratios: list[float] = []
    for column in (column.key for column in standard_columns()):
        frames[column], bare = _sorted_by(desk, column, jumps)
        ratios += [ours / theirs for ours, theirs in zip(frames[column], bare, strict=True)]
        view.search(SEARCH)
        desk.settle()
        frames[f"{column}, searched"] = _jumps(desk, jumps)
        view.search("")
        desk.settle()
    view.sort_by(DEFAULT_ORDER, descending=False)
    desk.settle()
    frames[DRAG] = _drag(desk, view.index.now, drag_seconds)
    return frames, ratios


def _sorted_by(desk: Desk, column: str, jumps: int) -> tuple[list[float], list[float]]:
    """Return frames of jumps in a sort order, every other one ours and bare; every other order is turned round."""
    view, random = desk.page.view, Random(2)
    view.sort_by(column, descending=len(column) % 2 == 1)
    desk.settle()
    bare = _bare_frame(desk, column)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(WARM_UP):
        _frame(desk, random.randrange(view.index.now + 1))
    for _ in range(jumps):
        ours.append(_frame(desk, random.randrange(view.index.now + 1)))
        theirs.append(bare(random.randrange(view.index.now + 1)))
    return ours, theirs


def _jumps(desk: Desk, jumps: int) -> list[float]:
    random = Random(3)
    return [_frame(desk, random.randrange(desk.page.view.index.now + 1)) for _ in range(jumps)]


def _with_more_open(desk: Desk, jumps: int) -> list[Figure]:
    """Return frames with more to be done in each: a user's details, the list of changes, a comparison."""
    page = desk.page
    page.table.selectRow(5)
    desk.settle()
    figures = [_reported("scrub_selected_p99_ms", _jumps(desk, jumps), "a user's details beside the table")]
    page.show_changes()
    desk.settle()
    figures.append(_reported("scrub_changes_p99_ms", _jumps(desk, jumps), "the list of changes beside the table"))
    page.panel.show_details()
    page.table.clearSelection()
    page.view.compare_with(page.view.index.now // 2)
    desk.settle()
    figures.append(_reported("scrub_comparing_p99_ms", _jumps(desk, jumps), "each compared with one in the middle"))
    page.view.compare_with(None)
    page.counted.want(ChangeFilter(field="title"))
    finding: list[float] = []
    random = Random(4)
    while not desk.runner.idle:
        finding.append(_frame(desk, random.randrange(page.view.index.now + 1)))
    figures.append(_reported("scrub_finding_p99_ms", finding, "the changes of a field being looked for"))
    return figures


def _reported(name: str, frames: list[float], what: str) -> Figure:
    details = {"p50_ms": float(np.median(frames))}
    what, bound = f"the same with {what}", Bound(most=16.7)
    return Figure(name, float(np.percentile(frames, 99)), "ms", frames, what, bound, details)


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


def _bare_frame(desk: Desk, column: str) -> Callable[[int], float]:
    """Return what masks the same arrays as an expression would, and repaints a QTableView that shows nothing."""
    from PySide6.QtWidgets import QTableView

    index = desk.page.view.index
    order = index.orders[column]
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
