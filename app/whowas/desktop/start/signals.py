"""Ending in good order when the terminal or the end of the session asks for it."""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption(QObject):
    """Leaves the event loop on Ctrl+C in the terminal and on SIGTERM, so that all is put away as after a quit.

    Python by itself would raise KeyboardInterrupt in whatever slot comes next, or end without another word.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        # Python looks for signals only between two lines of its own; Qt wakes up by what is written here.
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _noted)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._end)

    def close(self) -> None:
        """Leave signals alone from now on."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        self._reading.close()
        self._writing.close()

    def _end(self) -> None:
        self._notifier.setEnabled(False)
        QApplication.exit(0)


def _noted(_signal: int, _frame: FrameType | None) -> None:
    """Stand in for what Python does otherwise."""
