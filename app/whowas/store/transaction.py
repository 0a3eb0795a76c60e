"""What a writer reads and writes between taking the write lock and the commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.progress import Progress, begin_phase, part_of, unwatched
from whowas.domain.weight import weight
from whowas.store.decided import Committed, Decided, Moved, Owners
from whowas.store.file import schema
from whowas.store.new_rows import appended_rows
from whowas.store.owner_tables import TABLES, OwnerTable
from whowas.store.recorded_event import NewEvent, to_blob
from whowas.store.snapshot import Snapshot

if TYPE_CHECKING:
    from whowas.store.owner_folding import Shared

_EVENTS_AT_ONCE = 2_500
_FEW = 20
"""Up to this many events are written without weighing them; most changes have no more."""

_BYTES_AT_ONCE = 32_000_000

_OWNERS_AT_ONCE = 5_000
"""How many owners are written between two looks at whether the change is cancelled."""

_SELECT_VERSION = "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?"


class Transaction(Snapshot):
    """One write transaction of an event log; driver errors are turned into sentences by ``EventLog.writing``."""

    def __init__(self, connection: sqlite3.Connection, directory_id: str, version: int, *, are_plain: bool) -> None:
        """Take over a transaction that has begun on a file of schema ``version``, see ``FormerKeys`` for the rest."""
        super().__init__(connection, directory_id)
        if version < schema.COMPARED_ANEW:
            from whowas.store.former_keys import FormerKeys  # only for files of older versions

            self.former_keys = FormerKeys(connection, self._renew_owners, are_plain=are_plain)
        self.is_renewed = False
        """Whether the owners were stored anew, which is only to be kept with events that needed it."""
        self.copy: Path | None = None
        """The copy of the file that was made before that is committed."""
        self._version = version

    def append(
        self, decided: Decided, about_to_commit: Callable[[], None], progress: Progress = unwatched
    ) -> Committed | Moved:
        """See ``Deciding``; the block that holds the write lock commits it."""
        moved = self._moved(decided)
        if moved is not None:
            return moved
        begin_phase(progress, "saving", counts_rows=False)
        first = self.head.position + 1
        self._append_events(decided, part_of(progress, 0, 2))
        emails = (decided.released_emails, decided.claimed_emails, self.move_emails)
        external_ids = (decided.released_external_ids, decided.claimed_external_ids, self.move_external_ids)
        for released, claimed, move in (emails, external_ids):
            total, watching = len(released) + len(claimed), part_of(progress, 1, 2)
            # What is given up goes first, as somebody else may have taken it.
            for begin in range(0, len(released), _OWNERS_AT_ONCE):
                watching(begin, total)
                move(released[begin : begin + _OWNERS_AT_ONCE], ())
            for begin in range(0, len(claimed), _OWNERS_AT_ONCE):
                watching(len(released) + begin, total)
                move((), claimed[begin : begin + _OWNERS_AT_ONCE])
        self.forget(decided.erased)
        about_to_commit()
        return Committed(first, self.head.position)

    def _moved(self, decided: Decided) -> Moved | None:
        """Return what ``decided`` rests on and is not so any more, or None."""
        if decided.head == self.head:
            return None
        if decided.whole:
            return Moved("the log")
        for stream, version in decided.read.items():
            (now,) = self._connection.execute(_SELECT_VERSION, (to_blob(stream),)).fetchone()
            if now != version:
                return Moved(f"the stream {stream}")
        for key, user_id in decided.claimed_emails:
            if {user_id, *_released(decided.released_emails, key)} < {user_id, *self.owners_of_email(key)}:
                return Moved("the owner of an email")
        for key, user_id in decided.claimed_external_ids:
            if {user_id, *_released(decided.released_external_ids, key)} < {user_id, *self.owners_of_external_id(key)}:
                return Moved("the owner of an external id")
        return None

    def _append_events(self, decided: Decided, progress: Progress) -> None:
        """Append events, and update ``head`` and ``last_recorded_at`` (UTC microseconds).

        Whatever ``progress`` raises leaves a part of them to be rolled back.
        """
        events, done = decided.events, 0
        for some in _portions(events):
            if done:
                progress(done, len(events))
            done += len(some)
            rows, payloads, self.head = appended_rows(
                self.head, some, decided.change_id, decided.causation, decided.recorded_at
            )
            self._connection.executemany(schema.INSERT_EVENT, rows)
            self._connection.executemany(schema.INSERT_PAYLOAD, payloads)
        self.last_recorded_at = decided.recorded_at
        self._streams.forget()

    def forget(self, streams: Iterable[str]) -> None:
        """Delete all payloads of users whose UserErased was appended; call ``EventLog.sweep`` after the commit."""
        for stream in streams:
            self._connection.execute(schema.DELETE_PAYLOADS, (to_blob(stream),))
            self._connection.execute("INSERT OR IGNORE INTO directory VALUES ('unswept', '')")

    def migrate(self) -> None:
        """Migrate the tables from schema 1 to schema 2."""
        for statement in schema.FROM_1:
            self._connection.execute(statement)
        self._version = schema.ERASABLE

    def shared(self) -> list[Shared]:
        """Return the values that several users have."""
        from whowas.store.owner_folding import shared

        return list(shared(self._connection))

    def move_emails(self, released: Collection[tuple[str, str]], claimed: Collection[tuple[str, str]]) -> None:
        """Take (comparison key, user id) pairs from the owners of emails, then add others."""
        self._move(TABLES["email"], released, claimed)
        self._emails.forget()

    def move_external_ids(self, released: Collection[tuple[str, str]], claimed: Collection[tuple[str, str]]) -> None:
        """Take (comparison key, user id) pairs from the owners of external ids, then add others."""
        self._move(TABLES["external_id"], released, claimed)
        self._external_ids.forget()

    def _move(
        self, table: OwnerTable, released: Collection[tuple[str, str]], claimed: Collection[tuple[str, str]]
    ) -> None:
        if released:
            self._connection.executemany(table.remove, _blobbed(released))
        if claimed:
            self._connection.executemany(table.add, _blobbed(claimed))

    def _renew_owners(self) -> None:
        """Migrate the tables to schema 3, before anything is appended: the owners are stored anew, from the events."""
        if self._version < schema.ERASABLE:
            self.migrate()
        for statement in schema.FROM_2:
            self._connection.execute(statement)
        self._version = schema.COMPARED_ANEW
        from whowas.store.owner_folding import fill

        fill(self._connection, self.directory_id, self._version)
        self.former_keys = None
        self.is_renewed = True
        self._emails.forget()
        self._external_ids.forget()


def _portions(events: Sequence[NewEvent]) -> Iterator[Sequence[NewEvent]]:
    """Yield events in portions whose encoded payloads fit into memory beside them."""
    if len(events) <= _FEW:
        yield events
        return
    start = held_bytes = 0
    for end, new in enumerate(events, start=1):
        held_bytes += weight(new.event)
        if end - start == _EVENTS_AT_ONCE or held_bytes > _BYTES_AT_ONCE:
            yield events[start:end]
            start, held_bytes = end, 0
    if start < len(events):
        yield events[start:]


def _released(released: Owners, key: str) -> list[str]:
    return [user_id for each, user_id in released if each == key]


def _blobbed(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, bytes]]:
    return [(key, to_blob(user_id)) for key, user_id in pairs]
