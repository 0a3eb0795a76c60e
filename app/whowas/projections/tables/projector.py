"""The projector: follows the event log and keeps the read model's tables up with it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing

from whowas.domain.progress import Progress, unwatched
from whowas.projections.tables.checked_database import commits
from whowas.projections.tables.fold import Batch
from whowas.projections.tables.latest_users import LatestUsers
from whowas.projections.tables.logged_change import LoggedChange, changes_of
from whowas.projections.tables.read_model import Checkpoint, ReadModel
from whowas.projections.tables.source import EventSource
from whowas.projections.tables.stale import StaleReadModelError
from whowas.store.gc_pauses import PIECE, gc_paused, let_go
from whowas.store.recorded_event import RecordedEvent

ROWS_A_TRANSACTION = 20_000
EVENTS_WITH_LOOKUP = 5_000
"""Of more events than this, a read model is made from nothing without finding a user's rows meanwhile."""


class Projector:
    """Start-up, a live edit, another process's edit and a full rebuild are all this one loop.

    It ends at the position ``through``, where a change ends, or at the head.
    """

    def __init__(self, log: EventSource, read_model: ReadModel, through: int | None = None) -> None:
        self._log = log
        self._read_model = read_model
        self._through = through
        self._latest_users = LatestUsers()

    def catch_up(self, progress: Progress = unwatched) -> None:
        """Project every event after the checkpoint, some thousand rows a transaction.

        Raises StaleReadModelError, CancelledError or StoreError; what was committed until then stays.
        """
        total = self._log.head().position if self._through is None else self._through
        # Thousands of rows wait to be written; looking among them for cycles again and again would stop all threads.
        try:
            with gc_paused(), closing(self._changes(progress, total)) as changes:
                while not self._some(changes, total):
                    pass
            if self._latest_users.last_rows is not None:
                with self._read_model.writing():
                    self._read_model.lay_lookup()
        finally:
            self._latest_users.forget()

    def _some(self, changes: Iterator[LoggedChange | RecordedEvent], total: int) -> bool:
        """Fold one transaction's worth of changes, and say whether there are no more."""
        with self._read_model.writing() as connection:
            checkpoint = self._checked()
            self._latest_users.begin(commits(connection))
            if checkpoint.position == 0 and total > EVENTS_WITH_LOOKUP:
                self._read_model.drop_lookup()
                self._latest_users.begin_from_nothing()
            elif self._latest_users.last_rows is None:
                self._read_model.lay_lookup()
            batch = Batch(self._read_model, self._log, checkpoint, self._latest_users)
            exhausted = True
            for change in changes:
                if isinstance(change, RecordedEvent):
                    if change.position > checkpoint.position:
                        batch.project_alone(change)
                elif change.last_position > checkpoint.position:
                    batch.project(change)
                    if isinstance(change.events, list) and len(change.events) > PIECE:
                        let_go(change.events)
                if batch.size >= ROWS_A_TRANSACTION or batch.is_large:
                    exhausted = False
                    break
            batch.save()
        return exhausted

    def _changes(self, progress: Progress, total: int) -> Generator[LoggedChange | RecordedEvent]:
        with closing(self._log.read(self._checked().position, self._through)) as events:
            yield from changes_of(self._log, events, lambda position: progress(position, total))

    def _checked(self) -> Checkpoint:
        checkpoint = self._read_model.checkpoint()
        if (
            checkpoint is None
            or checkpoint.directory_id != self._log.directory_id
            or self._log.chain_at(checkpoint.position) != checkpoint.chain
        ):
            raise StaleReadModelError
        return checkpoint
