"""Folding changes into version rows, within one transaction of the read model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from sys import getsizeof
from typing import Any, get_args

import apsw

from whowas.domain.causation import ImportOf, to_text
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import DirectoryEvent, Forgotten, UserErased
from whowas.domain.steps import StepSplitter
from whowas.domain.users import User
from whowas.domain.weight import weight, weight_of_user
from whowas.projections.tables import row_codec, schema
from whowas.projections.tables.evolving import state_after
from whowas.projections.tables.latest_users import Latest, LatestUsers
from whowas.projections.tables.logged_change import LoggedChange
from whowas.projections.tables.read_model import Checkpoint
from whowas.projections.tables.source import EventSource
from whowas.store.gc_pauses import PIECE, let_go
from whowas.store.recorded_event import RecordedEvent

_CREATED = frozenset({"UserCreated", "UserRestored"})
_REMOVED = frozenset({"UserDeleted", "UserErased"})
_GONE = frozenset({Forgotten, UserErased})
_OF_DIRECTORY = frozenset(get_args(DirectoryEvent))

# Events are folded by the thousand: SQL, which peewee would make again for every row.
_INSERT_STEP = schema.insertion(schema.StepTable)
_INSERT_VERSION = schema.insertion(schema.VersionRowTable)
_INSERT_CHANGE = schema.insertion(schema.ChangeTable)
_INSERT_USER = schema.insertion(schema.UserTable)
_INSERT_TEXT = schema.insertion(schema.SearchTextTable)

_LATEST = f"""
SELECT version_row.number, user.number, begins, occurred_at, {schema.USER_COLUMNS}
FROM user JOIN version_row ON version_row.user = user.number JOIN step ON step.number = begins
WHERE user_id = ? ORDER BY version_row.number DESC LIMIT 1
"""  # noqa: S608

_STEP_OF = """
SELECT step.number FROM step JOIN change ON change.number = step.change
WHERE change_id = ? AND occurred_at = ? AND step.first_position <= ? ORDER BY step.first_position DESC LIMIT 1
"""


HELD_BYTES = 32_000_000
"""When the texts of the rows that wait take more bytes, the rows are written and the cached users dropped."""

_ROWS_AT_ONCE = 1_000
"""So few rows are still in the processor's cache when they are written."""

_USERS_UNWEIGHED = 20
"""Up to so many users of a step are counted with their rows, at its end; almost no step has more."""


class StaleReadModelError(Exception):
    """The read model was not made from this log, or holds users who were erased since: it must be rebuilt.

    ``position`` is that of an event which contradicts the rows made so far, 0 where there is no such event.
    """

    def __init__(self, position: int = 0, reason: str = "") -> None:
        super().__init__(reason)
        self.position = position


class _Step:
    """The step that is being folded.

    ``touched`` maps the ids of its users to their row before the step and their state so far; the others count its
    events, and ``gone`` those of the users ``gone_users`` who were erased by it or later.
    """

    __slots__ = ("created", "erasures", "events", "first", "gone", "gone_users", "removed", "touched", "written_so_far")

    def __init__(self, first: RecordedEvent) -> None:
        self.first = first
        self.touched: dict[str, tuple[Latest | None, User | None]] = {}
        self.events = self.created = self.removed = self.gone = self.erasures = 0
        self.gone_users: set[str] = set()
        self.written_so_far = False

    def count(self, name: str) -> None:
        """Count an event of that type."""
        self.events += 1
        if name in _CREATED:
            self.created += 1
        elif name in _REMOVED:
            self.removed += 1
            self.erasures += name == "UserErased"

    def columns(self) -> tuple[Any, ...]:
        """Return its columns in StepTable, from ``occurred_at`` on."""
        _, _, _, _, occurred_at, actor, *_ = first = self.first
        changed = self.events - self.created - self.removed
        gone = self.gone, len(self.gone_users), self.erasures
        return occurred_at, first.position, actor, self.created, changed, self.removed, *gone


