"""One change of very many commands, beside writing its rows and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks import bare_sqlite
from tests.benchmarks.figures import Bound, Figure, speed
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.benchmarks.people import create_commands
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command
from whowas.store.event_log import EventLog


def microseconds_now() -> int:
    """Return the present moment in UTC microseconds."""
    return time.time_ns() // 1000


def dispatch_all(path: Path, commands: Iterable[Command], stopwatch: Stopwatch) -> None:
    """Carry out ``commands`` in a new directory as one change; the time runs from the first one to the commit."""
    log = EventLog.create(path)
    bus = Bus(log, clock=microseconds_now, actor="bench")
    with stopwatch.running(), bus.change() as change:
        for command in commands:
            change.dispatch(command)
    log.close()


def bulk_vs_sqlite(folder: Path, *, users: int = 100_000, rounds: int = 5) -> Figure:
    """Create users in one change, against ``executemany`` of the rows that this change writes."""
    commands = create_commands(users)
    model = folder / "model.whowas"
    dispatch_all(model, commands, Stopwatch())
    rows = bare_sqlite.rows_of(model)

    def ours(number: int, stopwatch: Stopwatch) -> None:
        path = folder / "ours.whowas"
        dispatch_all(path, commands, stopwatch)
        path.unlink()

    def peer(number: int, stopwatch: Stopwatch) -> None:
        path = folder / "peer.whowas"
        EventLog.create(path).close()
        with bare_sqlite.connected(path) as connection, stopwatch.running():
            bare_sqlite.write(connection, rows)
        path.unlink()

    duel = interleaved(ours, peer, rounds)
    note = f"{users:,} CreateUser commands as one change, from command to commit ÷ bare executemany of the same rows"
    return speed("bulk_vs_sqlite", duel, note, Bound(least=0.55))
