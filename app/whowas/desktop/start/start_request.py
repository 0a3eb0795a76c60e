"""Carrying out, in the running window, what the program was started for again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from whowas.desktop.chrome.standing import OPENING
from whowas.system.single_instance import ServerName, StartRequest

if TYPE_CHECKING:
    from whowas.desktop.window.main_window import MainWindow

_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - a name


def carry_out(window: MainWindow, request: StartRequest, token: str = "") -> None:
    """Raise the window and carry out ``request``; a directory that is already shown is not opened again.

    ``token`` is the desktop's activation token, see ``single_instance.StartMessage``.
    """
    _raise(window, token)
    if request is None or (window.session and _same(window.session.place, request)):
        return
    if QApplication.activeModalWidget() is not None:
        what = f"“{request.name}”" if isinstance(request, Path) else "Another directory"
        sentence = f"{what} was not opened, as a question is still to be answered. Open it again."
        window.messages.show_error(sentence, about=OPENING)
        return
    match request:
        case "new":
            # Later, because the other program waits for the answer, and this opens a dialog.
            QTimer.singleShot(0, window.actions_.new_directory.trigger)
        case "recent":
            window.ask_recent()
        case Path():
            window.open(request)
        case ServerName():
            window.open_address(request)
        case never:
            assert_never(never)


def _raise(window: MainWindow, token: str) -> None:
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    if token:
        # Qt reads it from there when it asks Wayland to raise the window; programs started later must not inherit it.
        os.environ[_TOKEN] = token
    window.raise_()
    window.activateWindow()
    os.environ.pop(_TOKEN, None)


class OpenedFiles(QObject):
    """Opens files on macOS, which passes them to the running program instead of starting a second one."""

    def __init__(self, window: MainWindow, application: QApplication) -> None:
        super().__init__(window)
        self._window = window
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject."""
        if not isinstance(event, QFileOpenEvent):
            return super().eventFilter(watched, event)
        carry_out(self._window, Path(event.file()))
        return True


def _same(one: Path | str, other: Path | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    try:
        return one.samefile(other)
    except OSError:
        return one == other
