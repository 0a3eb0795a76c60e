"""Removing from a server's tables what PostgreSQL keeps of deleted rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from whowas.domain.errors import StoreError
from whowas.store.server.refusals import refusals_of
from whowas.store.server.server_log import ServerLog

_IS_UNSWEPT = "SELECT 1 FROM {schema}.directory WHERE key = 'unswept'"
_TABLES = 3
"""How many tables ``sweep_1`` writes anew: it says of each how many deleted rows had to stay."""

_WRITTEN_BY = "copy_table_data"
"""The function of PostgreSQL that says so, in the first number of DETAIL, whatever the language (cluster.c)."""

_SEGMENTS = 3
"""After so many switches a server that nobody writes to has removed, or written over, what it logged before."""


@dataclass(frozen=True, slots=True)
class SweptServer:
    """What became of the traces of erased users in a server's files.

    ``kept`` is how many deleted rows stay as somebody may still look at them, None where the server does not say;
    ``is_log_renewed`` whether the write-ahead log was begun anew, which few accounts may.
    """

    kept: int | None
    is_log_renewed: bool


def sweep(server: ServerLog) -> SweptServer | None:
    """Write the tables anew without what was deleted from them, for an admin; None where nothing was to be swept.

    Whatever stays is swept another time. Raises StoreError where the account may not, or the server is busy or away.
    """
    if not server.ask(_IS_UNSWEPT):
        return None
    with _said(server) as details:
        server.ask("SELECT {schema}.sweep_1()")
    kept = sum(details) if len(details) == _TABLES else None
    is_log_renewed = _is_log_renewed(server)
    if kept == 0:
        server.ask("SELECT {schema}.mark_swept_1()")
    return SweptServer(kept, is_log_renewed)


def _is_log_renewed(server: ServerLog) -> bool:
    """Have the server begin its write-ahead log anew, where this account may."""
    try:
        for _ in range(_SEGMENTS):
            server.ask("SELECT pg_switch_wal()")
            with refusals_of(server.address):
                server.connection.execute("CHECKPOINT")
    except StoreError as error:
        if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            return False
        raise
    return True


@contextmanager
def _said(server: ServerLog) -> Iterator[list[int]]:
    """Yield a list that is filled with how many deleted rows stay in each table that is written anew."""
    counts: list[int] = []

    def heard(diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.source_function == _WRITTEN_BY and (number := re.search(r"\d+", diagnostic.message_detail or "")):
            counts.append(int(number[0]))

    server.connection.add_notice_handler(heard)
    try:
        yield counts
    finally:
        server.connection.remove_notice_handler(heard)
