"""Starting the window, and what happens when something unforeseen does."""

from __future__ import annotations

import getpass
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import shiboken6
from PySide6.QtWidgets import QApplication, QMessageBox

from whowas import places
from whowas.desktop import theme
from whowas.desktop.jobs import SerialJobRunner
from whowas.desktop.main_window import MainWindow
from whowas.desktop.settings import Settings

LOG_BYTES = 1_000_000

_log = logging.getLogger("whowas")


def run(path: Path | None) -> int:
    """Open the window on ``path``, or on the last directory, or on the welcome page; return the exit code."""
    if sys.platform == "linux" and not _has_display():
        print("Whowas needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set.", file=sys.stderr)  # noqa: T201
        return 2
    application = QApplication([sys.argv[0]])
    application.setApplicationName("whowas")
    application.setApplicationDisplayName("Whowas")
    application.setDesktopFileName("whowas")
    theme.apply(application)
    _report_bugs()
    settings = Settings(places.config())
    runner = SerialJobRunner()
    window = MainWindow(settings, runner, actor=getpass.getuser())
    try:
        window.start(path or settings.last_directory())
        return application.exec()
    finally:
        window.put_away()
        runner.close()
        shiboken6.delete(window)


def _has_display() -> bool:
    needs_none = os.environ.get("QT_QPA_PLATFORM", "") not in ("", "xcb", "wayland")
    return needs_none or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _report_bugs() -> None:
    """Write every uncaught exception to the log file and tell the person once where that is."""
    folder = places.state()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log_file = folder / "whowas.log"
    log_file.touch(mode=0o600)
    _log.addHandler(RotatingFileHandler(log_file, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"))

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("Uncaught exception", exc_info=(kind, error, trace))
        sys.excepthook = _log_only
        box = QMessageBox(QMessageBox.Icon.Critical, "Whowas", "Something went wrong that should not have.")
        box.setInformativeText(
            f"What was saved is safe. Please restart Whowas; what happened is written to {log_file}."
        )
        box.exec()
        sys.excepthook = report

    sys.excepthook = report


def _log_only(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.error("Uncaught exception", exc_info=(kind, error, trace))
