"""Editing everybody at once, beside the same commands given to the bus."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.benchmarks.bulk import dispatch_all, microseconds_now
from tests.benchmarks.figures import Bound, Figure, slowness
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.benchmarks.people import create_commands
from whowas.command_bus.bus import Bus
from whowas.corrections.bulk_edit import carry_out
from whowas.domain.bulk_edit import setting
from whowas.domain.commands import UpdateUser
from whowas.domain.users import User
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

_CHANGES = {"department": "Press"}


@contextmanager
def _copy(directory: Path) -> Iterator[Bus]:
    """Give a bus on a copy of a directory, which is gone afterwards."""
    copy = directory.with_name("copy.whowas")
    shutil.copyfile(directory, copy)
    try:
        with closing(EventLog.open(copy)) as log:
            yield Bus(log, clock=microseconds_now, actor="bench")
    finally:
        copy.unlink()


def bulk_edit_vs_bulk(folder: Path, *, users: int = 100_000, rounds: int = 5) -> Figure:
    """Give everybody a department, from the rows selected to the commit, against the same commands as one change."""
    directory = folder / "staff.whowas"
    dispatch_all(directory, create_commands(users), Stopwatch())
    with closing(EventLog.open(directory)) as log, closing(ReadSide(log, folder / "cache")) as side:
        index = side.catch_up()
        numbers = index.numbers[index.alive(index.now)].tolist()
        ids = [row.user.id for row in side.rows(numbers)]

        def seen() -> Iterator[User]:
            for row in side.each(numbers):
                assert row is not None
                yield row.user

        def ours(_round: int, stopwatch: Stopwatch) -> None:
            with _copy(directory) as bus, stopwatch.running():
                outcome = carry_out(bus, seen, len(numbers), lambda _change: setting(_CHANGES), lambda d, t: None)
            assert outcome.changed == users

        def bulk(_round: int, stopwatch: Stopwatch) -> None:
            with _copy(directory) as bus, stopwatch.running(), bus.change() as change:
                for user_id in ids:
                    change.dispatch(UpdateUser(user_id, _CHANGES))

        duel = interleaved(ours, bulk, rounds)
    note = (
        f"{users:,} selected users given a department, from their rows to the commit ÷ the same commands as one change"
    )
    return slowness("bulk_edit_vs_bulk", duel, note, Bound(most=2))
