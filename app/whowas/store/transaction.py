"""What a writer reads and writes between taking the write lock and the commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.progress import Progress, begin_phase, part_of, unwatched
from whowas.store.chain import Head
from whowas.store.decided import Committed, Decided, Moved, Owners
from whowas.store.file import schema
from whowas.store.file.many_rows import insert_rows
from whowas.store.new_rows import Portion, appended_rows
from whowas.store.one_ahead import one_ahead
from whowas.store.owner_tables import TABLES, OwnerTable
from whowas.store.recorded_event import NewEvent, to_blob
from whowas.store.snapshot import LogEnd, Snapshot

if TYPE_CHECKING:
    from whowas.store.owner_folding import Shared

_FEW = 100
"""So many events are written as one portion."""

_EVENTS_AT_ONCE = 2_500
_BYTES_AT_ONCE = 16_000_000
"""About how much the encoded payloads of a portion may take in memory, beside the events; there are two at a time."""

_OWNERS_AT_ONCE = 5_000
"""How many owners are written between two looks at whether the change is cancelled."""

_SELECT_VERSION = "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?"


class Transaction(Snapshot):
    """One write transaction of an event log; driver errors are turned into sentences by ``EventLog.writing``."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        directory_id: str,
        version: int,
        end: LogEnd | None = None,
        *,
        are_plain: bool,
    ) -> None:
        """Take over a transaction that has begun on a file of schema ``version``, see ``FormerKeys`` for ``are_plain``.

        ``end`` is where the log ends, if that is known.
        """
        super().__init__(connection, directory_id, end)
        if version < schema.COMPARED_ANEW:
            from whowas.store.former_keys import FormerKeys  # only for files of older versions

            self.former_keys = FormerKeys(connection, self._renew_owners, are_plain=are_plain)
        self.is_renewed = False
        """Whether the owners were stored anew, which is only to be kept with events that needed it."""
        self.copy: Path | None = None
        """The copy of the file that was made before that is committed."""
        self.version = version
        """The schema of the file's tables by now."""

    def append(
        self, decided: Decided, about_to_commit: Callable[[], None], progress: Progress = unwatched
    ) -> Committed | Moved:
        """See ``Deciding``; the block that holds the write lock commits it."""
        if decided.head != self.head and (answer := self._answer(decided)) is not None:
            return answer
        begin_phase(progress, "saving", counts_rows=False)
        first = self.head.position + 1
        self._append_events(decided, progress)
        if decided.released_emails or decided.claimed_emails:
            self._move(TABLES["email"], decided.released_emails, decided.claimed_emails, progress)
        if decided.released_external_ids or decided.claimed_external_ids:
            self._move(TABLES["external_id"], decided.released_external_ids, decided.claimed_external_ids, progress)
        self._forget_lookups()
        if decided.erased:
            self.forget(decided.erased)
        about_to_commit()
        return Committed(first, self.head.position)

    def _answer(self, decided: Decided) -> Committed | Moved | None:
        """Return why a change that was decided on another head is not to be written, None where it stands here too."""
        for new in decided.events:
            if new.command_id is not None and (before := self.change_of_command(new.command_id)) is not None:
                change_id, first, last = before
                return Committed(first, last, repeated=True) if change_id == decided.change_id else Moved("a command")
        if decided.whole:
            return Moved("the log")
        for stream, version in decided.read.items():
            (now,) = self._connection.execute(_SELECT_VERSION, (to_blob(stream),)).fetchone()
            if now != version:
                return Moved(f"the stream {stream}")
        if _is_taken(decided.claimed_emails, decided.released_emails, self.owners_of_email):
            return Moved("the owner of an email")
        if _is_taken(decided.claimed_external_ids, decided.released_external_ids, self.owners_of_external_id):
            return Moved("the owner of an external id")
        return None

    def _append_events(self, decided: Decided, progress: Progress) -> None:
        """Append events, and update ``head`` and ``last_recorded_at`` (UTC microseconds).

        Whatever ``progress`` raises leaves a part of them to be rolled back.
        """
        events, recorded_at = decided.events, decided.recorded_at
        if recorded_at < self.last_recorded_at:  # somebody with another clock has appended since
            recorded_at = self.last_recorded_at
            events = [_recorded(new, recorded_at) for new in events]
        if len(events) <= _FEW:
            self._insert(appended_rows(self.head, events, decided.change_id, decided.causation, recorded_at))
        else:
            decided = decided._replace(events=events, recorded_at=recorded_at)
            begun_at, watching = self.head.position, part_of(progress, 0, 2)
            with closing(one_ahead(_portions(self.head, decided))) as portions:
                for portion in portions:
                    if self.head.position > begun_at:
                        watching(self.head.position - begun_at, len(events))
                    self._insert(portion)
        self.last_recorded_at = recorded_at

    def _insert(self, portion: Portion) -> None:
        insert_rows(self._connection, schema.INSERT_EVENT, portion.events)
        insert_rows(self._connection, schema.INSERT_PAYLOAD, portion.payloads)
        self.head = portion.head

    def forget(self, streams: Iterable[str]) -> None:
        """Delete all payloads of users whose UserErased was appended; call ``EventLog.sweep`` after the commit."""
        for stream in streams:
            self._connection.execute(schema.DELETE_PAYLOADS, (to_blob(stream),))
            self._connection.execute("INSERT OR IGNORE INTO directory VALUES ('unswept', '')")

    def migrate(self) -> None:
        """Migrate the tables from schema 1 to schema 2."""
        for statement in schema.FROM_1:
            self._connection.execute(statement)
        self.version = schema.ERASABLE

    def shared(self) -> list[Shared]:
        """Return the values that several users have."""
        from whowas.store.owner_folding import shared

        return list(shared(self._connection))

    def _move(self, table: OwnerTable, released: Owners, claimed: Owners, progress: Progress) -> None:
        """Take (comparison key, user id) pairs from a table of owners, then add others."""
        total, watching = len(released) + len(claimed), part_of(progress, 1, 2)
        # What is given up goes first, as somebody else may have taken it.
        for begin in range(0, len(released), _OWNERS_AT_ONCE):
            watching(begin, total)
            self._connection.executemany(table.remove, _blobbed(released[begin : begin + _OWNERS_AT_ONCE]))
        for begin in range(0, len(claimed), _OWNERS_AT_ONCE):
            watching(len(released) + begin, total)
            insert_rows(self._connection, table.add, _blobbed(claimed[begin : begin + _OWNERS_AT_ONCE]))

    def _forget_lookups(self) -> None:
        """Look up anew what was written since."""
        self._streams = self._emails = self._external_ids = None

    def _renew_owners(self) -> None:
        """Migrate the tables to schema 3, before anything is appended: the owners are stored anew, from the events."""
        if self.version < schema.ERASABLE:
            self.migrate()
        for statement in schema.FROM_2:
            self._connection.execute(statement)
        self.version = schema.COMPARED_ANEW
        from whowas.store.owner_folding import fill

        fill(self._connection, self.directory_id, self.version)
        self.former_keys = None
        self.is_renewed = True
        self._forget_lookups()


def _portions(head: Head, decided: Decided) -> Iterator[Portion]:
    """Yield the rows of a large change, so many at a time."""
    events, done = decided.events, 0
    while done < len(events):
        some = events[done : done + _EVENTS_AT_ONCE]
        portion = appended_rows(
            head, some, decided.change_id, decided.causation, decided.recorded_at, most_bytes=_BYTES_AT_ONCE
        )
        done, head = done + len(portion.events), portion.head
        yield portion


def _recorded(new: NewEvent, recorded_at: int) -> NewEvent:
    """Return an event as it is recorded at that moment (UTC µs): unless it is backdated, that is when it occurs."""
    return new if new.is_backdated else new._replace(occurred_at=max(new.occurred_at, recorded_at))


def _is_taken(claimed: Owners, released: Owners, owners: Callable[[str], Collection[str]]) -> bool:
    """Say whether somebody owns what another user claims, and does not give it up."""
    given_up = set(released)
    return any(owner != user_id and (key, owner) not in given_up for key, user_id in claimed for owner in owners(key))


def _blobbed(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, bytes]]:
    return [(key, to_blob(user_id)) for key, user_id in pairs]
