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
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QTableView, QWidget  # noqa: E402


class FirstPaint(QObject):
    """Watches a window, and its list of users where it has one, for being painted, and nothing else.

    A paint is over, and on the screen, when the event loop comes back. Watching every event of the program would cost a
    window with much in it more than a bare one.
    """

    def __init__(self, window: QMainWindow, *, filled: bool) -> None:
        super().__init__()
        self._window = window
        self._filled = filled
        self._painted_ms = 0.0
        self._filled_ms = 0.0
        window.installEventFilter(self)
        self._pages = window.findChild(QStackedWidget)
        if self._pages is not None:
            self._look_for_list()
            self._pages.currentChanged.connect(self._look_for_list)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            if watched is self._window:
                QTimer.singleShot(0, self._paint if self._filled else self._end)
            elif isinstance(watched, QWidget) and _shows_users(watched):
                QTimer.singleShot(0, self._end if _is_real(watched) else self._fill)
        return False

    def _look_for_list(self) -> None:
        page = None if self._pages is None else self._pages.currentWidget()
        for view in [] if page is None else page.findChildren(QTableView):
            view.viewport().installEventFilter(self)

    def _paint(self) -> None:
        self._painted_ms = self._painted_ms or _since_start()

    def _fill(self) -> None:
        self._paint()
        self._filled_ms = self._filled_ms or _since_start()

    def _end(self) -> None:
        self._fill()
        print(self._painted_ms, self._filled_ms, _since_start(), flush=True)
        os._exit(0)


def _since_start() -> float:
    return (time.monotonic() - started) * 1000


def _shows_users(painted: QWidget) -> bool:
    view = painted.parentWidget()
    return isinstance(view, QTableView) and view.accessibleName() == "Users" and view.model().rowCount() > 0


def _is_real(painted: QWidget) -> bool:
    view = painted.parentWidget()
    model = view.model() if isinstance(view, QTableView) else None
    return not type(model).__module__.startswith("whowas.desktop.first_screen")


def _bare() -> None:
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    _watcher = FirstPaint(window, filled=False)
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
            (window,) = (each for each in application.topLevelWidgets() if isinstance(each, QMainWindow))
            _watcher = FirstPaint(window, filled=True)
        return event_loop()

    QApplication.exec = watched_loop  # type: ignore[method-assign]
    sys.argv = ["whowas", sys.argv[2]]
    from whowas.main import main

    main()


def _quit_once_equipped(application: QApplication) -> None:
    for window in application.topLevelWidgets():
        if isinstance(window, QMainWindow) and getattr(window, "is_equipped", False):
            window.close()


if __name__ == "__main__":
    _bare() if sys.argv[1] == "bare" else _whowas(quitting=sys.argv[3:] == ["quit"])
