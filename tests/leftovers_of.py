"""Looks for a person in the bytes of files: as text, as folded for searching, and as JSON and UTF-16 hold it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from whowas.store.file import schema


@dataclass(frozen=True)
class Person:
    """Somebody of whom every text is like nothing else; ``once`` is a text long enough to need pages of its own."""

    once: str = "Xylophagia-Øne " + "quondam-veritas " * 600
    password: str = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHlzYWx0$UnlikeAnythingElse"

    @property
    def name(self) -> str:
        return "Wilhelmina-Zsófia Quackenbush-Ørsted"

    def fields(self) -> Mapping[str, str]:
        first, last = self.name.split(" ")
        return {
            "first_name": first,
            "last_name": last,
            "email": "Wilhelmina.Quackenbush@Brockenhurst.example",
            "phone": "+44 7700 900 461 3391",
            "external_id": "EMP-Zq77143",
            "notes": 'Said "Grüße"\n' + "lorem-quackery " * 500,
        }

    def later(self) -> Mapping[str, str]:
        return {"last_name": "Featherstonehaugh", "title": "Zymurgist", "email": "zymurgist@Brockenhurst.example"}

    def texts(self) -> Iterator[str]:
        """Every word by which they could be known, in the cases in which the program writes it."""
        texts = [self.name, self.once, self.password, *self.fields().values(), *self.later().values()]
        for text in texts:
            for word in text.split():
                if len(word) > 5:
                    yield from {word, word.lower(), word.casefold(), word.upper()}


def as_of_the_first_version(file: Path) -> None:
    """Give a directory without erasures the tables that version 0.1.0 wrote."""
    with_tables_of_schema_2(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(
            "DROP INDEX user_is_erased_once; DROP TRIGGER payload_goes_only_with_its_user; PRAGMA user_version = 1;"
            "CREATE TRIGGER payload_is_never_deleted BEFORE DELETE ON payload "
            "BEGIN SELECT raise(ABORT, 'payloads are never deleted'); END;"
        )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def with_tables_of_schema_2(file: Path) -> None:
    """Give a directory, all of whose keys are plain, the tables that versions 0.2.0 to 0.4.0 wrote."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for table in ("email_owner", "external_id_owner"):
            owners = connection.execute(f"SELECT * FROM {table}").fetchall()
            connection.execute(f"DROP TABLE {table}")
            connection.execute(next(text for text in schema.STATEMENTS[2] if text.startswith(f"CREATE TABLE {table} ")))
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", owners)
        connection.execute("PRAGMA user_version = 2")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def files_with(folder: Path, person: Person) -> list[Path]:
    """Return the files below ``folder`` that hold any word of a person, in any way in which it might be stored."""
    needles = {form for text in person.texts() for form in _forms(text)}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if _holds(path, needles)]


def _holds(path: Path, needles: set[bytes]) -> bool:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return False  # a server that runs removes files at moments of its own
    return any(needle in content for needle in needles)


def _forms(text: str) -> Iterator[bytes]:
    yield text.encode()
    yield text.encode("utf-16-le")
    yield json.dumps(text)[1:-1].encode()
    yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
