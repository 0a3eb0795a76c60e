"""Telling what fails before a commit from what fails after it: once something is saved, no failure undoes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from whowas.command_bus.bus import Receipt
from whowas.domain.errors import StoreError, UncertainError
from whowas.store.chain import Head
from whowas.store.event_log import EventLog

if TYPE_CHECKING:
    from whowas.store.follower.shared_directory import SharedDirectory


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


class SavedOnServer:
    """Counts the changes of a bus that writes to a server and calls it before and after each commit, see ``Saved``.

    ``asked`` returns the id of the change that was to be appended last.
    """

    def __init__(self, directory: SharedDirectory, asked: Callable[[], str]) -> None:
        self._directory = directory
        self._asked = asked
        self._count = 0
        self._coming_after: int | None = None

    def before_commit(self) -> None:
        """Note after which position a change is to come."""
        self._coming_after = self._directory.log.head().position

    def after_commit(self, _receipt: Receipt) -> None:
        """Count a change."""
        self._count += 1
        self._coming_after = None

    def count(self) -> int:
        """Return how many changes are saved; of one whose answer did not come any more, the server is asked.

        Raises UncertainError where the server cannot be asked.
        """
        if self._coming_after is None:
            return self._count
        try:
            self._directory.follow()
        except StoreError as error:
            saved = "1 change is saved" if self._count == 1 else f"{self._count:,} changes are saved"
            sentence = f"Stopped; {saved}. Another one may be, which shows when the server can be reached again."
            raise UncertainError(sentence) from error
        return self._count + self._stands(self._coming_after)

    def _stands(self, after: int) -> bool:
        """Say whether the change that was on its way is there, behind the position ``after``."""
        return any(recorded.change_id == self._asked() for recorded in self._directory.log.read(after))
