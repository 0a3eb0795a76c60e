"""Directories with a long past, made the same way in every run."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.benchmarks.bulk import microseconds_now
from tests.benchmarks.people import create_commands
from whowas.bus import Bus
from whowas.domain.commands import UpdateUser
from whowas.projections.read_side import ReadSide
from whowas.store.event_log import EventLog

YEAR = 365 * 86_400_000_000
START = 1_400_000_000_000_000


def make_history(path: Path, users: int, changes: int) -> None:
    """Write a log of so many changes, each at a moment of its own, the first of which create the users."""
    people = create_commands(users)
    random = Random(5)
    log = EventLog.create(path)
    pause = 10 * YEAR // changes
    with Bus(log, clock=microseconds_now, actor="bench").change() as change:
        for number, person in enumerate(people):
            change.dispatch(person, occurred_at=START + number * pause)
        for number in range(users, changes):
            field = random.choice(("title", "department", "phone"))
            edit = UpdateUser(random.choice(people).user_id, {field: f"{field} {random.randrange(2_000)}"})
            change.dispatch(edit, occurred_at=START + number * pause)
    log.close()


def prepare(path: Path, cache: Path) -> None:
    """Bring the read side of the directory at ``path`` up, as a window does that is then closed."""
    log = EventLog.open(path)
    side = ReadSide(log, cache)
    side.catch_up()
    side.index_texts()
    side.keep_index()
    side.close()
    log.close()