class Batch:
    """The rows of several changes, collected by ``project`` and written together by ``save``."""

    def __init__(
        self, connection: apsw.Connection, log: EventSource, checkpoint: Checkpoint, latest_users: LatestUsers
    ) -> None:
        self._connection = connection
        self._log = log
        self._begun_at = self._position = checkpoint.position
        self._chain = checkpoint.chain
        self._ordering_epoch, self._erasure_count = checkpoint.ordering_epoch, checkpoint.erasure_count
        self._end = checkpoint.latest
        self._latest_users = latest_users
        self._latest = latest_users.latest
        self._changes: list[tuple[Any, ...]] = []
        self._rows: list[tuple[Any, ...]] = []
        self._texts: list[tuple[int, str]] = []
        self._users: list[tuple[int, str]] = []
        self._steps: list[tuple[Any, ...]] = []
        self._directory_altered = False
        self._held_bytes = 0
        self._is_large = False
        self._made = 0
        self._row = self._last("SELECT coalesce(max(number), 0) FROM version_row")
        self._row = max(self._row, self._last("SELECT coalesce(max(number), 0) FROM search_text"))
        self._user = self._last("SELECT coalesce(max(number), 0) FROM user")
        self._change = self._last("SELECT coalesce(max(number), 0) FROM change")
        self._step = self._last("SELECT coalesce(max(number), 0) FROM step")

    @property
    def size(self) -> int:
        """How many version rows were made."""
        return self._made

    @property
    def is_large(self) -> bool:
        """Whether there were so many rows that some had to be written before ``save``."""
        return self._is_large

    def project(self, change: LoggedChange) -> None:
        """Fold all events of one change, in timeline order, step by step.

        Raises StaleReadModelError if one belongs to a user who has rows here but was erased since.
        """
        self._write_change(change)
        splitter = StepSplitter()
        step: _Step | None = None
        backdated: set[str] = set()
        for recorded in change.events:
            if splitter.begins(recorded.occurred_at, recorded.actor, recorded.stream, recorded.event) or step is None:
                if step is not None:
                    self._end_step(step)
                step = self._begin_step(recorded)
            self._take(recorded, step, backdated)
        assert step is not None, "a change has events"
        self._end_step(step)
        # In an order of which nobody's arrays know another, whoever makes the rows again.
        for user_id in sorted(backdated):
            self._refold_user(user_id, change.last_position)
            if self._held_bytes > HELD_BYTES:
                self._write_and_forget()
        self._position = change.last_position

    def save(self) -> None:
        """Write the rows that wait, and the checkpoint; nothing where nothing was projected."""
        if self._position == self._begun_at:
            return
        self._flush()
        if self._directory_altered:
            self._refold_directory()
        chain = self._log.chain_at(self._position) or self._chain
        self._connection.execute(
            "UPDATE checkpoint SET position = ?, chain = ?, ordering_epoch = ?, erasure_count = ?, latest = ?",
            (self._position, chain, self._ordering_epoch, self._erasure_count, self._end),
        )

    def _begin_step(self, first: RecordedEvent) -> _Step:
        self._step += 1
        if first.occurred_at < self._end:
            self._ordering_epoch += 1
        self._end = max(first.occurred_at, self._end)
        return _Step(first)

    def _take(self, recorded: RecordedEvent, step: _Step, backdated: set[str]) -> None:
        """Fold the next event of a step."""
        event: Any = recorded.event
        kind = type(event)
        step.count(event.name if kind is Forgotten else kind.__name__)
        if kind in _OF_DIRECTORY:
            self._directory_altered = True
            return
        if kind in _GONE:
            step.gone += 1
            step.gone_users.add(recorded.stream)
            self._forget(recorded)
            return
        if recorded.stream in step.touched:
            latest, before = step.touched[recorded.stream]
        else:
            latest = self._latest.get(recorded.stream) or self._read_latest(recorded)
            if recorded.stream in backdated or (latest is not None and recorded.occurred_at < latest.occurred_at):
                backdated.add(recorded.stream)
                return
            before = latest.user if latest is not None else None
        user = state_after(before, recorded)
        step.touched[recorded.stream] = (latest, user)
        if len(step.touched) > _USERS_UNWEIGHED and user is not None:
            self._held_bytes += weight(event) if latest is None else weight_of_user(user)
        if self._held_bytes > HELD_BYTES:
            self._write_so_far(step)

    def _write_so_far(self, step: _Step) -> None:
        """Write the rows of an unfinished step, so that they need not be held until it ends."""
        self._end_step(step)
        step.written_so_far = True
        self._write_and_forget()

    def _write_and_forget(self) -> None:
        """Write the rows that wait and drop the cached users; they are read again when next needed."""
        self._is_large = True
        self._flush()
        self._latest_users.forget()
        self._held_bytes = 0

    def _end_step(self, step: _Step) -> None:
        columns = self._step, self._change, *step.columns()
        if step.written_so_far:
            # Written at once, because reading its users again joins their rows with their step.
            self._connection.execute("DELETE FROM step WHERE number = ?", (self._step,))
            self._connection.execute(_INSERT_STEP, columns)
        else:
            self._steps.append(columns)
        for user_id, (latest, user) in step.touched.items():
            assert user is not None, "erased users are never touched"
            self._write_version(user_id, latest, user, step)
        let_go(step.touched) if len(step.touched) > PIECE else step.touched.clear()
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def _forget(self, recorded: RecordedEvent) -> None:
        if self._connection.execute("SELECT 1 FROM user WHERE user_id = ?", (recorded.stream,)).fetchone():
            raise StaleReadModelError(recorded.position, "its user was erased, but another event still holds them")
        if isinstance(recorded.event, UserErased):
            self._erasure_count += 1

    def _read_latest(self, recorded: RecordedEvent) -> Latest | None:
        if recorded.version == 1:
            return None
        row = self._connection.execute(_LATEST, (recorded.stream,)).fetchone()
        if row is None:
            return None
        number, user, begins, occurred_at, *columns = row
        state = row_codec.decode_user(recorded.stream, tuple(columns))
        return self._latest_users.add(Latest(number, user, begins, occurred_at, state), weight_of_user(state))

    def _write_version(self, user_id: str, latest: Latest | None, user: User, step: _Step) -> None:
        number, first = self._step, step.first
        if latest is None:
            self._user += 1
            self._users.append((self._user, user_id))
            row = self._append(self._user, number, user, first.actor)
            self._latest_users.add(Latest(row, self._user, number, first.occurred_at, user))
            return
        if latest.begins == number:
            self._take_back(latest.row)
        latest.row = self._append(latest.number, number, user, first.actor)
        latest.begins, latest.occurred_at, latest.user = number, first.occurred_at, user

    def _take_back(self, row: int) -> None:
        """Delete a row that was written before its step ended."""
        self._connection.execute("DELETE FROM version_row WHERE number = ?", (row,))
        self._connection.execute("DELETE FROM search_text WHERE number = ?", (row,))

    def _append(self, number: int, step: int, user: User, actor: str) -> int:
        self._row += 1
        self._made += 1
        columns = row_codec.encode_user(user)
        self._rows.append((self._row, number, step, actor, *columns, row_codec.content_of(columns)))
        text = row_codec.search_text(user)
        self._texts.append((self._row, text))
        size = getsizeof(text)
        self._held_bytes += 2 * size
        self._latest_users.held_bytes += size
        return self._row

    def _write_change(self, change: LoggedChange) -> None:
        first = change.first
        self._change += 1
        row = (
            self._change,
            first.change_id,
            _author(first),
            first.recorded_at,
            first.position,
            change.last_position,
            to_text(first.causation),
        )
        self._changes.append(row)

    def _refold_user(self, user_id: str, through: int) -> None:
        """Make all of a user's rows again, because an event came between those already folded."""
        self._flush()
        self._latest.pop(user_id, None)
        known_as = self._last("SELECT number FROM user WHERE user_id = ?", user_id)
        self._connection.execute("DELETE FROM version_row WHERE user = ?", (known_as,))
        self._ordering_epoch += 1
        user: User | None = None
        events = [recorded for recorded in self._log.stream(user_id) if recorded.position <= through]
        for number, step in self._steps_of(events):
            actor = ""
            for recorded in step:
                if not isinstance(recorded.event, DirectoryEvent):
                    user, actor = state_after(user, recorded), recorded.actor
            if user is None:
                continue
            row = self._append(known_as, number, user, actor)
            self._latest_users.add(Latest(row, known_as, number, step[0].occurred_at, user))

    def _refold_directory(self) -> None:
        """Make all states of the directory again: it has few events, and each may come anywhere in the timeline."""
        self._connection.execute("DELETE FROM directory_state")
        directory = Directory()
        stream = self._log.stream(self._log.directory_id)
        events = [recorded for recorded in stream if recorded.position <= self._position]
        for number, step in self._steps_of(events):
            for recorded in step:
                if isinstance(recorded.event, DirectoryEvent):
                    directory = evolve_directory(directory, recorded.event)
            self._connection.execute(
                "INSERT INTO directory_state VALUES (?,?,?)",
                (number, directory.version, row_codec.encode_directory(directory)),
            )

    def _steps_of(self, stream: Iterable[RecordedEvent]) -> Iterator[tuple[int, list[RecordedEvent]]]:
        """Yield the number of each step and its events of one stream, in timeline order."""
        ordered = sorted(stream, key=attrgetter("occurred_at", "position"))
        for number, step in groupby(ordered, self._step_of):
            yield number, list(step)

    def _step_of(self, recorded: RecordedEvent) -> int:
        return self._last(_STEP_OF, recorded.change_id, recorded.occurred_at, recorded.position)

    def _flush(self) -> None:
        try:
            self._connection.executemany(_INSERT_CHANGE, self._changes)
        except apsw.ConstraintError as error:
            first_number, *_ = self._changes[0]
            refused = self._last("SELECT coalesce(max(number), 0) FROM change") + 1
            _, _, _, _, first_position, *_ = self._changes[refused - first_number]
            raise StaleReadModelError(first_position, "its change was recorded once already") from error
        self._connection.executemany(_INSERT_STEP, self._steps)
        self._connection.executemany(_INSERT_USER, self._users)
        self._connection.executemany(_INSERT_VERSION, self._rows)
        self._connection.executemany(_INSERT_TEXT, self._texts)
        let_go(self._changes, self._steps, self._users, self._rows, self._texts)

    def _last(self, sql: str, *parameters: Any) -> int:
        row = self._connection.execute(sql, parameters).fetchone()
        if row is None:
            raise StaleReadModelError
        return int(row[0])


def _author(first: RecordedEvent) -> str:
    """Return who made the change that begins with ``first``; the events of an import may name other actors."""
    by = first.causation.by if isinstance(first.causation, ImportOf) else None
    return by or first.actor
