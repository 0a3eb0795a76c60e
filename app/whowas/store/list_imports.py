"""Who was on lists that were imported earlier, read from the log when somebody asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from whowas.domain.causation import TakenBack, from_text, taken_back
from whowas.domain.events import ListImported
from whowas.store import codec
from whowas.store.recorded_event import from_blob, to_blob

_SELECT_IMPORTS = (
    "SELECT position, change_id, occurred_at, type, schema, body FROM event JOIN payload USING (position) "
    "WHERE stream = ? AND type = 'ListImported' ORDER BY version"
)
_SELECT_BEFORE = "SELECT position FROM event WHERE position < ? AND change_id != ? ORDER BY position DESC LIMIT 1"
_SELECT_AFTER = "SELECT position FROM event WHERE position > ? AND change_id != ? ORDER BY position LIMIT 1"
_SELECT_STREAMS = (
    "SELECT DISTINCT stream FROM event WHERE position > ? AND position < ? AND stream != ? AND occurred_at = ?"
)
_SELECT_ALTERED = "SELECT DISTINCT stream FROM event WHERE position > ? AND change_id = ? AND stream != ?"
_SELECT_TAKING_BACK = (
    "SELECT change_id, causation FROM event WHERE position > ? "
    "AND substr(causation, 1, 6) IN ('{\"undo', '{\"redo', '{\"what') GROUP BY change_id ORDER BY min(position) DESC"
)
"""What is stored begins with the kind of cause, see ``causation.to_text``."""

_BEHIND_ALL = 2**62


class _Beginning(msgspec.Struct):
    """As much of the payload of a ListImported as says whether it is asked for."""

    source: str


_beginning = msgspec.json.Decoder(_Beginning)


def users_of_source(connection: sqlite3.Connection, directory: bytes, source: str) -> set[str]:
    """Return the ids of all whom imports of ``source`` created, changed or met; ``directory`` is its stored id.

    An import that was undone does not count, as a list taken in by mistake says nothing about who belongs on the right
    one; it counts again where the undo was taken back. One that was undone for some users counts for the others. Ids of
    users who were deleted or erased since are among them.
    """
    found: set[str] = set()
    imports = _imports_of(connection, directory, source)
    void = _taken_back(connection, imports[0].position) if imports else TakenBack()
    for known in imports:
        change_id = from_blob(known.change_id)
        if change_id not in void.whole:
            users = {*known.matched, *_users_of(connection, directory, known)}
            for undo in void.for_some.get(change_id, ()):
                users.difference_update(_altered_by(connection, directory, undo, known.position))
            found |= users
    return found


class _Import(NamedTuple):
    """The record of an import: where it stands, the stored id of its change, when it occurred, and the ids matched."""

    position: int
    change_id: bytes
    occurred_at: int
    matched: tuple[str, ...]


def _imports_of(connection: sqlite3.Connection, directory: bytes, source: str) -> list[_Import]:
    """Return each import of a source, the first one first."""
    imports = []
    for position, change_id, occurred_at, name, schema, body in connection.execute(_SELECT_IMPORTS, (directory,)):
        try:
            asked = _beginning.decode(body).source == source
        except msgspec.DecodeError:
            asked = True  # so that what is wrong with it is told below
        if asked:
            event = codec.EVENTS.decode(position, name, schema, body)
            assert isinstance(event, ListImported), "asked for by its type"
            imports.append(_Import(position, change_id, occurred_at, event.matched))
    return imports


def _users_of(connection: sqlite3.Connection, directory: bytes, known: _Import) -> Iterator[str]:
    """Yield the ids of the users whom an import created or changed.

    What occurred at another moment than the import is not of it: the change that takes in a whole log holds all the
    imports of that.
    """
    before = connection.execute(_SELECT_BEFORE, (known.position, known.change_id)).fetchone()
    after = connection.execute(_SELECT_AFTER, (known.position, known.change_id)).fetchone()
    bounds = before[0] if before else 0, after[0] if after else _BEHIND_ALL
    for (stream,) in connection.execute(_SELECT_STREAMS, (*bounds, directory, known.occurred_at)):
        yield from_blob(stream)


def _altered_by(connection: sqlite3.Connection, directory: bytes, change_id: str, after: int) -> Iterator[str]:
    """Yield the ids of the users whom a change behind the position ``after`` altered."""
    for (stream,) in connection.execute(_SELECT_ALTERED, (after, to_blob(change_id), directory)):
        yield from_blob(stream)


def _taken_back(connection: sqlite3.Connection, after: int) -> TakenBack:
    """Return what was undone by a change behind the position ``after``, and not redone."""
    changes = connection.execute(_SELECT_TAKING_BACK, (after,))
    return taken_back((from_blob(change_id), from_text(causation)) for change_id, causation in changes)
