"""The connection to the server of a shared directory, made anew where it was lost."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from whowas.domain.errors import StoreError
from whowas.store.follower.silence import Silence
from whowas.store.server.errors import NotConnectedError

if TYPE_CHECKING:
    from whowas.store.server.address import ServerAddress
    from whowas.store.server.server_log import ServerLog

T = TypeVar("T")

_PATIENCE_S = 1.0


class Link:
    """Holds one connection, which one thread at a time uses.

    ``skew`` is by how much the server's clock is ahead of this computer's, in µs.
    """

    def __init__(self, address: ServerAddress) -> None:
        self.address = address
        self.in_use = RLock()
        self.skew = 0
        self.witness: Callable[[ServerLog], None] | None = None
        """Looks at each new connection before it is used, and may raise: it may lead to another history."""
        self._connection: Any = None
        self._server: ServerLog | None = None
        self._is_closed = False
        self._silence = Silence(self._cut)

    def asked(self, question: Callable[[ServerLog], T]) -> T:
        """Ask the server something that may be asked twice; where the connection is found lost, once more on a new one.

        Raises NotConnectedError, or what ``question`` raises.
        """
        with self.in_use:
            try:
                return self._asked(question)
            finally:
                if self._is_closed:  # meanwhile, by a thread that did not wait for the answer
                    self.drop()

    def asked_if_free(self, question: Callable[[ServerLog], None]) -> None:
        """Ask as ``asked`` does, but nothing where another thread goes on waiting for an answer of its own."""
        if self.in_use.acquire(timeout=_PATIENCE_S):
            try:
                self.asked(question)
            finally:
                self.in_use.release()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Cut the connection where an answer that is waited for in the block will never come."""
        if self._connection is None:
            yield
            return
        with self._silence.watching(self.address, self._connection):
            yield

    def server(self) -> ServerLog:
        """Return the log on the server, connecting where there is no connection; only while ``in_use`` is held.

        Raises StoreError, NotConnectedError where the server is away.
        """
        if self._connection is not None and self._is_cut_off():
            self.drop()
        if self._server is None:
            self._connect()
        assert self._server is not None
        return self._server

    def drop(self) -> None:
        """Give up the connection, which is lost or not to be relied on."""
        with self.in_use:
            connection, self._connection, self._server = self._connection, None, None
            if connection is not None:
                with suppress(Exception):  # whatever is wrong with it, it is over
                    connection.close()

    def close(self) -> None:
        """Give up the connection for good; whoever waits for an answer is cut off, whoever is connecting gives up."""
        self._is_closed = True
        self._silence.end()
        if not self.in_use.acquire(timeout=_PATIENCE_S):
            self._cut()
            if not self.in_use.acquire(timeout=_PATIENCE_S):
                return
        self.drop()
        self.in_use.release()

    def _asked(self, question: Callable[[ServerLog], T]) -> T:
        was_there = self._server is not None
        try:
            return self._answer(question)
        except NotConnectedError:
            self.drop()
            if not was_there:
                raise
        try:
            return self._answer(question)
        except NotConnectedError:
            self.drop()
            raise

    def _answer(self, question: Callable[[ServerLog], T]) -> T:
        server = self.server()
        with self.waiting():
            return question(server)

    def _is_cut_off(self) -> bool:
        """Return whether the server has ended the connection while nothing was asked: only then it says anything."""
        return bool(self._connection.closed or select.select([self._connection.fileno()], [], [], 0)[0])

    def _require_open(self) -> None:
        if self._is_closed:  # maybe while this was connecting
            self.drop()
            raise NotConnectedError("This directory was closed.")

    def _cut(self) -> None:
        connection = self._connection
        if connection is not None:
            with suppress(Exception):  # it may be closed by now
                cut = socket.socket(fileno=os.dup(connection.fileno()))
                with cut:
                    cut.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> None:
        from whowas.store.server.connecting.connect import connect
        from whowas.store.server.server_log import ServerLog

        if self._is_closed:
            raise NotConnectedError("This directory was closed.")
        connection = connect(self.address)
        try:
            server = ServerLog(connection, self.address)
            asked_at = time.time_ns()
            self.skew = server.now() - (asked_at + time.time_ns()) // 2_000
        except BaseException as error:
            connection.close()
            if isinstance(error, OSError):
                raise StoreError(str(error)) from error
            raise
        self._connection, self._server = connection, server
        self._require_open()
        if self.witness is not None:
            try:
                self.witness(server)
            except BaseException:
                self.drop()
                raise
