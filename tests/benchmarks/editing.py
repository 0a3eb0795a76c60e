"""From an edit to the repainted row, in the real window: the person's own, and another program's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.bulk import dispatch_all, microseconds_now
from tests.benchmarks.figures import Figure, duration
from tests.benchmarks.measuring import Stopwatch
from tests.benchmarks.people import create_commands
from tests.conftest import isolated_home
from whowas.bus import Bus
from whowas.domain.commands import UpdateUser
from whowas.store.event_log import EventLog

if TYPE_CHECKING:
    from whowas.desktop.directory_page import DirectoryPage
    from whowas.desktop.jobs import SerialJobRunner

PATIENCE_SECONDS = 120.0
ROWS = 10
"""The first rows of the table are edited in turn."""


def editing(folder: Path, *, users: int = 100_000, edits: int = 200, others: int = 30) -> list[Figure]:
    """Edit users through the form, then by another connection, each time until the table has painted the new title."""
    os.environ.update({**isolated_home(folder / "home"), "QT_QPA_PLATFORM": "offscreen"})
    directory = folder / "edit.whowas"
    dispatch_all(directory, create_commands(users), Stopwatch())
    with _window(directory, folder / "config") as desk:
        own = [desk.edit(number) for number in range(edits)]
        log = EventLog.open(directory)
        bus = Bus(log, clock=microseconds_now, actor="somebody else")
        elsewhere = [desk.edit_elsewhere(bus, number) for number in range(others)]
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


class Desk:
    """A window with a directory, whose table tells when it has been painted."""

    def __init__(self, page: DirectoryPage, runner: SerialJobRunner, process: Callable[[], None]) -> None:
        self._awaited = (0, "")
        self._painted_at: float | None = None
        self._page = page
        self._runner = runner
        self._process = process
        self._title = [column.key for column in page.model.columns].index("title")

    def edit(self, number: int) -> float:
        """Save a title through the form; return the milliseconds until it was painted."""
        row = number % ROWS
        self._page.table.selectRow(row)
        until(lambda: self._runner.idle, self._process)
        self._page.panel.form.rows.texts["title"].editor.setText(f"Title {number}")
        return self._until_painted(row, f"Title {number}", self._page.details.save)

    def edit_elsewhere(self, bus: Bus, number: int) -> float:
        """Have ``bus`` write a title; return the milliseconds from its commit until it was painted."""
        row = number % ROWS
        user = self._page.model.user(row)
        assert user is not None
        bus.dispatch(UpdateUser(user.id, {"title": f"Elsewhere {number}"}))
        return self._until_painted(row, f"Elsewhere {number}", lambda: None)

    def painted(self) -> None:
        """Take note of the first paint that shows the title waited for."""
        row, title = self._awaited
        model = self._page.model
        if self._painted_at is None and model.data(model.index(row, self._title)) == title:
            self._painted_at = time.perf_counter()

    def _until_painted(self, row: int, title: str, act: Callable[[], object]) -> float:
        self._awaited, self._painted_at = (row, title), None
        start = time.perf_counter()
        act()
        until(lambda: self._painted_at is not None, self._process)
        assert self._painted_at is not None
        return (self._painted_at - start) * 1000


def until(holds: Callable[[], bool], process: Callable[[], None]) -> None:
    """Process events until something holds. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not get there")
        process()


@contextmanager
def _window(directory: Path, config: Path) -> Iterator[Desk]:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication

    from whowas.desktop import theme
    from whowas.desktop.jobs import SerialJobRunner
    from whowas.desktop.main_window import MainWindow
    from whowas.desktop.settings import Settings
    from whowas.desktop.users_table import UsersTable

    application = QApplication.instance() or QApplication([])
    theme.apply(application, "light")  # type: ignore[arg-type]
    runner = SerialJobRunner()
    window = MainWindow(Settings(config), runner, actor="bench")
    paint = UsersTable.paintEvent
    desk: Desk | None = None

    def watched(table: UsersTable, event: QPaintEvent) -> None:
        paint(table, event)
        if desk is not None:
            desk.painted()

    # Before the table is made: Qt looks only once whether an object has a method of its own.
    UsersTable.paintEvent = watched  # type: ignore[method-assign]
    try:
        window.start(directory)
        until(lambda: window.commands is not None and runner.idle, application.processEvents)
        assert window.page is not None
        desk = Desk(window.page, runner, application.processEvents)
        yield desk
    finally:
        UsersTable.paintEvent = paint  # type: ignore[method-assign]
        window.close()
        window.put_away()
        runner.close()
