"""A process that tells when its window has been painted, and ends there: ours, or one of bare Qt.

Run as ``python first_paint.py bare`` or ``python first_paint.py whowas FILE``, with the moment of its start
(``time.monotonic()``) in STARTED_AT. It prints three numbers of milliseconds since: until the window was painted for
the first time, until it was painted with what it is opened for, and until that was the real page and no longer what was
kept of it, which in a bare window all are the same. With ``quit`` behind it, it quits as people do once the page is
there, so that it is kept for the next start.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial

started = float(os.environ["STARTED_AT"])

from PySide6.QtCore import QEvent, QObject, QTimer  # noqa: E402
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMainWindow, QWidget  # noqa: E402


class FirstPaint(QObject):
    """Watches every event; a paint is over, and on the screen, when the event loop comes back."""

    def __init__(self, *, filled: bool) -> None:
        super().__init__()
        self._filled = filled
        self._painted_ms = 0.0
        self._filled_ms = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            if not self._painted_ms:
                QTimer.singleShot(0, self._painted)
            if not self._filled_ms and (not self._filled or _shows_users(watched)):
                QTimer.singleShot(0, self._fill)
            if not self._filled or (_shows_users(watched) and _is_real(watched)):
                QTimer.singleShot(0, self._end)
        return False

    def _painted(self) -> None:
        self._painted_ms = self._painted_ms or _since_start()

    def _fill(self) -> None:
        self._painted()
        self._filled_ms = self._filled_ms or _since_start()

    def _end(self) -> None:
        self._fill()
        print(self._painted_ms, self._filled_ms, _since_start(), flush=True)
        os._exit(0)


def _since_start() -> float:
    return (time.monotonic() - started) * 1000


def _shows_users(painted: QWidget) -> bool:
    view = painted.parentWidget()
    return isinstance(view, QAbstractItemView) and view.accessibleName() == "Users" and view.model().rowCount() > 0


def _is_real(painted: QWidget) -> bool:
    view = painted.parentWidget()
    return isinstance(view, QAbstractItemView) and not type(view.model()).__module__.startswith(
        "whowas.desktop.first_screen"
    )


def _bare() -> None:
    application = QApplication(sys.argv[:1])
    watcher = FirstPaint(filled=False)
    application.installEventFilter(watcher)
    window = QMainWindow()
    window.resize(1200, 800)
    window.show()
    application.exec()


def _whowas(*, quitting: bool) -> None:
    event_loop = QApplication.exec

    def watched_loop(*_: object) -> int:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if quitting:
            timer = QTimer(application, interval=50)
            timer.timeout.connect(partial(_quit_once_equipped, application))
            timer.start()
        else:
            watcher = FirstPaint(filled=True)
            application.installEventFilter(watcher)
        return event_loop()

    QApplication.exec = watched_loop  # type: ignore[method-assign,assignment]
    sys.argv = ["whowas", sys.argv[2]]
    from whowas.main import main

    main()


def _quit_once_equipped(application: QApplication) -> None:
    for window in application.topLevelWidgets():
        if isinstance(window, QMainWindow) and getattr(window, "is_equipped", False):
            window.close()


if __name__ == "__main__":
    _bare() if sys.argv[1] == "bare" else _whowas(quitting=sys.argv[3:] == ["quit"])
