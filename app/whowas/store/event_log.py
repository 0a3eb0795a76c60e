"""The event log: reading it, appending within a transaction, verifying it, and sweeping out who was erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from whowas.domain.errors import DamagedError, StoreError, UncertainError
from whowas.domain.events import Event, UserErased
from whowas.domain.fields import is_id
from whowas.domain.progress import Progress, unwatched
from whowas.store import codec
from whowas.store.chain import GENESIS, ChainedRow, Damage, Head
from whowas.store.file import database, schema
from whowas.store.file.copies import migration_copies
from whowas.store.file.create import create_file
from whowas.store.file.identity import (
    FileIdentity,
    Whereabouts,
    has_pages,
    held,
    identity_of,
    log_of,
    require_in_place,
    whereabouts,
)
from whowas.store.file.opening_checks import Openable, require_known, require_openable
from whowas.store.file.schema_check import SchemaDifference, difference_in
from whowas.store.gc_pauses import gc_paused
from whowas.store.owner_tables import TABLES
from whowas.store.read_rows import SELECT_RECORDED, chained_rows, recorded_of, stream_events
from whowas.store.readable_rows import ReadableRows
from whowas.store.recorded_event import RecordedEvent, from_blob, to_blob
from whowas.store.snapshot import Snapshot
from whowas.store.soundness import damaged
from whowas.store.transaction import Transaction

if TYPE_CHECKING:
    from whowas.store.owner_folding import Shared

_PAGES_AT_ONCE = 1_000
_LAST_POSITION = 2**62

_SELECT_HEAD = "SELECT position, chain FROM event WHERE position <= ? ORDER BY position DESC LIMIT 1"
_SELECT_CHAIN = "SELECT position, chain FROM event WHERE position = ?"
_SELECT_WITH = (
    "SELECT position FROM event LEFT JOIN payload USING (position) "
    "WHERE instr(body, ?) OR instr(causation, ?) OR instr(actor, ?)"
)
_SELECT_STEP_END = """
WITH asked AS (SELECT change_id, occurred_at FROM event WHERE position = ?),
     beyond AS (SELECT position FROM event WHERE position > ? AND change_id != (SELECT change_id FROM asked)
                ORDER BY position LIMIT 1)
SELECT max(position) FROM event
WHERE position >= ? AND position < coalesce((SELECT position FROM beyond), 9e18)
  AND occurred_at = (SELECT occurred_at FROM asked) AND position < ?
"""
_SELECT_KEYS_OF_CHANGE = """
WITH beyond AS (SELECT position FROM event WHERE position > ?
                AND change_id != (SELECT change_id FROM event WHERE position = ?) ORDER BY position LIMIT 1)
