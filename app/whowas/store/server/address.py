"""Where a shared directory is: what a ``.whowas-team`` file says, or a ``postgresql://`` address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from whowas.domain.comparison_keys import without_invisible
from whowas.domain.errors import RefusedError
from whowas.domain.fields import is_id, listed, shortened

SUFFIX = ".whowas-team"
SCHEMA = "whowas"
"""The schema of the database that a directory is in, where nothing else is said."""

URLS = ("postgresql://", "postgres://")
"""How addresses begin, as libpq has it."""

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

OPTIONS = frozenset(
    {
        *("channel_binding", "connect_timeout", "gssencmode", "hostaddr", "krbsrvname", "load_balance_hosts"),
        *("require_auth", "requirepeer", "ssl_max_protocol_version", "ssl_min_protocol_version", "sslcert", "sslcrl"),
        *("sslcertmode", "sslkey", "sslnegotiation", "sslsni", "target_session_attrs", "tcp_user_timeout"),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "passfile"),
    }
)
"""What else an address may say to libpq, in its words: no secrets, and nothing that alters how we speak to a server."""

_OWN = ("service", "host", "port", "dbname", "user", "password", "sslmode", "sslrootcert")
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,39}")
_ACCOUNT = re.compile(r"[a-z]+://[^@/]*@")
"""What libpq takes for account and password."""

_WORD = re.compile(r"[a-z_]{2,40}")
_HOST = re.compile(r"[A-Za-z0-9._:%\-]*")
_NAMED = {"dbname": "database", "user": "account", "sslrootcert": "root certificate"}
_PORTS = range(1, 65_536)
_NOT_OURS = frozenset({"public", "information_schema"})
"""Schemas in which others may make things, or nobody."""

_SOCKETS = ("/", "@")
"""How a host begins that is a socket of this computer, in a folder or of Linux's abstract kind."""

_EXAMPLE = "Write it like postgresql://db.example.org/staff."
_LONGEST_LABEL = 63
"""Of a host's name, between two dots (RFC 1035, section 2.3.4)."""

_ESCAPES = "Where a name or password has @ : / ? # % in it, write %40, %3A, %2F, %3F, %23 or %25 instead."


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """How to reach a directory on a server; None for what libpq finds out by itself, as from ``PGHOST`` or a service.

    ``host`` and ``port`` may list several, divided by commas; a host that begins with ``/`` is the folder of a socket.
    ``options`` are further parameters of libpq, see ``OPTIONS``. ``directory_id`` is the id of the directory that is
    expected there, None where that is still to be seen. ``password`` comes from an address only, and is never written
    to a file nor shown.
    """

    service: str | None = None
    host: str | None = None
    port: str | None = None
    dbname: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    schema: str = SCHEMA
    sslmode: str | None = None
    sslrootcert: str | None = None
    directory_id: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    def parameters(self) -> dict[str, str]:
        """Return what libpq is to be told, in its words."""
        own = {name: value for name in _OWN if (value := getattr(self, name)) is not None}
        return own | dict(self.options)

    def place(self) -> str:
        """Return where that is in few words, as after “the server”: without account and password."""
        if hosts := [host for host in (self.host or "").split(",") if host and not host.startswith(_SOCKETS)]:
            return listed(dict.fromkeys(hosts))
        return f"of the service “{self.service}”" if self.service else "of this computer"


def is_address(text: str) -> bool:
    """Say whether ``text`` is meant as the address of a server, rather than as a path."""
    return text.startswith(URLS)


def parsed(text: str) -> ServerAddress:
    """Return what a ``postgresql://`` address says, read as libpq reads it; ``?schema=`` is our own.

    Raises RefusedError, which repeats nothing but names of parameters: there may be a password anywhere.
    """
    # Only who reads an address needs the driver.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    if not is_address(text):
        raise RefusedError("server", f"The address of a server begins with postgresql://. {_EXAMPLE}")
    if not text.isprintable():
        raise RefusedError("server", "The address holds characters that nobody can see. Type it anew.")
    bare, schema = _schema_taken_out(text)
    try:
        # Without what it takes from the environment: only the connection is to go by that.
        said = {name: str(value) for name, value in conninfo_to_dict(bare).items() if value not in {None, ""}}
    except (ProgrammingError, UnicodeError) as error:
        raise RefusedError("server", f"The address cannot be read. {_EXAMPLE} {_ESCAPES}") from error
    try:
        return address_of(said | ({} if schema is None else {"schema": schema}))
    except RefusedError as error:
        raise RefusedError("server", str(error)) from error


