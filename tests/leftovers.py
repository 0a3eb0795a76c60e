"""Finds what a test left running or open: Python threads, Qt threads, Qt timers, connections to SQLite."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from sqlite3 import dbapi2
from typing import Any
from weakref import WeakSet

import apsw
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QThreadPool, QTimer
from shiboken6 import isValid

# A thread that has been told to stop may need this long to be gone, where much else runs.
GRACE_SECONDS = 20.0


class Leftovers:
    """Remembers which threads ran before a test, which Qt threads and timers it started, and what it connected to."""

    def __init__(self) -> None:
        self._before = set(threading.enumerate())
        self._threads: WeakSet[QThread] = WeakSet()
        self._timers: WeakSet[QTimer] = WeakSet()
        self._connections: list[sqlite3.Connection] = []
        self._connected_before = set(apsw.connections())

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Qt has no list of its threads and timers, nor sqlite3 of its connections, so their start is overheard."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(QThread, "start", _overheard(QThread.start, self._threads))
            patch.setattr(QTimer, "start", _overheard(QTimer.start, self._timers))
            connect = sqlite3.connect
            for module in (sqlite3, dbapi2):
                patch.setattr(module, "connect", lambda *at, **how: self._connected(connect(*at, **how)))
            yield

    def found(self) -> list[str]:
        """What still runs, after a short grace; empty when the test cleaned up."""
        # Without a running event loop nobody else carries out deleteLater().
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        found = [f"thread {thread.name}" for thread in self._new_threads() if not _ends(thread)]
        found += [f"Qt thread {_name(thread)}" for thread in self._threads if isValid(thread) and not _done(thread)]
        if not QThreadPool.globalInstance().waitForDone(int(GRACE_SECONDS * 1000)):
            found.append("jobs in the global thread pool")
        found += [f"timer {_name(timer)}" for timer in self._timers if isValid(timer) and timer.isActive()]
        found += [f"connection to {name}" for name in self._open_files()]
        return found

    def _connected(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        self._connections.append(connection)
        return connection

    def _open_files(self) -> Iterator[str]:
        """Close what was left open, so that the next test is not disturbed, and yield what it was."""
        for connection in self._connections:
            try:
                _, _, name = connection.execute("PRAGMA database_list").fetchone()
            except sqlite3.ProgrammingError:
                continue  # it is closed
            except sqlite3.DatabaseError as error:
                name = str(error)
            connection.close()
            yield name
        self._connections.clear()
        for left in set(apsw.connections()) - self._connected_before:
            name = left.filename
            left.close()
            yield name

    def _new_threads(self) -> list[threading.Thread]:
        # Python sees Qt's threads as dummies, alive for ever; those are looked for as Qt threads.
        dummy = threading._DummyThread
        return [thread for thread in threading.enumerate() if thread not in self._before and type(thread) is not dummy]


def _overheard(start: Callable[..., None], started: WeakSet[Any]) -> Callable[..., None]:
    def start_and_remember(self: Any, *arguments: Any, **named: Any) -> None:
        started.add(self)
        start(self, *arguments, **named)

    return start_and_remember


def _ends(thread: threading.Thread) -> bool:
    thread.join(GRACE_SECONDS)
    return not thread.is_alive()


def _done(thread: QThread) -> bool:
    """Whether the thread ends by itself; events go on, as its last ones may need this thread."""
    deadline = time.monotonic() + GRACE_SECONDS
    while thread.isRunning() and time.monotonic() < deadline:
        QCoreApplication.processEvents()
        thread.wait(10)
    return thread.isFinished() or not thread.isRunning()


def _name(thing: QThread | QTimer) -> str:
    parent = thing.parent()
    return f"{thing.objectName() or type(thing).__name__} of {type(parent).__name__ if parent else 'nobody'}"
