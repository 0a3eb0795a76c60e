"""Learning at once that somebody appended something, by a connection that does nothing else."""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from psycopg import sql

from whowas.store.server.connecting.connect import connect
from whowas.store.server.driver_errors import sentences_for_server, told_of
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.waking import channel_of, presence_lock_of

if TYPE_CHECKING:
    import psycopg

    from whowas.store.server.address import ServerAddress


_LOST = "The connection to {server} was lost."


class Listener:
    """A connection that waits for notifications of one directory, and shows by its lock that a window is open.

    Notifications only say that it is time to look: which events there are, the positions say. Where a pooler gives the
    connection away between two statements nothing is ever heard, which ``can_hear`` says.
    """

    def __init__(self, address: ServerAddress, directory_id: str) -> None:
        """Connect, and listen from now on: whoever reads the log afterwards misses nothing. Raises StoreError."""
        self._address = address
        self._woken, self._waker = socket.socketpair()
        try:
            self._connection: psycopg.Connection[Any] = connect(address, purpose="listening")
        except BaseException:
            self._close_sockets()
            raise
        try:
            with sentences_for_server(address):
                self.can_hear = self._listen(directory_id)
        except BaseException:
            self.close()
            raise

    def wait(self, timeout: float) -> bool:
        """Wait until notified or woken, at most ``timeout`` seconds; return whether it was notified.

        Raises NotConnectedError when cut off, also by ``close``.
        """
        if self._connection.closed:
            raise told_of(_LOST, self._address, kind=NotConnectedError)
        # Whatever came while nobody waited is in the driver's own memory and not in the socket.
        with sentences_for_server(self._address):
            if self._heard():
                return True
            woken = self._woken.fileno()
            ready, _, _ = select.select([self._connection.fileno(), woken], [], [], max(0.0, timeout))
            if woken in ready:
                self._woken.recv(4_096)
            return self._heard()

    def wake(self) -> None:
        """Have whoever waits return, from whichever thread."""
        with suppress(OSError):
            self._waker.send(b"!")

    def close(self) -> None:
        """Close the connection; only when nobody waits any more, see ``wake``."""
        self._connection.close()
        self._close_sockets()

    def _listen(self, directory_id: str) -> bool:
        # Behind a pooler each statement may be carried out by another session, and none of them is ours.
        row = self._connection.execute("SELECT pg_backend_pid()").fetchone()
        if row is None or row[0] != self._connection.info.backend_pid:
            return False
        self._connection.execute("SELECT pg_try_advisory_lock_shared(%s)", (presence_lock_of(directory_id),))
        self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel_of(directory_id))))
        return True

    def _heard(self) -> bool:
        return bool(list(self._connection.notifies(timeout=0)))

    def _close_sockets(self) -> None:
        self._woken.close()
        self._waker.close()
