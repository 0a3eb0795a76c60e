"""A way to a server that is slow, breaks off, or swallows what is sent through it without a word."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_PIECE = 65_536


@dataclass
class Proxy:
    """Passes on what comes at ``port`` of 127.0.0.1 to ``server``.

    ``delay_s`` is how long each piece takes one way. ``break_after`` is a range of bytes after which a connection is
    cut off, or, ``silently``, passes nothing on for ``silent_s`` before that; None for never.
    """

    server: int
    delay_s: float = 0.0
    break_after: tuple[int, int] | None = None
    silently: bool = False
    silent_s: float = 1.0
    random: random.Random = field(default_factory=lambda: random.Random(17))
    broken: int = 0
    port: int = 0

    def serve(self, listening: socket.socket) -> None:
        """Take connections until ``listening`` is closed."""
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._connected, args=(client,), daemon=True).start()

    def _connected(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.server))
        except OSError:
            _cut(client)
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        left = [self.random.randint(*self.break_after) if self.break_after else -1]
        ends = [
            threading.Thread(target=self._pass, args=(*pair, left), daemon=True)
            for pair in ((client, server), (server, client))
        ]
        for end in ends:
            end.start()

    def _pass(self, source: socket.socket, target: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                time.sleep(self.delay_s)
                if left[0] >= 0:
                    left[0] -= len(piece)
                    if left[0] < 0:
                        self._break(source, target)
                        return
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _break(self, *ends: socket.socket) -> None:
        self.broken += 1
        if self.silently:
            time.sleep(self.silent_s)
        for end in ends:
            _cut(end)


def _cut(end: socket.socket) -> None:
    """Close so that the other side is told that the connection is reset."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def between(proxy: Proxy) -> Iterator[Proxy]:
    """Have ``proxy`` serve at a port of its own while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy.port = listening.getsockname()[1]
        serving = threading.Thread(target=proxy.serve, args=(listening,), daemon=True)
        serving.start()
        try:
            yield proxy
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            serving.join()
