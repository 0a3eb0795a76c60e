"""Waiting for what others append: woken by the server, looking at times all the same, trying again when cut off.

Notifications only wake. That none is missed is due to the order: first listen, then read what there is; that a lost one
does no harm, to looking at the head every now and then.
"""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event, Lock
from typing import TYPE_CHECKING

from whowas.domain.errors import StoreError
from whowas.system.network import networks

if TYPE_CHECKING:
    from collections.abc import Callable

    from whowas.store.server.address import ServerAddress
    from whowas.store.server.connecting.listening import Listener

HEARING_S = 15.0
"""How often the head is looked at where the server wakes us, in case it cannot any more."""

DEAF_S = 2.0
"""The same where there is nothing to be listened to, as behind a pooler."""

RETRIES_S = (1.0, 2.0, 5.0, 15.0, 30.0)
"""After how long it is tried again to connect; the last goes on for ever."""

_NETWORK_S = 1.0
"""How often it is looked meanwhile whether this computer is in another network, where it is tried at once."""

_PATIENCE_S = 1.0


class Waiting:
    """Says when to look at the server; ``is_behind`` asks it whether there is anything to follow, and may raise."""

    def __init__(self, address: ServerAddress, directory_id: str, is_behind: Callable[[], bool]) -> None:
        self._address = address
        self._directory_id = directory_id
        self._is_behind = is_behind
        self._hurried = Event()
        self._is_closed = False
        self._failures = 0
        self._retry_at = 0.0
        self._failed_in = networks()
        self._look_at = time.monotonic() + DEAF_S
        self._listen_at = 0.0
        self._listener: Listener | None = None
        self._turn = Lock()

    def wait(self, timeout: float) -> bool:
        """See ``SharedDirectory``; one thread at a time."""
        with self._turn:
            try:
                return self._wait(time.monotonic() + timeout)
            finally:
                if self._is_closed:
                    self._let_go()

    def hurry(self) -> None:
        """Have ``wait`` return True, and connecting be tried again at once."""
        self._retry_at = 0.0
        self._hurried.set()
        listener = self._listener
        if listener is not None:
            listener.wake()

    def failed(self) -> None:
        """Note that there is no connection: ``wait`` says when to try again."""
        self._retry_at = time.monotonic() + RETRIES_S[min(self._failures, len(RETRIES_S) - 1)]
        self._failures += 1
        self._failed_in = networks()

    def connected(self) -> None:
        """Note that there is a connection."""
        self._failures = 0

    def close(self) -> None:
        """End the wait of whoever waits, and the connection."""
        self._is_closed = True
        self.hurry()
        if self._turn.acquire(timeout=_PATIENCE_S):  # else whoever waits connects, and lets go then
            self._let_go()
            self._turn.release()

    def _wait(self, until: float) -> bool:
        while not self._is_closed:
            if self._hurried.is_set():
                self._hurried.clear()
                return True
            now = time.monotonic()
            if self._failures:
                self._let_go()  # it is of a connection that is lost too, or is about to be
                if now >= self._retry_at or networks() != self._failed_in:
                    return True
                if now >= until:
                    return False
                self._hurried.wait(min(until, self._retry_at, now + _NETWORK_S) - now)
                continue
            if self._begins_listening(now):
                return True
            if now >= self._look_at:
                self._look_at = now + self._interval
                if self._should_follow():
                    return True
                continue
            if now >= until:
                return False
            if self._pause(min(until, self._look_at) - now):
                return True
        return False

    @property
    def _interval(self) -> float:
        return HEARING_S if self._listener is not None and self._listener.can_hear else DEAF_S

    def _begins_listening(self, now: float) -> bool:
        """Listen where nobody does; return whether that began just now: what came before it is still to be read."""
        if self._listener is not None or now < self._listen_at:
            return False
        from whowas.store.server.connecting.listening import Listener

        self._listen_at = now + HEARING_S
        try:
            self._listener = Listener(self._address, self._directory_id)
        except StoreError:  # it may be that only one connection is let in; if none is, following finds out
            return False
        self._look_at = now + self._interval
        return True

    def _should_follow(self) -> bool:
        try:
            return self._is_behind()
        except StoreError:  # following meets the same, and tells
            return True

    def _pause(self, seconds: float) -> bool:
        if self._listener is None:
            self._hurried.wait(seconds)
            return False
        try:
            return self._listener.wait(seconds)
        except StoreError:
            self._let_go()
            self._listen_at = 0.0
            return True

    def _let_go(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            self._listen_at = 0.0
            with suppress(StoreError):
                listener.close()
