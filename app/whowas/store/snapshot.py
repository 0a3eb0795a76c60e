"""The log as it is at one moment, whatever is written meanwhile: what a change is decided on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Self

from whowas.domain.events import Event
from whowas.domain.progress import Progress, unwatched, watched
from whowas.store import codec
from whowas.store.chain import Head
from whowas.store.key_lookup import KeyLookup
from whowas.store.list_imports import users_of_source
from whowas.store.owner_tables import TABLES, OwnerTable
from whowas.store.read_rows import dated_events
from whowas.store.recorded_event import from_blob, to_blob
from whowas.store.soundness import damaged, in_calendar

if TYPE_CHECKING:
    from whowas.store.former_keys import FormerKeys

_SELECT_END = "SELECT position, chain, recorded_at FROM event ORDER BY position DESC LIMIT 1"
_SELECT_COMMAND = "SELECT position, change_id FROM event WHERE command_id = ?"
_SELECT_NEXT_CHANGE = "SELECT position FROM event WHERE position > ? AND change_id != ? ORDER BY position LIMIT 1"

_REPORTED_EVERY = 200
_SELECT_HOLDING = (
    "SELECT DISTINCT stream FROM event JOIN payload USING (position) "
    "WHERE type IN ('UserCreated', 'UserUpdated') AND instr(body, ?)"
)

_STREAMS = "SELECT stream, position FROM event WHERE version = 1"
_STREAM = "SELECT position FROM event WHERE stream = ? AND version = 1"


class LogEnd(NamedTuple):
    """Where a log ends, and when its last event was recorded (UTC microseconds, 0 when empty)."""

    head: Head
    recorded_at: int

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """Return where the log ends now. Raises DamagedError where no event can follow the last one."""
        row = connection.execute(_SELECT_END).fetchone()
        head, recorded_at = Head.of(row), row[2] if row else 0
        if not in_calendar(recorded_at):  # new events would be recorded outside the calendar too
            raise damaged(head.position, "its moment lies outside the calendar")
        return cls(head, recorded_at)


class Snapshot:
    """A ``StreamReader`` over a transaction that has begun; driver errors are for whoever began it to tell."""

    former_keys: FormerKeys | None = None

    def __init__(self, connection: sqlite3.Connection, directory_id: str, end: LogEnd | None = None) -> None:
        """``end`` is where the log ends, if that is known. Raises DamagedError where no event can follow the last."""
        self.directory_id = directory_id
        self._connection = connection
        self.head, self.last_recorded_at = LogEnd.read(connection) if end is None else end
        self._progress: Progress = unwatched
        # Made on first use, as many a save needs none of them.
        self._streams: KeyLookup | None = None
        self._emails: KeyLookup | None = None
        self._external_ids: KeyLookup | None = None

    def watched_by(self, progress: Progress) -> None:
        """Let ``progress`` be told while much is read at once; it may cancel that."""
        self._progress = progress
        for lookup in (self._streams, self._emails, self._external_ids):
            if lookup is not None:
                lookup.progress = progress

    def stream_events(self, stream: str) -> list[tuple[int, Event]]:
        """Return (occurred_at, event) of one user, or of the directory itself, in recorded order."""
        key = to_blob(stream)
        if self._streams is None:
            self._streams = self._lookup(_STREAMS, _STREAM)
        return [] if self._streams.surely_lacks(key) else dated_events(self._connection, key)

    def users_holding(self, field_id: str) -> Iterator[str]:
        """Yield the ids of all users who may ever have had a value in a custom field. Raises CancelledError."""
        streams = self._connection.execute(_SELECT_HOLDING, (codec.text_within(field_id),)).fetchall()
        for (stream,) in watched(streams, len(streams), self._progress, _REPORTED_EVERY):
            yield from_blob(stream)

    def change_of_command(self, command_id: str) -> tuple[str, int, int] | None:
        """Return (change id, first position, last position) of a command that was carried out before, or None."""
        row = self._connection.execute(_SELECT_COMMAND, (to_blob(command_id),)).fetchone()
        if row is None:
            return None
        first, change_id = row
        after = self._connection.execute(_SELECT_NEXT_CHANGE, (first, change_id)).fetchone()
        return from_blob(change_id), first, after[0] - 1 if after else self.head.position

    def owners_of_email(self, key: str) -> list[str]:
        """Return the ids of the users who hold an email with that comparison key."""
        if self._emails is None:
            self._emails = self._lookup_of(TABLES["email"])
        owners = self._emails.values(key)
        return list(map(from_blob, owners)) if owners else []

    def owners_of_external_id(self, key: str) -> list[str]:
        """Return the ids of the users, deleted or not, who have an external id with that comparison key."""
        if self._external_ids is None:
            self._external_ids = self._lookup_of(TABLES["external_id"])
        owners = self._external_ids.values(key)
        return list(map(from_blob, owners)) if owners else []

    def users_of_source(self, source: str) -> set[str]:
        """Return the ids of all whom earlier imports of a list of that source created, changed or met."""
        return users_of_source(self._connection, to_blob(self.directory_id), source)

    def _lookup_of(self, table: OwnerTable) -> KeyLookup:
        return self._lookup(table.every, table.one, table.several)

    def _lookup(self, every: str, one: str, several: str | None = None) -> KeyLookup:
        # Each stream and each owner has an event of its own, so there are at most as many of them as events.
        lookup = KeyLookup(self._connection, every, one, self.head.position, several)
        lookup.progress = self._progress
        return lookup
