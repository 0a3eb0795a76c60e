"""The projector: follows the event log and keeps the read model's tables up with it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import groupby
from operator import attrgetter

from whowas.domain.progress import Progress, unwatched
from whowas.projections.tables.checked_database import commits
from whowas.projections.tables.fold import Batch, StaleReadModelError
from whowas.projections.tables.latest_users import LatestUsers
from whowas.projections.tables.logged_change import LoggedChange, gathered
from whowas.projections.tables.read_model import Checkpoint, ReadModel
from whowas.projections.tables.source import EventSource
from whowas.store.gc_pauses import PIECE, gc_paused, let_go
from whowas.store.recorded_event import RecordedEvent

ROWS_A_TRANSACTION = 20_000
EVENTS_BETWEEN_REPORTS = 500


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
                while not self._some(changes):
                    pass
        finally:
            self._latest_users.forget()

    def _some(self, changes: Iterator[LoggedChange]) -> bool:
        with self._read_model.writing() as connection:
            checkpoint = self._checked()
            self._latest_users.begin(commits(connection))
            batch = Batch(connection, self._log, checkpoint, self._latest_users)
            exhausted = True
            for change in changes:
                if change.last_position <= checkpoint.position:
                    continue
                batch.project(change)
                if isinstance(change.events, list) and len(change.events) > PIECE:
                    let_go(change.events)
                if batch.is_large or batch.size >= ROWS_A_TRANSACTION:
                    exhausted = False
                    break
            batch.save()
        return exhausted

    def _changes(self, progress: Progress, total: int) -> Generator[LoggedChange]:
        with closing(self._log.read(self._checked().position, self._through)) as events:
            for _, change in groupby(self._watched(events, progress, total), attrgetter("change_id")):
                yield gathered(self._log, change)

    @staticmethod
    def _watched(events: Iterator[RecordedEvent], progress: Progress, total: int) -> Iterator[RecordedEvent]:
        for event in events:
            if event.position % EVENTS_BETWEEN_REPORTS == 0:
                progress(event.position, total)
            yield event

    def _checked(self) -> Checkpoint:
        checkpoint = self._read_model.checkpoint()
        if (
            checkpoint is None
            or checkpoint.directory_id != self._log.directory_id
            or self._log.chain_at(checkpoint.position) != checkpoint.chain
        ):
            raise StaleReadModelError
        return checkpoint
