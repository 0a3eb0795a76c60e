"""Folding changes into version rows, within one transaction of the read model."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from whowas.domain.causation import ImportOf, to_text
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import DirectoryEvent, Event, Forgotten, UserErased
from whowas.domain.users import User
from whowas.projections import row_codec
from whowas.projections.evolving import state_after
from whowas.projections.read_model import AN_ERASURE, Checkpoint
from whowas.projections.read_schema import INSERT_VERSION
from whowas.projections.source import Source
from whowas.store.collector import let_go
from whowas.store.recorded import RecordedEvent

_CREATED = frozenset({"UserCreated", "UserRestored"})
_REMOVED = frozenset({"UserDeleted", "UserErased"})

_LATEST = """
SELECT version_row.number, user.number, occurred_at, version, status, first_name, last_name, email, phone, title,
       department, notes, external_id, password, groups, attributes
FROM user JOIN version_row ON version_row.user = user.number JOIN step ON step.number = begins
WHERE user_id = ? AND ends IS NULL
"""


class StaleReadModelError(Exception):
    """The read model was not made from this log, or holds users who were erased since: rebuild it.

    Where it is of this log, ``position`` is that of an event which cannot follow those before it, 0 otherwise.
    """

    def __init__(self, position: int = 0, reason: str = "") -> None:
        super().__init__(reason)
        self.position = position


@dataclass(slots=True)
class Latest:
    """A user's last version row: its number, the user's number, when it began, and the state it holds."""

    row: int
    number: int
    occurred_at: int
    user: User


class Batch:
    """The rows of some changes, gathered and then written at once by ``save``."""

    def __init__(self, connection: sqlite3.Connection, log: Source, checkpoint: Checkpoint) -> None:
        self._connection = connection
        self._log = log
        self._position, self._chain = checkpoint.position, checkpoint.chain
        self._generation = checkpoint.generation
        self._end = checkpoint.latest
        self._latest: dict[str, Latest] = {}
        self._rows: list[tuple[Any, ...]] = []
        self._texts: list[tuple[int, str]] = []
        self._ended: list[tuple[int, int]] = []
        self._users: list[tuple[int, str]] = []
        self._directory_altered = False
        self._row = self._last("SELECT coalesce(max(number), 0) FROM version_row")
        self._row = max(self._row, self._last("SELECT coalesce(max(number), 0) FROM search_text"))
        self._user = self._last("SELECT coalesce(max(number), 0) FROM user")
        self._change = self._last("SELECT coalesce(max(number), 0) FROM change")
        self._step = self._last("SELECT coalesce(max(number), 0) FROM step")

    @property
    def size(self) -> int:
        """How many version rows wait to be written."""
        return len(self._rows)

    def project(self, events: Sequence[RecordedEvent]) -> None:
        """Fold all events of one change, in timeline order, step by step.

        Raises StaleReadModelError where one is of a user who was erased since they got rows here.
        """
        self._write_change(events)
        backdated: set[str] = set()
        in_timeline_order = sorted(events, key=attrgetter("occurred_at"))
        for occurred_at, step in groupby(in_timeline_order, attrgetter("occurred_at")):
            self._project_step(occurred_at, list(step), backdated)
        for user_id in backdated:
            self._refold_user(user_id, events[-1].position)
        if any(isinstance(recorded.event, DirectoryEvent) for recorded in events):
            self._directory_altered = True
        self._position = events[-1].position

    def save(self) -> None:
        """Write what was gathered, and the checkpoint with it."""
        self._flush()
        let_go(self._latest)
        if self._directory_altered:
            self._refold_directory()
        chain = self._log.chain_at(self._position) or self._chain
        self._connection.execute(
            "UPDATE checkpoint SET position = ?, chain = ?, generation = ?, latest = ?",
            (self._position, chain, self._generation, self._end),
        )

    def _project_step(self, occurred_at: int, events: list[RecordedEvent], backdated: set[str]) -> None:
        self._step += 1
        if occurred_at < self._end:
            self._generation += 1
        self._end = max(occurred_at, self._end)
        touched: dict[str, tuple[Latest | None, User | None, str]] = {}
        for recorded in events:
            if isinstance(recorded.event, DirectoryEvent):
                continue
            if isinstance(recorded.event, Forgotten | UserErased):
                self._forget(recorded)
                continue
            latest = self._latest_of(recorded)
            if recorded.stream in backdated or (latest is not None and occurred_at < latest.occurred_at):
                backdated.add(recorded.stream)
                continue
            before = latest.user if latest is not None else None
            if recorded.stream in touched:
                before = touched[recorded.stream][1]
            touched[recorded.stream] = (latest, state_after(before, recorded), recorded.actor)
        self._write_step(occurred_at, events)
        for user_id, (latest, user, actor) in touched.items():
            assert user is not None, "whoever is erased was left out"
            self._write_version(user_id, latest, user, actor, occurred_at)

    def _forget(self, recorded: RecordedEvent) -> None:
        if self._connection.execute("SELECT 1 FROM user WHERE user_id = ?", (recorded.stream,)).fetchone():
            raise StaleReadModelError(recorded.position, "its user was erased, but another event still holds them")
        if isinstance(recorded.event, UserErased):
            self._generation += AN_ERASURE

    def _latest_of(self, recorded: RecordedEvent) -> Latest | None:
        if recorded.stream in self._latest or recorded.version == 1:
            return self._latest.get(recorded.stream)
        row = self._connection.execute(_LATEST, (recorded.stream,)).fetchone()
        if row is not None:
            number, user, occurred_at, *columns = row
            self._latest[recorded.stream] = Latest(
                number, user, occurred_at, row_codec.decode_user(recorded.stream, tuple(columns))
            )
        return self._latest.get(recorded.stream)

    def _write_version(self, user_id: str, latest: Latest | None, user: User, actor: str, occurred_at: int) -> None:
        if latest is None:
            self._user += 1
            number = self._user
            self._users.append((number, user_id))
        else:
            number = latest.number
            self._ended.append((self._step, latest.row))
        self._latest[user_id] = Latest(self._append(number, self._step, user, actor), number, occurred_at, user)

    def _append(self, number: int, step: int, user: User, actor: str) -> int:
        self._row += 1
        columns = row_codec.encode_user(user)
        self._rows.append((self._row, number, step, None, actor, *columns, row_codec.content_of(columns)))
        self._texts.append((self._row, row_codec.search_text(user)))
        return self._row

    def _write_change(self, events: Sequence[RecordedEvent]) -> None:
        first, last = events[0], events[-1]
        self._change += 1
        row = (
            self._change,
            first.change_id,
            _author(first),
            first.recorded_at,
            first.position,
            last.position,
            to_text(first.causation),
        )
        try:
            self._connection.execute("INSERT INTO change VALUES (?,?,?,?,?,?,?)", row)
        except sqlite3.IntegrityError as error:
            raise StaleReadModelError(first.position, "its change was recorded once already") from error

    def _write_step(self, occurred_at: int, events: list[RecordedEvent]) -> None:
        names = [_name(recorded.event) for recorded in events]
        created = sum(name in _CREATED for name in names)
        removed = sum(name in _REMOVED for name in names)
        gone = [recorded.stream for recorded in events if isinstance(recorded.event, Forgotten | UserErased)]
        self._connection.execute(
            "INSERT INTO step VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                self._step,
                self._change,
                occurred_at,
                events[0].position,
                created,
                len(events) - created - removed,
                removed,
                len(gone),
                len(set(gone)),
                names.count("UserErased"),
            ),
        )

    def _refold_user(self, user_id: str, through: int) -> None:
        """Lay a user's rows anew, because an event landed between those known so far."""
        self._flush()
        latest = self._latest.pop(user_id)
        self._connection.execute("DELETE FROM version_row WHERE user = ?", (latest.number,))
        self._generation += 1
        user: User | None = None
        row: int | None = None
        life = [recorded for recorded in self._log.stream(user_id) if recorded.position <= through]
        for occurred_at, step in self._steps_of(life):
            actor = ""
            for recorded in step:
                if not isinstance(recorded.event, DirectoryEvent):
                    user, actor = state_after(user, recorded), recorded.actor
            if user is None:
                continue
            number = self._step_number(step[0])
            if row is not None:
                self._ended.append((number, row))
            row = self._append(latest.number, number, user, actor)
            self._latest[user_id] = Latest(row, latest.number, occurred_at, user)

    def _refold_directory(self) -> None:
        """Lay the directory's states anew; it has few events, and each may land anywhere in the timeline."""
        self._connection.execute("DELETE FROM directory_state")
        directory = Directory()
        stream = self._log.stream(self._log.directory_id)
        life = [recorded for recorded in stream if recorded.position <= self._position]
        for _, step in self._steps_of(life):
            for recorded in step:
                if isinstance(recorded.event, DirectoryEvent):
                    directory = evolve_directory(directory, recorded.event)
            self._connection.execute(
                "INSERT INTO directory_state VALUES (?,?,?)",
                (self._step_number(step[0]), directory.version, row_codec.encode_directory(directory)),
            )

    @staticmethod
    def _steps_of(life: Iterable[RecordedEvent]) -> list[tuple[int, list[RecordedEvent]]]:
        ordered = sorted(life, key=attrgetter("occurred_at", "position"))
        return [(key[0], list(step)) for key, step in groupby(ordered, attrgetter("occurred_at", "change_id"))]

    def _step_number(self, recorded: RecordedEvent) -> int:
        return self._last(
            "SELECT step.number FROM step JOIN change ON change.number = step.change "
            "WHERE change_id = ? AND occurred_at = ?",
            recorded.change_id,
            recorded.occurred_at,
        )

    def _flush(self) -> None:
        self._connection.executemany("INSERT INTO user VALUES (?,?)", self._users)
        self._connection.executemany(INSERT_VERSION, self._rows)
        self._connection.executemany("INSERT INTO search_text VALUES (?,?)", self._texts)
        self._connection.executemany("UPDATE version_row SET ends = ? WHERE number = ?", self._ended)
        let_go(self._users, self._rows, self._texts, self._ended)

    def _last(self, sql: str, *parameters: object) -> int:
        row = self._connection.execute(sql, parameters).fetchone()
        if row is None:
            raise StaleReadModelError
        return int(row[0])


def _name(event: Event) -> str:
    return event.name if isinstance(event, Forgotten) else type(event).__name__


def _author(first: RecordedEvent) -> str:
    """Return who made the change that begins with ``first``; an import's lines may name others."""
    by = first.causation.by if isinstance(first.causation, ImportOf) else None
    return by or first.actor