def address_of(said: Mapping[str, str]) -> ServerAddress:
    """Return the address that has these parts, by their names in libpq and ours. Raises RefusedError."""
    own: dict[str, Any] = {}
    options = []
    for name, value in said.items():
        _require_sound(name, value)
        if name in OPTIONS:
            options.append((name, value))
        elif name in {*_OWN, "schema", "directory_id"}:
            own[name] = value
        else:
            raise RefusedError(name, f"Whowas knows nothing called “{shortened(name)}” in an address of a server.")
    return ServerAddress(**own, options=tuple(sorted(options)))


def _schema_taken_out(text: str) -> tuple[str, str | None]:
    """Return an address without its parameter ``schema``, which libpq would refuse, and its value."""
    account = _ACCOUNT.match(text)
    start = account.end() if account else 0  # a question mark before that belongs to a password
    beginning, _, query = text[start:].partition("?")
    if "@" in beginning:
        raise RefusedError("server", f"The address cannot be read. {_EXAMPLE} {_ESCAPES}")
    kept, schemas = [], []
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")
        if name == "schema":
            schemas.append(value)
        elif equals and _WORD.fullmatch(name) and name not in {*_OWN, *OPTIONS, "ssl"}:
            raise RefusedError("server", f"Whowas knows nothing called “{name}” in an address of a server.")
        else:
            kept.append(part)
    if len(schemas) > 1:
        raise RefusedError("server", "The address names several schemas. Leave one.")
    return text[:start] + beginning + (f"?{'&'.join(kept)}" if kept else ""), schemas[0] if schemas else None


def _require_sound(name: str, value: str) -> None:
    """Raise RefusedError where a part of an address cannot be what it is said to be."""
    called = _NAMED.get(name, name)
    if name == "password":
        return
    if not value.isprintable() or without_invisible(value) != value or value != value.strip():
        raise RefusedError(name, f"The {called} holds characters that nobody can see. Type it anew.")
    match name:
        case "schema" if not _SCHEMA.fullmatch(value) or value.startswith("pg_") or value in _NOT_OURS:
            hint = "it has up to 40 of a–z, 0–9 and _, and none of PostgreSQL's own names"
            raise RefusedError(name, f"“{shortened(value)}” cannot be the schema of a directory: {hint}.")
        case "port" if not all(_is_port(port) for port in value.split(",") if port):
            raise RefusedError(name, "The port is no number from 1 to 65535. PostgreSQL's own is 5432.")
        case "host" if not all(host.startswith(_SOCKETS) or _HOST.fullmatch(host) for host in value.split(",")):
            raise RefusedError(name, "The host holds letters that no host's name has. Write such a name as xn--….")
        case "host" if not all(host.startswith(_SOCKETS) or _has_labels(host) for host in value.split(",")):
            raise RefusedError(name, "The host cannot be one: between two dots of a name are 1 to 63 letters.")
        case "dbname" if "://" in value:
            raise RefusedError(name, "The database is said by its name alone, such as staff, and is no address.")
        case "sslmode" if value not in SSL_MODES:
            raise RefusedError(name, f"“{shortened(value)}” is no sslmode. Known: {', '.join(SSL_MODES)}.")
        case "directory_id" if not is_id(value):
            raise RefusedError(name, f"“{shortened(value)}” is not the id of a directory.")
        case "connect_timeout" if not (value.isascii() and value.isdecimal()):
            raise RefusedError(name, "The connect_timeout is no number of seconds.")
        case _:
            pass


def _has_labels(host: str) -> bool:
    """Say whether a host's name, which may end in a dot, is divided into labels as names are; "" is none at all."""
    return not host or all(0 < len(label) <= _LONGEST_LABEL for label in host.removesuffix(".").split("."))


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text[:6]) in _PORTS
