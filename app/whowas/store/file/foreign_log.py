"""Detecting a write-ahead log left by an earlier file of the same name, which SQLite would replay into the present one.

SQLite finds the log of a file by its name alone. Renaming or replacing a file that is in use, or restoring a backup
after a crash, leaves a log that belongs to another file, or to another state of the same file.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from whowas.store.chain import GENESIS, Columns, Head, linked
from whowas.store.file.database import primary_code
from whowas.store.file.identity import SET_ASIDE, FileIdentity, free_name_aside, has_pages, identity_of, log_of
from whowas.system.unfinished import HiddenFolder

_SELECT_AFTER = (
    "SELECT position, event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id, "
    "command_id, causation, digest, chain FROM event WHERE position > ? ORDER BY position"
)
_READ_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class _View:
    """What a database contains: the id of its directory, and the end of its event log."""

    directory_id: str
    head: Head


def set_aside_foreign_log(path: Path) -> Path | None:
    """Rename the write-ahead log beside the file at ``path`` if it is another file's; return its new path, or None.

    Nothing is done while another program uses the file, because the log is that program's; nor where it cannot be
    decided, because the file itself is damaged or its file system has no links. Raises OSError.
    """
    path = path.resolve()
    log = log_of(path)
    try:
        if not has_pages(log):
            return None
        # The log's pages may belong to a later state of the same directory and still look consistent by chance.
        came_later = path.stat().st_ctime_ns > log.stat().st_mtime_ns
        with _alone_at(log), _linked(path) as link:
            judged = identity_of(log)
            check = "integrity_check" if came_later else "quick_check"
            own = None if link is None else _own_view(link, check)
            if link is None or own is None or not _is_foreign(path, own, thorough=came_later):
                return None
            # SQLite reports a failing disk as a damaged file, so every byte must be readable, and a second look must
            # find the same.
            _read_through(log)
            if _own_view(link, check) != own or not _is_foreign(path, own, thorough=came_later):
                return None
            return _renamed(log, judged, link)
    except FileNotFoundError:
        return None  # the program that used the log has removed it meanwhile


def logs_set_aside(path: Path) -> list[Path]:
    """Return the paths of logs of other files that were found beside the file at ``path`` and renamed."""
    log = log_of(path)
    return sorted(log.parent.glob(f"{escape(log.name)}{SET_ASIDE}*"))


def _read_through(log: Path) -> None:
    """Raise OSError if the disk cannot read the whole log."""
    with log.open("rb") as file:
        while file.read(_READ_AT_ONCE):
            pass


def _own_view(link: Path, check: str) -> _View | None:
    """Return what the file contains without its log; None if it is in use, or not complete by itself."""
    try:
        with closing(_exclusively(link)) as connection:
            is_whole = connection.execute(f"PRAGMA {check}(1)").fetchone() == ("ok",)
            return _view(connection) if is_whole else None
    except sqlite3.Error:
        return None


def _is_foreign(path: Path, own: _View, *, thorough: bool) -> bool:
    """Return whether the file with the log fails to continue the file without it (``own``)."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = 0")
            with_log = _view(connection)
            if with_log is None or with_log.directory_id != own.directory_id or not _continues(connection, own.head):
                return True
            return thorough and connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",)
    except sqlite3.Error as error:
        return primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _continues(connection: sqlite3.Connection, head: Head) -> bool:
    if head.position > 0:
        row = connection.execute("SELECT chain FROM event WHERE position = ?", (head.position,)).fetchone()
        if row is None or bytes(row[0]) != head.chain:
            return False
    for *columns, digest, chain in connection.execute(_SELECT_AFTER, (head.position,)):
        stored: Columns = tuple(columns)
        if stored[0] != head.position + 1 or linked(head.chain, stored, digest) != chain:
            return False
        head = Head(stored[0], chain)
    return True


def _view(connection: sqlite3.Connection) -> _View | None:
    """Return what a connection sees; None if the tables are not those of a directory."""
    kinds = connection.execute("SELECT type FROM sqlite_schema WHERE name IN ('directory', 'event')").fetchall()
    if kinds != [("table",), ("table",)]:
        return None
    row = connection.execute("SELECT value FROM directory WHERE key = 'id'").fetchone()
    end = connection.execute("SELECT position, chain FROM event ORDER BY position DESC LIMIT 1").fetchone()
    return row and _View(row[0], Head(end[0], bytes(end[1])) if end else Head(0, GENESIS))


def _exclusively(link: Path) -> sqlite3.Connection:
    """Connect to the file through its other name, which has no log, and lock all others out."""
    connection = sqlite3.connect(link, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA trusted_schema = 0")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _renamed(log: Path, judged: FileIdentity | None, link: Path) -> Path | None:
    """Rename the log while the file is locked against new users; None if somebody has begun to use it before that."""
    name = free_name_aside(log)
    try:
        with closing(_exclusively(link)):
            if judged is None or identity_of(log) != judged:
                return None
            log.rename(name)
            # A program that still has the other file open keeps using the removed file.
            log.with_name(log.name.removesuffix("-wal") + "-shm").unlink(missing_ok=True)
    except sqlite3.Error:
        return None
    return name


@contextmanager
def _linked(path: Path) -> Iterator[Path | None]:
    """Yield a hard link to the file in a hidden folder beside it; None if the file system has no links."""
    try:
        folder = HiddenFolder.made_in(path.parent)
    except OSError:
        yield None
        return
    try:
        link: Path | None = folder.path / path.name
        try:
            os.link(path, folder.path / path.name)
        except OSError:
            link = None
        yield link
    finally:
        folder.remove()


@contextmanager
def _alone_at(log: Path) -> Iterator[None]:
    """Let only one process at a time examine a log, on systems with file locks besides SQLite's own."""
    if sys.platform == "win32":
        yield  # Windows does not rename a file that is open
        return
    import fcntl

    with log.open("rb") as file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
