"""Testing every part of the program, without a display and without touching any of the person's files."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING

from whowas import __version__
from whowas.desktop.start import checked_parts
from whowas.system import folders

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from whowas.desktop.window.main_window import MainWindow

FAILED = 1
PATIENCE_S = 60.0


def run(further: Mapping[str, Callable[[], str]]) -> int:
    """Test one part after the other, print a line about each, and return the exit code: 1 if one fails.

    Needs no display; the process must not be used for anything else afterwards.

    Args:
        further: Tests of parts outside this package, by name; each returns a description of what it found, or raises.
    """
    try:
        return _tried(further)
    except _NotPrintedError as error:
        # Otherwise Python would report the same error again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"What was found cannot be written: {_in_one_line(error)}.", file=sys.stderr)  # noqa: T201
        return FAILED


def _tried(further: Mapping[str, Callable[[], str]]) -> int:
    _print(f"Whowas {__version__}")
    trial = _Trial()
    trying = "Qt"
    try:
        # Before anything is written to disk, because Qt ends the process if it cannot start.
        _print(f"Qt: {trial.qt()}.")
        trying = "The temporary folder"
        with TemporaryDirectory(prefix="whowas-", ignore_cleanup_errors=True) as folder:
            folders.keep_below(Path(folder))
            parts = {**trial.parts(Path(folder) / "Überprüft, 検査.whowas"), **further}
            for part, tried in parts.items():
                trying = part
                _print(f"{part}: {tried()}.")
    except _NotPrintedError:
        raise
    except Exception as error:  # noqa: BLE001 - any failure is reported in the same way
        print(f"{trying} failed: {_in_one_line(error)}.", file=sys.stderr)  # noqa: T201
        return FAILED
    _print("Everything works.")
    return 0


class _NotPrintedError(Exception):
    """The results cannot be printed: the disk is full, or the reader of the pipe has gone."""


def _print(line: str) -> None:
    try:
        print(line, flush=True)  # noqa: T201
    except OSError as error:
        raise _NotPrintedError(error.strerror or error) from error


class _Trial:
    """The tests, in the order in which parts depend on each other. Imports are part of each test, as they may fail."""

    def __init__(self) -> None:
        self._application: QApplication | None = None
        self._bugs: list[BaseException] = []

    def qt(self) -> str:
        """Start Qt without a display; if that fails, end the process with a sentence on stderr."""
        from PySide6.QtCore import qVersion
        from PySide6.QtWidgets import QApplication

        from whowas.desktop.kit import theme
        from whowas.desktop.start.qt_messages import fatal_in_a_sentence

        with fatal_in_a_sentence("Qt failed", FAILED):
            self._application = QApplication(["whowas"])
        theme.apply(self._application, "light")
        return f"{qVersion()} draws {self._application.platformName()}, {checked_parts.plugins()}"

    def parts(self, path: Path) -> dict[str, Callable[[], str]]:
        """Return the tests by name; each returns what it found, without a full stop, or raises.

        A directory is written to ``path``.
        """
        return {
            "Icons": checked_parts.icons,
            "Fonts": checked_parts.fonts,
            "Network": checked_parts.network,
            "Servers": checked_parts.servers,
            "NumPy": checked_parts.numpy,
            "SQLite": partial(checked_parts.sqlite, path.with_name("read.db")),
            "Passwords": checked_parts.passwords,
            "Events": checked_parts.events,
            "Time zone": checked_parts.time_zone,
            "Directory": partial(checked_parts.directory, path),
            "Window": partial(self._window, path),
        }

    def _window(self, path: Path) -> str:
        import shiboken6
        from PySide6.QtCore import qInstallMessageHandler

        from whowas.desktop.session.jobs import SerialJobRunner
        from whowas.desktop.settings.stored import Settings
        from whowas.desktop.window.assembly import assembled

        # Exceptions in slots end up here, and Qt goes on.
        sys.excepthook = self._take_bug
        # Silence the offscreen plugin, which reports what it cannot do with real windows.
        qInstallMessageHandler(lambda _kind, _context, _text: None)
        runner = SerialJobRunner()
        window = assembled(Settings(folders.config()), runner, actor="self-check")
        try:
            window.start(path)
            self._wait(window)
            image = window.grab().toImage()
            checked_parts.require(checked_parts.colours(image) > 10, "nothing was painted")
            return f"{image.width()} by {image.height()} pixels painted, {checked_parts.USERS} users in the table"
        finally:
            window.put_away()
            runner.close()
            shiboken6.delete(window)

    def _wait(self, window: MainWindow) -> None:
        """Process events until the window shows both users and accepts commands."""
        assert self._application is not None
        until = time.monotonic() + PATIENCE_S
        while not window.is_equipped or window.page is None or window.page.model.rowCount() != checked_parts.USERS:
            self._application.processEvents()
            if self._bugs:
                raise self._bugs[0]
            checked_parts.require(not (message := window.messages.message()), message)
            checked_parts.require(time.monotonic() < until, "the directory does not appear")
            time.sleep(0.01)

    def _take_bug(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self._bugs.append(error)


def _in_one_line(error: Exception) -> str:
    message = " ".join(str(error).split()).rstrip(".")
    return message or type(error).__name__
