"""Run in a process that faults may strike: use the real window as a person does, and print what it came to.

Each line of JSON on stdout tells one thing that the window said was done.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from whowas.desktop.start import application
from whowas.desktop.window.main_window import MainWindow
from whowas.domain.commands import CreateUser
from whowas.system import folders

PATIENCE_S = 60.0
TURN_MS = 5
STUCK = 3
"""The exit code where the window never came to what was waited for."""

USER = "0199a3c4-0000-7000-8000-00000000000a"

Script = Callable[[MainWindow], Generator[Callable[[], bool]]]


def undo() -> None:
    """Open a file, create somebody in it, and take that back."""
    _play(_undoing, Path(sys.argv[1]))


def first_start() -> None:
    """Start for the first time, try the sample, and leave."""
    _play(_trying, None)


def say(**done: object) -> None:
    print(json.dumps(done), flush=True)


def _undoing(window: MainWindow) -> Generator[Callable[[], bool]]:
    yield lambda: window.is_equipped and window.runner.idle
    session = window.session
    assert session is not None
    person = {"external_id": "n1", "first_name": "n1"}
    session.writer.change(
        lambda change: change.dispatch(CreateUser(USER, person)),
        done=lambda _: say(saved="n1"),
        failed=lambda error: say(failed=str(error)),
    )
    yield lambda: window.runner.idle
    window.actions_.undo.trigger()
    yield lambda: window.runner.idle
    if session.undo_redo.to_redo is not None:
        say(undone="n1")


def _trying(window: MainWindow) -> Generator[Callable[[], bool]]:
    yield lambda: window.runner.idle
    window.actions_.sample.trigger()
    yield lambda: window.runner.idle and (window.is_equipped or window.messages.message() != "")
    if window.session is not None:
        say(opened=str(window.session.path), people=window.session.shown.index.now if window.session.shown.index else 0)


def _play(script: Script, path: Path | None) -> None:
    start, players = MainWindow.start, []  # a connection does not keep its receiver alive

    def started(window: MainWindow, asked: Path | None) -> None:
        start(window, asked)
        players.append(_Player(window, script))

    MainWindow.start = started  # type: ignore[method-assign]
    sys.exit(application.run(path))


def _written() -> str:
    """What the program wrote down of an exception that nothing caught."""
    log_file = folders.state() / "whowas.log"
    return log_file.read_text() if log_file.exists() else ""


class _Player:
    """Goes on with a script as soon as what it waits for is so, and closes the window at its end."""

    def __init__(self, window: MainWindow, script: Script) -> None:
        self._window = window
        self._steps = script(window)
        self._awaited: Callable[[], bool] = lambda: True
        self._until = time.monotonic() + PATIENCE_S
        self._timer = QTimer(window, interval=TURN_MS)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            say(asked=f"{box.text()} {box.informativeText()}", written=_written())
            self._leave_at_once()
        if time.monotonic() > self._until:
            say(stuck=self._window.messages.message())
            self._leave_at_once()
        if not self._awaited():
            return
        try:
            self._awaited = next(self._steps)
        except StopIteration:
            self._awaited = lambda: False  # go on looking for what keeps the program from ending
            if message := self._window.messages.message():
                say(message=message)
            self._window.close()

    @staticmethod
    def _leave_at_once() -> None:
        sys.stdout.flush()
        os._exit(STUCK)
