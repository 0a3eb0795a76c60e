"""Opening SQLite files, and turning every driver error into a sentence for people."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from whowas.domain.errors import DamagedError, StoreError
from whowas.store.file.connections import Connections
from whowas.store.file.identity import FileIdentity, held, require_in_place
from whowas.store.file.recovery import Recovered, recovered
from whowas.store.file.schema import APPLICATION_ID
from whowas.store.file.sqlite_only import peewee

BUSY_TIMEOUT_MS = 5_000

SQLITE_VERSION = sqlite3.sqlite_version


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said of a kind of file by SQLite's primary result codes, and ``of_system`` where the system fails.

    They are filled in with the file's ``{name}``, the driver's ``{error}`` and the system's ``{reason}``. Damage is
    raised as ``damaged``, all else as StoreError. ``raised`` are the classes of the driver's errors.
    """

    by_code: Mapping[int, str]
    of_system: str
    damaged: type[StoreError]
    raised: tuple[type[Exception], ...] = (peewee.DatabaseError, sqlite3.DatabaseError)


_SENTENCES = {
    sqlite3.SQLITE_BUSY: "“{name}” is in use by another program that does not let go. Try again in a moment.",
    sqlite3.SQLITE_LOCKED: "“{name}” is in use by another program that does not let go. Try again in a moment.",
    sqlite3.SQLITE_FULL: "The disk is full; make room for “{name}”.",
    sqlite3.SQLITE_READONLY: "“{name}” or its folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "“{name}” cannot be opened: check that its folder exists and may be written to.",
    sqlite3.SQLITE_PERM: "“{name}” may not be opened by you.",
    sqlite3.SQLITE_AUTH: "“{name}” may not be opened by you.",
    sqlite3.SQLITE_IOERR: "The disk failed while “{name}” was used; what was saved before is unharmed.",
    sqlite3.SQLITE_PROTOCOL: "“{name}” is in use by another program that does not let go. Try again in a moment.",
    sqlite3.SQLITE_CONSTRAINT: "“{name}” refused what was to be saved, by a rule of its own ({error}). "
    "Check it with “whowas verify”, or go back to a backup.",
    sqlite3.SQLITE_TOOBIG: "“{name}” is damaged: something in it is larger than anything can be. Go back to a backup.",
    # SQLite reports a disk that fails to read in the same way.
    sqlite3.SQLITE_CORRUPT: "“{name}” is damaged, or the disk that it is on fails. Try again; if that says the same, "
    "go back to a backup, or ask for help before using it further.",
    sqlite3.SQLITE_NOTADB: "“{name}” is not a Whowas directory.",
}
_OF_DIRECTORY = Sentences(_SENTENCES, of_system="“{name}” cannot be used: {reason}.", damaged=DamagedError)


class _Watched(Connections):
    """Connects only to the file with this identity, and raises MovedFileError if another one is at its path."""

    def __init__(self, path: str, *, identity: FileIdentity, pragmas: dict[str, object], lock_type: str) -> None:
        self._path = Path(path)
        self._identity = identity
        super().__init__(path, pragmas=pragmas, lock_type=lock_type)

    def _connect(self) -> sqlite3.Connection:
        require_in_place(self._path, self._identity)
        connection = super()._connect()
        try:
            require_in_place(self._path, self._identity)
        except BaseException:
            super()._close(connection)
            raise
        held.add(self._identity)
        return connection

    def _close(self, connection: sqlite3.Connection) -> None:
        super()._close(connection)
        held.remove(self._identity)


def connected(path: Path, *, synchronous: str, identity: FileIdentity | None = None) -> Connections:
    """Return a database over ``path`` in WAL mode; the caller closes its connections.

    With ``identity``, connecting raises MovedFileError if the file at ``path`` has been replaced.
    """
    kind = Connections if identity is None else partial(_Watched, identity=identity)
    return kind(
        str(path),
        pragmas={
            "journal_mode": "wal",
            "synchronous": synchronous,
            "busy_timeout": BUSY_TIMEOUT_MS,
            "foreign_keys": 1,
            "secure_delete": 1,
            "trusted_schema": 0,
        },
        lock_type="IMMEDIATE",
    )


def reader(path: Path, options: str) -> sqlite3.Connection:
    """Return a connection to an existing file, with ``options`` as the query part of SQLite's URI."""
    # Not Path.as_uri(), which turns a Windows share into a URI authority that SQLite rejects.
    name = quote(os.fsencode(path.absolute().as_posix()))
    uri = f"file://{'' if name.startswith('/') else '/'}{name}?{options}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)


