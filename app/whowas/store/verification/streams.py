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

from whowas.domain.directory import Directory
from whowas.domain.errors import DamagedError
from whowas.domain.events import DirectoryEvent, Event, Forgotten, UserErased
from whowas.domain.fields import label, shortened
from whowas.domain.progress import Progress, watched
from whowas.domain.unique import Unique, field_of
from whowas.domain.users import User, evolve
from whowas.store.chain import Damage
from whowas.store.file.schema import COMPARED_ANEW, NO_TYPES
from whowas.store.owner_folding import keys_of, own_directory
from whowas.store.owner_tables import TABLES
from whowas.store.read_rows import StreamRow, event_of, events_in_timeline_order, rows_by_stream
from whowas.store.recorded_event import from_blob, to_blob
from whowas.store.soundness import UnsoundEventError, damaged, require_sound_stream

_COUNTS = "SELECT (SELECT count(*) FROM email_owner), (SELECT count(*) FROM external_id_owner)"

_HAS_OTHERS = "SELECT EXISTS (SELECT 1 FROM external_id_owner WHERE external_id GLOB char(31) || '*')"

_OF_DIRECTORY = frozenset(get_args(DirectoryEvent))


def damage_in_streams(
    connection: sqlite3.Connection, directory_id: str, events: int, progress: Progress
) -> Damage | None:
    """Fold every stream; return the first event that cannot be, else what disagrees with them, or None.

    Raises CancelledError, StoreError for events of a newer program, and the driver's errors.
    """
    found = _Found(connection, directory_id)
    rows = watched(rows_by_stream(connection), events, progress)
    for stream, life in groupby(rows, itemgetter(0)):
        found.take(stream, life)
    return found.first_damage()


@dataclass(slots=True)
class _Life:
    """What one stream comes to. ``user`` counts only if no event is backdated; ``position`` is the last one read."""

    position: int = 0
    user: User | None = None
    is_own: bool = False
    is_backdated: bool = False

    def events(
        self, stream_id: str, rows: Iterable[StreamRow], types: set[tuple[str, int]]
    ) -> Iterator[tuple[int, int, int, Event]]:
        """Yield what ``require_sound_stream`` asks for, and fold each event once that has accepted it."""
        user: User | None = None
        latest, held_at, was_gone, is_erased = None, 0, False, False
        for _, version, occurred_at, position, name, schema, body, lacking in rows:
            self.position = position
            types.add((name, schema))
            event = event_of(stream_id, position, name, schema, body, lacking)
            yield position, version, occurred_at, event
            kind = type(event)
            if kind in _OF_DIRECTORY:
                self.is_own = True
                continue
            if is_erased:
                raise damaged(position, "it comes after the erasure of its user")
            is_gone = kind is Forgotten or kind is UserErased
            if (held_at and is_gone) or (was_gone and not is_gone):
                raise damaged(held_at or position, "its user was erased, but it still holds them")
            held_at = held_at or (0 if is_gone else position)
            was_gone, is_erased = is_gone, kind is UserErased
            if latest is not None and occurred_at < latest:
                self.is_backdated = True
            latest = occurred_at
            if not self.is_backdated:
                user = self.user = evolve(user, event)  # type: ignore[arg-type]  # it is none of the directory's


class _Found:
    """What all streams together come to."""

    def __init__(self, connection: sqlite3.Connection, directory_id: str) -> None:
        self._connection = connection
        self._directory_id = directory_id
        self._types: set[tuple[str, int]] = set()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        self._keys_of = keys_of(version, self._own_directory())
        self._version = version
        self._kept: dict[Unique, int] = dict.fromkeys(TABLES, 0)
        self._unsound: Damage | None = None
        self._disagreeing: Damage | None = None

    def take(self, stream: bytes, rows: Iterable[StreamRow]) -> None:
        """Fold one stream, given all of its rows by version."""
        life, stream_id = _Life(), from_blob(stream)
        try:
            require_sound_stream(life.events(stream_id, rows, self._types))
        except UnsoundEventError as error:
            self._note_unsound(error.position, error.reason)
            return
        except DamagedError:
            self._note_unsound(life.position, "what it holds cannot be read")
            return
        if life.is_own != (stream_id == self._directory_id):
            self._note("its id is not that under which its own events are recorded")
        user = self._in_timeline_order(stream) if life.is_backdated else life.user
        if user is not None:
            self._compare(stream, user)

    def first_damage(self) -> Damage | None:
        """Return the first event that is not sound, else the first table that does not agree with them, or None."""
        return self._unsound or self._disagreeing or self._others()

    def _in_timeline_order(self, stream: bytes) -> User | None:
        user: User | None = None
        for event in events_in_timeline_order(self._connection, stream):
            assert not isinstance(event, DirectoryEvent), "a sound stream is of one kind"
            user = evolve(user, event)
        return user

    def _compare(self, stream: bytes, user: User) -> None:
        """Compare a user with the tables of owners."""
        for space in TABLES:
            for key in self._keys_of(space, user):
                self._kept[space] += 1
                (is_kept,) = self._connection.execute(TABLES[space].has, (key, stream)).fetchone()
                if not is_kept:
                    self._note(f"the {_what_is_kept(space, key)} of user {user.id} is not kept as theirs")

    def _own_directory(self) -> Directory:
        try:
            return own_directory(self._connection, to_blob(self._directory_id))
        except DamagedError:
            return Directory()  # that is found when its own stream is taken

    def _others(self) -> Damage | None:
        """Return what the tables hold besides what the events tell, or None."""
        emails, external_ids = self._connection.execute(_COUNTS).fetchone()
        if emails != self._kept["email"]:
            return Damage(None, "an email is kept for somebody who does not have it")
        if external_ids != self._kept["external_id"]:
            (has_others,) = self._connection.execute(_HAS_OTHERS).fetchone()
            what = "an external id, or the value of a unique field," if has_others else "an external id"
            return Damage(None, f"{what} is kept for somebody who does not have it")
        listed = set(self._connection.execute("SELECT type, schema FROM event_type"))
        if self._version >= COMPARED_ANEW:
            listed -= {(name, 1) for name in NO_TYPES}
        if listed != self._types:
            return Damage(None, "its list of the types of events is not that of its events")
        return None

    def _note_unsound(self, position: int, reason: str) -> None:
        if self._unsound is None or self._unsound.position is None or position < self._unsound.position:
            self._unsound = Damage(position, reason)

    def _note(self, reason: str) -> None:
        self._disagreeing = self._disagreeing or Damage(None, reason)


def _what_is_kept(space: Unique, key: str) -> str:
    field_id = field_of(key)
    return f"value in the unique field {shortened(field_id)}" if field_id else label(space).lower()
