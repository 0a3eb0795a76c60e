"""Folding changes into version rows, within one transaction of the read model."""

from __future__ import annotations

from typing import Any, get_args

from whowas.domain.events import (
    AlteringEvent,
    DirectoryEvent,
    Forgotten,
    UserCreated,
    UserDeleted,
    UserErased,
    UserRestored,
    UserUpdated,
)
from whowas.domain.fields import MULTILINE
from whowas.domain.steps import StepSplitter
from whowas.domain.users import alter, values_of_created
from whowas.projections.tables.folded_step import FoldedStep
from whowas.projections.tables.latest_users import BEGINS, LatestUsers, Row
from whowas.projections.tables.logged_change import LoggedChange
from whowas.projections.tables.read_model import Checkpoint, ReadModel
from whowas.projections.tables.refolding import refold_directory, refold_user
from whowas.projections.tables.source import EventSource
from whowas.projections.tables.stale import StaleReadModelError
from whowas.projections.tables.waiting_rows import Counts, WaitingRows
from whowas.store.recorded_event import RecordedEvent
from whowas.store.soundness import damaged

_GONE = frozenset({Forgotten, UserErased})
_OF_DIRECTORY = frozenset(get_args(DirectoryEvent))
_MAY_BE_LONG = frozenset({UserCreated, UserUpdated})
_ONE_CREATED: Counts = (1, 0, 0, 0, 0, 0)
_ONE_CHANGED: Counts = (0, 1, 0, 0, 0, 0)
_ONE_REMOVED: Counts = (0, 0, 1, 0, 0, 0)
_ALONE: dict[type, Counts] = {
    **dict.fromkeys(get_args(AlteringEvent), _ONE_CHANGED),
    UserCreated: _ONE_CREATED,
    UserRestored: _ONE_CREATED,
    UserDeleted: _ONE_REMOVED,
}
"""What a step counts whose only event is of that type; others need more than to make one row."""


