"""Opening SQLite files, and turning every driver error into a sentence about the world."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import peewee

from whowas.domain.errors import DamagedError, StoreError
from whowas.store.file.connections import Connections
from whowas.store.file.identity import FileIdentity, held, require_in_place
from whowas.store.file.recovery import Recovered, recovered
from whowas.store.file.schema import APPLICATION_ID

BUSY_TIMEOUT_MS = 5_000

SQLITE_VERSION = sqlite3.sqlite_version


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said of a kind of file by SQLite's primary result codes, and ``of_system`` where the system fails.

    They are filled in with the file's ``{name}``, the driver's ``{error}`` and the system's ``{reason}``. Damage is
    raised as ``damaged``, all else as StoreError.
    """

    by_code: Mapping[int, str]
    of_system: str
    damaged: type[StoreError]


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
    # SQLite says so of a disk that cannot read as well.
    sqlite3.SQLITE_CORRUPT: "“{name}” is damaged, or the disk that it is on fails. Try again; if that says the same, "
    "go back to a backup, or ask for help before using it further.",
    sqlite3.SQLITE_NOTADB: "“{name}” is not a Whowas directory.",
}
_OF_DIRECTORY = Sentences(_SENTENCES, of_system="“{name}” cannot be used: {reason}.", damaged=DamagedError)


class _Watched(Connections):
    """Connects to one file only, whatever comes to lie at its path meanwhile."""

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
    """Return a database over ``path`` in WAL mode, whose connections are the caller's to close.

    With ``identity``, connecting raises MovedFileError where the file at ``path`` is another one by then.
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
    """Return a connection to the file that is there, opened as ``options`` say in SQLite's URI."""
    # Not Path.as_uri(), which makes of a Windows share an authority that SQLite does not know.
    name = quote(os.fsencode(path.absolute().as_posix()))
    uri = f"file://{'' if name.startswith('/') else '/'}{name}?{options}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)


class sentences_for:  # noqa: N801 (named like contextlib's own)
    """Turn what SQLite and the system say about ``path`` into StoreError; a broken rule of ours passes as a bug.

    What is said ``besides`` holds of whatever fails in the block. The ``sentences`` are those of a directory's own
    file unless they are given.
    """

    # A class, because every save and every question goes through one, and a generator costs four times as much.
    __slots__ = ("_besides", "_path", "_sentences")

    def __init__(self, path: Path, besides: str = "", sentences: Sentences = _OF_DIRECTORY) -> None:
        self._path = path
        self._besides = besides
        self._sentences = sentences

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, (peewee.DatabaseError, sqlite3.DatabaseError)):
            sentence = self._sentences.by_code.get(primary_code(error))
            if sentence is not None:
                said = self._sentences.damaged if is_damage(error) else StoreError
                raise said(sentence.format(name=self._path.name, error=error) + self._besides) from error
        elif isinstance(error, OSError):
            sentence = self._sentences.of_system.format(name=self._path.name, reason=error.strerror or error)
            raise StoreError(sentence + self._besides) from error


def primary_code(error: BaseException) -> int:
    """Return SQLite's primary result code behind a driver error, or -1 when it carries none.

    A general error may only be the consequence of another one: after a full disk SQLite has rolled back by itself,
    and then the driver fails to roll back.
    """
    general = -1
    seen: BaseException | None = error
    while seen is not None:
        code = getattr(seen, "sqlite_errorcode", None)
        if isinstance(code, int) and code & 0xFF != sqlite3.SQLITE_ERROR:
            return code & 0xFF
        general = sqlite3.SQLITE_ERROR if isinstance(code, int) else general
        seen = seen.__cause__ or seen.__context__
    if is_no_text(error):
        return sqlite3.SQLITE_CORRUPT
    return sqlite3.SQLITE_NOTADB if "not a database" in str(error) else general


def surely_undone(connection: sqlite3.Connection, error: BaseException) -> bool:
    """Say whether a transaction whose commit failed with ``error`` will never come to stand, and see to it.

    Where only the flush failed, or what SQLite does after it, the transaction may lie whole at the end of the
    write-ahead log, uncounted now and taken for committed by whoever recovers the file. So the same place is written
    over, by a transaction that alters nothing.
    """
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        # Not a row: SQLite writes none that stays as it is.
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except sqlite3.Error as again:
        # Without room the commit was not written to its end; a flush fails after the place was written over.
        return primary_code(error) == sqlite3.SQLITE_FULL or _extended_code(again) == sqlite3.SQLITE_IOERR_FSYNC
    return True


def _extended_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", -1)


def truncate_unused_log(connection: sqlite3.Connection) -> bool:
    """Do as ``truncate_log`` does unless somebody uses the log just now; say whether it was done."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return not busy


def truncate_log(path: Path, connection: sqlite3.Connection) -> None:
    """Bring everything from the write-ahead log into the file, and the log to no length. Raises StoreError if used."""
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreError(_SENTENCES[sqlite3.SQLITE_BUSY].format(name=path.name))


def is_damage(error: BaseException | None) -> bool:
    """Say whether a driver error means that the file itself is damaged."""
    return error is not None and primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_no_text(error: BaseException | None) -> bool:
    """Say whether a driver error means that bytes which are to be text are none."""
    return isinstance(error, sqlite3.OperationalError) and "UTF-8" in str(error)


def require_sqlite(path: Path, application_id: int, newest: int) -> int:
    """Return the schema version of a whole SQLite file with that application id, where it is none above ``newest``.

    What counts is what the file will be once SQLite has recovered it. Nothing is written, as connecting to the file
    might. Raises StoreError of any other file, but for one of a newer version: its own is returned.
    """
    if not path.exists():
        raise StoreError(f"There is no directory at “{path}”.")
    if not path.is_file():
        raise StoreError(f"“{path.name}” is not a file.")
    with sentences_for(path):
        found = recovered(path)
        if found is None or found.application_id != application_id or not found.is_whole or found.user_version > newest:
            # It is refused only for what is committed; and others may have written while it was looked at.
            found = recovered(path, exactly=True)
    return _accepted(path, found, application_id)


def is_newer(path: Path, application_id: int, newest: int) -> bool:
    """Say whether the SQLite file at ``path``, if there is one, will be of that application and of a newer version.

    Nothing is written. Raises OSError.
    """

    def says_so(*, exactly: bool) -> bool:
        found = recovered(path, exactly=exactly)
        return found is not None and found.application_id == application_id and found.user_version > newest

    return path.is_file() and says_so(exactly=False) and says_so(exactly=True)


def _accepted(path: Path, found: Recovered | None, application_id: int) -> int:
    if found is None:
        raise StoreError(f"“{path.name}” is not a Whowas directory.")
    if found.application_id != application_id:
        raise StoreError(f"“{path.name}” is another program's database, not a Whowas directory.")
    if not found.is_whole:
        raise DamagedError(f"“{path.name}” is damaged: its end is missing. Go back to a backup.")
    return found.user_version
