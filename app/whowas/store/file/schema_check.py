"""Comparing the schema of a directory file with the one that its version names, before anything else is read.

SQLite runs what a file's schema says: a view in place of a table may never finish, and a trigger runs with every save.
So the schema may contain nothing but what this program creates itself.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from whowas.domain.errors import DamagedError
from whowas.domain.fields import shortened
from whowas.store.file import database, schema
from whowas.store.file.identity import beside, log_of
from whowas.store.file.recovery import has_content

Entry = tuple[object, object, object, object]
"""A row of ``sqlite_master`` (type, name, table, text); a file made by hand may have any value in each column."""

_Schema = Mapping[tuple[object, object], tuple[object, object]]
"""{(type, name): (table, text)} of everything in a schema."""

STEPS = 100_000
"""SQLite reads one of our schemas in a few hundred virtual machine steps; one that takes this many may never end."""

_LONGEST = 10_000
_SELECT = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_STATEMENT = re.compile(r"CREATE (?:UNIQUE )?(TABLE|INDEX|TRIGGER) (\w+)")
_ON = re.compile(r"\bON (\w+)")
_RUNS_IN_NO_QUERY = re.compile(r"CREATE (?:TRIGGER|(?:UNIQUE )?INDEX) ")
"""How the texts of triggers and indexes begin. SQLite goes by the text of an entry and not by the type it claims."""
_STATISTICS = re.compile(r"sqlite_stat[134]")
"""The tables that ANALYZE leaves; people may have run it to speed up queries of their own."""


@dataclass(frozen=True, slots=True)
class SchemaDifference:
    """What is wrong with a schema. ``is_readable`` means that it is only in triggers and indexes.

    Such a file can be read, as no query runs either of them; but what keeps its rows from being altered may be missing,
    and whatever is in its triggers would run with every save.
    """

    sentence: str
    is_readable: bool = False

    def told_of(self, path: Path) -> str:
        """Return the sentence that says why nothing is written to the file at ``path``."""
        return (
            f"“{path.name}” is damaged, or was altered by another program: {self.sentence}. "
            "It can be read, but nothing is written to it."
        )


UNKNOWN_FORMAT: Final = SchemaDifference("its header asks for a format that SQLite does not know", is_readable=True)
"""What is wrong with a file that SQLite would only read, whatever its schema is."""


def require_readable_schema(path: Path) -> SchemaDifference | None:
    """Raise DamagedError unless the tables of the file are, word for word, those that its version names.

    Returns what is wrong with its triggers or indexes, or None. Nothing is written, and nothing in the schema is run.
    Raises StoreError when the file cannot be read.
    """
    wrong = difference(path)
    if wrong is not None and not wrong.is_readable:
        raise DamagedError(f"“{path.name}” is damaged, or made by another program: {wrong.sentence}.")
    return wrong


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
            return difference_in(connection)
        except sqlite3.DatabaseError as error:
            match database.primary_code(error):
                case sqlite3.SQLITE_INTERRUPT:
                    return SchemaDifference("its schema does not end")
                case sqlite3.SQLITE_ERROR:  # as for functions that nobody knows, or a newer format
                    return SchemaDifference(f"its schema cannot be read ({shortened(str(error))})")
            raise
        except UnicodeDecodeError:
            return SchemaDifference("its schema holds text that is none")


def difference_in(connection: sqlite3.Connection) -> SchemaDifference | None:
    """Return what is wrong with the schema that a connection sees now, or None. Raises the driver's errors."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > schema.SCHEMA_VERSION:
        return None
    return _compared(version, connection.execute(_SELECT).fetchall())


def _reader(path: Path) -> sqlite3.Connection:
    """Return a connection that writes nothing, unless SQLite must roll back a journal before anybody can read."""
    if has_content(beside(path, "-journal")):
        return database.reader(path, "mode=rw")
    if has_content(log_of(path)):
        return database.reader(path, "mode=ro")
    return database.reader(path, "mode=ro&immutable=1")  # without "immutable" SQLite would leave files beside this one


def _compared(version: int, found: Iterable[Entry]) -> SchemaDifference | None:
    """Return the worst difference: one in the tables if there is any."""
    expected = _expected(version)
    if not expected:
        return SchemaDifference(f"it says that it is of schema {version}, which no directory ever was")
    differences = list(_differences(version, expected, found))
    return next((wrong for wrong in differences if not wrong.is_readable), differences[0] if differences else None)


def _differences(version: int, expected: _Schema, found: Iterable[Entry]) -> Iterator[SchemaDifference]:
    missing = dict(expected)
    for kind, name, table, text in found:
        if kind == "table" and isinstance(name, str) and _STATISTICS.fullmatch(name):
            continue
        ours = missing.pop((kind, name), None)
        if ours is None:
            sentence = f"in a directory of schema {version} there is no {_described(kind, name)}"
            yield SchemaDifference(sentence, _runs_in_no_query(text))
        elif ours != (table, _normal(text)):
            sentence = f"its {_described(kind, name)} is not that of a directory of schema {version}"
            yield SchemaDifference(sentence, kind != "table" and ours[0] == table and _runs_in_no_query(text))
    for (kind, name), (_, text) in missing.items():
        yield SchemaDifference(f"its {_described(kind, name)} is missing", _runs_in_no_query(text))


def _runs_in_no_query(text: object) -> bool:
    return isinstance(text, str) and _RUNS_IN_NO_QUERY.match(text) is not None


def _described(kind: object, name: object) -> str:
    return f"{shortened(str(kind))} “{shortened(str(name))}”"


def _normal(text: object) -> object:
    """Return the text of a statement with each run of blanks and line breaks as one space."""
    return " ".join(text.split()) if isinstance(text, str) else text


@cache
def _expected(version: int) -> _Schema:
    """Return everything in a schema; empty for a schema that never existed."""
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
