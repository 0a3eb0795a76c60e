"""From the start of the process to the painted window, beside a bare QMainWindow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks.bulk import dispatch_all
from tests.benchmarks.figures import Bound, Figure, ratio
from tests.benchmarks.histories import prepare
from tests.benchmarks.measuring import Stopwatch
from tests.benchmarks.people import create_commands
from tests.conftest import isolated_home
from tests.end_to_end.screen import Screen

PROGRAM = Path(__file__).with_name("first_paint.py")
OURS = (sys.executable, str(PROGRAM))
SIZES = (1_000, 10_000, 100_000)

_AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Whoever installs a program has it compiled then, and not at every start."""


def launching(folder: Path, *, sizes: tuple[int, ...] = SIZES, rounds: int = 9) -> list[Figure]:
    """Return how long directories of 1,000, 10,000 and 100,000 users take to appear, read sides being up to date."""
    home = folder / "home"
    paths = [made_directory(folder, users, home) for users in sizes]
    figures: list[Figure] = []
    with platforms(folder, home) as every:
        for platform, environment in every.items():
            figures.extend(_figures(platform, environment, paths, sizes, rounds))
    return figures


def made_directory(folder: Path, users: int, home: Path) -> Path:
    """Return a directory of so many users whose read side, in ``home``, is up to date."""
    path = folder / f"{users}.whowas"
    dispatch_all(path, create_commands(users), Stopwatch())
    prepare(path, home / ".cache" / "whowas")
    return path


@contextmanager
def platforms(folder: Path, home: Path) -> Iterator[dict[str, dict[str, str]]]:
    """Return the environments to start in by platform, the one people use first."""
    offscreen = {**os.environ, **isolated_home(home), **_AS_INSTALLED, "QT_QPA_PLATFORM": "offscreen"}
    if shutil.which("Xvfb") is None:
        yield {"offscreen": offscreen}
        return
    with Screen(folder / "screen") as screen:
        # No screen reader listens to most people's programs.
        silent = {name: value for name, value in screen.environment.items() if "ACCESSIBILITY" not in name}
        yield {"xcb": {**silent, **isolated_home(home), **_AS_INSTALLED}, "offscreen": offscreen}


def _figures(
    platform: str, environment: dict[str, str], paths: list[Path], sizes: tuple[int, ...], rounds: int
) -> Iterator[Figure]:
    small, middle, large = paths
    bare: list[float] = []
    painted: dict[Path, list[float]] = {path: [] for path in paths}
    filled: dict[Path, list[float]] = {path: [] for path in paths}
    real: dict[Path, list[float]] = {path: [] for path in paths}
    for path in paths:
        open_and_quit(environment, path)
    for _ in range(rounds):
        bare.append(launch(environment, "bare")[0])
        for path in (middle, small, large):
            started = launch(environment, "whowas", str(path))
            painted[path].append(started.painted)
            filled[path].append(started.filled)
            real[path].append(started.real)
    details = {f"painted_with_{users}_ms": median(painted[path]) for users, path in zip(sizes, paths, strict=True)}
    details |= {f"filled_with_{users}_ms": median(filled[path]) for users, path in zip(sizes, paths, strict=True)}
    details |= {f"real_with_{users}_ms": median(real[path]) for users, path in zip(sizes, paths, strict=True)}
    name = f"{sizes[1]:,} users"
    yield ratio(
        f"launch_vs_bare_qt{_suffix(platform)}",
        *(painted[middle], bare),
        f"{platform}: process start to the first painted window, opened on {name} ÷ to that of a bare QMainWindow",
        # Nobody starts the program offscreen; what is bound is the start on a screen, where there is one.
        Bound(most=2.0) if platform == "xcb" else None,
        details | {"ours_ms": median(painted[middle]), "peer_ms": median(bare)},
    )
    yield ratio(
        f"launch_filled_vs_bare_qt{_suffix(platform)}",
        *(filled[middle], bare),
        f"{platform}: the same, until the window is painted with the users in its table, as the last start kept them",
        Bound(most=1.9) if platform == "xcb" else None,
    )
    yield ratio(
        f"launch_growth_1k_100k{_suffix(platform)}",
        *(filled[large], filled[small]),
        f"{platform}: until painted with users in the table, {sizes[2]:,} of them ÷ {sizes[0]:,}",
        Bound(most=1.2),
    )


def _suffix(platform: str) -> str:
    return "_offscreen" if platform == "offscreen" else ""


class Launch(NamedTuple):
    """The milliseconds until the first paint, until the one with contents, and until that of the real page."""

    painted: float
    filled: float
    real: float


def launch(environment: dict[str, str], *arguments: str, program: Sequence[str] = OURS) -> Launch:
    """Start a program that ends once it has painted everything, and return how long that took."""
    return Launch(*map(float, _run(environment, *program, *arguments).split()))


def open_and_quit(environment: dict[str, str], path: Path, *, program: Sequence[str] = OURS) -> None:
    """Open a directory and quit as people do, so that the next start finds what that one kept, and a warm cache."""
    _run(environment, *program, "whowas", str(path), "quit")


def _run(environment: dict[str, str], *command: str) -> str:
    started = {**environment, "STARTED_AT": str(time.monotonic())}
    return subprocess.run(command, env=started, check=True, capture_output=True, text=True, timeout=120).stdout
