"""The read model's database: each page is checked against a checksum whenever it is read from disk.

SQLite's checksum VFS (https://www.sqlite.org/cksumvfs.html) keeps 8 bytes at the end of each page. It comes with apsw,
which brings an SQLite of its own: no process may open a file with that and with the standard library's, because closing
it in one of them drops the other's locks.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import apsw

from whowas.projections.tables.left_behind import LeftBehind, left_behind
from whowas.store.file.connections import EachThreads
from whowas.store.file.database import BUSY_TIMEOUT_MS, primary_code
from whowas.store.file.identity import FileIdentity, Whereabouts, identity_of
from whowas.store.file.sqlite_only import peewee

DRIVER_ERRORS = (apsw.Error, peewee.DatabaseError)
"""What the driver raises; peewee makes errors of its own of some of that."""

CHECKSUM_BYTES = 8
"""The checksum VFS checks the pages of a database that reserves exactly so many bytes of each, and no others."""

_VFS = "cksmvfs"
_EXTENSION = Path("sqlite_extra_binaries", "cksumvfs")
_ENDINGS = (".so", ".dll", ".dylib")
_DAMAGE = {apsw.SQLITE_CORRUPT, apsw.SQLITE_NOTADB, apsw.SQLITE_IOERR_DATA, apsw.SQLITE_IOERR_CORRUPTFS}
_PRAGMAS = f"""
PRAGMA synchronous = off;
PRAGMA busy_timeout = {BUSY_TIMEOUT_MS};
PRAGMA secure_delete = 1;
PRAGMA trusted_schema = 0;
"""

_RETRY_SECONDS = 0.01

_open_files: Counter[str] = Counter()
"""How many connections this process has to each file."""
_opening = threading.Lock()


class CheckedDatabase(EachThreads[apsw.Connection]):
    """The connections of all threads to one database whose pages have checksums.

    What reads a damaged page raises one of DRIVER_ERRORS, for which ``is_damage`` is true.
    """

    def __init__(self, path: Path, functions: Mapping[str, Callable[..., apsw.SQLiteValue]]) -> None:
        """Each connection can call ``functions`` in SQL; what they return may depend on nothing but their arguments."""
        super().__init__(str(path), lock_type="IMMEDIATE")
        self._functions = functions
        self._identity: FileIdentity | None = None

    @property
    def whereabouts(self) -> Whereabouts:
        """Where the file is that the threads are connected to. Raises OSError."""
        found = identity_of(Path(self.database))
        if not self._opened or found == self._identity:
            return "in place"
        return "gone" if found is None else "replaced"

    def connected(self) -> apsw.Connection:
        """Return a new connection."""
        with _opening:
            # A file must not be opened otherwise while SQLite has it open: closing it would drop SQLite's locks.
            left = None if _open_files[self.database] else left_behind(Path(self.database))
            connection = _connected(self.database, left)
            for name, function in self._functions.items():
                connection.create_scalar_function(name, function, deterministic=True)
            identity = identity_of(Path(self.database))
            if self._opened and identity != self._identity:
                connection.close()
                raise apsw.exception_for(apsw.SQLITE_CORRUPT)  # no two threads may look at different files
            self._identity = identity
            _open_files[self.database] += 1
            return connection

    def commit(self) -> None:
        """Commit; peewee's own way asks for a method that this driver does not have."""
        self.connection().execute("COMMIT")

    def rollback(self) -> None:
        """Roll back, unless SQLite has done so by itself."""
        if not self.connection().get_autocommit():
            self.connection().execute("ROLLBACK")

    def _close(self, connection: apsw.Connection) -> None:
        with _opening:
            super()._close(connection)
            _open_files[self.database] -= 1


def count_commit(connection: apsw.Connection) -> None:
    """Raise the count that ``left_behind`` goes by, in the transaction that is about to commit."""
    connection.execute(f"PRAGMA user_version = {commits(connection) + 1}")


def commits(connection: apsw.Connection) -> int:
    """Return how many commits there were."""
    ((count,),) = connection.execute("PRAGMA user_version")
    return int(count)


def is_damage(error: BaseException) -> bool:
    """Return whether an error means that the database is not as it was written."""
    seen: BaseException | None = error
    while seen is not None:
        code = getattr(seen, "extendedresult", 0)
        if code in _DAMAGE or code & 0xFF in _DAMAGE:
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def is_of_the_moment(error: BaseException) -> bool:
    """Return whether an error means that somebody else writes just now, or that the disk is full."""
    return primary_code(error) in (apsw.SQLITE_BUSY, apsw.SQLITE_LOCKED, apsw.SQLITE_FULL)


def _connected(path: str, left: LeftBehind | None) -> apsw.Connection:
    """Connect to the file, and find out whether it has what was ``left`` there, if somebody looked."""
    _register()
    connection = apsw.Connection(path, vfs=_VFS)
    try:
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        if connection.pragma("page_count") == 0:
            connection.reserve_bytes(None, CHECKSUM_BYTES)
        _log_ahead(connection)
        connection.execute(_PRAGMAS)
        if not _is_whole(connection, left):
            # Closing must not make one of what does not fit together, which nobody could tell from a sound file then.
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            raise apsw.exception_for(apsw.SQLITE_CORRUPT)
    except BaseException:
        connection.close()
        raise
    return connection


def _log_ahead(connection: apsw.Connection) -> None:
    """Have changes written to a write-ahead log.

    A new file gets one by a write, for which SQLite does not wait when somebody else is giving it one just now.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = wal")
        except apsw.BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _is_whole(connection: apsw.Connection, left: LeftBehind | None) -> bool:
    # One flipped bit in that number, and nothing would be checked any more.
    if connection.reserve_bytes() != CHECKSUM_BYTES:
        return False
    if left is None:
        return True
    count = commits(connection)
    ((_, frames, _),) = connection.execute("PRAGMA wal_checkpoint(NOOP)")
    return left.agrees(count, frames)


def _register() -> None:
    """Make the checksum VFS known to this process."""
    if _VFS in apsw.vfs_names():
        return
    stem = Path(apsw.__file__).parent / _EXTENSION
    (extension,) = [path for ending in _ENDINGS if (path := stem.with_suffix(ending)).exists()]
    connection = apsw.Connection(":memory:")
    connection.enable_load_extension(True)
    connection.load_extension(os.fspath(extension))
    connection.close()
