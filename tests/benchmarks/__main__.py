"""``python -m tests.benchmarks [FIGURE...]``: measure everything, or what figures of those names need.

Prints a table and writes ``build/bench.json``, where figures not measured this time stay as they were; each says when
it was measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.appending import append_vs_sqlite
from tests.benchmarks.as_of import asof_vs_eventsourcing
from tests.benchmarks.assisting import assisting
from tests.benchmarks.building import asof_texts_vs_select, first_open_vs_read
from tests.benchmarks.bulk import bulk_vs_sqlite
from tests.benchmarks.bulk_editing import bulk_edit_vs_bulk, bulk_editing
from tests.benchmarks.bundled import bundled
from tests.benchmarks.calls import calls
from tests.benchmarks.editing import editing
from tests.benchmarks.figures import Figure
from tests.benchmarks.following import team_catch_up_vs_select, team_scrub_p99_ms, team_wan_8_writers
from tests.benchmarks.importing import import_vs_bulk, importing_memory
from tests.benchmarks.launching import launching
from tests.benchmarks.memory import reading_notes
from tests.benchmarks.million import at_a_million, at_ten_million
from tests.benchmarks.on_server import team_append_vs_insert, team_bulk_vs_copy
from tests.benchmarks.peer import (
    bulk_vs_eventsourcing,
    bulk_vs_eventsourcing_unchecked,
    replay_vs_eventsourcing,
)
from tests.benchmarks.previewing import previewing
from tests.benchmarks.reading import reading
from tests.benchmarks.stalling import stall_p999_ms
from tests.benchmarks.verifying import open_vs_before, verify_vs_parts

BUILD = Path(__file__).parents[2] / "build"
OUTPUT = BUILD / "bench.json"

BENCHMARKS: Mapping[Callable[[Path], Figure | list[Figure]], tuple[str, ...]] = {
    append_vs_sqlite: ("append_vs_sqlite",),
    bulk_vs_sqlite: ("bulk_vs_sqlite",),
    bulk_vs_eventsourcing: ("bulk_vs_eventsourcing",),
    bulk_vs_eventsourcing_unchecked: ("bulk_vs_eventsourcing_unchecked",),
    replay_vs_eventsourcing: ("replay_vs_eventsourcing",),
    asof_vs_eventsourcing: ("asof_vs_eventsourcing", "asof_texts_vs_eventsourcing"),
    bundled: (
        "bundle_vs_minimal",
        "deb_mb",
        "bundle_launch_vs_source",
        "bundle_launch_filled_vs_source",
        "bundle_clean_exits",
    ),
    launching: ("launch_vs_bare_qt", "launch_filled_vs_bare_qt", "launch_growth_1k_100k"),
    editing: ("edit_to_paint_p99_ms", "edit_elsewhere_to_paint_ms"),
    calls: ("save_calls", "slider_calls"),
    at_a_million: (
        *("launch_1m_vs_bare_qt", "launch_1m_filled_vs_bare_qt", "private_1m_vs_bare_qt"),
        *("scrub_p50_ms", "scrub_p99_ms", "scrub_vs_mask", "scrub_growth_10x"),
        *("scrub_selected_p99_ms", "scrub_changes_p99_ms", "scrub_comparing_p99_ms", "scrub_finding_p99_ms"),
    ),
    reading_notes: ("notes_500mb_rss_mb",),
    bulk_edit_vs_bulk: ("bulk_edit_vs_bulk",),
    bulk_editing: ("bulk_edit_cancel_ms", "bulk_undo_cancel_ms", "bulk_edit_block_ms"),
    import_vs_bulk: ("import_vs_bulk", "preview_vs_import"),
    importing_memory: ("import_rss_mb", "import_change_kb"),
    previewing: (
        *("preview_made_s", "preview_held_ms", "preview_shown_ms"),
        *("preview_scroll_p99_ms", "preview_scroll_vs_ten", "preview_search_frame_ms"),
    ),
    assisting: (
        *("preview_first_screen_s", "preview_block_ms", "import_block_ms"),
        *("preview_lock_ms", "import_lock_ms"),
    ),
    verify_vs_parts: ("verify_vs_parts",),
    open_vs_before: ("open_vs_before",),
    team_append_vs_insert: ("team_append_vs_insert",),
    team_bulk_vs_copy: ("team_bulk_vs_copy",),
    team_catch_up_vs_select: ("team_catch_up_vs_select",),
    team_wan_8_writers: ("team_wan_8_writers",),
    team_scrub_p99_ms: ("team_scrub_p99_ms",),
    stall_p999_ms: ("stall_p999_ms",),
    first_open_vs_read: ("first_open_vs_read",),
    asof_texts_vs_select: ("asof_texts_vs_select",),
    reading: ("catch_up_vs_sqlite", "rows_at_moment_ms", "search_ms"),
}
"""Each benchmark with the figures it gives."""

LONG: Mapping[Callable[[Path], Figure | list[Figure]], tuple[str, ...]] = {
    at_ten_million: (
        *("prepare_10m_s", "launch_10m_vs_bare_qt", "launch_10m_filled_vs_bare_qt", "private_10m_vs_bare_qt"),
        *("scrub_10m_p99_ms", "scrub_growth_100x"),
    ),
}
"""Those that may take an hour each, which are run where they are asked for only."""


def main() -> int:
    """Run the benchmarks asked for, each in a folder of its own; a missed bound is told and fails nothing."""
    benchmarks = {**BENCHMARKS, **LONG}
    every = sorted(name for names in benchmarks.values() for name in names)
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"any of {', '.join(every)}; most when none is")
    wanted = set(parser.parse_args().figures)
    if unknown := wanted.difference(every):
        parser.error(f"there is no figure called {', '.join(sorted(unknown))}")
    BUILD.mkdir(exist_ok=True)
    figures: list[Figure] = []
    for benchmark, names in benchmarks.items():
        if wanted.isdisjoint(names) if wanted else benchmark in LONG:
            continue
        # The disk that people's files lie on is meant, which /tmp need not be.
        with TemporaryDirectory(prefix="bench-", dir=BUILD) as folder:
            result = benchmark(Path(folder))
        for figure in result if isinstance(result, list) else [result]:
            figures.append(figure)
            _print(figure)
    _write_down(figures)
    return 0


def _print(figure: Figure) -> None:
    bound = str(figure.bound) if figure.bound else ""
    spread = f"{min(figure.rounds):.2f}…{max(figure.rounds):.2f}"
    line = f"{figure.name:32} {figure.value:9.2f} {figure.unit:3} {bound:8} {figure.verdict:7} {spread}"
    print(f"{line.rstrip()}\n    {figure.note}", flush=True)


def _write_down(figures: list[Figure]) -> None:
    machine = {"python": sys.version.split()[0], "platform": platform.platform(), "processors": os.cpu_count()}
    document: dict[str, Any] = {"machine": machine, "figures": {}}
    if OUTPUT.exists() and (before := json.loads(OUTPUT.read_text(encoding="utf-8"))).get("machine") == machine:
        document = before
    run = {"run": datetime.now(UTC).isoformat(timespec="minutes")}
    document["figures"] |= {figure.name: figure.as_json() | run for figure in figures}
    OUTPUT.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
