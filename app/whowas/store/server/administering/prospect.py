"""What a server is like at which there is no directory yet: whom it knows, and what the account may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from whowas.store.server.address import ServerAddress
from whowas.store.server.administering.inspecting import SELECT_SETTINGS, ServerSetup, setup_from
from whowas.store.server.driver_errors import sentences_for_server

_FACTS = """
SELECT session_user::text, current_database()::text,
       (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles AS r WHERE r.rolname = session_user),
       has_database_privilege(current_database()::text, 'CREATE'::text)
"""
_ACCOUNTS = """
SELECT rolname::text FROM pg_catalog.pg_roles
WHERE rolcanlogin AND rolname::text !~ '^pg_' ORDER BY rolname
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

    ``is_taken`` if the schema of the address holds anything, ``has_directory`` if that is a directory.
    """

    account: str
    database: str
    may_make_roles: bool
    may_make_schemas: bool
    is_taken: bool
    has_directory: bool
    accounts: tuple[str, ...]
    setup: ServerSetup


def facts_of(connection: psycopg.Connection[Any], address: ServerAddress) -> ServerFacts:
    """Look at a server by a connection to it, without altering anything. Raises StoreError."""
    with sentences_for_server(address):
        facts = connection.execute(_FACTS).fetchone()
        settings = connection.execute(SELECT_SETTINGS).fetchone()
        accounts = connection.execute(_ACCOUNTS).fetchall()
        things = connection.execute(_THINGS, {"schema": address.schema}).fetchone()
    assert facts is not None
    assert settings is not None
    assert things is not None
    account, database, roles, schemas = facts
    return ServerFacts(
        account=account,
        database=database,
        may_make_roles=bool(roles),
        may_make_schemas=bool(schemas),
        is_taken=things[0],
        has_directory=things[1],
        accounts=tuple(name for (name,) in accounts),
        setup=setup_from(settings, connection.info),
    )
