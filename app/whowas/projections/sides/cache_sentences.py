"""What a failing cache means: the directory's own file is not what fails, and nothing of it is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.projections.tables.checked_database import DRIVER_ERRORS
from whowas.store.file.database import Sentences, sentences_for

DAMAGED_AGAIN = (
    "The cache of this directory is damaged again right after it was made anew: the disk that it is on fails. "
    "The directory itself is unharmed."
)
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
_OF_CACHE = Sentences(
    _SENTENCES,
    of_system=f"{_UNUSABLE} {{reason}}.",
    damaged=StoreError,
    raised=DRIVER_ERRORS,
)


def cache_sentences_for(path: Path) -> sentences_for:
    """Return the context that turns what is said about the cache of the directory at ``path`` into StoreError.

    A StoreError of the directory's own file passes, and so does a broken rule of ours, as a bug.
    """
    return sentences_for(path, sentences=_OF_CACHE)
