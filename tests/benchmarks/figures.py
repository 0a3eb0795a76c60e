"""What is measured, as it is printed and written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.benchmarks.measuring import Duel


@dataclass(frozen=True, slots=True)
class Bound:
    """What a value should keep to. Missing it is reported; it fails nothing, because a clock fails at random."""

    least: float | None = None
    most: float | None = None

    def keeps(self, value: float) -> bool:
        """Say whether ``value`` is within the bound."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        return f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: ``rounds`` are what the rounds gave, ``value`` what is made of them."""

    name: str
    value: float
    unit: str
    rounds: list[float]
    note: str
    bound: Bound | None = None
    details: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """``ok``, ``MISSED``, or nothing where there is no bound."""
        return "" if self.bound is None else "ok" if self.bound.keeps(self.value) else "MISSED"

    def as_json(self) -> dict[str, Any]:
        """Return all of it for ``build/bench.json``."""
        return {
            "value": round(self.value, 4),
            "unit": self.unit,
            "bound": None if self.bound is None else {"least": self.bound.least, "most": self.bound.most},
            "verdict": self.verdict or None,
            "rounds": [round(one, 4) for one in self.rounds],
            "note": self.note,
            **{name: round(one, 6) for name, one in self.details.items()},
        }


def speed(name: str, duel: Duel, note: str, bound: Bound | None = None) -> Figure:
    """Return how many times as quick as the peer ours is: the median of the rounds' ratios."""
    ours, peer = duel.seconds()
    details = {"ours_s": ours, "peer_s": peer, "value_by_cpu_time": duel.cpu_speed()}
    return Figure(name, median(duel.speeds()), "x", duel.speeds(), note, bound, details)


def slowness(name: str, duel: Duel, note: str, bound: Bound | None = None) -> Figure:
    """Return how many times as long as the peer ours takes: the median of the rounds' ratios."""
    ours, peer = duel.seconds()
    details = {"ours_s": ours, "peer_s": peer}
    return Figure(name, median(duel.slownesses()), "x", duel.slownesses(), note, bound, details)


def duration(name: str, milliseconds: list[float], note: str) -> Figure:
    """Return the median of some durations, which is reported and bound to nothing."""
    return Figure(name, median(milliseconds), "ms", milliseconds, note)


def ratio(
    name: str,
    ours: list[float],
    peer: list[float],
    note: str,
    bound: Bound | None = None,
    details: dict[str, float] | None = None,
) -> Figure:
    """Return how many times the peer's ours is, round by round: the median."""
    ratios = [one / other for one, other in zip(ours, peer, strict=True)]
    return Figure(name, median(ratios), "x", ratios, note, bound, details or {})
