"""The real window in this process, offscreen, with its paints watched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.desktop.manual_jobs import ManualJobRunner
    from whowas.desktop.page.directory_page import DirectoryPage
    from whowas.desktop.session.jobs import JobRunner

PATIENCE_SECONDS = 300.0


class Desk:
    """A page with its runner; ``painted`` is called after each paint of the table."""

    def __init__(self, page: DirectoryPage, runner: JobRunner, process: Callable[[], None]) -> None:
        self.page = page
        self.runner = runner
        self.process = process
        self.painted: Callable[[], None] = _nothing

    def until(self, holds: Callable[[], bool]) -> None:
        """Process events until something holds. Raises TimeoutError."""
        until(holds, self.process)

    def settle(self) -> None:
        """Process events until nothing is queued or running, and what is shown is what was asked for."""
        self.until(lambda: self.runner.idle and self.page.view._ranking is None)


def type_title(page: DirectoryPage, title: str) -> None:
    """Type a title into the form."""
    from PySide6.QtWidgets import QLineEdit

    editor = page.panel.form.rows.texts["title"].editor
    assert isinstance(editor, QLineEdit)
    editor.setText(title)


def _nothing() -> None:
    """Take no notice."""


def until(holds: Callable[[], bool], process: Callable[[], None]) -> None:
    """Process events until something holds. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not get there")
        process()


@contextmanager
def window_on(directory: Path, config: Path, by_hand: ManualJobRunner | None = None) -> Iterator[Desk]:
    """Open the window on ``directory``; the environment says where its caches lie.

    Jobs run on a thread of their own, as in the program, or ``by_hand`` on this one.
    """
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication

    from whowas.desktop.kit import theme
    from whowas.desktop.session.jobs import SerialJobRunner
    from whowas.desktop.settings.stored import Settings
    from whowas.desktop.table.view import UsersTable
    from whowas.desktop.window.assembly import assembled

    application = QApplication.instance() or QApplication([])
    theme.apply(application, "light")  # type: ignore[arg-type]
    runner = SerialJobRunner() if by_hand is None else by_hand

    def process() -> None:
        if by_hand is not None:
            by_hand.drain()
        application.processEvents()

    window = assembled(Settings(config), runner, actor="bench")
    paint = UsersTable.paintEvent
    desk: Desk | None = None

    def watched(table: UsersTable, event: QPaintEvent) -> None:
        paint(table, event)
        if desk is not None:
            desk.painted()

    # Before the table is made: Qt looks only once whether an object has a method of its own.
    UsersTable.paintEvent = watched  # type: ignore[method-assign, assignment]
    try:
        window.start(directory)
        window.resize(1360, 860)
        until(lambda: window.is_equipped and runner.idle, process)
        assert window.page is not None
        desk = Desk(window.page, runner, process)
        yield desk
    finally:
        UsersTable.paintEvent = paint  # type: ignore[method-assign]
        window.close()
        window.put_away()
        runner.close()
