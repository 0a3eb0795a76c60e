"""From an edit to the repainted row, in the real window: the person's own, and another program's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.benchmarks.bulk import dispatch_all, microseconds_now
from tests.benchmarks.figures import Figure, duration
from tests.benchmarks.measuring import Stopwatch
from tests.benchmarks.people import create_commands
from tests.benchmarks.window import Desk, type_title, window_on
from tests.conftest import isolated_home
from whowas.command_bus.bus import Bus
from whowas.domain.commands import UpdateUser
from whowas.store.event_log import EventLog

ROWS = 10
"""The first rows of the table are edited in turn."""


def editing(folder: Path, *, users: int = 100_000, edits: int = 200, others: int = 30) -> list[Figure]:
    """Edit users through the form, then by another connection, each time until the table has painted the new title."""
    os.environ.update({**isolated_home(folder / "home"), "QT_QPA_PLATFORM": "offscreen"})
    directory = folder / "edit.whowas"
    dispatch_all(directory, create_commands(users), Stopwatch())
    with window_on(directory, folder / "config") as desk:
        own = [_edit(desk, number) for number in range(edits)]
        log = EventLog.open(directory)
        bus = Bus(log, clock=microseconds_now, actor="somebody else")
        elsewhere = [_edit_elsewhere(desk, bus, number) for number in range(others)]
        log.close()
    note = f"{users:,} users: Save to the repainted row, {edits} edits; the 99th percentile, the rounds are the edits"
    return [
        Figure("edit_to_paint_p99_ms", float(np.percentile(own, 99)), "ms", own, note),
        duration(
            "edit_elsewhere_to_paint_ms",
            elsewhere,
            f"{users:,} users: another program's commit to the repainted row, {others} edits",
        ),
    ]


def _edit(desk: Desk, number: int) -> float:
    """Save a title through the form; return the milliseconds until it was painted."""
    row = number % ROWS
    desk.page.table.selectRow(row)
    desk.settle()
    type_title(desk.page, f"Title {number}")
    return _until_painted(desk, row, f"Title {number}", desk.page.details.save)


def _edit_elsewhere(desk: Desk, bus: Bus, number: int) -> float:
    """Have ``bus`` write a title; return the milliseconds from its commit until it was painted."""
    row = number % ROWS
    user = desk.page.model.user(row)
    assert user is not None
    bus.dispatch(UpdateUser(user.id, {"title": f"Elsewhere {number}"}))
    return _until_painted(desk, row, f"Elsewhere {number}", lambda: None)


def _until_painted(desk: Desk, row: int, title: str, act: Callable[[], object]) -> float:
    model = desk.page.model
    column = [known.key for known in model.columns].index("title")
    painted_at: list[float] = []

    def painted() -> None:
        if model.data(model.index(row, column)) == title:
            painted_at.append(time.perf_counter())

    desk.painted = painted
    start = time.perf_counter()
    act()
    desk.until(lambda: bool(painted_at))
    return (painted_at[0] - start) * 1000
