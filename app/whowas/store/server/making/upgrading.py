"""Bringing a directory on a server, which an earlier version of Whowas made there, up to what this one saves."""

from __future__ import annotations

import psycopg
from psycopg import sql

from whowas.domain.errors import RefusedError
from whowas.store.server.making.installing import enter_forms
from whowas.store.server.refusals import refusals_of
from whowas.store.server.server_log import ServerLog
from whowas.store.server.version import NEEDED_PROGRAM, OLDEST_VERSION, SERVER_VERSION

_ONLY_ADMINS = "Only an admin of a shared directory may upgrade it. Ask one."
_ONLY_ITS_MAKER = (
    "Your account is no owner of what is on the server, so nothing was upgraded. Run this as the account that shared "
    "the directory, or as an administrator of the server."
)
_VERSION = "SELECT value FROM {schema}.directory WHERE key = 'version'"
_LOCK = "SELECT {schema}.lock_1()"


def needs_upgrade(server: ServerLog) -> bool:
    """Say whether the directory was made by an earlier version, and so takes less than this one saves."""
    return server.version < SERVER_VERSION


def require_upgradable(server: ServerLog) -> None:
    """Raise RefusedError where the account may not upgrade the directory, as far as its rights in it tell."""
    if server.rights != "admin":
        raise RefusedError("", _ONLY_ADMINS)


def upgrade(server: ServerLog) -> None:
    """Have the server take all that this program saves, in one transaction; nothing is done where it does already.

    Tables and functions are the same in both versions; what differs are the forms of events that they take. Everybody
    else waits meanwhile, and goes on afterwards, with older versions too. Raises RefusedError where the account may not
    do that, else StoreError: then nothing was changed.
    """
    require_upgradable(server)
    with server.transaction():
        server.ask(_LOCK)
        ((version,),) = server.ask(_VERSION)
        if int(version) < SERVER_VERSION:
            _upgraded(server)
    server.version = SERVER_VERSION


def _upgraded(server: ServerLog) -> None:
    connection, schema = server.connection, server.address.schema
    owner = sql.Identifier(server.roles.owner)
    with refusals_of(server.address):
        try:
            connection.execute(sql.SQL("GRANT {} TO SESSION_USER").format(owner))
        except psycopg.errors.InsufficientPrivilege as error:
            raise RefusedError("", _ONLY_ITS_MAKER) from error
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(owner))
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(schema, "form")))
        enter_forms(connection, schema)
        note = sql.SQL("UPDATE {} SET value = %s WHERE key = %s").format(sql.Identifier(schema, "directory"))
        for key, value in (
            ("version", str(SERVER_VERSION)),
            ("oldest", str(OLDEST_VERSION)),
            ("needs", NEEDED_PROGRAM),
        ):
            connection.execute(note, (value, key))
        connection.execute("RESET ROLE")
        connection.execute(sql.SQL("REVOKE {} FROM SESSION_USER").format(owner))
