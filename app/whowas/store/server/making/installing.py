"""Making the tables, functions and roles of a directory in a schema of a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from secrets import token_hex
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.rows import scalar_row

from whowas.domain.errors import RefusedError
from whowas.domain.fields import TEXT_LIMIT
from whowas.store.recorded_event import to_blob
from whowas.store.server.making.forms import known_forms
from whowas.store.server.roles import DirectoryRoles
from whowas.store.server.version import NEEDED_PROGRAM, OLDEST_VERSION, SERVER_VERSION
from whowas.store.server.waking import channel_of

_SCRIPTS = ("tables", "guards", "chaining", "forms", "appending", "loading", "erasing", "members", "rights")
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,39}")
"""What a schema may be called: room is left for the names of the roles, which have 63 bytes at most."""

_TRIES = 5


def install(connection: psycopg.Connection[Any], schema: str, directory_id: str) -> DirectoryRoles:
    """Make an empty log for the directory ``directory_id`` in ``schema``, with this account as its admin.

    One transaction, or a part of that which is open. The account needs the right to make roles, and schemas in this
    database, or a schema that is there and empty. Raises RefusedError where that is not so, and the driver's errors.
    Where others make one at the same moment, it waits for them.
    """
    if not _SCHEMA.fullmatch(schema):
        raise RefusedError(
            "schema", "The name of a schema has up to 40 small letters from a to z, digits and underscores."
        )
    for _ in range(_TRIES):
        # What others are making is seen once it is there, so that their names are waited for, and then taken.
        with suppress(errors.UniqueViolation, errors.DuplicateObject, errors.DuplicateSchema), connection.transaction():
            return _install(connection, schema, directory_id)
    raise RefusedError("server", "Others are making directories on that server at this moment. Try again.")


def _install(connection: psycopg.Connection[Any], schema: str, directory_id: str) -> DirectoryRoles:
    _require_utf8(connection)
    roles = _free_roles(connection, schema, directory_id)
    _make_roles(connection, roles)
    _make_schema(connection, schema, roles)
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(roles.owner)))
    connection.execute(sql.SQL("SET LOCAL search_path = {}, pg_temp").format(sql.Identifier(schema)))
    connection.execute("SET LOCAL standard_conforming_strings = on")
    for script in scripts(schema, roles, directory_id):
        connection.execute(script)
    note = sql.SQL("INSERT INTO {} VALUES (%s, %s)").format(sql.Identifier(schema, "directory"))
    for fact in _facts(roles, directory_id):
        connection.execute(note, fact)
    enter_forms(connection, schema)
    # Granted by the owner, as everybody else's rights are, so that other admins can revoke it.
    connection.execute(sql.SQL("SELECT {}(session_user, 'admin')").format(sql.Identifier(schema, "set_rights_1")))
    connection.execute("RESET ROLE")
    connection.execute("SET LOCAL search_path TO DEFAULT")
    connection.execute(sql.SQL("REVOKE {} FROM SESSION_USER").format(sql.Identifier(roles.owner)))
    return roles


def enter_forms(connection: psycopg.Connection[Any], schema: str) -> None:
    """Say in the empty table ``form``, as its owner, what this program reads."""
    enter = sql.SQL("INSERT INTO {} VALUES (%s, %s, %s, %s, %s, %s, %s, %s)").format(sql.Identifier(schema, "form"))
    with connection.cursor() as cursor:
        cursor.executemany(enter, known_forms())


def _facts(roles: DirectoryRoles, directory_id: str) -> Iterator[tuple[str, str]]:
    """Yield what the table ``directory`` says."""
    yield "id", directory_id
    yield "version", str(SERVER_VERSION)
    yield "oldest", str(OLDEST_VERSION)
    yield "needs", NEEDED_PROGRAM
    yield from zip(("owner", "reader", "editor", "admin"), roles.names(), strict=True)


def scripts(schema: str, roles: DirectoryRoles, directory_id: str) -> Iterator[sql.Composed]:
    """Yield what makes the tables and functions of a directory in a schema, and says who may use them."""
    names = dict(zip(("owner", "reader", "editor", "admin"), roles.names(), strict=True))
    filled: dict[str, sql.Composable] = {
        "schema": sql.Identifier(schema),
        "channel_name": sql.Literal(channel_of(directory_id)),
        "directory_stream": sql.Literal(to_blob(directory_id)),
        "text_limit": sql.Literal(TEXT_LIMIT),
    }
    filled |= {key: sql.Identifier(name) for key, name in names.items()}
    filled |= {f"{key}_name": sql.Literal(name) for key, name in names.items()}
    for name in _SCRIPTS:
        text = (files("whowas.store.server") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
        yield sql.SQL(text).format(**filled)


def _require_utf8(connection: psycopg.Connection[Any]) -> None:
    encoding = _one(connection, "SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise RefusedError(
            "server", f"The database keeps texts as {encoding}. Make one whose encoding is UTF8 for the directory."
        )


def _free_roles(connection: psycopg.Connection[Any], schema: str, directory_id: str) -> DirectoryRoles:
    """Return roles that there are none of yet: they are of the whole server, where other directories may be too.

    Those of this one may be left of a database that was dropped.
    """
    last = directory_id.replace("-", "")[-8:]
    for prefix in (schema, f"{schema}_{last}"):
        roles = DirectoryRoles.called(prefix)
        if _one(connection, "SELECT count(*) FROM pg_roles WHERE rolname = ANY (%s)", list(roles.names())) == 0:
            return roles
    return DirectoryRoles.called(f"{schema}_{last}_{token_hex(2)}")


def _make_roles(connection: psycopg.Connection[Any], roles: DirectoryRoles) -> None:
    owner, reader, editor, admin = map(sql.Identifier, roles.names())
    for role in (owner, reader, editor, admin):
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
    connection.execute(sql.SQL("GRANT {} TO {}").format(reader, editor))
    connection.execute(sql.SQL("GRANT {} TO {}").format(editor, admin))
    # The owner's functions say who is what; the account that installs becomes the owner until that is done.
    connection.execute(sql.SQL("GRANT {}, {}, {} TO {} WITH ADMIN OPTION").format(reader, editor, admin, owner))
    connection.execute(sql.SQL("GRANT {} TO SESSION_USER").format(owner))


def _make_schema(connection: psycopg.Connection[Any], schema: str, roles: DirectoryRoles) -> None:
    name, owner = sql.Identifier(schema), sql.Identifier(roles.owner)
    if _one(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = %s", schema) == 0:
        connection.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(name, owner))
        return
    if _one(connection, _THINGS_IN, schema):
        raise RefusedError(
            "schema", f"There is something in the schema “{schema}” already. Name one that is empty or new."
        )
    connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {} WITH GRANT OPTION").format(name, owner))


_THINGS_IN = """
SELECT (SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = %s)
"""


def _one(connection: psycopg.Connection[Any], query: str, *parameters: object) -> Any:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(query, parameters).fetchone()
