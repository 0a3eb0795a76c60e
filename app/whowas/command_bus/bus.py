"""The command bus: the only way into the event log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from whowas.command_bus.renewal import Renewal
from whowas.command_bus.unit_of_work import Change, StreamCache
from whowas.domain.causation import Causation, ImportOf, to_text
from whowas.domain.commands import Command
from whowas.domain.progress import Progress, unwatched
from whowas.store.event_log import EventLog
from whowas.store.migration import copy_beside

Clock = Callable[[], int]
"""Returns the present time in UTC microseconds."""


class Receipt(NamedTuple):
    """What a dispatch did: the change and its positions in the log; ``events`` is 0 when there was nothing to do.

    ``repeated`` means that the command had been carried out before; the other fields then describe that change.
    A named tuple, because every save makes one.
    """

    change_id: str
    first_position: int
    last_position: int
    repeated: bool = False

    @property
    def events(self) -> int:
        """How many events the change holds."""
        return self.last_position - self.first_position + 1


def _nothing() -> None:
    """Do nothing before a commit."""


def _untold(_renewal: Renewal) -> None:
    """Tell nobody that a file was renewed."""


class Bus:
    """Writes the events of commands to the log, one change a transaction, and calls listeners after the commit.

    ``before_commit`` is called when a change is completely written but not committed: if it raises, the change is
    rolled back. A change may need a file of an older version to be renewed, see ``former_keys``: then ``copied`` makes
    a verified copy of it before that is committed, and ``renewed`` is called afterwards.
    """

    def __init__(
        self,
        log: EventLog,
        *,
        clock: Clock,
        actor: str,
        before_commit: Callable[[], None] = _nothing,
        copied: Callable[[EventLog], Path] = copy_beside,
        renewed: Callable[[Renewal], None] = _untold,
    ) -> None:
        self._log = log
        self._clock = clock
        self.actor = actor
        self._before_commit = before_commit
        self._copied = copied
        self._renewed = renewed
        self._listeners: list[Callable[[Receipt], None]] = []
        self._cache: StreamCache | None = None

    def subscribe(self, listener: Callable[[Receipt], None]) -> None:
        """Call ``listener`` after every commit that appended something, in order of subscription."""
        self._listeners.append(listener)

    def dispatch(
        self,
        command: Command,
        *,
        actor: str | None = None,
        command_id: str | None = None,
        expected_version: int | None = None,
        occurred_at: int | None = None,
    ) -> Receipt:
        """Carry out one command as one change.

        ``occurred_at`` (UTC microseconds) backdates it; ``expected_version`` is the user's version that the
        caller saw. If ``command_id`` (UUID) was carried out before, nothing is done and the old receipt is returned.
        Raises RefusedError, ConflictError or StoreError; then nothing was written.
        """
        with self.change(actor=actor) as change:
            if command_id is not None and (before := change.done_before(command_id)) is not None:
                change_id, first, last = before
                return Receipt(change_id, first, last, repeated=True)
            change.dispatch(command, command_id=command_id, expected_version=expected_version, occurred_at=occurred_at)
        return _receipt(change)

    @contextmanager
    def change(
        self, *, actor: str | None = None, causation: Causation | None = None, progress: Progress = unwatched
    ) -> Iterator[Change]:
        """Open one change of many commands; it commits at the end of the block, or not at all on an exception.

        ``progress`` is told while much is read at once and while the events are written, and may cancel that.
        ``change.abandon()`` leaves the log as it was without an exception. Raises as ``dispatch`` does.
        """
        with self._log.writing(self._copied) as transaction:
            # Moved, not shared: if this change fails, the cache that it altered is dropped.
            cache, self._cache = self._cache, None
            transaction.watched_by(progress)
            change = Change(transaction, actor or self.actor, self._clock(), cache)
            try:
                yield change
                if isinstance(causation, ImportOf):
                    causation = replace(causation, by=change.actor)
                change.write(transaction, to_text(causation), progress)
            except BaseException:
                change.abandon()
                raise
            change.let_go()
            if change.events:
                self._before_commit()
            shared = transaction.shared() if transaction.is_renewed else ()
        self._cache = change.cache()
        if transaction.copy is not None:
            self._renewed(Renewal(transaction.copy, tuple(shared)))
        if change.events:
            for listener in self._listeners:
                listener(_receipt(change))


def _receipt(change: Change) -> Receipt:
    last = change.head_position
    return Receipt(change.id, last - change.events + 1, last)
