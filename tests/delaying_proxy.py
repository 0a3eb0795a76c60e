"""A network between a program and a server: one that delays, and fails when it is told to."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["asked", "answered"]
"""From the program to the server, or back."""

Step = Literal["before", "request cut", "asked", "answer cut", "answered"]
"""Where a connection is cut: before what is asked leaves, in the middle of it, before its answer leaves, in the middle
of that, or right after it."""

STEPS: tuple[Step, ...] = ("before", "request cut", "asked", "answer cut", "answered")


@dataclass
class DelayingProxy:
    """Listens on ``port`` of 127.0.0.1, and passes on what comes, ``delay_s`` later each way.

    Delays add nothing to each other, as on a long line: what is sent meanwhile is under way too.
    """

    server: tuple[str, int] | str
    """Host and port, or the path of a socket."""
    delay_s: float = 0.0
    port: int = 0
    cuts: int = 0
    """How often a connection was cut on purpose."""
    swallows: bool = False
    """Whether a connection that is to be cut stays open instead, and what is behind the cut is lost without a word."""
    is_down: bool = False
    """Whether no connection is let through."""
    _cut_at: tuple[bytes, Step] | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def cut_at(self, words: bytes, step: Step) -> None:
        """Cut the next connection on which ``words`` are asked, at that step of it."""
        self._cut_at = (words, step)

    def cut_all(self) -> None:
        """Cut all connections that are open."""
        self._in_loop(self._close_all)
        time.sleep(0.05)  # sockets are closed in a later turn of the loop

    async def passing(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one connection, until either side ends it."""
        if self.is_down:
            writer.close()
            return
        try:
            if isinstance(self.server, str):
                there, back = await asyncio.open_unix_connection(self.server)
            else:
                there, back = await asyncio.open_connection(*self.server)
        except OSError:
            writer.close()
            return
        self._open |= {writer, back}
        asked_of: list[Step] = []

        def close() -> None:
            for each in (writer, back):
                self._open.discard(each)
                each.close()

        await asyncio.gather(
            self._pass_on(reader, back, "asked", asked_of, close),
            self._pass_on(there, writer, "answered", asked_of, close),
        )

    async def _pass_on(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        direction: Direction,
        asked_of: list[Step],
        close: Callable[[], None],
    ) -> None:
        with suppress(OSError):
            while data := await source.read(1 << 16):
                cut = self._cut(direction, data, asked_of)
                if cut is not None and self.swallows:
                    self._send(target, data[: int(len(data) * cut)])
                    continue
                if cut is None:
                    self._send(target, data)
                    continue
                if cut:
                    self._send(target, data[: int(len(data) * cut)])
                    await asyncio.sleep(self.delay_s + 0.02)
                break
        self._loop.call_later(self.delay_s, close)

    def _cut(self, direction: Direction, data: bytes, asked_of: list[Step]) -> float | None:
        """Return how much of ``data`` is still passed on before the connection is cut, None if it is not."""
        if direction == "asked" and self._cut_at is not None and self._cut_at[0] in data:
            step, self._cut_at = self._cut_at[1], None
            self.cuts += 1
            if step == "before":
                return 0.0
            if step == "request cut":
                return 0.5
            asked_of.append(step)
        elif direction == "answered" and asked_of:
            return {"asked": 0.0, "answer cut": 0.5, "answered": 1.0}[asked_of.pop()]
        return None

    def _send(self, target: asyncio.StreamWriter, data: bytes) -> None:
        if self.delay_s:
            self._loop.call_later(self.delay_s, _write, target, data)
        else:
            _write(target, data)

    def _close_all(self) -> None:
        for each in list(self._open):
            each.transport.abort()
        self._open.clear()

    def _in_loop(self, work: Callable[[], None]) -> None:
        done = threading.Event()

        def carry_out() -> None:
            work()
            done.set()

        self._loop.call_soon_threadsafe(carry_out)
        assert done.wait(10)


def _write(target: asyncio.StreamWriter, data: bytes) -> None:
    if not target.transport.is_closing():
        target.write(data)


@contextmanager
def proxy_to(server: tuple[str, int] | str, delay_s: float = 0.0) -> Iterator[DelayingProxy]:
    """Yield a proxy that runs in a thread of its own."""
    proxy = DelayingProxy(server, delay_s)
    loop = proxy._loop
    listening = loop.run_until_complete(asyncio.start_server(proxy.passing, "127.0.0.1", 0))
    proxy.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="proxy")
    thread.start()
    try:
        yield proxy
    finally:

        def stop() -> None:
            listening.close()
            proxy._close_all()
            loop.call_later(0.05, loop.stop)

        loop.call_soon_threadsafe(stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()
