"""Keeping the tables of owners right while rows of another log are taken in."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from whowas.domain.events import DirectoryEvent, Event, UserEvent
from whowas.domain.streams import DirectoryStream, fold
from whowas.domain.unique import NO_FIELDS, Unique, UniqueFields, keys_in, reserved, unique_fields
from whowas.domain.users import User, evolve
from whowas.store import codec
from whowas.store.chain import ChainedRow
from whowas.store.file.many_rows import carry_out
from whowas.store.owner_folding import fill
from whowas.store.owner_tables import TABLES
from whowas.store.read_rows import dated_events

_ALTERING = frozenset({"UserCreated", "UserDeleted", "UserRestored", "UserErased"})
"""The types of events that may alter who has which email or external id, besides some UserUpdated."""

_OF_FIELDS = frozenset({"FieldDefined", "FieldDescribed", "FieldDeleted", "FieldRestored"})
"""The types of events that may alter which custom fields are unique."""

_NO_ATTRIBUTES = b'"attributes":{}'
_USERS_KEPT = 50_000

_Dated = list[tuple[int, Event]]

_Altering = tuple[int, int, str, int, bytes]
"""(occurred_at, position, type, schema, body) of an event that may alter who has what."""


@dataclass(slots=True)
class OwnerChanges:
    """Pairs of comparison key and stored user id, by field: first all that are given up, then all that are taken."""

    released: dict[Unique, list[tuple[str, bytes]]] = field(default_factory=lambda: {name: [] for name in TABLES})
    claimed: dict[Unique, list[tuple[str, bytes]]] = field(default_factory=lambda: {name: [] for name in TABLES})


@dataclass(slots=True)
class Told:
    """What rows tell of owners: the ``changes`` of streams that begin with them, and the events of all others.

    None in place of events stands for a user who is gone by then. ``fields`` are the custom fields that are unique;
    where they are others than before, that is ``redefined``: then all owners are to be found anew.
    """

    fields: UniqueFields = field(default_factory=lambda: NO_FIELDS)
    redefined: bool = False
    changes: OwnerChanges = field(default_factory=OwnerChanges)
    continued: dict[bytes, _Dated | None] = field(default_factory=dict)


class OwnersWalk:
    """Reads what rows tell of owners, some at a time, and remembers users so that the file need not be asked for them.

    Needs no file, so that a thread of its own may do that.
    """

    def __init__(self, own: DirectoryStream) -> None:
        """``own`` is the directory's own stream as it was before, as far as it is about custom fields."""
        self._own = own
        self._fields = unique_fields(own.directory)
        self._known: dict[bytes, list[_Altering]] = {}
        """Of users who began in this walk; none of those who are gone."""

    @property
    def have_fields(self) -> bool:
        """Whether custom fields are unique after the rows so far."""
        return bool(self._fields)

    def told(self, rows: Sequence[ChainedRow], lacking: Collection[bytes]) -> Told:
        """Return what ``rows`` tell: those that ``may_alter`` owners, and those without a payload.

        The streams in ``lacking`` lack a payload because their user is erased by an event that is still to come. Raises
        StoreError where a payload cannot be read.
        """
        if self._redefined(rows):
            self._known.clear()  # it lacks values that counted for nothing until now
            return Told(self._fields, redefined=True)
        altering: dict[bytes, list[_Altering]] = {}
        begun: set[bytes] = set()
        gone: set[bytes] = set()
        for columns, _, _, _, body in rows:
            position, _, stream, version, kind, event_schema, _, occurred_at = columns[:8]
            if kind in _OF_FIELDS:
                continue
            if version == 1:
                begun.add(stream)
            if kind == "UserErased" or stream in lacking:
                gone.add(stream)
                altering.setdefault(stream, [])
            elif body is not None:
                altering.setdefault(stream, []).append((occurred_at, position, kind, event_schema, body))
        found = Told(self._fields)
        for stream, new in altering.items():
            known = [] if stream in begun else self._known.pop(stream, None)
            if known is None:
                found.continued[stream] = None if stream in gone else _decoded(new)
                continue
            before = _user(_decoded(known)) if known else None
            every = [] if stream in gone else [*known, *new]
            _note(found, stream, before, _user(_decoded(every)) if every else None)
            if len(self._known) < _USERS_KEPT:
                self._known[stream] = every
        return found

    def _redefined(self, rows: Sequence[ChainedRow]) -> bool:
        """Return whether other custom fields are unique after ``rows``, and take note of it."""
        for columns, _, _, _, body in rows:
            position, _, _, _, kind, event_schema, _, occurred_at = columns[:8]
            if kind in _OF_FIELDS and body is not None:
                event = codec.EVENTS.decode(position, kind, event_schema, body)
                if isinstance(event, DirectoryEvent):
                    self._own = self._own.then(occurred_at, event)
        before, self._fields = self._fields, unique_fields(self._own.directory)
        return before != self._fields


