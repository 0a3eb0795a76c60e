"""Making a directory on a server of all that is in a file, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import uuid_utils

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.progress import Progress, unwatched
from whowas.store.chain import Head
from whowas.store.file import database
from whowas.store.owner_tables import TABLES
from whowas.store.read_rows import SELECT_CHAINED, chained_rows
from whowas.store.server.address import ServerAddress
from whowas.store.server.connecting.connect import connect
from whowas.store.server.making.installing import install
from whowas.store.server.making.loading import load
from whowas.store.server.refusals import refusals_of
from whowas.store.server.server_log import ServerLog
from whowas.store.server.waking import presence_lock_of

_PATIENCE = "SET LOCAL lock_timeout = '30s'"
_LOCK = "SELECT pg_advisory_xact_lock(%s)"
"""Held by whoever moves a directory in, so that who lost the connection meanwhile can wait for what became of it."""

_TAKES_RIGHTS = (
    "Your account on the server may not make what a directory needs. Have its administrator let it make roles "
    "(ALTER ROLE … CREATEROLE) and schemas in that database (GRANT CREATE ON DATABASE … TO …)."
)

_IS_THERE = """
SELECT EXISTS (SELECT 1 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
               WHERE n.nspname = %s AND c.relname = 'directory')
"""


def require_place(address: ServerAddress) -> None:
    """See whether a directory can be made at an address, without making it. Raises RefusedError or StoreError."""
    try:
        with closing(connect(address)) as connection, refusals_of(address), connection.transaction() as trial:
            install(connection, address.schema, address.directory_id or str(uuid_utils.uuid7()))
            raise psycopg.Rollback(trial)
    except StoreError as error:
        if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise StoreError(_TAKES_RIGHTS) from error
        raise


def move_in(
    address: ServerAddress, file: Path, head: Head, about_to_commit: Callable[[], None], progress: Progress = unwatched
) -> None:
    """Make the directory at ``address``, with its id, of all that is in ``file``, whose tables are of the last schema.

    Positions, ids, salts, digests and chain stay; payloads of erased users are absent. ``about_to_commit`` is called
    when all is there and ends at ``head``. Raises CancelledError by ``progress``, RefusedError or StoreError: then
    nothing is there, except where the connection was lost after ``about_to_commit``, see ``found_at``.
    """
    with (
        closing(connect(address)) as connection,
        closing(database.reader(file, "mode=ro")) as source,
        refusals_of(address),
        connection.transaction(),
    ):
        install(connection, address.schema, _after_others(connection, address))
        server = ServerLog(connection, address)
        emails, external_ids = (source.execute(TABLES[kind].every).fetchall() for kind in ("email", "external_id"))
        load(server, chained_rows(source.execute(SELECT_CHAINED)), head.position, emails, external_ids, progress)
        if server.head() != head:
            raise DamagedError("What arrived on the server is not what was sent, so it was not kept there.")
        about_to_commit()


def found_at(address: ServerAddress) -> str | None:
    """Return the id of the directory at an address, None if there is none, once nobody is moving that one in any more.

    Raises StoreError.
    """
    with closing(connect(address)) as connection, refusals_of(address), connection.transaction():
        _after_others(connection, address)
        row = connection.execute(_IS_THERE, (address.schema,)).fetchone()
        if row is None or not row[0]:
            return None
        try:
            return ServerLog(connection, address).directory_id
        except StoreError as error:
            if isinstance(error.__cause__, psycopg.Error):
                raise
            return None  # something else is there, or another directory


def _after_others(connection: psycopg.Connection[Any], address: ServerAddress) -> str:
    """Wait until nobody else moves the directory with the address's id in, and return that."""
    assert address.directory_id is not None
    connection.execute(_PATIENCE)
    connection.execute(_LOCK, (presence_lock_of(address.directory_id) ^ 1,))
    return address.directory_id
