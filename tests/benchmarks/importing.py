"""Importing a list, beside the same commands given to the bus, and looking at it first, beside importing it."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tests.benchmarks.bulk import dispatch_all, microseconds_now
from tests.benchmarks.figures import Bound, Figure, slowness
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.benchmarks.people import create_commands, fields_of
from tests.peak_memory import peak_bytes, peak_of
from whowas.command_bus.bus import Bus
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.import_files import import_files
from whowas.interchange.mapping.list_mapping import Chosen, map_list
from whowas.interchange.reading.lists import read_list
from whowas.interchange.reading.table import HowToRead
from whowas.interchange.source import Source
from whowas.store.event_log import EventLog


def import_vs_bulk(folder: Path, *, users: int = 100_000, rounds: int = 5) -> list[Figure]:
    """Import a list of new users, against their commands as one change, and against a dry run of the import."""
    content = list_of(fields_of(users))
    commands = create_commands(users)

    def ours(_round: int, stopwatch: Stopwatch) -> None:
        _import(folder / "ours.whowas", content, stopwatch, dry_run=False)

    def bulk(_round: int, stopwatch: Stopwatch) -> None:
        path = folder / "peer.whowas"
        dispatch_all(path, commands, stopwatch)
        path.unlink()

    def preview(_round: int, stopwatch: Stopwatch) -> None:
        _import(folder / "preview.whowas", content, stopwatch, dry_run=True)

    whole = f"a list of {users:,} users, from bytes to commit"
    return [
        slowness(
            "import_vs_bulk",
            interleaved(ours, bulk, rounds),
            f"{whole} ÷ the same commands through the bus as one change",
            Bound(most=2),
        ),
        slowness("preview_vs_import", interleaved(preview, ours, rounds), f"its dry run ÷ {whole}", Bound(most=0.7)),
    ]


def importing_memory(folder: Path, *, rows: int = 1_000_000, made: int = 50_000) -> list[Figure]:
    """Return the most megabytes that an import of so many new users holds for its rows, and what their change adds.

    The first is that of reading, mapping, matching and telling; the other, in kilobytes for each user, is what the unit
    of work holds until it is written.
    """
    given = folder / "members.csv"
    given.write_bytes(list_of(fields_of(rows)))
    state = _undecided(folder / "rows.whowas", given) / 1e6
    given.write_bytes(list_of(fields_of(made)))
    whole = peak_bytes("import", folder / "whole.whowas", given)
    each = (whole - _undecided(folder / "few.whowas", given)) / made / 1e3
    return [
        Figure("import_rss_mb", state, "MB", [state], f"what is kept for {rows:,} rows of CSV", Bound(most=300)),
        Figure("import_change_kb", each, "kB", [each], "what the change holds for each new user, besides"),
    ]


def _undecided(directory: Path, given: Path) -> int:
    return peak_of(sys.executable, "-m", "tests.benchmarks.undecided", directory, given)


def list_of(people: Iterable[dict[str, str | None]]) -> bytes:
    """Return people as CSV below the titles of their fields."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, fields in enumerate(people):
        if not number:
            writer.writerow(fields)
        writer.writerow([value or "" for value in fields.values()])
    return text.getvalue().encode()


def _import(path: Path, content: bytes, stopwatch: Stopwatch, *, dry_run: bool) -> None:
    with closing(EventLog.create(path)) as log:
        bus = Bus(log, clock=microseconds_now, actor="bench")
        with stopwatch.running():
            source = Source.of("members.csv", content)
            table = read_list(source, HowToRead())
            given = ListInput(source, table, map_list(table, Chosen()))
            outcome = import_files(bus, log, [given], ImportRules(), dry_run=dry_run)
        assert outcome.written != dry_run
        assert outcome.counts["created"] > 0
    path.unlink()
