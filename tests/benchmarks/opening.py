"""Opening a very large directory: how long until it is there, and how much memory it takes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Bound, Figure, ratio
from tests.benchmarks.launching import launch, open_and_quit, platforms


@dataclass(frozen=True, slots=True)
class Size:
    """What is bound at a size, which ``name`` stands for in the names of the figures."""

    name: str
    painted: float
    filled: float
    private: float


MILLION = Size("1m", painted=3, filled=2.2, private=2.5)
TEN_MILLION = Size("10m", painted=3, filled=2.2, private=4)


def opening(
    path: Path, folder: Path, home: Path, size: Size, *, rounds: int = 9, memory_rounds: int = 3, seconds: float = 60
) -> list[Figure]:
    """Return what opening the prepared directory at ``path`` costs beside a bare QMainWindow, on a screen if any.

    The window is scrubbed for so many ``seconds`` before its memory is looked at.
    """
    with platforms(folder, home) as every:
        platform, environment = next(iter(every.items()))
        return [
            *_launches(platform, environment, path, size, rounds),
            _memory(platform, environment, path, size, memory_rounds, seconds),
        ]


def _launches(platform: str, environment: dict[str, str], path: Path, size: Size, rounds: int) -> Iterator[Figure]:
    open_and_quit(environment, path)
    bare: list[float] = []
    painted: list[float] = []
    filled: list[float] = []
    real: list[float] = []
    for _ in range(rounds):
        bare.append(launch(environment, "bare")[0])
        started = launch(environment, "whowas", str(path))
        painted.append(started.painted)
        filled.append(started.filled)
        real.append(started.real)
    details = {"ours_ms": median(painted), "filled_ms": median(filled), "peer_ms": median(bare)}
    details["real_ms"] = median(real)
    what = f"{platform}: {path.stem} changes, process start to"
    note = f"{what} the first painted window ÷ a bare one"
    yield ratio(f"launch_{size.name}_vs_bare_qt", painted, bare, note, Bound(most=size.painted), details)
    note = f"{what} the window painted with users ÷ a bare one"
    yield ratio(f"launch_{size.name}_filled_vs_bare_qt", filled, bare, note, Bound(most=size.filled))


def _memory(
    platform: str, environment: dict[str, str], opened: Path, size: Size, rounds: int, seconds: float
) -> Figure:
    ours: list[float] = []
    mapped: list[float] = []
    bare: list[float] = []
    for _ in range(rounds):
        bare.append(_held_mb(environment, seconds)[0])
        anonymous, of_files = _held_mb(environment, seconds, str(opened))
        ours.append(anonymous)
        mapped.append(of_files)
    note = (
        f"{platform}: anonymous memory of the window on {opened.stem} changes after it was scrubbed for "
        f"{seconds:g} s ÷ that of a bare one; {median(mapped):.0f} MB of mapped files beside it"
    )
    details = {"ours_mb": median(ours), "peer_mb": median(bare), "mapped_mb": median(mapped)}
    return ratio(f"private_{size.name}_vs_bare_qt", ours, bare, note, Bound(most=size.private), details)


def _held_mb(environment: dict[str, str], seconds: float, *opened: str) -> tuple[float, float]:
    """Return how many megabytes a window holds in the end, anonymous and of mapped files."""
    program = [sys.executable, "-m", "tests.benchmarks.scrubbed", str(seconds), *opened]
    done = subprocess.run(program, env=environment, check=True, capture_output=True, text=True, timeout=1_800)
    anonymous, of_files = done.stdout.split()
    return float(anonymous), float(of_files)
