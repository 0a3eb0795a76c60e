"""A glance at a directory file: which it is, and whether its log still is as it was when something was made of it.

It asks SQLite through the standard library alone, as the window does it before anything else of a directory is
imported. It writes nothing, neither to the file nor beside it, takes no lock, and says nothing of a file that SQLite
would have to recover first: whoever opens it properly does that.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from whowas.domain.errors import StoreError

_BESIDE = ("-wal", "-journal")

_SELECT = """
SELECT (SELECT value FROM directory WHERE key = 'id'),
       coalesce((SELECT max(position) FROM event), 0),
       EXISTS (SELECT 1 FROM directory WHERE key = 'unswept')
"""

_SELECT_SINCE = """
SELECT (SELECT chain FROM event WHERE position = :position),
       EXISTS (SELECT 1 FROM event WHERE position > :position AND type = 'UserErased')
"""


class Glance(NamedTuple):
    """The id of a directory, its last position (0 when empty), and whether traces of somebody erased may be left."""

    directory_id: str
    position: int
    unswept: bool


class Since(NamedTuple):
    """The chain value at a position, None where there is none, and whether somebody was erased behind it."""

    chain: bytes | None
    erased: bool


class Glances:
    """Looks at a directory file through a connection to it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def now(self) -> Glance | None:
        """Return how the file is now, None where it is no directory."""
        directory_id, position, unswept = self._connection.execute(_SELECT).fetchone()
        return Glance(directory_id, position, bool(unswept)) if isinstance(directory_id, str) else None

    def since(self, position: int) -> Since:
        """Return what the log is like at a position, and whether somebody was erased behind it."""
        chain, erased = self._connection.execute(_SELECT_SINCE, {"position": position}).fetchone()
        return Since(chain if isinstance(chain, bytes) else None, bool(erased))


@contextmanager
def glances(path: Path) -> Iterator[Glances]:
    """Look at the directory file at ``path`` while the block lasts. Raises StoreError, also in the block."""
    try:
        with closing(_connected(path)) as connection:
            yield Glances(connection)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"“{path.name}” cannot be looked at: {error}.") from error


def _connected(path: Path) -> sqlite3.Connection:
    file = path.resolve(strict=True)
    if any(_has_content(file.with_name(file.name + ending)) for ending in _BESIDE):
        raise sqlite3.OperationalError("it is in use, or has to be recovered first")
    name = quote(os.fsencode(file.as_posix()))
    address = f"file://{'' if name.startswith('/') else '/'}{name}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True)


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
