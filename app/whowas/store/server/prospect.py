"""What a server is like at which there is no directory yet: whom it knows, and what the account may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from whowas.store.server.address import ServerAddress
from whowas.store.server.driver_errors import sentences_for_server

_FACTS = """
SELECT session_user::text,
       current_setting('server_version'),
       current_database()::text,
       coalesce((SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()), false),
       pg_catalog.inet_server_addr() IS NULL,
       (SELECT rolsuper OR rolcreaterole FROM pg_catalog.pg_roles WHERE rolname = session_user),
       pg_catalog.has_database_privilege(current_database(), 'CREATE'),
       current_setting('synchronous_standby_names', true),
       current_setting('fsync', true)
"""
_ACCOUNTS = """
SELECT rolname::text FROM pg_catalog.pg_roles
WHERE rolcanlogin AND rolname !~ '^pg_' ORDER BY rolname
"""
_THINGS = """
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
               WHERE n.nspname = %(schema)s),
       EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
               WHERE n.nspname = %(schema)s AND c.relname = 'directory')
"""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What was found, by the account ``account``; ``accounts`` are all that may log in, sorted.

    ``is_taken`` if the schema of the address holds anything, ``has_directory`` if that is one of ours. ``standbys``
    names those for which a commit waits, "" for none; ``durable`` if what is committed is on the disk of the server.
    """

    account: str
    version: str
    database: str
    encrypted: bool
    by_socket: bool
    may_make_roles: bool
    may_make_schemas: bool
    is_taken: bool
    has_directory: bool
    standbys: str
    durable: bool
    accounts: tuple[str, ...]


def facts_of(connection: psycopg.Connection[Any], address: ServerAddress) -> ServerFacts:
    """Look at a server by a connection to it, without altering anything. Raises StoreError."""
    with sentences_for_server(address):
        facts = connection.execute(_FACTS).fetchone()
        accounts = connection.execute(_ACCOUNTS).fetchall()
        things = connection.execute(_THINGS, {"schema": address.schema}).fetchone()
    assert facts is not None
    assert things is not None
    account, version, database, encrypted, by_socket, roles, schemas, standbys, fsync = facts
    return ServerFacts(
        account=account,
        version=version.split(" ")[0],
        database=database,
        encrypted=encrypted,
        by_socket=by_socket,
        may_make_roles=bool(roles),
        may_make_schemas=schemas,
        is_taken=things[0],
        has_directory=things[1],
        standbys=standbys or "",
        durable=fsync != "off",
        accounts=tuple(name for (name,) in accounts),
    )
