"""The read side at 100,000 users: making it, looking at any moment, searching."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from tests.benchmarks.bulk import dispatch_all, microseconds_now
from tests.benchmarks.figures import Bound, Figure, duration, slowness
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.benchmarks.people import create_commands
from whowas.command_bus.bus import Bus
from whowas.domain.commands import UpdateUser
from whowas.projections.index.ranks import ranked
from whowas.projections.index.version_index import DEFAULT_ORDER
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.read_model import ReadModel
from whowas.store.event_log import EventLog

TABLES = ("user", "change", "step", "version_row", "directory_state")
VISIBLE_ROWS = 50
EDITS_A_STEP = 100


def reading(folder: Path, *, users: int = 100_000, steps: int = 300, rounds: int = 5) -> list[Figure]:
    """Return the figures of the read side; its directory gets ``steps`` bulk edits, so that it has a past."""
    path = folder / "people.whowas"
    _make(path, users, steps)
    log = EventLog.open(path)
    model = ReadSide(log, folder / "model")
    index = model.catch_up()
    model.index_texts()
    figures = [_catch_up(folder, log, model, rounds)]
    random = Random(3)

    def rows_at_moment() -> None:
        shown = ranked(index, DEFAULT_ORDER).at(random.randrange(index.now + 1))
        model.rows(shown.numbers(range(VISIBLE_ROWS)).tolist())

    many = f"{len(index.numbers):,} versions of {users:,} users"
    figures.append(
        duration("rows_at_moment_ms", _timed(rows_at_moment, 200), f"{many}: any moment, {VISIBLE_ROWS} rows read")
    )
    words = ("garcía", "librarian", "e.br", "mathematics clerk", "77")
    found = [_timed(lambda word=word: model.matching(word), 20) for word in words]
    every = [one for times in found for one in times]
    figures.append(
        duration(
            "search_ms",
            every,
            f"{many}: " + ", ".join(f"{word} {median(times):.0f} ms" for word, times in zip(words, found, strict=True)),
        )
    )
    model.close()
    log.close()
    return figures


def _make(path: Path, users: int, steps: int) -> None:
    people = create_commands(users)
    dispatch_all(path, people, Stopwatch())
    log = EventLog.open(path)
    bus = Bus(log, clock=microseconds_now, actor="bench")
    random = Random(4)
    start = microseconds_now()
    with bus.change() as change:
        for step in range(steps):
            for person in random.sample(people, EDITS_A_STEP):
                change.dispatch(UpdateUser(person.user_id, {"title": f"Title {step}"}), occurred_at=start + step)
    log.close()


def _catch_up(folder: Path, log: EventLog, model: ReadSide, rounds: int) -> Figure:
    rows = {table: list(model.read_model.select(f"SELECT * FROM {table}")) for table in TABLES}

    def ours(number: int, stopwatch: Stopwatch) -> None:
        side = ReadSide(log, folder / "ours")
        with stopwatch.running():
            side.catch_up()
        side.close()
        shutil.rmtree(folder / "ours")

    def peer(number: int, stopwatch: Stopwatch) -> None:
        path = folder / "peer.db"
        empty = ReadModel(path)
        empty.prepare("", b"")
        empty.close()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("PRAGMA synchronous = off")
            with stopwatch.running():
                connection.execute("BEGIN")
                for table, some in rows.items():
                    _insert(connection, table, some)
                connection.execute("COMMIT")
        path.unlink()

    duel = interleaved(ours, peer, rounds)
    note = f"the read side of {len(rows['version_row']):,} versions made from the log ÷ bare executemany of its rows"
    return slowness("catch_up_vs_sqlite", duel, note, Bound(most=2.5))


def _insert(connection: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marks = ",".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _timed(work: Any, times: int) -> list[float]:
    """Return how many milliseconds each of some repetitions took."""
    taken: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return taken