class FollowedOwners:
    """Finds out who gives up and who takes an email or external id with some rows, and stores that.

    Only streams of which an event may alter that are folded, in timeline order. Raises StoreError where a payload
    cannot be read, and the driver's errors.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def before(self, told: Told) -> OwnerChanges:
        """Return what rows alter, before they are stored."""
        for stream, events in told.continued.items():
            known = self._known(stream)
            before = _user(known) if known else None
            _note(told, stream, before, None if events is None else _user([*known, *events]))
        return told.changes

    def carry_out(self, changes: OwnerChanges) -> None:
        """Store them."""
        for name, table in TABLES.items():
            self._connection.executemany(table.remove, changes.released[name])
            claimed = [value for pair in changes.claimed[name] for value in pair]
            carry_out(self._connection, table.add, 2, claimed)

    def find_anew(self) -> None:
        """Find all owners anew, from events of which none lacks its payload."""
        for table in TABLES.values():
            self._connection.execute(table.clear)
        ((directory_id,),) = self._connection.execute("SELECT value FROM directory WHERE key = 'id'")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        fill(self._connection, directory_id, version)

    def _known(self, stream: bytes) -> _Dated:
        (lacks,) = self._connection.execute(_LACKS, (stream,)).fetchone()
        return [] if lacks else dated_events(self._connection, stream)


_LACKS = (
    "SELECT EXISTS (SELECT 1 FROM event LEFT JOIN payload USING (position) "
    "WHERE stream = ? AND body IS NULL AND type != 'PasswordSet')"
)
"""Whether a user lacks a payload: nobody has anything then, because the erasure is still to come."""


def may_alter(kind: str, body: bytes, *, have_fields: bool) -> bool:
    """Return whether an event may alter who has what, judging by the words of its payload.

    That is an email, an external id, or, where there are custom fields that are unique, a value in one of those.
    """
    if kind == "UserUpdated":
        return b'"email"' in body or b'"external_id"' in body or (have_fields and _NO_ATTRIBUTES not in body)
    return kind in _ALTERING or kind in _OF_FIELDS


def _decoded(events: Iterable[_Altering]) -> _Dated:
    return [
        (occurred_at, codec.EVENTS.decode(position, kind, event_schema, body))
        for occurred_at, position, kind, event_schema, body in events
    ]


def _user(events: _Dated) -> User | None:
    if len(events) == 1:
        ((_, event),) = events
        return None if isinstance(event, DirectoryEvent) else evolve(None, event)
    return fold(None, _of_user(event for _, event in sorted(events, key=itemgetter(0))))


def _of_user(events: Iterable[Event]) -> Iterable[UserEvent]:
    return (event for event in events if not isinstance(event, DirectoryEvent))


def _note(told: Told, stream: bytes, before: User | None, after: User | None) -> None:
    changes = told.changes
    for name in TABLES if told.fields else ():
        had, has = keys_in(name, before, told.fields), keys_in(name, after, told.fields)
        changes.released[name] += [(key, stream) for key in had - has]
        changes.claimed[name] += [(key, stream) for key in has - had]
    for name in () if told.fields else TABLES:
        was = None if before is None else reserved(name, before)
        becomes = None if after is None else reserved(name, after)
        if was == becomes:
            continue
        if was is not None:
            changes.released[name].append((was, stream))
        if becomes is not None:
            changes.claimed[name].append((becomes, stream))
