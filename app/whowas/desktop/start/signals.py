"""Quitting properly on a signal from the terminal or at the end of the desktop session."""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption(QObject):
    """Leaves the event loop on Ctrl+C in the terminal and on SIGTERM, so that everything is closed as after a quit.

    By itself, Python would raise KeyboardInterrupt in the next slot, or end the process at once.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        # Python handles signals only while it runs Python code; writing to this socket wakes Qt's event loop up.
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _noted)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._end)

    def close(self) -> None:
        """Stop watching signals."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        self._reading.close()
        self._writing.close()

    def _end(self) -> None:
        self._notifier.setEnabled(False)
        QApplication.exit(0)


def _noted(_signal: int, _frame: FrameType | None) -> None:
    """Replace Python's default handler; the wake-up socket does the rest."""
