"""A process that shows a window for so long and tells how much memory it holds then: ours being scrubbed, or bare Qt.

Run as ``python -m tests.benchmarks.scrubbed SECONDS [FILE]``; with a file it is the program, from its entry point on.
It prints two numbers of megabytes: anonymous memory, which nobody else can use, and pages of files that are mapped,
which the system takes back when it needs them.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from random import Random

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

RESTING_SECONDS = 3.0
"""For what goes on beside the scrubbing to end."""


def _bare(seconds: float) -> None:
    application = QApplication([])
    window = QMainWindow()
    window.resize(1360, 860)
    window.show()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        application.processEvents()
        time.sleep(0.01)
    _tell()


def _scrubbed(seconds: float, directory: str) -> None:
    event_loop = QApplication.exec

    def scrubbing_loop(*_: object) -> int:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        (window,) = (each for each in application.topLevelWidgets() if isinstance(each, QMainWindow))
        _scrubber = _Scrubber(window, seconds)
        return event_loop()

    QApplication.exec = scrubbing_loop  # type: ignore[method-assign]
    sys.argv = ["whowas", directory]
    from whowas.main import main

    main()


class _Scrubber(QObject):
    """Moves the slider at every turn of the event loop, for so many seconds from when the page is all there."""

    def __init__(self, window: QMainWindow, seconds: float) -> None:
        super().__init__()
        self._window = window
        self._seconds = seconds
        self._random = Random(7)
        self._ends = 0.0
        self._timer = QTimer(self, interval=100)
        self._timer.timeout.connect(self._move)
        self._timer.start()

    def _move(self) -> None:
        from whowas.desktop.window.main_window import MainWindow

        assert isinstance(self._window, MainWindow)
        if self._window.page is None or not self._window.is_equipped:
            return
        if not self._ends:
            self._window.resize(1360, 860)
            self._ends = time.monotonic() + self._seconds
            self._timer.setInterval(0)
        if time.monotonic() < self._ends:
            slider = self._window.page.timeline.slider
            slider.setValue(self._random.randrange(slider.maximum() + 1))
        else:
            self._timer.stop()
            QTimer.singleShot(round(RESTING_SECONDS * 1000), self, self._end)

    def _end(self) -> None:
        _tell()
        os._exit(0)


def _tell() -> None:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kilobytes = {name: int(amount.split()[0]) for name, amount in (line.split(":") for line in lines)}
    anonymous = kilobytes["Anonymous"]
    print(anonymous / 1024, (kilobytes["Rss"] - anonymous) / 1024, flush=True)


if __name__ == "__main__":
    seconds, *asked = sys.argv[1:]
    _scrubbed(float(seconds), asked[0]) if asked else _bare(min(float(seconds), 2.0))
