"""The read side beside the least that it could take: made, beside reading the log; read, beside a bare SELECT."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from tests.benchmarks.figures import Bound, Figure, slowness
from tests.benchmarks.long_logs import write_long_log
from tests.benchmarks.measuring import Stopwatch, interleaved
from whowas.projections.index.ranks import ranked
from whowas.projections.index.version_index import DEFAULT_ORDER
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables import schema
from whowas.store.event_log import EventLog

_BARE = (
    f"SELECT version_row.number, begins, version_row.actor, user_id, {schema.USER_COLUMNS} "
    "FROM json_each(?) AS asked CROSS JOIN version_row ON version_row.number = asked.value "
    "JOIN user ON user.number = version_row.user"
)


def first_open_vs_read(folder: Path, *, users: int = 200_000, changes: int = 1_000_000, rounds: int = 3) -> Figure:
    """Make the read side and its arrays from nothing, against reading and decoding every event of the log."""
    path = folder / "long.whowas"
    write_long_log(path, users, changes)
    log = EventLog.open(path)

    def ours(number: int, stopwatch: Stopwatch) -> None:
        side = ReadSide(log, folder / "cache")
        with stopwatch.running():
            index = side.catch_up()
        assert index.now == changes
        side.close()
        shutil.rmtree(folder / "cache")

    def peer(number: int, stopwatch: Stopwatch) -> None:
        with stopwatch.running():
            count = sum(1 for _ in log.read())
        assert count == changes

    duel = interleaved(ours, peer, rounds)
    log.close()
    note = (
        f"read side and arrays of {changes:,} changes of {users:,} users made from nothing ÷ the log read and decoded"
    )
    return slowness("first_open_vs_read", duel, note, Bound(most=3))


def asof_texts_vs_select(folder: Path, *, users: int = 20_000, changes: int = 100_000, rounds: int = 21) -> Figure:
    """Ask for everybody with all their texts at random moments, against a SELECT of the same rows, whose ids it has."""
    path = folder / "long.whowas"
    write_long_log(path, users, changes)
    log = EventLog.open(path)
    side = ReadSide(log, folder / "cache")
    ranks = ranked(side.catch_up(), DEFAULT_ORDER)
    ranks.prepare()
    moments = [Random(6).randrange(users, changes + 1) for _ in range(rounds)]

    def ours(number: int, stopwatch: Stopwatch) -> None:
        with stopwatch.running():
            rows = side.rows(ranks.at(moments[number]).all_numbers().tolist())
        assert len(rows) > users // 2

    def peer(number: int, stopwatch: Stopwatch) -> None:
        asked = str(ranks.at(moments[number]).all_numbers().tolist())
        with stopwatch.running():
            rows = list(side.read_model.select(_BARE, (asked,)))
        assert len(rows) > users // 2

    duel = interleaved(ours, peer, rounds)
    side.close()
    log.close()
    note = f"everybody, of {users:,}, with all texts at {rounds} random moments ÷ the bare SELECT of those rows"
    return slowness("asof_texts_vs_select", duel, note, Bound(most=1.5))
