"""Noticing that a day is over: what is shown as of "today" is of yesterday from then on."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.kit import dates

LOOKED_AT_EVERY_MS = 20_000
"""Not once at midnight: the machine may sleep then, or be carried into another zone."""


class NewDay(QObject):
    """``began`` tells that the local date is another one than it was."""

    began = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._today = _today()
        self._timer = QTimer(self, interval=LOOKED_AT_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Tell of another date, if it is one."""
        before, self._today = self._today, _today()
        if self._today != before:
            self.began.emit()


def _today() -> date:
    return dates.local(dates.microseconds_now()).date()
