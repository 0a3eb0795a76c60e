"""A connection for each thread that uses a database file; the owner of the file closes them all."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Generic, Protocol, TypeVar

from whowas.store.file.sqlite_only import peewee


class _Connection(Protocol):
    def close(self) -> None:
        """Close it."""


C = TypeVar("C", bound=_Connection)


class EachThreads(peewee.SqliteDatabase, Generic[C]):
    """The connections of all threads to one database file.

    The owner of the file may close them from any thread; one that is used afterwards is opened again. A thread that may
    be querying at that time does so within ``in_use``, because a connection must not be closed while SQLite is busy.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._opened: dict[C, None] = {}
        self._locks: list[threading.RLock] = []
        self._closing = threading.RLock()
        """Held while all are closed: a thread that comes first then has no lock yet that could be held against it."""
        self._mine = threading.local()
        super().__init__(*arguments, **named)

    @property
    def in_use(self) -> threading.RLock:
        """The calling thread's lock: while it is held, no other thread closes the calling thread's connection."""
        try:
            lock: threading.RLock = self._mine.lock
        except AttributeError:
            lock = self._mine.lock = threading.RLock()
            with self._closing:
                self._locks.append(lock)
        return lock

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Close every connection; threads that enter ``in_use`` wait for the end of the block."""
        with self._closing, ExitStack() as held:
            for lock in self._locks:
                held.enter_context(lock)
            self.close()
            for connection in list(self._opened):
                self._close(connection)
            yield

    def connected(self) -> C:
        """Return a new connection; peewee's own is one of the standard library's SQLite."""
        connection: C = super()._connect()  # type: ignore[misc]
        return connection

    def connection(self) -> C:
        """Return the calling thread's connection, opening one if it has none."""
        connection: C = self._state.conn  # type: ignore[attr-defined]
        if not self.holds(connection):
            connection = super().connection()  # type: ignore[no-untyped-call]
        return connection

    def holds(self, connection: C) -> bool:
        """Return whether a connection is open: between two blocks of ``in_use`` another thread may have closed it."""
        return connection in self._opened

    def is_closed(self) -> bool:
        """Return whether the calling thread has no open connection; another thread may have closed it."""
        state = self._state  # type: ignore[attr-defined]
        if state.closed:
            return True
        if self.holds(state.conn):
            return False
        state.reset()
        return True

    def _connect(self) -> C:
        connection = self.connected()
        self._opened[connection] = None
        return connection

    def _close(self, connection: C) -> None:
        self._opened.pop(connection, None)
        connection.close()


class Connections(EachThreads[sqlite3.Connection]):
    """The connections to a file by the SQLite of the standard library."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, check_same_thread=False, **named)
