"""Showing why there is no window to a person who started the program from a menu and does not see stderr."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from whowas.desktop.start.qt_messages import fatal_in_a_sentence


def show(sentence: str, code: int) -> None:
    """Show ``sentence`` in a message box and wait, if there is a screen and stderr is not a terminal.

    If Qt cannot connect to the screen, the process ends with ``code`` and another sentence on stderr.
    """
    if _stderr_is_read() or not _has_screen():
        return
    with fatal_in_a_sentence("This cannot be shown in a window", code):
        _application = QApplication.instance() or QApplication(["whowas"])
    box = QMessageBox(QMessageBox.Icon.Warning, "Whowas", sentence)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()


def _stderr_is_read() -> bool:
    # A Windows program without a console has no stderr.
    return sys.stderr is not None and sys.stderr.isatty()


def _has_screen() -> bool:
    if os.environ.get("QT_QPA_PLATFORM", "") not in ("", "xcb", "wayland", "windows", "cocoa"):
        return False
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
