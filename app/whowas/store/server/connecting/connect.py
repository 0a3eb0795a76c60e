"""Connecting to a server, verified and not for ever."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, version

from whowas.domain.errors import StoreError
from whowas.store.server.address import ServerAddress, address_of
from whowas.store.server.connecting.accounts import remembered_account
from whowas.store.server.connecting.certificate_fault import fault_of
from whowas.store.server.connecting.connecting_errors import sentence_of_connecting
from whowas.store.server.connecting.heard import NOT_VERIFIED
from whowas.store.server.connecting.root_certificates import of_this_person, trusted
from whowas.store.server.driver_errors import READ_ONLY, sentences_for_server, told_of

OLDEST = 130_000
"""The oldest version of PostgreSQL whose SQL has all that is used here, as libpq counts versions."""

_KNOWS_REQUIRE_AUTH = 160_000
"""The version of libpq, as it counts them, that can be told which ways of signing in are not taken."""

_NOWHERE = "/dev/null"
"""No folder of a socket, so that nothing is connected to."""

_HOLDING_ON = {
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""When a silent network counts as gone: seconds, and milliseconds for the last one."""


def connect(address: ServerAddress, *, purpose: Literal["asking", "listening"] = "asking") -> psycopg.Connection[Any]:
    """Connect to the server that may be written to, without opening a transaction.

    libpq adds what ``PG*`` variables, ``~/.pgpass``, service files and the files of certificates say. Unless they or
    the address say otherwise, the certificate of whatever is no socket is verified, its name too; ``prefer`` in the
    environment says nothing, as nobody can tell libpq's own default from it. Raises NotConnectedError where the server
    is away, else StoreError.
    """
    given = _with_account(address).parameters()
    known = _known_to_libpq(given)
    parameters = _parameters(given, known, purpose)
    # As libpq completes it, for sentences to name what was tried.
    address = replace(
        address, host=known["host"] or None, dbname=known.get("dbname", known.get("user")), user=known.get("user")
    )
    try:
        # Without prepared statements and settings of the session it works through poolers as well.
        connection: psycopg.Connection[Any] = psycopg.connect(
            make_conninfo("", **parameters), autocommit=True, prepare_threshold=None
        )
    except psycopg.Error as error:
        raise _told(error, address, parameters) from error
    except UnicodeError as error:  # of looking up the host that the environment names
        raise told_of("{Server} cannot be found: no host has such a name.", address, kind=StoreError) from error
    try:
        _require_usable(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


def completed(address: ServerAddress) -> ServerAddress:
    """Return an address with what the environment adds to it, for others to find the same place; who asks is left out.

    Raises RefusedError where the environment has something that cannot be.
    """
    environment = os.environ
    if address.sslrootcert is not None and address.sslrootcert != "system":
        address = replace(address, sslrootcert=str(Path(address.sslrootcert).absolute()))
    if service := address.service or environment.get("PGSERVICE"):
        return replace(address, service=service)
    known = _known_to_libpq(address.parameters())
    added = {"host": known["host"], "port": environment.get("PGPORT"), "dbname": known.get("dbname", known.get("user"))}
    found = address_of({name: value for name, value in added.items() if value})
    return replace(
        address,
        host=address.host or found.host,
        port=address.port or found.port,
        dbname=address.dbname or found.dbname,
    )


def _with_account(address: ServerAddress) -> ServerAddress:
    """Return the address with the account that is remembered for it, where nothing else says one."""
    services = (address.service, *map(os.environ.get, ("PGUSER", "PGSERVICE")))
    if address.user is not None or address.directory_id is None or any(services):
        return address
    return replace(address, user=remembered_account(address.directory_id))


def _parameters(given: dict[str, str], known: dict[str, str], purpose: str) -> dict[str, str]:
    added = {"application_name": "whowas" if purpose == "asking" else "whowas listening", "client_encoding": "UTF8"}
    mode = known.get("sslmode")
    if mode is None or (mode == "prefer" and "sslmode" not in given):
        mode = added["sslmode"] = "verify-full"
    if mode.startswith("verify") or known.get("sslrootcert") == "system":
        # Not otherwise: libpq verifies what it has a root for, even where it need not.
        added["sslrootcert"] = trusted(known.get("sslrootcert"))
    if not mode.startswith("verify") and "require_auth" not in known and version() >= _KNOWS_REQUIRE_AUTH:
        # Whoever stands between could ask for the password itself, and PGPASSWORD is for whatever server is named.
        added["require_auth"] = "!password"
    if "gssencmode" not in given and known.get("gssencmode") in {None, "prefer"}:
        added["gssencmode"] = "disable"
    if known.get("target_session_attrs") in {None, "any"} and "," in known["host"]:
        added["target_session_attrs"] = "read-write"
    return given | {name: value for name, value in _HOLDING_ON.items() if name not in known} | added


def _known_to_libpq(given: dict[str, str]) -> dict[str, str]:
    """Return the parameters given, and those that libpq finds in the environment and in service files, by name."""
    # Only a connection tells what is in a service file; this one fails without having asked anybody.
    unconnected = PGconn.connect_start(
        make_conninfo("", **{**given, "host": _NOWHERE, "hostaddr": "", "port": ""}).encode()
    )
    try:
        found = {each.keyword.decode(): each.val.decode() for each in unconnected.info if each.val}
    finally:
        unconnected.finish()
    return {**found, "host": given.get("host") or os.environ.get("PGHOST", ""), **given}


def _told(error: psycopg.Error, address: ServerAddress, parameters: dict[str, str]) -> StoreError:
    if NOT_VERIFIED not in str(error):
        return sentence_of_connecting(error, address)
    roots = parameters.get("sslrootcert") or str(of_this_person())
    host, port = _reached(error)
    fault = fault_of(host, port, roots) if host else None
    return told_of(
        "{Server} shows a certificate that {0}. Connections to it are refused until that is put right{1}.",
        address,
        fault or "cannot be verified",
        "" if fault and "signed" not in fault else _how_to_trust(),
    )


def _how_to_trust() -> str:
    return f": the certificate it was signed with belongs at {of_this_person()}, or is named as sslrootcert"


def _reached(error: psycopg.Error) -> tuple[str, int]:
    """Return the host and port at which connecting failed, the host empty where it is not known."""
    if error.pgconn is None:
        return "", 0
    try:
        return error.pgconn.host.decode(), int(error.pgconn.port)
    except psycopg.Error:
        return "", 0


def _require_usable(connection: psycopg.Connection[Any], address: ServerAddress) -> None:
    """Raise StoreError where the server is too old, a replica, or its database holds other text than ours."""
    version = connection.info.server_version
    if version < OLDEST:
        sentence = "{Server} has version {0} of PostgreSQL. Whowas needs 13 or later."
        raise told_of(sentence, address, f"{version // 10_000}")
    status = connection.info.parameter_status
    with sentences_for_server(address):
        # A pooler, and PostgreSQL 13, do not tell unasked.
        is_standby = status("in_hot_standby") or connection.execute("SHOW transaction_read_only").fetchone()[0]  # type: ignore[index]
        encoding = status("server_encoding") or connection.execute("SHOW server_encoding").fetchone()[0]  # type: ignore[index]
    if is_standby == "on" or status("default_transaction_read_only") == "on":
        raise told_of(READ_ONLY, address)
    if encoding != "UTF8":
        sentence = "The database on {server} stores text as {0}. Whowas needs one that is made with ENCODING 'UTF8'."
        raise told_of(sentence, address, encoding)
