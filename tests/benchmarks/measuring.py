"""Taking times side by side: one round of ours, one of the peer, and so on, on the same work."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median


@dataclass(slots=True)
class Stopwatch:
    """Seconds spent so far: on the wall clock, and by this process's processors."""

    wall: float = 0.0
    cpu: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time of the block."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.wall += time.perf_counter() - wall
            self.cpu += time.process_time() - cpu


Side = Callable[[int, Stopwatch], None]
"""Does the work of round n; only what it puts inside ``with stopwatch.running()`` counts."""


@dataclass(slots=True)
class Duel:
    """The times of both sides, round by round."""

    ours: list[Stopwatch] = field(default_factory=list)
    peer: list[Stopwatch] = field(default_factory=list)

    def speeds(self) -> list[float]:
        """Return, for each round, how many times as quick as the peer ours was."""
        return [peer.wall / ours.wall for ours, peer in zip(self.ours, self.peer, strict=True)]

    def slownesses(self) -> list[float]:
        """Return, for each round, how many times as long as the peer ours took."""
        return [1 / speed for speed in self.speeds()]

    def cpu_speed(self) -> float:
        """Return the median of ``speeds`` by processor time."""
        return median(peer.cpu / ours.cpu for ours, peer in zip(self.ours, self.peer, strict=True))

    def seconds(self) -> tuple[float, float]:
        """Return the median wall time of a round, ours and the peer's."""
        return median(one.wall for one in self.ours), median(one.wall for one in self.peer)


def interleaved(ours: Side, peer: Side, rounds: int, *, peer_first: bool = False) -> Duel:
    """Let both sides do the same work, turn by turn.

    Objects alive before the first round are frozen, so that nobody pays for collecting the benchmark's own.
    """
    duel = Duel()
    turns = [(peer, duel.peer), (ours, duel.ours)] if peer_first else [(ours, duel.ours), (peer, duel.peer)]
    gc.collect()
    gc.freeze()
    try:
        for number in range(rounds):
            for side, times in turns:
                gc.collect()
                stopwatch = Stopwatch()
                side(number, stopwatch)
                times.append(stopwatch)
    finally:
        gc.unfreeze()
    return duel