SELECT occurred_at, position FROM event
WHERE position >= ? AND position < coalesce((SELECT position FROM beyond), 9e18) ORDER BY position
"""

_ANY = 2**62
"""Lies behind every position."""

_COUNT_HIDDEN = f"""
SELECT count(*) FROM event LEFT JOIN payload USING (position)
WHERE type = 'PasswordSet' AND body IS NULL AND {schema.HIDES} AND NOT EXISTS (
    SELECT 1 FROM event AS erasure WHERE erasure.stream = event.stream AND erasure.type = 'UserErased'
)
"""  # noqa: S608 (of names that stand in this program)

_FORGET_UNSWEPT = "DELETE FROM directory WHERE key = 'unswept'"

_NOT_SAVED = " This was not saved."
_UNCERTAIN = " Whether this was saved will be seen when the directory is opened again."


def set_aside_notice(log: Path) -> str:
    """Return the sentence shown when the write-ahead log of another file was renamed to ``log``."""
    return f"Changes beside this file belong to another one, which was here before: they were kept as “{log.name}”."


Synchronous = Literal["full", "normal"]


class ReadOnlyError(StoreError):
    """The directory was opened to be read only, because something is wrong with its file."""


class EventLog:
    """One open directory file.

    May be used from several threads at once (each gets its own connection, see ``Connections``) and shared with other
    processes. The caller that opens it closes it.
    Every method raises StoreError when the file or its disk fails.
    """

    def __init__(self, path: Path, *, synchronous: Synchronous = "full") -> None:
        self.path = path
        self._path_text = str(path)
        self._types_known = 0
        self._schema_cookie: int | None = None
        self._difference: SchemaDifference | None = None
        self._version = 0
        """The schema of the tables, as of ``_schema_cookie``."""
        self._left_at: Head | None = None
        self._are_plain = False
        """Whether the comparison keys of now change no stored key of a file of an older schema, as of ``_left_at``."""
        self._bound = _ANY
        self.read_only = ""
        """Why nothing may be written, as a sentence; empty where it may."""
        self.damage: Damage | None = None
        """What ``read_only`` is about, where that is known."""
        self.set_aside: Path | None = None
        """The new path of another file's write-ahead log that was found and renamed when this file was opened."""
        with database.sentences_for(path):
            self.identity = _identity(path)
            self._database = database.connected(path, synchronous=synchronous, identity=self.identity)
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
        with database.sentences_for(path):
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

    def end_of_change_before(self, damaged: int) -> int:
        """Return the last position before ``damaged``, the first that is not sound, at which a change ends."""
        with database.sentences_for(self.path), self._database.in_use:
            return ReadableRows(self._connection()).end_of_change_before(damaged)

    def close(self) -> None:
        """Close the connections of all threads; the log may be used again and then opens new ones."""
        with suppress(StoreError):  # if this fails, the next file of that name is still protected from this log
            if not self._database.is_closed() and self.whereabouts() != "in place":
                # SQLite would leave the log of a moved file behind, at the old path.
                self.settle_if_unused()
        with database.sentences_for(self.path), self._database.closed():
            pass

    def whereabouts(self) -> Whereabouts:
        """Return where the open file is; commits made while it is not in place would be lost to everybody else."""
        with database.sentences_for(self.path):
            return whereabouts(self.path, self.identity)

    def settle(self) -> None:
        """Move everything from the write-ahead log into the file, and truncate the log.

        To be called outside of any transaction. Raises StoreError while another connection uses the log.
        """
        with database.sentences_for(self.path):
            database.truncate_log(self.path, self._connection())

    def settle_if_unused(self) -> bool:
        """Do what ``settle`` does unless another connection uses the log; return whether it was done."""
        with database.sentences_for(self.path):
            return database.truncate_unused_log(self._connection())

    @property
    def is_settled(self) -> bool:
        """Whether the write-ahead log is empty; to be asked only while the file is in place."""
        with database.sentences_for(self.path):
            return not has_pages(log_of(self.path))

    def activity(self) -> tuple[int, int]:
        """Return two numbers, at least one of which changes with every commit of any connection."""
        with database.sentences_for(self.path):
            return self.changed_elsewhere(), self._connection().total_changes

    def copy_into(self, empty: Path, progress: Progress = unwatched) -> None:
        """Copy everything that this thread's connection sees into an empty file, even if the open file was moved.

        Raises CancelledError and the driver's own errors: see ``copies.make_copy``.
        """

        def report(_status: int, remaining: int, total: int) -> None:
            progress(total - remaining, total)

        with closing(sqlite3.connect(empty)) as target:
            self._connection().backup(target, pages=_PAGES_AT_ONCE, progress=report)

    def copy_clean_into(self, empty: Path) -> None:
        """Copy the directory into an empty file, written anew: what was deleted from it is nowhere in the copy.

        So the copy is not ``unswept``. Raises as ``copy_into`` does.
        """
        self._connection().execute("VACUUM INTO ?", (str(empty),))
        with closing(sqlite3.connect(empty, isolation_level=None)) as target:
            target.execute(_FORGET_UNSWEPT)

    def head(self) -> Head:
        """Return the last position and the chain value there."""
        return Head.of(self._one(_SELECT_HEAD, self._bound))

    def chain_at(self, position: int) -> bytes | None:
        """Return the chain value at ``position``, or None when the log is shorter."""
        if position == 0:
            return GENESIS
        row = self._one("SELECT chain FROM event WHERE position = ?", position) if position <= self._bound else None
        return bytes(row[0]) if row else None

    def chains_at(self, positions: Collection[int]) -> dict[int, bytes]:
        """Return the chain values at those of ``positions`` that the file has, at 0 the one before the first event.

        Also behind the position at which the log ends for whoever reads it, see ``refuse_writing``. Raises DamagedError
        where one is none.
        """
        asked = [position for position in positions if 0 < position <= _LAST_POSITION]
        with database.sentences_for(self.path), self._database.in_use:
            connection = self._connection()
            rows = [connection.execute(_SELECT_CHAIN, (position,)).fetchone() for position in asked]
        return dict(Head.of(row) for row in rows if row is not None) | ({0: GENESIS} if 0 in positions else {})

    def chain_of(self, stream: str, version: int) -> bytes | None:
        """Return the chain value at the event that made this version of a user, or None if there is no such event."""
        row = self._one("SELECT chain FROM event WHERE stream = ? AND version = ?", to_blob(stream), version)
        return bytes(row[0]) if row else None

    def change_at(self, position: int) -> str | None:
        """Return the id of the change that the event at ``position`` belongs to, or None if there is no such event."""
        row = self._one("SELECT change_id FROM event WHERE position = ?", position)
        return from_blob(row[0]) if row else None

    def begun_at(self) -> int | None:
        """Return when the first event was recorded (UTC microseconds), or None for an empty log."""
        row = self._one("SELECT recorded_at FROM event WHERE position = 1")
        return int(row[0]) if row else None

    def begins_at(self) -> int | None:
        """Return the earliest moment at which something occurred (UTC microseconds), None for an empty log."""
        row = self._one("SELECT min(occurred_at) FROM event")
        return None if row is None or row[0] is None else int(row[0])

    def ends_at(self) -> int:
        """Return the latest moment at which something occurred (UTC microseconds), 0 for an empty log."""
        row = self._one("SELECT coalesce(max(occurred_at), 0) FROM event")
        return int(row[0]) if row else 0

    def owners_of_email(self, key: str) -> list[str]:
        """Return the ids of the users who hold an email with that comparison key."""
        return self._owners(TABLES["email"].one, key)

    def owners_of_external_id(self, key: str) -> list[str]:
        """Return the ids of the users, deleted or not, who have an external id with that comparison key."""
        return self._owners(TABLES["external_id"].one, key)

    def shared(self) -> list[Shared]:
        """Return the emails and external ids that several users have, see ``former_keys``."""
        from whowas.store.owner_folding import shared  # reading needs no users

        with database.sentences_for(self.path), self._database.in_use:
            return list(shared(self._connection()))

    def read(
        self, after: int = 0, through: int | None = None, only: type[Event] | None = None
    ) -> Generator[RecordedEvent]:
        """Yield the events after position ``after``, up to and including ``through``, in recorded order.

        With ``only``, just the events of that type. Raises DamagedError where an event is missing.
        """
        with database.sentences_for(self.path):
            limit = self._bound if through is None else min(through, self._bound)
            kind = "" if only is None else " AND type = ?"
            name = () if only is None else (codec.name_of(only),)
            rows = self._connection().execute(
                f"{SELECT_RECORDED} WHERE position > ? AND position <= ?{kind} ORDER BY position",
                (after, limit, *name),
            )
            expected = after
            for row in rows:
                recorded, expected = recorded_of(row), expected + 1
                if only is None and recorded.position != expected:
                    raise damaged(expected, "it is missing")
                yield recorded

    def timeline_keys_of_change(self, first: int) -> list[tuple[int, int]]:
        """Return (occurred_at, position) of all events of the change that begins at position ``first``."""
        with database.sentences_for(self.path):
            keys = self._connection().execute(_SELECT_KEYS_OF_CHANGE, (first, first, first)).fetchall()
        return [key for key in keys if key[1] <= self._bound]

    def end_of_step(self, position: int, before: int | None = None) -> int:
        """Return the last position of the step that contains the event at ``position``, which must exist.

        ``before`` is the position at which the next step with the same ``occurred_at`` begins, None if there is none.
        """
        row = self._one(_SELECT_STEP_END, position, position, position, 2**62 if before is None else before)
        assert row is not None
        return int(row[0])

    def stream(self, stream: str) -> list[RecordedEvent]:
        """Return all events of one user, or of the directory itself, in recorded order.

        Each ListImported is blank: of these, ``list_imports`` reads what is asked for.
        """
        with database.sentences_for(self.path):
            return stream_events(self._connection(), stream, self._bound)

    @contextmanager
    def writing(self, copied: Callable[[EventLog], Path] | None = None) -> Iterator[Transaction]:
        """Hold the write lock during the block; commit at its end, or roll back on any exception.

        ``copied`` makes a copy and verifies it, before owners that were stored anew are committed, and returns its
        path; it may use nothing of the log but its path and id. Where nothing was appended, they are not kept.
        Raises ReadOnlyError where writing is refused, and MovedFileError when the file is no longer in place before
        the commit. Any StoreError means that nothing was written, except UncertainError: then it is unknown.
        """
        if self.read_only:
            raise ReadOnlyError(self.read_only + _NOT_SAVED)
        decided = False
        copy: Path | None = None
        try:
            with gc_paused(), database.sentences_for(self.path, besides=_NOT_SAVED):
                connection = self._connection()
                connection.execute("BEGIN IMMEDIATE")
                with connection:
                    self._require_own_schema(connection)
                    transaction = self._transaction(connection)
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
            if decided and isinstance(error, StoreError) and not database.surely_undone(self._connection(), error):
                raise UncertainError(str(error).removesuffix(_NOT_SAVED) + _UNCERTAIN) from error
            if copy is not None:
                with suppress(OSError):  # the error that led here is reported instead
                    copy.unlink()
            raise
        self._left_at = transaction.head
        self._are_plain = transaction.former_keys is not None and transaction.former_keys.are_plain

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Yield the log as it is now; during the block, that is also what this thread reads by any other method.

        Nobody is kept from writing meanwhile, except to a file of an older version, whose owners may have to be stored
        anew for what is asked; that is not kept. Raises ReadOnlyError where the file is not to be decided on.
        """
        if self.read_only:
            raise ReadOnlyError(self.read_only)
        if self.schema_version < schema.COMPARED_ANEW:
            with self.writing() as transaction:
                yield transaction
            return
        with gc_paused(), database.sentences_for(self.path):
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
        with gc_paused(), database.sentences_for(self.path):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                self._require_own_schema(connection)
                yield connection
                require_in_place(self._path_text, self.identity)

    def hidden_passwords(self) -> int:
        """Return how many password hashes are hidden in this file, which its server does not show to readers."""
        row = self._one(_COUNT_HIDDEN)
        return int(row[0]) if row else 0

    @property
    def schema_version(self) -> int:
        """The schema of the file's tables."""
        row = self._one("PRAGMA user_version")
        return int(row[0]) if row else 0

    @property
    def unswept(self) -> bool:
        """Whether traces of an erased user may be left in the file or beside it, because an erasure was interrupted."""
        return self._one("SELECT 1 FROM directory WHERE key = 'unswept'") is not None

    def erased_through(self) -> int:
        """Return the position of the last erasure of a user, 0 where there is none."""
        return max(self._erasures().values(), default=0)

    def erased_users(self) -> list[str]:
        """Return the ids of all users who were erased."""
        return [from_blob(stream) for stream in self._erasures()]

    def sweep(self) -> None:
        """Remove the traces of erased users from the file, its write-ahead log and the copies that migrations made.

        To be called outside of any transaction; may be repeated. The file stays ``unswept`` until ``mark_swept``.
        Raises StoreError when the file is in use, was moved, or may only be read.
        """
        if self.read_only:  # its triggers, if any are not ours, would run
            raise ReadOnlyError(self.read_only)
        with database.sentences_for(self.path):
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
        with database.sentences_for(self.path):
            require_in_place(self.path, self.identity)
            self._connection().execute(_FORGET_UNSWEPT)

    def erasure_of(self, stream: str) -> RecordedEvent | None:
        """Return the event that erased a user, or None for a user who was not erased."""
        return next((last for last in self.stream(stream)[-1:] if isinstance(last.event, UserErased)), None)

    def positions_with(self, texts: Iterable[str]) -> list[int]:
        """Return the positions of all events that contain one of ``texts``, in exactly this spelling, ascending."""
        found: set[int] = set()
        for text in texts:
            stored = codec.text_within(text)
            asked = stored, stored.decode(), text
            with database.sentences_for(self.path):
                found.update(row[0] for row in self._connection().execute(_SELECT_WITH, asked))
        return sorted(found)

    def changed_elsewhere(self) -> int:
        """Return a number that changes when another connection commits (SQLite's data_version)."""
        row = self._one("PRAGMA data_version")
        return int(row[0]) if row else 0

    def rows(self) -> Iterator[ChainedRow]:
        """Yield every row of the log as it is stored, in recorded order."""
        for row in self._all_rows():
            if row[0][0] > self._bound:
                break
            yield row

    def _all_rows(self) -> Generator[ChainedRow]:
        with database.sentences_for(self.path):
            yield from chained_rows(self._connection())

    def verify(self, expected: Head | None = None, progress: Progress = unwatched) -> Damage | None:
        """Check everything in the file, see ``verification``; return what is wrong first, or None.

        ``expected`` is a head taken earlier. Raises CancelledError.
        """
        from whowas.store.verification.whole import whole_damage

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

    def _transaction(self, connection: sqlite3.Connection) -> Transaction:
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

    def _erasures(self) -> dict[bytes, int]:
        with database.sentences_for(self.path):
            return dict(self._connection().execute(schema.SELECT_ERASURES))

    def _connection(self) -> sqlite3.Connection:
        return self._database.connection()

    def _owners(self, sql: str, key: str) -> list[str]:
        with database.sentences_for(self.path), self._database.in_use:
            return [from_blob(owner) for (owner,) in self._connection().execute(sql, (key,))]

    def _one(self, sql: str, *parameters: object) -> tuple[Any, ...] | None:
        with (
            database.sentences_for(self.path),
            self._database.in_use,
            closing(self._connection().execute(sql, parameters)) as cursor,
        ):
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row


def _identity(path: Path) -> FileIdentity:
    identity = identity_of(path)
    if identity is None:
        raise StoreError(f"There is no directory at “{path}”.")
    return identity
