"""Who was on lists that were imported earlier, read from the log when somebody asks."""

from __future__ import annotations

import sqlite3

import msgspec

from whowas.domain.causation import RedoOf, UndoOf, WhatIfOf, from_text
from whowas.domain.events import ListImported
from whowas.store import codec
from whowas.store.recorded_event import from_blob, to_blob

_SELECT_IMPORTS = (
    "SELECT position, change_id, type, schema, body FROM event JOIN payload USING (position) "
    "WHERE stream = ? AND type = 'ListImported' ORDER BY version"
)
_SELECT_BEFORE = "SELECT position FROM event WHERE position < ? AND change_id != ? ORDER BY position DESC LIMIT 1"
_SELECT_AFTER = "SELECT position FROM event WHERE position > ? AND change_id != ? ORDER BY position LIMIT 1"
_SELECT_STREAMS = "SELECT DISTINCT stream FROM event WHERE position > ? AND position < ? AND stream != ?"
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
    one; it counts again where the undo was taken back. Ids of users who were deleted or erased since are among them.
    """
    found: set[str] = set()
    imports = _imports_of(connection, directory, source)
    taken_back = _taken_back(connection, imports[0][0]) if imports else frozenset()
    for position, change_id, matched in imports:
        if change_id not in taken_back:
            found.update(matched, _streams_of_change(connection, directory, position, change_id))
    return found


def _imports_of(
    connection: sqlite3.Connection, directory: bytes, source: str
) -> list[tuple[int, bytes, tuple[str, ...]]]:
    """Return (position, stored change id, ids matched) of each import of a source."""
    imports = []
    for position, change_id, name, schema, body in connection.execute(_SELECT_IMPORTS, (directory,)):
        try:
            asked = _beginning.decode(body).source == source
        except msgspec.DecodeError:
            asked = True  # so that what is wrong with it is told below
        if asked:
            event = codec.EVENTS.decode(position, name, schema, body)
            assert isinstance(event, ListImported), "asked for by its type"
            imports.append((position, change_id, event.matched))
    return imports


def _streams_of_change(connection: sqlite3.Connection, directory: bytes, position: int, change_id: bytes) -> list[str]:
    """Return the ids of the users whom the change of the event at ``position`` has events of."""
    before = connection.execute(_SELECT_BEFORE, (position, change_id)).fetchone()
    after = connection.execute(_SELECT_AFTER, (position, change_id)).fetchone()
    bounds = before[0] if before else 0, after[0] if after else _BEHIND_ALL
    return [from_blob(stream) for (stream,) in connection.execute(_SELECT_STREAMS, (*bounds, directory))]


def _taken_back(connection: sqlite3.Connection, after: int) -> frozenset[bytes]:
    """Return the stored ids of all changes that were undone by one behind the position ``after``, and not redone."""
    void: set[bytes] = set()
    # The last ones first: a change that takes another back counts unless it was itself taken back later.
    for change_id, causation in connection.execute(_SELECT_TAKING_BACK, (after,)):
        if change_id not in void:
            void.update(_pointed_at(causation))
    return frozenset(void)


def _pointed_at(causation: str) -> list[bytes]:
    match from_text(causation):
        case UndoOf(change_id) | RedoOf(change_id):
            ids: tuple[str, ...] = (change_id,)
        case WhatIfOf(change_ids):
            ids = change_ids
        case _:
            ids = ()
    return [to_blob(change_id) for change_id in ids]
