"""Who owns which unique value, as it follows from the events: under the keys of a file's schema, or shared by several.

Apart from the statements, because only renewing, verifying and salvaging fold users.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from whowas.domain.directory import Directory
from whowas.domain.events import DirectoryEvent
from whowas.domain.former_keys import formerly_reserved
from whowas.domain.streams import DirectoryStream, fold
from whowas.domain.unique import Unique, keys_in, unique_fields
from whowas.domain.users import User
from whowas.store.file import schema
from whowas.store.owner_tables import TABLES
from whowas.store.read_rows import dated_events
from whowas.store.recorded_event import to_blob

KeysOf = Callable[[Unique, User], Collection[str]]
"""Returns the keys in a name space that nobody else may have while the user is so."""

_STREAMS = "SELECT stream FROM event WHERE version = 1 AND stream != ?"


@dataclass(frozen=True, slots=True)
class Shared:
    """Users, at least two, who have a value that counts as the same by now; each keeps it as long as they like."""

    field: Unique
    users: tuple[User, ...]


def keys_of(version: int, directory: Directory) -> KeysOf:
    """Return under which keys a file of that schema keeps owners.

    Before the last one there are no unique custom fields: whoever makes a field unique has the owners stored anew.
    """
    if version >= schema.COMPARED_ANEW:
        fields = unique_fields(directory)
        return lambda space, user: keys_in(space, user, fields)
    return lambda space, user: () if (key := formerly_reserved(space, user)) is None else (key,)


def own_directory(connection: sqlite3.Connection, directory_id: bytes) -> Directory:
    """Return the directory's own state at the end of the log. Raises DamagedError."""
    return own_stream(connection, directory_id).directory


def own_stream(connection: sqlite3.Connection, directory_id: bytes) -> DirectoryStream:
    """Return the directory's own stream, given its stored id. Raises DamagedError."""
    stream = DirectoryStream()
    for occurred_at, event in dated_events(connection, directory_id):
        if isinstance(event, DirectoryEvent):
            stream = stream.then(occurred_at, event)
    return stream


def fill(connection: sqlite3.Connection, directory_id: str, version: int) -> None:
    """Fill the owner tables, which are empty, of a file of that schema. Raises DamagedError."""
    keys = keys_of(version, own_directory(connection, to_blob(directory_id)))
    for user in _present_users(connection, directory_id):
        for space in TABLES:
            for key in keys(space, user):
                connection.execute(TABLES[space].add, (key, to_blob(user.id)))


def shared(connection: sqlite3.Connection) -> Iterator[Shared]:
    """Yield what several users have, of each field in the order of its keys."""
    for field in TABLES:
        owners: dict[str, list[User]] = {}
        for key, user_id in sorted(connection.execute(TABLES[field].several)):
            user = _user(connection, user_id)
            if user is not None:
                owners.setdefault(key, []).append(user)
        for users in owners.values():
            yield Shared(field, tuple(users))


def _present_users(connection: sqlite3.Connection, directory_id: str) -> Iterator[User]:
    """Yield the users who are known at the end of the log, as they are then."""
    streams: Iterable[tuple[bytes]] = connection.execute(_STREAMS, (to_blob(directory_id),))
    for (stream,) in streams:
        user = _user(connection, stream)
        if user is not None:
            yield user


def _user(connection: sqlite3.Connection, stream: bytes) -> User | None:
    events = [
        (occurred_at, event)
        for occurred_at, event in dated_events(connection, stream)
        if not isinstance(event, DirectoryEvent)
    ]
    return fold(None, (event for _, event in sorted(events, key=itemgetter(0))))
