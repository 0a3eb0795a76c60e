"""``python -m tests.benchmarks.undecided FILE INPUT``: import a list of new users, but let nothing be decided.

Every row is read, mapped, matched and told, as if it had made its user; no command is dispatched. So this holds what is
kept for each row, and not what a change holds until it is written.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from unittest import mock

import uuid_utils

from tests.benchmarks.bulk import microseconds_now
from whowas.command_bus.bus import Bus
from whowas.interchange.importing.deciding import taken_lists
from whowas.interchange.importing.deciding.deciding import DecidingRows
from whowas.interchange.importing.people.keys import name_of
from whowas.interchange.importing.ready import Request, made_ready
from whowas.interchange.importing.told.outcomes import RowPlace
from whowas.interchange.source import Source
from whowas.store.event_log import EventLog


class Undecided(DecidingRows):
    """Tells of every row that it made a user of its texts."""

    def decide_all(self) -> None:
        for number in range(len(self._rows)):
            row, _ = self._rows.row(number)
            place = RowPlace(self._rows.file_of(number), row.line, row.raw)
            changes = {name: (None, text) for name, text in row.record.texts.items()}
            self._outcomes.tell(number, place, "created", str(uuid_utils.uuid7()), name_of(row.record), changes)


def main() -> int:
    """Import the list. Returns 0 if every row was told."""
    directory, given = map(Path, sys.argv[1:])
    with (
        mock.patch.object(taken_lists, "DecidingRows", Undecided),
        closing(EventLog.create(directory)) as log,
        Source.read_from(given) as source,
    ):
        bus = Bus(log, clock=microseconds_now, actor="bench")
        outcome = made_ready([source], Request()).take(bus, log, dry_run=True)
        return 0 if outcome.counts["created"] == len(outcome.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
