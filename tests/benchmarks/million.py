"""A directory of a million changes: opening it, and dragging it through time."""

from __future__ import annotations

import os
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.histories import make_history, prepare
from tests.benchmarks.opening import opening
from tests.benchmarks.scrubbing import scrubbing
from tests.conftest import isolated_home


def at_a_million(
    folder: Path, *, users: int = 200_000, changes: int = 1_000_000, jumps: int = 300, rounds: int = 9
) -> list[Figure]:
    """Return what so large a directory costs to open and to scrub, beside one of a tenth of its size."""
    home = folder / "home"
    os.environ.update(isolated_home(home))
    small, large = folder / f"{changes // 10:,}.whowas", folder / f"{changes:,}.whowas"
    for path, size in ((small, 10), (large, 1)):
        make_history(path, users // size, changes // size)
        prepare(path, home / ".cache" / "whowas")
    return [*opening(large, folder, home, rounds=rounds), *scrubbing(small, large, folder / "config", jumps=jumps)]
