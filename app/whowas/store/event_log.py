"""The event log of a directory: opening it, appending within a transaction, verifying, sweeping out who was erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Self

from whowas.domain.errors import DamagedError, StoreError, UncertainError
from whowas.domain.fields import is_id
from whowas.domain.progress import Progress, unwatched
from whowas.store import codec
from whowas.store.chain import Damage, Head
from whowas.store.file import database, schema
from whowas.store.file.copies import migration_copies
from whowas.store.file.create import create_file
from whowas.store.file.identity import (
    held,
    require_in_place,
)
from whowas.store.file.opening_checks import Openable, require_known, require_openable
from whowas.store.file.schema_check import SchemaDifference, difference_in
from whowas.store.gc_pauses import gc_paused
from whowas.store.log_file import FORGET_UNSWEPT, Synchronous
from whowas.store.readable_log import ReadableLog
from whowas.store.snapshot import LogEnd, Snapshot
from whowas.store.transaction import Transaction

_FOLLOWS = "This is what a computer keeps of a shared directory, which is written to on its server."
_NOT_SAVED = " This was not saved."
_UNCERTAIN = " Whether this was saved will be seen when the directory is opened again."


def set_aside_notice(log: Path) -> str:
    """Return the sentence shown when the write-ahead log of another file was renamed to ``log``."""
    return f"Changes beside this file belong to another one, which was here before: they were kept as “{log.name}”."


class _Left(NamedTuple):
    """How a connection left the log when it committed last; so it is until it sees that another one has committed.

    ``seen`` is SQLite's data_version: on one connection it stays the same as long as no other one commits, of whichever
    thread or process. Not kept of a commit that altered the schema, or may have failed.
    """

    connection: sqlite3.Connection
    seen: int
    end: LogEnd


class ReadOnlyError(StoreError):
    """The directory was opened to be read only, because something is wrong with its file."""


class EventLog(ReadableLog):
    """One open directory file.

    May be used from several threads at once (each gets its own connection, see ``Connections``) and shared with other
    processes. The caller that opens it closes it.
    Every method raises StoreError when the file or its disk fails.
    """

    def __init__(self, path: Path, *, synchronous: Synchronous = "full") -> None:
        super().__init__(path, synchronous=synchronous)
        self._types_known = 0
        self._schema_cookie: int | None = None
        self._difference: SchemaDifference | None = None
        self._version = 0
        """The schema of the tables, as of ``_schema_cookie``; never more than it is."""
        self._left_at: Head | None = None
        self._left: _Left | None = None
        self._with_room: sqlite3.Connection | None = None
        """The connection that was last given room for more pages in memory."""
        self._are_plain = False
        """Whether the comparison keys of now change no stored key of a file of an older schema, as of ``_left_at``."""
        self.read_only = ""
        """Why nothing may be written, as a sentence; empty where it may."""
        self.is_follower = False
        """Whether this file only follows a log on a server, so that nothing is written to it but by ``taking_rows``."""
        self.damage: Damage | None = None
        """What ``read_only`` is about, where that is known."""
        self.set_aside: Path | None = None
        """The new path of another file's write-ahead log that was found and renamed when this file was opened."""
        with database.sentences_for(path), self._database.in_use:
            try:
                self.directory_id = self._checked_directory_id()
            except BaseException:
                self.close()
                raise

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new, empty directory file (mode 0600) and open it.

        Raises StoreError when ``path`` exists already, or its folder is missing or read-only.
        """
        set_aside = create_file(path)
        log = cls(path)
        log.set_aside = set_aside
        return log

    @classmethod
    def open(cls, path: Path, *, synchronous: Synchronous = "full") -> Self:
        """Open an existing directory file. Raises StoreError with the reason when it cannot be opened.

        What is written with ``synchronous`` "normal" may be gone after a power cut: for what is kept elsewhere too.
        Where its triggers or indexes are not those of a directory, it is opened to be read only.
        """
        is_held = held.holds(path)
        found = Openable() if is_held else require_openable(path)
        log = cls(path, synchronous=synchronous)
        log.set_aside = found.set_aside
        with database.sentences_for(path), log._database.in_use:
            wrong = difference_in(log._connection()) if is_held else found.wrong
        if wrong is not None:
            log._altered(wrong)
        return log

    def refuse_writing(self, sentence: str, *, damage: Damage | None = None, through: int | None = None) -> None:
        """Write nothing any more; ``sentence`` says why, to whoever tries, ``damage`` what was found, where known.

        With ``through``, a position at which a change ends, the log ends there for whoever reads it: what lies behind
        is not sound, and only ``verify`` looks at it.
        """
        self.read_only, self.damage = sentence, damage
        if through is not None:
            self._bound = min(self._bound, through)

    @contextmanager
    def writing(self, copied: Callable[[EventLog], Path] | None = None) -> Iterator[Transaction]:
        """Hold the write lock during the block; commit at its end, or roll back on any exception.

        ``copied`` makes a copy and verifies it, before owners that were stored anew are committed, and returns its
        path; it may use nothing of the log but its path and id. Where nothing was appended, they are not kept.
        Raises ReadOnlyError where writing is refused, and MovedFileError when the file is no longer in place before
        the commit. Any StoreError means that nothing was written, except UncertainError: then it is unknown.
        """
        if self.read_only or self.is_follower:
            raise ReadOnlyError((self.read_only or _FOLLOWS) + _NOT_SAVED)
        decided = False
        copy: Path | None = None
        with self._database.in_use:
            try:
                with gc_paused(), database.sentences_for(self.path, besides=_NOT_SAVED):
                    connection = self._connection()
                    connection.execute("BEGIN IMMEDIATE")
                    with connection:
                        (seen,) = connection.execute("PRAGMA data_version").fetchone()
                        transaction = self._transaction(connection, seen)
                        begun_at = transaction.head
                        yield transaction
                        if transaction.is_renewed and transaction.head == begun_at:
                            connection.rollback()
                            transaction.is_renewed = False
                        elif transaction.is_renewed and copied is not None:
                            copy = transaction.copy = copied(self)
                        require_in_place(self._path_text, self.identity)
                        decided = True
            except BaseException as error:
                self._left = None
                if decided and isinstance(error, StoreError) and not database.surely_undone(self._connection(), error):
                    raise UncertainError(str(error).removesuffix(_NOT_SAVED) + _UNCERTAIN) from error
                if copy is not None:
                    with suppress(OSError):  # the error that led here is reported instead
                        copy.unlink()
                raise
        self._left_at = transaction.head
        end = LogEnd(transaction.head, transaction.last_recorded_at)
        self._left = _Left(connection, seen, end) if transaction.version == self._version else None
        self._are_plain = transaction.former_keys is not None and transaction.former_keys.are_plain

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Yield the log as it is now; during the block, that is also what this thread reads by any other method.

        Nobody is kept from writing meanwhile, except to a file of an older version, whose owners may have to be stored
        anew for what is asked; that is not kept. Raises ReadOnlyError where the file is not to be decided on.
        """
        if self.read_only:
            raise ReadOnlyError(self.read_only)
        if self._version < schema.COMPARED_ANEW and self.schema_version < schema.COMPARED_ANEW:
            with self.writing() as transaction:
                yield transaction
            return
        with gc_paused(), database.sentences_for(self.path), self._database.in_use:
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                snapshot = Snapshot(connection, self.directory_id)
                if snapshot.head != self._left_at:  # another program may have appended newer events
                    self._require_known_events()
                yield snapshot
            finally:
                if connection.in_transaction:
                    connection.rollback()

    def deciding(
        self, *, locked: bool, copied: Callable[[EventLog], Path] | None = None
    ) -> AbstractContextManager[Transaction]:
        """See ``DirectoryLog``. A file is always locked: nobody waits long for it, and nothing is decided twice."""
        del locked
        return self.writing(copied)

    @contextmanager
    def taking_rows(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock during the block, for rows of another log that are taken as they are, see ``follower``.

        They are committed at its end, or rolled back on any exception. Raises as ``writing`` does.
        """
        if self.read_only:
            raise ReadOnlyError(self.read_only)
        with gc_paused(), database.sentences_for(self.path), self._database.in_use:
            connection = self._connection()
            if connection is not self._with_room:
                # Streams have random ids: with less, pages of their index are written several times in one transaction.
                connection.execute("PRAGMA cache_size = -32000")
                self._with_room = connection
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                self._require_own_schema(connection)
                yield connection
                require_in_place(self._path_text, self.identity)

    @property
    def unswept(self) -> bool:
        """Whether traces of an erased user may be left in the file or beside it, because an erasure was interrupted."""
        return self._one("SELECT 1 FROM directory WHERE key = 'unswept'") is not None

    def sweep(self) -> None:
        """Remove the traces of erased users from the file, its write-ahead log and the copies that migrations made.

        To be called outside of any transaction; may be repeated. The file stays ``unswept`` until ``mark_swept``.
        Raises StoreError when the file is in use, was moved, or may only be read.
        """
        if self.read_only:  # its triggers, if any are not ours, would run
            raise ReadOnlyError(self.read_only)
        with database.sentences_for(self.path), self._database.in_use:
            require_in_place(self.path, self.identity)
            connection = self._connection()
            # Deleted rows are zeroed (secure_delete), but not the old copies of rows that SQLite moved between pages.
            database.truncate_log(self.path, connection)
            connection.execute("VACUUM")
            database.truncate_log(self.path, connection)
            for copy in migration_copies(self.path, lambda position, chain: self.chain_at(position) == chain):
                copy.unlink()

    def mark_swept(self) -> None:
        """Take off the mark ``unswept``, once no trace is left in the file or beside it. Raises StoreError."""
        with database.sentences_for(self.path), self._database.in_use:
            require_in_place(self.path, self.identity)
            self._connection().execute(FORGET_UNSWEPT)

    def verify(self, expected: Head | None = None, progress: Progress = unwatched) -> Damage | None:
        """Check everything in the file, see ``verification``; return what is wrong first, or None.

        ``expected`` is a head taken earlier. Raises CancelledError.
        """
        from whowas.store.verification.whole import whole_damage

        with self._database.in_use:
            connection = self._connection()
            with database.sentences_for(self.path):
                connection.execute("BEGIN")
            try:
                damage = whole_damage(connection, self.path, expected, progress)
            finally:
                if connection.in_transaction:
                    connection.rollback()
        if damage is None and self._difference is not None:
            return Damage(None, self._difference.sentence)
        return damage

    def _checked_directory_id(self) -> str:
        (version,) = self._connection().execute("PRAGMA user_version").fetchone()
        require_known(self.path, version)
        self._require_known_events()
        row = self._connection().execute("SELECT value FROM directory WHERE key = 'id'").fetchone()
        if row is None or not is_id(row[0]):
            raise DamagedError(f"“{self.path.name}” is damaged: what it is called by, its id, is missing or none.")
        return str(row[0])

    def _require_own_schema(self, connection: sqlite3.Connection) -> None:
        """Raise ReadOnlyError, also from all later writes, if somebody altered the schema since the last write."""
        (cookie,) = connection.execute("PRAGMA schema_version").fetchone()
        if cookie == self._schema_cookie:
            return
        wrong = difference_in(connection)
        if wrong is not None:
            self._altered(wrong)
            raise ReadOnlyError(self.read_only + _NOT_SAVED)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        require_known(self.path, version)  # a newer program may have migrated the file
        self._schema_cookie, self._version = cookie, version

    def _transaction(self, connection: sqlite3.Connection, seen: int) -> Transaction:
        """Return what a writer works on; ``seen`` is the connection's number of what others have committed."""
        left = self._left
        if left is not None and left.connection is connection and left.seen == seen:
            # Nobody else has written anything: the schema, the end and the types are as this log left them.
            return Transaction(connection, self.directory_id, self._version, left.end, are_plain=self._are_plain)
        self._require_own_schema(connection)
        transaction = Transaction(connection, self.directory_id, self._version, are_plain=self._are_plain)
        if transaction.head != self._left_at:  # another program may have appended events of its own, and newer ones
            self._require_known_events()
            if transaction.former_keys is not None:
                transaction.former_keys.are_plain = False
        return transaction

    def _altered(self, wrong: SchemaDifference) -> None:
        self._difference = wrong
        self.refuse_writing(wrong.told_of(self.path))

    def _require_known_events(self) -> None:
        (count,) = self._connection().execute("SELECT count(*) FROM event_type").fetchone()
        if count == self._types_known:
            return
        for name, event_schema in self._connection().execute("SELECT type, schema FROM event_type"):
            if name not in schema.NO_TYPES:
                codec.EVENTS.require_known(name, event_schema)
        self._types_known = count
