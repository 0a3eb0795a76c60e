"""Comparing the schema of a directory file with the one that its version names, before anything else is read.

SQLite runs what a file's schema says: a view in place of a table may never finish, and a trigger runs with every save.
So the schema may contain nothing but what this program creates itself.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from whowas.domain.errors import DamagedError
from whowas.domain.fields import shortened
from whowas.store.file import database, schema
from whowas.store.file.identity import beside, log_of
from whowas.store.file.recovery import has_content

Entry = tuple[object, object, object, object]
"""A row of ``sqlite_master`` (type, name, table, text); a file made by hand may have any value in each column."""

STEPS = 100_000
"""SQLite reads one of our schemas in a few hundred virtual machine steps; one that takes this many may never end."""

_LONGEST = 10_000
_SELECT = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_STATEMENT = re.compile(r"CREATE (?:UNIQUE )?(TABLE|INDEX|TRIGGER) (\w+)")
_ON = re.compile(r"\bON (\w+)")
_STATISTICS = re.compile(r"sqlite_stat[134]")
"""The tables that ANALYZE leaves; people may have run it to speed up queries of their own."""


@dataclass(frozen=True, slots=True)
class SchemaDifference:
    """What is wrong with a schema. ``only_unguarded`` means that only triggers or indexes are missing.

    Such a file can still be read and verified, but nothing in it prevents its rows from being altered.
    """

    sentence: str
    only_unguarded: bool = False


def require_own_schema(path: Path, *, unguarded: bool = False) -> None:
    """Raise DamagedError unless the file's schema is, word for word, the one that its version names.

    With ``unguarded``, triggers and indexes may be missing. Nothing is written, and nothing in the schema is run.
    Raises StoreError when the file cannot be read.
    """
    wrong = difference(path)
    if wrong is not None and not (unguarded and wrong.only_unguarded):
        raise DamagedError(f"“{path.name}” is damaged, or made by another program: {wrong.sentence}.")


def difference(path: Path) -> SchemaDifference | None:
    """Return what is wrong with the schema of the file at ``path``, or None. Raises StoreError."""
    with database.sentences_for(path):
        # Twice, because another process may have been writing while the file was read without a lock.
        return _difference(path) and _difference(path)


def _difference(path: Path) -> SchemaDifference | None:
    with closing(_reader(path)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _LONGEST)
        connection.set_progress_handler(lambda: 1, STEPS)
        try:
            connection.execute("BEGIN")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            found = connection.execute(_SELECT).fetchall()
        except sqlite3.DatabaseError as error:
            if database.primary_code(error) != sqlite3.SQLITE_INTERRUPT:
                raise
            return SchemaDifference("its schema does not end")
        except UnicodeDecodeError:
            return SchemaDifference("its schema holds text that is none")
    return None if version > schema.SCHEMA_VERSION else _compared(version, found)


def _reader(path: Path) -> sqlite3.Connection:
    """Return a connection that writes nothing, unless SQLite must roll back a journal before anybody can read."""
    if has_content(beside(path, "-journal")):
        return database.reader(path, "mode=rw")
    if has_content(log_of(path)):
        return database.reader(path, "mode=ro")
    return database.reader(path, "mode=ro&immutable=1")  # without "immutable" SQLite would leave files beside this one


def _compared(version: int, found: Iterable[Entry]) -> SchemaDifference | None:
    expected = _expected(version)
    if not expected:
        return SchemaDifference(f"it says that it is of schema {version}, which no directory ever was")
    missing = dict(expected)
    for kind, name, table, text in found:
        if kind == "table" and isinstance(name, str) and _STATISTICS.fullmatch(name):
            continue
        if (kind, name) not in missing:
            return SchemaDifference(f"in a directory of schema {version} there is no {_described(kind, name)}")
        if missing.pop((kind, name)) != (table, _normal(text)):
            return SchemaDifference(f"its {_described(kind, name)} is not that of a directory of schema {version}")
    if not missing:
        return None
    kind, name = min(missing, key=lambda entry: entry[0] != "table")
    return SchemaDifference(f"its {_described(kind, name)} is missing", only_unguarded=kind != "table")


def _described(kind: object, name: object) -> str:
    return f"{shortened(str(kind))} “{shortened(str(name))}”"


def _normal(text: object) -> object:
    """Return the text of a statement with each run of blanks and line breaks as one space."""
    return " ".join(text.split()) if isinstance(text, str) else text


@cache
def _expected(version: int) -> dict[tuple[object, object], tuple[object, object]]:
    """Return {(type, name): (table, text)} of everything in a schema; empty for a schema that never existed."""
    if version not in schema.STATEMENTS:
        return {}
    # SQLite creates these two for the UNIQUE constraints; they have no text.
    automatic = {("index", f"sqlite_autoindex_event_{number}"): ("event", None) for number in (1, 2)}
    return automatic | {
        (kind, name): (table, _normal(statement))
        for statement in schema.STATEMENTS[version]
        for kind, name, table in [_about(statement)]
    }


def _about(statement: str) -> tuple[str, str, str]:
    """Return (type, name, table) of what a statement creates."""
    created = _STATEMENT.match(statement)
    assert created is not None, statement
    kind, name = created[1].lower(), created[2]
    on = None if kind == "table" else _ON.search(statement)
    return kind, name, name if on is None else on[1]
