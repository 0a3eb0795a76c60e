"""The third step of verifying: every event can be read and follows those before it, and the tables beside them agree.

The events are read user by user, so that no more than one user is held at a time, however large the directory is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import get_args

from whowas.domain.errors import DamagedError
from whowas.domain.events import DirectoryEvent, Event, Forgotten, UserErased
from whowas.domain.progress import Progress, watched
from whowas.domain.unique import reserved_email
from whowas.domain.users import User, evolve
from whowas.store.chain import Damage
from whowas.store.read_rows import SELECT_RECORDED, Row, recorded_of
from whowas.store.recorded_event import RecordedEvent, from_blob
from whowas.store.soundness import UnsoundEventError, damaged, require_sound_stream

_BY_STREAM = f"{SELECT_RECORDED} ORDER BY stream, version"
_IN_TIMELINE_ORDER = f"{SELECT_RECORDED} WHERE stream = ? ORDER BY occurred_at, position"
_EMAIL = "SELECT 1 FROM email_owner WHERE email = ? AND user_id = ?"
_EXTERNAL_ID = "SELECT 1 FROM external_id_owner WHERE external_id = ? AND user_id = ?"
_COUNTS = "SELECT (SELECT count(*) FROM email_owner), (SELECT count(*) FROM external_id_owner)"

_OF_DIRECTORY = frozenset(get_args(DirectoryEvent))


def damage_in_streams(
    connection: sqlite3.Connection, directory_id: str, events: int, progress: Progress
) -> Damage | None:
    """Fold every stream; return the first event that cannot be, else what disagrees with them, or None.

    Raises CancelledError, StoreError for events of a newer program, and the driver's errors.
    """
    found = _Found(connection, directory_id)
    rows = watched(connection.execute(_BY_STREAM), events, progress)
    for stream, life in groupby(rows, itemgetter(0)):
        found.take(stream, life)
    return found.first_damage()


@dataclass(slots=True)
class _Life:
    """What one stream comes to: the ``user`` after the events so far, as long as these come in timeline order."""

    user: User | None = None
    first: Event | None = None
    last_occurred_at: int | None = None
    is_backdated: bool = False
    held_at: int = 0
    is_erased: bool = False

    def sound(self, events: Iterable[RecordedEvent]) -> Iterator[tuple[int, int, int, Event]]:
        """Yield what ``require_sound_stream`` asks for, and take each event once that has accepted it."""
        for recorded in events:
            yield recorded.position, recorded.version, recorded.occurred_at, recorded.event
            self._take(recorded)

    def _take(self, recorded: RecordedEvent) -> None:
        event, occurred_at = recorded.event, recorded.occurred_at
        if self.first is None:
            self.first, self.last_occurred_at = event, occurred_at
        if isinstance(event, DirectoryEvent):
            return
        if self.is_erased:
            raise damaged(recorded.position, "it comes after the erasure of its user")
        if isinstance(event, UserErased):
            if self.held_at:
                raise damaged(self.held_at, "its user was erased, but it still holds them")
            self.is_erased = True
        elif not self.held_at and type(event) is not Forgotten:
            self.held_at = recorded.position
        assert self.last_occurred_at is not None
        if occurred_at < self.last_occurred_at:
            self.is_backdated = True
        self.last_occurred_at = occurred_at
        if not self.is_backdated:
            self.user = evolve(self.user, event)


class _Found:
    """What all streams together come to."""

    def __init__(self, connection: sqlite3.Connection, directory_id: str) -> None:
        self._connection = connection
        self._directory_id = directory_id
        self._types: set[tuple[str, int]] = set()
        self._emails = self._external_ids = 0
        self._unsound: Damage | None = None
        self._disagreeing: Damage | None = None

    def take(self, stream: bytes, rows: Iterable[Row]) -> None:
        """Fold one stream, given all of its rows by version."""
        life = _Life()
        position = 0

        def read() -> Iterator[RecordedEvent]:
            nonlocal position
            for row in rows:
                position = row[8]
                self._types.add((row[9], row[10]))
                yield recorded_of(row)

        try:
            require_sound_stream(life.sound(read()))
        except UnsoundEventError as error:
            self._note_unsound(error.position, error.reason)
            return
        except DamagedError:
            self._note_unsound(position, "what it holds cannot be read")
            return
        self._compare(stream, self._in_timeline_order(stream) if life.is_backdated else life.user, life)

    def first_damage(self) -> Damage | None:
        """Return the first event that is not sound, else the first table that does not agree with them, or None."""
        return self._unsound or self._disagreeing or self._others()

    def _in_timeline_order(self, stream: bytes) -> User | None:
        user: User | None = None
        for row in self._connection.execute(_IN_TIMELINE_ORDER, (stream,)):
            event = recorded_of(row).event
            assert not isinstance(event, DirectoryEvent), "a sound stream is of one kind"
            user = evolve(user, event)
        return user

    def _compare(self, stream: bytes, user: User | None, life: _Life) -> None:
        """Compare a user with the tables of owners, and the directory's own stream with its id."""
        if (type(life.first) in _OF_DIRECTORY) != (from_blob(stream) == self._directory_id):
            self._note("its id is not that under which its own events are recorded")
        if user is None:
            return
        email = reserved_email(user)
        if email is not None:
            self._emails += 1
            if self._lacks(_EMAIL, email, stream):
                self._note(f"the email of user {user.id} is not kept as theirs")
        if user.external_id is not None:
            self._external_ids += 1
            if self._lacks(_EXTERNAL_ID, user.external_id, stream):
                self._note(f"the external id of user {user.id} is not kept as theirs")

    def _lacks(self, query: str, key: str, stream: bytes) -> bool:
        return self._connection.execute(query, (key, stream)).fetchone() is None

    def _others(self) -> Damage | None:
        """Return what the tables hold besides what the events tell, or None."""
        emails, external_ids = self._connection.execute(_COUNTS).fetchone()
        if emails != self._emails:
            return Damage(None, "an email is kept for somebody who does not have it")
        if external_ids != self._external_ids:
            return Damage(None, "an external id is kept for somebody who does not have it")
        if set(self._connection.execute("SELECT type, schema FROM event_type")) != self._types:
            return Damage(None, "its list of the types of events is not that of its events")
        return None

    def _note_unsound(self, position: int, reason: str) -> None:
        if self._unsound is None or self._unsound.position is None or position < self._unsound.position:
            self._unsound = Damage(position, reason)

    def _note(self, reason: str) -> None:
        self._disagreeing = self._disagreeing or Damage(None, reason)
