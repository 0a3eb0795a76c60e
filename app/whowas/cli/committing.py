"""Telling what fails before a commit from what fails after it: once something is saved, no failure undoes it."""

from __future__ import annotations

from dataclasses import dataclass

import click

from whowas.command_bus.bus import Receipt
from whowas.store.chain import Head
from whowas.store.event_log import EventLog


@dataclass(slots=True)
class Done:
    """What the running command has done for good, as a ``sentence``; empty while it has done nothing."""

    sentence: str = ""


def committed(sentence: str) -> None:
    """Note that the command has done its work: if something fails after that, it prints ``sentence`` and exits 0."""
    done = click.get_current_context().find_object(Done)
    assert done is not None
    done.sentence = sentence


class Saved:
    """Counts the changes of a bus that calls it before and after each commit.

    A change counts as well if the program was stopped between the two and its commit stands.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._count = 0
        self._coming: Head | None = None

    def before_commit(self) -> None:
        """Note where the log will end after this commit."""
        self._coming = self._log.head()

    def after_commit(self, _receipt: Receipt) -> None:
        """Count a change."""
        self._count += 1
        self._coming = None

    def count(self) -> int:
        """Return how many changes are saved; of one whose commit was interrupted, the file is asked."""
        coming = self._coming
        stands = coming is not None and self._log.chain_at(coming.position) == coming.chain
        return self._count + stands
