"""Starting the window, and reporting uncaught exceptions."""

from __future__ import annotations

import gc
import os
import sys
import time
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from whowas.desktop.kit import icons, theme
from whowas.desktop.session.jobs import SerialJobRunner
from whowas.desktop.settings.in_force import apply_looks
from whowas.desktop.settings.stored import Settings
from whowas.desktop.start.qt_messages import fatal_in_a_sentence
from whowas.desktop.window.assembly import assembled
from whowas.system import folders
from whowas.system.person import os_user
from whowas.system.single_instance import ServerName

if TYPE_CHECKING:
    from whowas.desktop.start.second_starts import SecondStarts
    from whowas.desktop.start.signals import Interruption
    from whowas.desktop.window.main_window import MainWindow
    from whowas.domain.progress import Progress
    from whowas.system.single_instance import StartRequest

NOT_STARTED = 2
"""The exit code when there is no display for a window."""

LOG_BYTES = 1_000_000

START_IS_OVER_AFTER_MS = 2_000

APPEARED_FOR_MS = 300
"""How long the window has been there before work that it does not need, such as listening to second starts."""


def run(request: StartRequest, address: str | None = None) -> int:
    """Open the window with the directory of ``request``, the last one, or the welcome page; return the exit code.

    At ``address`` it answers programs that are started meanwhile, see ``single_instance``.
    """
    if sys.platform == "linux" and not _has_display():
        print("Whowas needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set.", file=sys.stderr)  # noqa: T201
        return NOT_STARTED
    with fatal_in_a_sentence("Whowas cannot show a window", NOT_STARTED):
        application = QApplication([sys.argv[0]])
    application.setApplicationName("whowas")
    application.setApplicationDisplayName("Whowas")
    # In a Flatpak sandbox the desktop entry has the name of the application id.
    application.setDesktopFileName(os.environ.get("FLATPAK_ID", "whowas"))
    _report_bugs()
    settings = Settings(folders.config())
    apply_looks(application, settings.preferences)
    runner = SerialJobRunner()
    window = assembled(settings, runner, actor=settings.preferences.actor or os_user())
    window.appeared.connect(partial(_go_on_starting, window, runner))
    listener = _Listener(window, address)
    if sys.platform == "darwin":
        from whowas.desktop.start.start_request import OpenedFiles

        # Only here, because every event passes through its filter.
        OpenedFiles(window, application)
    try:
        directory = request if isinstance(request, Path) else settings.last_directory()
        if isinstance(request, ServerName):
            window.show()
            window.open_address(request)
        else:
            window.start(None if request == "recent" else directory)
        if request == "recent":
            window.ask_recent()
        if request == "new":
            QTimer.singleShot(APPEARED_FOR_MS, window.actions_.new_directory.trigger)
        return application.exec()
    finally:
        listener.close()
        window.put_away()
        runner.close()
        shiboken6.delete(window)


class _Listener:
    """Listens to signals, and to second starts at an address, as soon as the start is over."""

    def __init__(self, window: MainWindow, address: str | None) -> None:
        self._window = window
        self._address = address
        self._starts: SecondStarts | None = None
        self._interruption: Interruption | None = None
        window.appeared.connect(partial(QTimer.singleShot, APPEARED_FOR_MS, window, self._listen))

    def close(self) -> None:
        """Stop listening."""
        if self._starts is not None:
            self._starts.close()
        if self._interruption is not None:
            self._interruption.close()

    def _listen(self) -> None:
        from whowas.desktop.start.signals import Interruption

        self._interruption = Interruption(self._window)
        if self._address is not None:
            from whowas.desktop.start.second_starts import SecondStarts

            self._starts = SecondStarts(self._window, self._address)


def _go_on_starting(window: MainWindow, runner: SerialJobRunner) -> None:
    """Do later what nobody waits for; by the clock alone, a slow start would do it before it paints."""
    QTimer.singleShot(START_IS_OVER_AFTER_MS, window, _end_start)
    QTimer.singleShot(APPEARED_FOR_MS, window, partial(_give_icon, window))
    QTimer.singleShot(APPEARED_FOR_MS, window, partial(runner.submit, _sweep))


def _give_icon(window: MainWindow) -> None:
    """Set the window's icon for task bars that find none in a desktop entry, as when run from source."""
    window.setWindowIcon(icons.icon("app"))


def _sweep(_progress: Progress) -> None:
    """Take away what killed programs left, wherever it lies, as a job."""
    from whowas.safekeeping.sweeper import sweep_register

    sweep_register()


def _end_start() -> None:
    """Do what would have slowed the start down.

    Resume garbage collection, which ``main`` paused; objects made by the start live to the end and are not scanned.
    """
    gc.freeze()
    gc.enable()
    if not theme.has_font():
        # On stderr, because in the window this sentence would show as boxes too.
        print("No font is installed, so all text shows as boxes: install one and restart Whowas.", file=sys.stderr)  # noqa: T201


def _has_display() -> bool:
    needs_none = os.environ.get("QT_QPA_PLATFORM", "") not in ("", "xcb", "wayland")
    return needs_none or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _report_bugs() -> None:
    """From now on write every uncaught exception to the log file, and show the person where that is."""
    _program_as_started()
    sys.excepthook = _report


def _program_file() -> tuple[int, int] | None:
    try:
        found = Path(sys.executable if getattr(sys, "frozen", False) else __file__).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


@cache
def _program_as_started() -> tuple[int, int] | None:
    """Return the identity of the program's file at the first call, to notice when another is installed over it."""
    return _program_file()


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    from PySide6.QtWidgets import QMessageBox

    log_file = _write_down(kind, error, trace)
    sys.excepthook = _write_down
    sentence = "Something went wrong that should not have."
    if _program_file() != _program_as_started():
        # Modules imported from now on may not match the running ones.
        sentence = "Whowas was updated, or removed, while it was running."
    box = QMessageBox(QMessageBox.Icon.Critical, "Whowas", sentence)
    box.setTextFormat(Qt.TextFormat.PlainText)
    where = f"what happened is written to {log_file}" if log_file else "what happened could not be written down"
    box.setInformativeText(f"What was saved is safe. Please restart Whowas; {where}.")
    box.exec()
    sys.excepthook = _report


def _write_down(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Path | None:
    """Append an exception to the log file (mode 0600) and return its path, None if it cannot be written."""
    from traceback import format_exception

    folder = folders.state()
    log_file = folder / "whowas.log"
    try:
        folders.private_folder(folder)
        if log_file.exists() and log_file.stat().st_size > LOG_BYTES:
            log_file.replace(folder / "whowas.log.1")
        folders.private_file(log_file)
        with log_file.open("a", encoding="utf-8") as file:
            file.write("".join([time.strftime("%Y-%m-%d %H:%M:%S "), *format_exception(kind, error, trace)]))
    except OSError:
        return None
    return log_file
