"""Noticing that an answer will never come, as where something on the way swallows what is sent and tells nobody.

Where nothing on the way answers at all, the system finds the connection lost by itself, see ``connecting.connect``. A
proxy that hangs keeps it alive. How long an answer takes says nothing: a change may wait for a second server for hours.
So it is asked by another connection whether the server is still at it.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from whowas.domain.errors import StoreError

if TYPE_CHECKING:
    from whowas.store.server.address import ServerAddress

LOOK_S = 10.0
"""How often it is looked."""

LOOKS = 6
"""A connection is cut on which nothing has happened for so many looks: a slow line may take its time for a page."""

_SELECT = """
SELECT a.state <> 'active' OR a.wait_event_type = 'Client', a.state, a.state_change::text, a.backend_start::text
FROM (VALUES (1)) AS one (x) LEFT JOIN pg_stat_activity AS a ON a.pid = %s
"""
"""Whether the server waits for us. It is active from the first message of a question on, and may wait for the next."""

_LINUX_BYTES = slice(120, 136)
"""Where in Linux's tcp_info (linux/tcp.h) stands how many bytes came through, there and back; since 4.1."""


class Silence:
    """Calls ``cut`` where a question that is under way is one that the server knows nothing of, or has answered."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._asked: tuple[ServerAddress, Any, int] | None = None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, address: ServerAddress, connection: Any) -> Iterator[None]:
        """Watch a connection to ``address`` while it waits for answers during the block."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="whowas-silence", daemon=True)
            self._thread.start()
        before, self._asked = self._asked, (address, connection, connection.info.backend_pid)
        try:
            yield
        finally:
            self._asked = before

    def end(self) -> None:
        """Watch no more."""
        self._ended.set()

    def _run(self) -> None:
        last: tuple[ServerAddress, Any, int] | None = None
        seen: tuple[Any, ...] | None = None
        looks = 0
        while not self._ended.wait(LOOK_S):
            asked = self._asked
            found = None if asked is None or asked is not last else _seen(*asked)
            looks = looks + 1 if found is not None and found == seen else 0
            last, seen = asked, found
            if looks == LOOKS and self._asked is asked:
                self._cut()


def _seen(address: ServerAddress, connection: Any, pid: int) -> tuple[Any, ...] | None:
    """Return what is known of a connection that does nothing; None where it works, or nobody can tell."""
    from whowas.store.server.connecting.connect import connect
    from whowas.store.server.driver_errors import sentences_for_server

    try:
        passed = _passed(connection)
        asking = connect(address)
        try:
            with sentences_for_server(address):
                found = asking.execute(_SELECT, (pid,)).fetchone()
        finally:
            asking.close()
    except StoreError:  # then it can hardly be otherwise for the one that is watched
        return ("away",)
    assert found is not None, "there is one row"
    # Behind a pooler the number is not the server's: of that nothing can be told.
    return (*found, passed) if found[0] else None


def _passed(connection: Any) -> bytes:
    """Return what differs once bytes came through a connection; b"" where the system does not tell."""
    # It may be closed by now, or be a socket within this computer.
    with suppress(Exception), socket.socket(fileno=os.dup(connection.fileno())) as same:
        return same.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 136)[_LINUX_BYTES]
    return b""
