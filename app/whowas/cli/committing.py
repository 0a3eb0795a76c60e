"""Telling what fails before a commit from what fails after it: once something is saved, no failure undoes it."""

from __future__ import annotations

from dataclasses import dataclass

import click

from whowas.command_bus.bus import Receipt
from whowas.store.chain import Head
from whowas.store.event_log import EventLog


@dataclass(slots=True)
class Done:
    """What the command that runs has done for good, in a ``sentence``; empty where it has done nothing yet."""

    sentence: str = ""


def committed(sentence: str) -> None:
    """Note that the command has done its work: whatever fails from here on is told with ``sentence``, and exits 0."""
    done = click.get_current_context().find_object(Done)
    assert done is not None
    done.sentence = sentence


class Saved:
    """Counts the changes of a bus, to be told before and after each commit; also one of which only the first came."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._count = 0
        self._coming: Head | None = None

    def before_commit(self) -> None:
        """Note where the log ends once what is written stands."""
        self._coming = self._log.head()

    def after_commit(self, _receipt: Receipt) -> None:
        """Count a change."""
        self._count += 1
        self._coming = None

    def count(self) -> int:
        """Return how many changes stand, as the file says of one whose commit was interrupted."""
        coming = self._coming
        stands = coming is not None and self._log.chain_at(coming.position) == coming.chain
        return self._count + stands
