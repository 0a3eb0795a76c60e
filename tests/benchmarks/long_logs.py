"""Logs of very many changes, written straight into their file: ten million in minutes, valid down to the chain."""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import uuid_utils

from tests.benchmarks.histories import GROUPS, START, YEAR
from tests.benchmarks.people import fields_of
from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.events import (
    Event,
    GroupCreated,
    GroupJoined,
    GroupLeft,
    UserCreated,
    UserDeleted,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.store.chain import GENESIS, Columns, digest_of, linked
from whowas.store.codec import EVENTS
from whowas.store.file import schema
from whowas.store.gc_pauses import gc_paused
from whowas.store.new_rows import EventRow, PayloadRow, new_salt

_CACHE_KIB = 2_000_000
"""Streams come back at random, so the pages of their index are wanted again and again."""

_ROWS_AT_ONCE = 5_000
_FIELDS = ("title", "department", "phone")
_VALUES = 2_003
_ACTIVE, _SUSPENDED, _DELETED = range(3)

Stored = tuple[str, int, bytes]
"""A type, a schema and a payload, as ``EVENTS`` encodes them."""


def write_long_log(path: Path, users: int, changes: int) -> None:
    """Write a log of so many changes to ``path``, each of one event, saved by itself when it occurred.

    It tells of the same lives as ``make_history``: the first changes create groups and users; then people get other
    titles, departments and phones, join groups and leave them, and one in sixteen is suspended, deleted or comes back.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    directory = uuid_utils.uuid7()
    statements = schema.STATEMENTS[schema.SCHEMA_VERSION]
    with gc_paused(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")
        connection.execute("BEGIN")
        for statement in statements:
            if statement.startswith("CREATE TABLE"):
                connection.execute(statement)
        connection.execute("INSERT INTO directory VALUES ('id', ?)", (str(directory),))
        lives = _Lives(directory, users, changes, connection)
        rows = lives.rows()
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            connection.executemany(schema.INSERT_EVENT, (event for event, _ in some))
            connection.executemany(schema.INSERT_PAYLOAD, (payload for _, payload in some))
        connection.execute("INSERT INTO event_type SELECT DISTINCT type, schema FROM event")
        lives.release_emails_of_the_deleted()
        for statement in statements:  # the triggers last: they would look at each row
            if not statement.startswith("CREATE TABLE"):
                connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


class _Lives:
    """What happens to people, one event after another, such that it could have been decided."""

    def __init__(self, directory: uuid_utils.UUID, users: int, changes: int, connection: sqlite3.Connection) -> None:
        self._directory = directory.bytes
        self._users, self._changes = users, changes
        self._connection = connection
        self._groups = [uuid_utils.uuid7() for _ in range(GROUPS)]
        self._ids: list[bytes] = []
        self._versions = array("i", bytes(4 * users))
        self._statuses = bytearray(users)
        self._memberships = array("H", bytes(2 * users))
        """A bit for each group."""

    def rows(self) -> Iterator[tuple[EventRow, PayloadRow]]:
        """Yield the rows of all changes, chained."""
        chain, pause = GENESIS, 10 * YEAR // self._changes
        for position, (stream, version, (name, event_schema, body)) in enumerate(self._events(), start=1):
            when = START + position * pause
            event_id, change_id, command_id = (uuid_utils.uuid7().bytes for _ in range(3))
            salt = new_salt()
            digest = digest_of(salt, body)
            columns: Columns = (
                *(position, event_id, stream, version, name, event_schema),
                *(when, when, "bench", change_id, command_id, None),
            )
            chain = linked(chain, columns, digest)
            yield (*columns, digest, chain), (position, salt, body)

    def release_emails_of_the_deleted(self) -> None:
        """Take their emails from those who are deleted at the end, as a deletion does."""
        gone = ((self._ids[person],) for person, status in enumerate(self._statuses) if status == _DELETED)
        self._connection.execute("CREATE TEMPORARY TABLE gone (user_id BLOB PRIMARY KEY)")
        self._connection.executemany("INSERT INTO gone VALUES (?)", gone)
        self._connection.execute("DELETE FROM email_owner WHERE user_id IN (SELECT user_id FROM gone)")
        self._connection.execute("DROP TABLE gone")

    def _events(self) -> Iterator[tuple[bytes, int, Stored]]:
        """Yield the stream, the version and the event of each change."""
        for number, group in enumerate(self._groups, start=1):
            yield self._directory, number, EVENTS.encode(GroupCreated(str(group), f"Group {number}"))
        yield from self._creations()
        updates = [
            [EVENTS.encode(UserUpdated({field: f"{field} {value}"}, {})) for value in range(_VALUES)]
            for field in _FIELDS
        ]
        joined, left = (
            [EVENTS.encode(kind(str(group))) for group in self._groups] for kind in (GroupJoined, GroupLeft)
        )
        random, remaining = np.random.default_rng(5), self._changes - GROUPS - self._users
        for start in range(0, remaining, _ROWS_AT_ONCE):
            count = min(_ROWS_AT_ONCE, remaining - start)
            dice = (random.integers(sides, size=count).tolist() for sides in (self._users, 32, 3 * GROUPS * _VALUES))
            for person, what, which in zip(*dice, strict=True):
                version = self._versions[person] = self._versions[person] + 1
                status, group = self._statuses[person], which % GROUPS
                if status != _ACTIVE or what < 2:
                    event = self._turned(person, status, what)
                elif what < 8:
                    self._memberships[person] ^= 1 << group
                    event = (joined if self._memberships[person] >> group & 1 else left)[group]
                else:
                    event = updates[which % len(_FIELDS)][which // len(_FIELDS) % _VALUES]
                yield self._ids[person], version, event

    def _creations(self) -> Iterator[tuple[bytes, int, Stored]]:
        emails: list[tuple[str, bytes]] = []
        external_ids: list[tuple[str, bytes]] = []
        for person, fields in enumerate(fields_of(self._users)):
            user = uuid_utils.uuid7()
            held = {name: value for name, value in fields.items() if value is not None}
            self._ids.append(user.bytes)
            self._versions[person] = 1
            emails.append((email_key(held["email"]), user.bytes))
            external_ids.append((external_id_key(held["external_id"]), user.bytes))
            yield user.bytes, 1, EVENTS.encode(UserCreated(str(user), held, {}))
        # In order, as the tables have no other place for them than among their keys.
        self._connection.executemany("INSERT INTO email_owner VALUES (?,?)", sorted(emails))
        self._connection.executemany("INSERT INTO external_id_owner VALUES (?,?)", sorted(external_ids))

    def _turned(self, person: int, status: int, what: int) -> Stored:
        """Bring back a person who is suspended or deleted, else suspend or delete them."""
        self._statuses[person] = _ACTIVE if status != _ACTIVE else (_SUSPENDED, _DELETED)[what]
        event: Event
        if status == _ACTIVE:
            event = UserSuspended() if what == 0 else UserDeleted()
        else:
            event = UserReactivated() if status == _SUSPENDED else UserRestored()
        return EVENTS.encode(event)