class Batch:
    """The rows of several changes, collected by ``project`` and written together by ``save``."""

    def __init__(
        self, read_model: ReadModel, log: EventSource, checkpoint: Checkpoint, latest_users: LatestUsers
    ) -> None:
        self._read_model = read_model
        self._connection = connection = read_model.connection()
        self._log = log
        self._begun_at = self._position = checkpoint.position
        self._chain = checkpoint.chain
        self._ordering_epoch, self._erasure_count = checkpoint.ordering_epoch, checkpoint.erasure_count
        self._end = checkpoint.latest
        self._latest_users = latest_users
        self._latest = latest_users.rows
        self._waiting = WaitingRows(connection, latest_users)
        self._directory_altered = False

    @property
    def size(self) -> int:
        """How many version rows were made."""
        return self._waiting.made

    @property
    def is_large(self) -> bool:
        """Whether long texts had to be written before ``save``."""
        return self._waiting.is_large

    def project_alone(self, recorded: RecordedEvent) -> None:
        """Fold a change of one event: almost all changes are such, and most of them come last in the timeline."""
        position, _, _, _, occurred_at, actor, _, _, _, event = recorded
        counts = _ALONE.get(type(event))
        if counts is None or occurred_at < self._end:
            self.project(LoggedChange(recorded, position, (recorded,)))
            return
        step = self._waiting.add_alone(recorded, counts)
        self._waiting.add(self._row_after(self._row_before(recorded), recorded), step, actor)
        if type(event) in _MAY_BE_LONG:
            self._weigh(event, recorded.stream)
        self._end, self._position = occurred_at, position

    def project(self, change: LoggedChange) -> None:
        """Fold all events of one change, in timeline order, step by step.

        Raises StaleReadModelError if one belongs to a user who has rows here but was erased since.
        """
        self._waiting.add_change(change.first, change.last_position)
        splitter = StepSplitter()
        step: FoldedStep | None = None
        backdated: set[str] = set()
        for recorded in change.events:
            if splitter.begins(recorded.occurred_at, recorded.actor, recorded.stream, recorded.event) or step is None:
                if step is not None:
                    self._waiting.add_step(step.first, step.counts)
                step = self._begin_step(recorded)
            self._take(recorded, step, backdated)
        assert step is not None, "a change has events"
        self._waiting.add_step(step.first, step.counts)
        if backdated:
            self._read_model.lay_lookup()
        # In an order of which nobody's arrays know another, whoever makes the rows again.
        for user_id in sorted(backdated):
            self._ordering_epoch += 1
            refold_user(self._waiting, self._log, user_id, change.last_position)
        self._position = change.last_position

    def save(self) -> None:
        """Write the rows that wait, and the checkpoint; nothing where nothing was projected."""
        if self._position == self._begun_at:
            return
        self._waiting.flush()
        if self._directory_altered:
            refold_directory(self._connection, self._log, self._position)
        chain = self._log.chain_at(self._position) or self._chain
        self._connection.execute(
            "UPDATE checkpoint SET position = ?, chain = ?, ordering_epoch = ?, erasure_count = ?, latest = ?",
            (self._position, chain, self._ordering_epoch, self._erasure_count, self._end),
        )

    def _begin_step(self, first: RecordedEvent) -> FoldedStep:
        self._waiting.step += 1
        if first.occurred_at < self._end:
            self._ordering_epoch += 1
        self._end = max(first.occurred_at, self._end)
        return FoldedStep(first)

    def _take(self, recorded: RecordedEvent, step: FoldedStep, backdated: set[str]) -> None:
        """Fold the next event of the step last numbered."""
        kind = type(recorded.event)
        step.count(recorded.event)
        if kind in _OF_DIRECTORY:
            self._directory_altered = True
        elif kind in _GONE:
            step.count_gone(recorded.stream)
            self._forget(recorded)
        elif recorded.stream not in backdated:
            row = self._row_before(recorded)
            if row is not None and self._is_before(recorded, row):
                backdated.add(recorded.stream)
            else:
                self._alter(row, recorded, step.first.actor)

    def _row_before(self, recorded: RecordedEvent) -> Row | None:
        """Return the last row of the event's user."""
        row = self._latest.get(recorded.stream)
        if row is None and recorded.version > 1:
            row = self._latest_users.read(self._connection, recorded.stream)
            if row is not None:
                self._waiting.weigh(row)
        return row

    def _row_after(self, row: Row | None, recorded: RecordedEvent) -> Row:
        """Return the row after an event, for ``WaitingRows.add``, of the last one before it."""
        event: Any = recorded.event
        if row is None:
            if type(event) is UserCreated:
                return [*values_of_created(event), 0, self._waiting.new_user(recorded.stream), 0, ""]
        elif type(event) is not UserCreated:
            row = row.copy()
            alter(row, event)
            return row
        raise damaged(recorded.position, "it is of a user who was never created, or was created before")

    def _is_before(self, recorded: RecordedEvent, row: Row) -> bool:
        """Say whether an event occurred before the one that its user's last row begins with."""
        if recorded.occurred_at == self._end or row[BEGINS] == self._waiting.step:
            return False
        return recorded.occurred_at < self._waiting.occurred_at(row[BEGINS])

    def _alter(self, row: Row | None, recorded: RecordedEvent, actor: str) -> None:
        """Make of a user's last row the one after an event of the step last numbered."""
        waiting = self._waiting
        after = self._row_after(row, recorded)
        if row is not None and row[BEGINS] == waiting.step:
            waiting.replace(row, after)
        else:
            waiting.add(after, waiting.step, actor)
        if type(recorded.event) in _MAY_BE_LONG:
            self._weigh(recorded.event, recorded.stream)

    def _weigh(self, event: Any, user_id: str) -> None:
        """See to it that not too many long texts are held."""
        texts = event.changes if type(event) is UserUpdated else event.fields
        if (event.attributes or not MULTILINE.isdisjoint(texts)) and (row := self._latest.get(user_id)) is not None:
            self._waiting.weigh(row)

    def _forget(self, recorded: RecordedEvent) -> None:
        if self._connection.execute("SELECT 1 FROM user WHERE user_id = ?", (recorded.stream,)).fetchone():
            raise StaleReadModelError(recorded.position, "its user was erased, but another event still holds them")
        if isinstance(recorded.event, UserErased):
            self._erasure_count += 1
