"""Reading a directory file that may be damaged without changing a byte of it, or leaving anything beside it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from whowas.domain.errors import DamagedError, StoreError
from whowas.store.file import database, schema
from whowas.store.file.identity import beside, held, log_of
from whowas.store.file.recovery import has_content

_HEADER_BYTES = 100
_PAGE_BYTES = 4096
_NEWEST = schema.SCHEMA_VERSION.to_bytes(4, "big")
_TABLES = ("event", "payload", "directory")
_SELECT_TEXTS = "SELECT name, type, sql FROM sqlite_master WHERE name IN ('event', 'payload', 'directory')"
_STEPS = 100_000
"""Reading the schema takes a few hundred virtual machine steps; one that takes this many may never end."""


@contextmanager
def untouched(path: Path, copy: Callable[[], Path]) -> Iterator[sqlite3.Connection]:
    """Yield a connection that reads the directory file at ``path`` as far as it can be read.

    Where SQLite would have to write before it can read, as with a write-ahead log that is left over, a copy is read
    instead: ``copy`` returns the path of a file that is not there yet, in a folder of its own that the caller takes
    away. So it is where the header of the file is broken, which is mended in the copy.

    Raises StoreError where there is no such file, or none that is a directory.
    """
    if not path.is_file():
        raise StoreError(f"There is no directory at “{path}”.")
    with database.sentences_for(path):
        connection = _usable(path, copy)
    with closing(connection):
        yield connection


def _usable(path: Path, copy: Callable[[], Path]) -> sqlite3.Connection:
    failed: Exception | None = None
    for connect in (_as_it_is, _mended):
        connection = connect(path, copy)
        try:
            _require_tables(path, connection)
        except (sqlite3.DatabaseError, DamagedError) as error:
            connection.close()
            failed = failed or error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    if isinstance(failed, DamagedError):
        raise failed
    raise StoreError(f"“{path.name}” is no Whowas directory, or nothing of it can be read.") from failed


def _as_it_is(path: Path, copy: Callable[[], Path]) -> sqlite3.Connection:
    if held.holds(path):  # opening it by other means than SQLite would drop its locks; its log is there already
        return database.reader(path, "mode=ro")
    if has_content(log_of(path)) or has_content(beside(path, "-journal")):
        return database.reader(_copied(path, copy()), "mode=rw")
    return database.reader(path, "mode=ro&immutable=1")


def _mended(path: Path, copy: Callable[[], Path]) -> sqlite3.Connection:
    """Return a connection to a copy whose header says what it does in every directory file."""
    target = copy()
    if held.holds(path):
        with closing(database.reader(path, "mode=ro")) as original, closing(sqlite3.connect(target)) as copied:
            original.backup(copied)
    else:
        _copied(path, target)
    with target.open("r+b") as file:
        header = file.read(_HEADER_BYTES).ljust(_HEADER_BYTES, b"\0")
        file.seek(0)
        file.write(_with_constants(header, pages=target.stat().st_size // _PAGE_BYTES))
    return database.reader(target, "mode=rw")


def _with_constants(header: bytes, pages: int) -> bytes:
    """Return a header with the values that it has in all directory files; see https://sqlite.org/fileformat2.html."""
    version = header[60:64] if int.from_bytes(header[60:64], "big") in schema.STATEMENTS else _NEWEST
    return b"".join(
        (
            b"SQLite format 3\0",
            _PAGE_BYTES.to_bytes(2, "big"),
            bytes((2, 2, 0, 64, 32, 32)),  # write-ahead logging, nothing reserved, the three fractions
            header[24:28],
            pages.to_bytes(4, "big"),
            bytes(8),  # no page is free
            header[40:44],
            b"\0\0\0\4",
            bytes(8),
            b"\0\0\0\1",  # UTF-8
            version,
            bytes(4),
            schema.APPLICATION_ID.to_bytes(4, "big"),
            bytes(20),
            header[24:28],
            header[96:100],
        )
    )


def _copied(path: Path, target: Path) -> Path:
    for suffix in ("", "-wal", "-journal"):
        beside_it = beside(path, suffix)
        if beside_it.exists():
            shutil.copyfile(beside_it, target.with_name(target.name + suffix))
    target.chmod(0o600)
    return target


def _require_tables(path: Path, connection: sqlite3.Connection) -> None:
    """Raise DamagedError unless the tables of the log are those of a directory, whatever else the schema says."""
    # Triggers and indexes that are damaged, and an end that is missing, do not matter to what can be read then.
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.set_progress_handler(lambda: 1, _STEPS)
    found = {name: (kind, _normal(text)) for name, kind, text in connection.execute(_SELECT_TEXTS)}
    connection.set_progress_handler(None, 0)
    if not found:
        raise StoreError(f"“{path.name}” is not a Whowas directory.")
    for name in _TABLES:
        if found.get(name) != ("table", _expected(name)):
            raise DamagedError(f"“{path.name}” is damaged: its table “{name}” is missing or altered.")


def _expected(table: str) -> object:
    """Return the text that creates a table, the same in all schemas."""
    beginning = f"CREATE TABLE {table} ("
    return next(_normal(one) for one in schema.STATEMENTS[schema.SCHEMA_VERSION] if one.startswith(beginning))


def _normal(text: object) -> object:
    """Return the text of a statement with each run of blanks and line breaks as one space."""
    return " ".join(text.split()) if isinstance(text, str) else text
