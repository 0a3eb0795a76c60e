"""What a failing cache means: the directory's own file is not what fails, and nothing of it is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

from whowas.domain.errors import StoreError
from whowas.store.file.database import primary_code

_IN_USE = "The cache of “{name}” is in use by another program that does not let go. Try again in a moment."
_UNUSABLE = "The cache of “{name}” cannot be used, so what is shown of it cannot be brought up to date."
_SENTENCES = {
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
    sqlite3.SQLITE_FULL: "The disk is full, so what is shown of “{name}” cannot be brought up to date.",
    sqlite3.SQLITE_IOERR: "The disk failed where the cache of “{name}” lies; the directory itself is unharmed.",
    sqlite3.SQLITE_READONLY: _UNUSABLE,
    sqlite3.SQLITE_CANTOPEN: _UNUSABLE,
    sqlite3.SQLITE_PERM: _UNUSABLE,
    sqlite3.SQLITE_AUTH: _UNUSABLE,
    sqlite3.SQLITE_CORRUPT: _UNUSABLE,
    sqlite3.SQLITE_NOTADB: _UNUSABLE,
}


@contextmanager
def cache_sentences_for(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say about the cache of the directory at ``path`` into StoreError.

    A StoreError of the directory's own file passes, and so does a broken rule of ours, as a bug.
    """
    try:
        yield
    except (peewee.DatabaseError, sqlite3.DatabaseError) as error:
        sentence = _SENTENCES.get(primary_code(error))
        if sentence is None:
            raise
        raise StoreError(sentence.format(name=path.name)) from error
    except OSError as error:
        raise StoreError(f"{_UNUSABLE.format(name=path.name)} {error.strerror or error}.") from error
