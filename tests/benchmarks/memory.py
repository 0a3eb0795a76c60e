"""How much memory half a gigabyte of notes takes to read."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

from tests.benchmarks.figures import Bound, Figure
from tests.peak_memory import peak_bytes, write_notes

PEOPLE, LETTERS = 5_000, 100_000


def reading_notes(folder: Path) -> Figure:
    """Return the most megabytes that any command held which reads 500 MB of notes, made by one import."""
    file = folder / "notes.whowas"
    write_notes(file, PEOPLE, LETTERS, as_one_change=True)
    commands: dict[str, list[object]] = {
        "list": ["--json"],
        "rebuild": [],
        "show": ["u7"],
        "history": [],
        "diff": ["#0", "now"],
        "export": [folder / "notes.csv", "--format", "csv"],
        "verify": [],
        "backup": [folder / "copy.whowas"],
        "erase": ["u8", "--yes"],
    }
    with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(folder / "cache")}):
        peaks = {name: peak_bytes(name, file, *arguments) / 1e6 for name, arguments in commands.items()}
    note = f"the highest of {', '.join(peaks)}; {PEOPLE:,} people with {LETTERS:,} letters each, one change"
    details = {f"{name}_mb": peak for name, peak in peaks.items()}
    return Figure("notes_500mb_rss_mb", max(peaks.values()), "MB", list(peaks.values()), note, Bound(most=300), details)
