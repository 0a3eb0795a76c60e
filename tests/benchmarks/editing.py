"""From Save to the repainted row, in the real window."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.bulk import dispatch_all
from tests.benchmarks.figures import Figure
from tests.benchmarks.measuring import Stopwatch
from tests.benchmarks.people import create_commands
from tests.conftest import isolated_home

PATIENCE_SECONDS = 120.0


def edit_to_paint(folder: Path, *, users: int = 100_000, edits: int = 200) -> Figure:
    """Edit users one after the other through the form, each time until the table has painted the new title."""
    os.environ.update({**isolated_home(folder / "home"), "QT_QPA_PLATFORM": "offscreen"})
    directory = folder / "edit.whowas"
    dispatch_all(directory, create_commands(users), Stopwatch())
    milliseconds = _edited(directory, folder / "config", edits)
    note = f"{users:,} users: Save to the repainted row, {edits} edits; the 99th percentile, the rounds are the edits"
    return Figure("edit_to_paint_p99_ms", float(np.percentile(milliseconds, 99)), "ms", milliseconds, note)


def _edited(directory: Path, config: Path, edits: int) -> list[float]:
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
    painted: list[float] = []
    paint = UsersTable.paintEvent

    def watched(table: UsersTable, event: QPaintEvent) -> None:
        paint(table, event)
        painted.append(time.perf_counter())

    def until(holds: object) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():  # type: ignore[operator]
            if time.monotonic() > deadline:
                raise TimeoutError(f"the window did not get there: {window.messages.message()}")
            application.processEvents()

    UsersTable.paintEvent = watched  # type: ignore[method-assign]
    window.start(directory)
    until(lambda: window.commands is not None and runner.idle)
    page = window.page
    assert page is not None
    title = [column.key for column in page.model.columns].index("title")
    taken: list[float] = []
    for number in range(edits):
        row = number % 10
        page.table.selectRow(row)
        until(lambda: runner.idle)
        page.panel.form.rows.texts["title"].editor.setText(f"Title {number}")
        painted.clear()
        start = time.perf_counter()
        page.details.save()
        until(lambda row=row, number=number: page.model.data(page.model.index(row, title)) == f"Title {number}")
        shown = time.perf_counter()
        until(lambda shown=shown: any(moment >= shown for moment in painted))
        taken.append((painted[-1] - start) * 1000)
    window.close()
    window.put_away()
    runner.close()
    UsersTable.paintEvent = paint  # type: ignore[method-assign]
    return taken
