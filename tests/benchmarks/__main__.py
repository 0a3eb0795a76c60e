"""``python -m tests.benchmarks``: measure everything, print a table, write build/bench.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.appending import append_vs_sqlite
from tests.benchmarks.bulk import bulk_vs_sqlite
from tests.benchmarks.editing import edit_to_paint
from tests.benchmarks.figures import Figure
from tests.benchmarks.launching import launching
from tests.benchmarks.peer import (
    bulk_vs_eventsourcing,
    bulk_vs_eventsourcing_unchecked,
    replay_vs_eventsourcing,
)
from tests.benchmarks.reading import reading

OUTPUT = Path(__file__).parents[2] / "build" / "bench.json"

BENCHMARKS: tuple[Callable[[Path], Figure | list[Figure]], ...] = (
    append_vs_sqlite,
    bulk_vs_sqlite,
    bulk_vs_eventsourcing,
    bulk_vs_eventsourcing_unchecked,
    replay_vs_eventsourcing,
    reading,
    launching,
    edit_to_paint,
)


def main() -> int:
    """Run every benchmark, each in a folder of its own; a missed bound is told and fails nothing."""
    figures: list[Figure] = []
    for benchmark in BENCHMARKS:
        with TemporaryDirectory(prefix="bench-") as folder:
            result = benchmark(Path(folder))
        for figure in result if isinstance(result, list) else [result]:
            figures.append(figure)
            bound = str(figure.bound) if figure.bound else ""
            spread = f"{min(figure.rounds):.2f}…{max(figure.rounds):.2f}"
            print(
                f"{figure.name:28} {figure.value:9.2f} {figure.unit:3} {bound:8} {figure.verdict:7} {spread:15}"
                f" {figure.note}",
                flush=True,
            )
    OUTPUT.parent.mkdir(exist_ok=True)
    machine = {"python": sys.version.split()[0], "platform": platform.platform(), "processors": os.cpu_count()}
    document = {"machine": machine, "figures": {figure.name: figure.as_json() for figure in figures}}
    OUTPUT.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