class sentences_for:  # noqa: N801 (named like contextlib's own)
    """Turn errors of SQLite and of the system about ``path`` into StoreError; misuse of SQLite passes through as a bug.

    ``besides`` is appended to the sentence of any error in the block. The ``sentences`` are those of a directory's own
    file unless others are given.
    """

    # A class, because every save and every query goes through one, and a generator costs four times as much.
    __slots__ = ("_besides", "_path", "_sentences")

    def __init__(self, path: Path, besides: str = "", sentences: Sentences = _OF_DIRECTORY) -> None:
        self._path = path
        self._besides = besides
        self._sentences = sentences

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, self._sentences.raised):
            sentence = self._sentences.by_code.get(primary_code(error))
            if sentence is not None:
                kind_of_error = self._sentences.damaged if is_damage(error) else StoreError
                raise kind_of_error(sentence.format(name=self._path.name, error=error) + self._besides) from error
        elif isinstance(error, OSError):
            sentence = self._sentences.of_system.format(name=self._path.name, reason=error.strerror or error)
            raise StoreError(sentence + self._besides) from error


def primary_code(error: BaseException) -> int:
    """Return SQLite's primary result code behind a driver error, or -1 when it carries none.

    A general error (SQLITE_ERROR) may only be a consequence of another one: after a full disk SQLite has already rolled
    back by itself, and then the driver's own rollback fails. So the chain of causes is searched for a specific code.
    """
    general = -1
    seen: BaseException | None = error
    while seen is not None:
        # The first is the standard library's name for it, the second that of the read model's driver.
        code = getattr(seen, "sqlite_errorcode", getattr(seen, "extendedresult", None))
        if isinstance(code, int) and code & 0xFF != sqlite3.SQLITE_ERROR:
            return code & 0xFF
        general = sqlite3.SQLITE_ERROR if isinstance(code, int) else general
        seen = seen.__cause__ or seen.__context__
    if is_invalid_text(error):
        return sqlite3.SQLITE_CORRUPT
    return sqlite3.SQLITE_NOTADB if "not a database" in str(error) else general


def surely_undone(connection: sqlite3.Connection, error: BaseException) -> bool:
    """Make sure that a transaction whose commit failed with ``error`` is gone for good; return whether that is certain.

    If only the flush failed, or what SQLite does after it, the transaction may be complete at the end of the
    write-ahead log: it does not count now, but the next recovery of the file would take it for committed. So its frames
    are overwritten by a transaction that changes nothing.
    """
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        # Not an UPDATE of a row to the same values, for which SQLite writes nothing.
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except sqlite3.Error as again:
        # With a full disk the commit was not completely written; and a failed flush means the frames were overwritten.
        return primary_code(error) == sqlite3.SQLITE_FULL or _extended_code(again) == sqlite3.SQLITE_IOERR_FSYNC
    return True


def _extended_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", -1)


def truncate_unused_log(connection: sqlite3.Connection) -> bool:
    """Do what ``truncate_log`` does unless another connection uses the log; return whether it was done."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return not busy


def truncate_log(path: Path, connection: sqlite3.Connection) -> None:
    """Move everything from the write-ahead log into the file and truncate the log. Raises StoreError while in use."""
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreError(_SENTENCES[sqlite3.SQLITE_BUSY].format(name=path.name))


def is_damage(error: BaseException | None) -> bool:
    """Return whether a driver error means that the file itself is damaged."""
    return error is not None and primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_invalid_text(error: BaseException | None) -> bool:
    """Return whether a driver error means that bytes in a text column are not valid UTF-8."""
    return isinstance(error, sqlite3.OperationalError) and "UTF-8" in str(error)


def require_sqlite(path: Path, application_id: int, newest: int) -> Recovered:
    """Return what a complete SQLite file with that application id is; its schema version may be above ``newest``.

    What counts is the file as it will be once SQLite has recovered it. Nothing is written, which merely connecting to
    the file might do. Raises StoreError for a file that is missing, incomplete, or not of this application.
    """
    if not path.exists():
        raise StoreError(f"There is no directory at “{path}”.")
    if not path.is_file():
        raise StoreError(f"“{path.name}” is not a file.")
    with sentences_for(path):
        found = recovered(path)
        if found is None or found.application_id != application_id or not found.is_whole or found.user_version > newest:
            # Before refusing, count committed pages only; and another process may have written during the first look.
            found = recovered(path, exactly=True)
    return _accepted(path, found, application_id)


def is_newer(path: Path, application_id: int, newest: int) -> bool:
    """Return whether the file at ``path``, once recovered, is a database of that application with a newer schema.

    False if there is no file. Nothing is written. Raises OSError.
    """

    def looks_newer(*, exactly: bool) -> bool:
        found = recovered(path, exactly=exactly)
        return found is not None and found.application_id == application_id and found.user_version > newest

    return path.is_file() and looks_newer(exactly=False) and looks_newer(exactly=True)


def _accepted(path: Path, found: Recovered | None, application_id: int) -> Recovered:
    if found is None:
        raise StoreError(f"“{path.name}” is not a Whowas directory.")
    if found.application_id != application_id:
        raise StoreError(f"“{path.name}” is another program's database, not a Whowas directory.")
    if not found.is_whole:
        raise DamagedError(f"“{path.name}” is damaged: its end is missing. Go back to a backup.")
    return found
