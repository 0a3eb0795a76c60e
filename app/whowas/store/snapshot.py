"""The log as it is at one moment, whatever is written meanwhile: what a change is decided on."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from whowas.domain.events import Event
from whowas.domain.progress import Progress
from whowas.store.chain import Head
from whowas.store.key_lookup import KeyLookup
from whowas.store.list_imports import users_of_source
from whowas.store.owner_tables import TABLES
from whowas.store.read_rows import dated_events
from whowas.store.recorded_event import from_blob, to_blob
from whowas.store.soundness import damaged, in_calendar

if TYPE_CHECKING:
    from whowas.store.former_keys import FormerKeys

_SELECT_COMMAND = "SELECT position, change_id FROM event WHERE command_id = ?"
_SELECT_NEXT_CHANGE = "SELECT position FROM event WHERE position > ? AND change_id != ? ORDER BY position LIMIT 1"

_STREAMS = "SELECT stream, position FROM event WHERE version = 1"
_STREAM = "SELECT position FROM event WHERE stream = ? AND version = 1"


class Snapshot:
    """A ``StreamReader`` over a transaction that has begun; driver errors are for whoever began it to tell."""

    former_keys: FormerKeys | None = None

    def __init__(self, connection: sqlite3.Connection, directory_id: str) -> None:
        """Raises DamagedError where no event can follow the last one."""
        self.directory_id = directory_id
        self._connection = connection
        row = connection.execute(
            "SELECT position, chain, recorded_at FROM event ORDER BY position DESC LIMIT 1"
        ).fetchone()
        self.head = Head.of(row)
        self.last_recorded_at: int = row[2] if row else 0
        if not in_calendar(self.last_recorded_at):  # new events would be recorded outside the calendar too
            raise damaged(self.head.position, "its moment lies outside the calendar")
        # Each stream and each owner has an event of its own, so there are at most as many of them as events.
        self._streams = KeyLookup(connection, _STREAMS, _STREAM, at_most=self.head.position)
        emails, external_ids, rows = TABLES["email"], TABLES["external_id"], self.head.position
        self._emails = KeyLookup(connection, emails.every, emails.one, rows, emails.several)
        self._external_ids = KeyLookup(connection, external_ids.every, external_ids.one, rows, external_ids.several)

    def watched_by(self, progress: Progress) -> None:
        """Let ``progress`` be told while much is read at once; it may cancel that."""
        for lookup in (self._streams, self._emails, self._external_ids):
            lookup.progress = progress

    def stream_events(self, stream: str) -> list[tuple[int, Event]]:
        """Return (occurred_at, event) of one user, or of the directory itself, in recorded order."""
        key = to_blob(stream)
        return [] if self._streams.surely_lacks(key) else dated_events(self._connection, key)

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
        return list(map(from_blob, self._emails.values(key)))

    def owners_of_external_id(self, key: str) -> list[str]:
        """Return the ids of the users, deleted or not, who have an external id with that comparison key."""
        return list(map(from_blob, self._external_ids.values(key)))

    def users_of_source(self, source: str) -> set[str]:
        """Return the ids of all whom earlier imports of a list of that source created, changed or met."""
        return users_of_source(self._connection, to_blob(self.directory_id), source)
