"""Who closes a connection: each thread that uses a database file gets one of its own, and its owner closes them all."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import peewee


class Connections(peewee.SqliteDatabase):
    """The connections to one database file, of every thread.

    Whoever owns the file closes them, whichever thread it is on; one that is used afterwards is opened again. A thread
    that may be asking just then asks within ``in_use``, as a connection must not be closed while SQLite is busy in it.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._opened: dict[sqlite3.Connection, None] = {}
        self._turns: list[threading.RLock] = []
        self._mine = threading.local()
        super().__init__(*arguments, check_same_thread=False, **named)

    @property
    def in_use(self) -> threading.RLock:
        """What the calling thread holds while it asks something short, so that no other closes its connection."""
        try:
            turn: threading.RLock = self._mine.turn
        except AttributeError:
            turn = self._mine.turn = threading.RLock()
            self._turns.append(turn)
        return turn

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Close every connection; whoever asks within ``in_use`` waits for the end of the block."""
        with ExitStack() as waiting:
            for turn in list(self._turns):
                waiting.enter_context(turn)
            self.close()
            for connection in list(self._opened):
                self._close(connection)
            yield

    def connection(self) -> sqlite3.Connection:
        """Return the calling thread's connection, which is opened where there is none."""
        connection: sqlite3.Connection = self._state.conn  # type: ignore[attr-defined]
        if connection not in self._opened:
            connection = super().connection()  # type: ignore[no-untyped-call]
        return connection

    def is_closed(self) -> bool:
        """Whether the calling thread has no connection; another thread may have closed it."""
        state = self._state  # type: ignore[attr-defined]
        if state.closed:
            return True
        if state.conn in self._opened:
            return False
        state.reset()
        return True

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._connect()  # type: ignore[misc]
        self._opened[connection] = None
        return connection

    def _close(self, connection: sqlite3.Connection) -> None:
        self._opened.pop(connection, None)
        connection.close()
