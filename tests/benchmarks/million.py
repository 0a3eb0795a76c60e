"""Directories of a million changes, and of ten: opening them, and dragging them through time."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.figures import Bound, Figure
from tests.benchmarks.histories import make_history, prepare
from tests.benchmarks.long_logs import write_long_log
from tests.benchmarks.opening import MILLION, TEN_MILLION, opening
from tests.benchmarks.scrubbing import scrubbing
from tests.conftest import isolated_home

_AT_TEN_MILLION = {
    "scrub_p99_ms": ("scrub_10m_p99_ms", 16.7, ""),
    "scrub_growth_10x": ("scrub_growth_100x", 1.5, "a frame ÷ one at a hundredth of the size: changes and users"),
}
"""What is measured of scrubbing: what it is called of ten million changes, what it is bound by, and another note."""


def at_a_million(
    folder: Path, *, users: int = 200_000, changes: int = 1_000_000, jumps: int = 300, rounds: int = 9
) -> list[Figure]:
    """Return what so large a directory costs to open and to scrub, beside one of a tenth of its size."""
    home = folder / "home"
    small, large = _prepared(home, folder, make_history, [(users // 10, changes // 10), (users, changes)])
    return [
        *opening(large, folder, home, MILLION, rounds=rounds),
        *scrubbing(small, large, folder / "config", jumps=jumps),
    ]


def at_ten_million(
    folder: Path, *, users: int = 2_000_000, changes: int = 10_000_000, jumps: int = 300, rounds: int = 5
) -> list[Figure]:
    """Return the same of ten million changes, each saved by itself, beside a hundredth of them; it takes an hour."""
    home = folder / "home"
    begun = time.perf_counter()
    small, large = _prepared(home, folder, write_long_log, [(users // 100, changes // 100), (users, changes)])
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{changes:,} changes of {users:,} users written, and their read side made, at {peak:,.0f} MB at most"
    scrubbed = scrubbing(small, large, folder / "config", jumps=jumps)
    return [
        Figure("prepare_10m_s", seconds, "s", [seconds], note, details={"peak_mb": peak}),
        *opening(large, folder, home, TEN_MILLION, rounds=rounds),
        *(_at_ten_million(one) for one in scrubbed if one.name in _AT_TEN_MILLION),
    ]


def _at_ten_million(figure: Figure) -> Figure:
    name, most, note = _AT_TEN_MILLION[figure.name]
    return replace(figure, name=name, bound=Bound(most=most), note=note or figure.note)


def _prepared(
    home: Path, folder: Path, write: Callable[[Path, int, int], None], sizes: list[tuple[int, int]]
) -> list[Path]:
    """Write a log of each size (users, changes), and make its read side below ``home``."""
    os.environ.update(isolated_home(home))
    paths: list[Path] = []
    for users, changes in sizes:
        paths.append(folder / f"{changes:,}.whowas")
        write(paths[-1], users, changes)
        prepare(paths[-1], home / ".cache" / "whowas")
    return paths
