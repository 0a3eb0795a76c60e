"""What is looked at before a directory file is opened, so that one that is refused stays untouched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from whowas import __version__
from whowas.domain.errors import StoreError
from whowas.store.file import database, schema
from whowas.store.file.identity import has_pages, log_of
from whowas.store.file.schema_check import UNKNOWN_FORMAT, SchemaDifference, require_readable_schema


@dataclass(frozen=True, slots=True)
class Openable:
    """A file that can be opened; to be read only, if anything is ``wrong``.

    ``set_aside`` is the new path of another file's write-ahead log that lay beside it, None if there was none.
    """

    set_aside: Path | None = None
    wrong: SchemaDifference | None = None


def require_openable(path: Path) -> Openable:
    """Return how the file at ``path`` can be opened, which no connection of this process may have open.

    Raises StoreError with the reason when it cannot be.
    """
    set_aside = _set_aside_foreign_log(path)
    found = database.require_sqlite(path, schema.APPLICATION_ID, schema.SCHEMA_VERSION)
    require_known(path, found.user_version)
    return Openable(set_aside, require_readable_schema(path) or (None if found.is_writable else UNKNOWN_FORMAT))


def require_known(path: Path, version: int) -> None:
    """Raise StoreError if ``version``, that of a file's schema, is newer than this program."""
    if version > schema.SCHEMA_VERSION:
        raise StoreError(
            f"“{path.name}” was written by a newer version of Whowas than this one, {__version__} "
            f"(schema {version}, not {schema.SCHEMA_VERSION}). Open it with that version; nothing was changed."
        )


def _set_aside_foreign_log(path: Path) -> Path | None:
    with database.sentences_for(path):
        # SQLite leaves traces when it reads a log, and a file that is refused for its newer schema must stay untouched.
        if has_pages(log_of(path)) and not database.is_newer(path, schema.APPLICATION_ID, schema.SCHEMA_VERSION):
            from whowas.store.file.foreign_log import (
                set_aside_foreign_log,  # only after a crash, or beside another program
            )

            return set_aside_foreign_log(path)
    return None
