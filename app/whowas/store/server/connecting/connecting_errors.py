"""Why a connection could not be made, as sentences: of that there is no code, only words."""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg

from whowas.domain.errors import StoreError
from whowas.store.server.address import ServerAddress
from whowas.store.server.driver_errors import by_code, one_line, told_of
from whowas.store.server.errors import NotConnectedError


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is said, as ``told_of`` takes it, where libpq says what ``pattern`` matches."""

    pattern: str
    sentence: str
    kind: type[StoreError] = StoreError


_CODES = (
    (r"password authentication failed|authentication failed for user|no password supplied", "28P01"),
    (r"role .* (does not exist|is not permitted to log in)", "28000"),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects", "28000"),
    (r"database .* (does not exist|is not currently accepting connections)|no such database", "3D000"),
    (r"permission denied for database", "42501"),
    (r"too many (clients|connections)|connection slots are reserved|no more connections allowed", "53300"),
    (r"the database system is|cannot connect to server|server_login_retry|server login has been failing", "57P03"),
    (r"session is read-only|server is in hot standby mode", "25006"),
    (r"terminating connection", "57P01"),
)
"""What a server says in English, and the code that it gives with it but that does not reach us."""

_HEARD = (
    # First, as the others are words that may be in these.
    _Heard(
        r"(?:connection is bad: |FATAL:\s+)?("
        r"(?:invalid|bad) [^\n]*value\b[^\n]*|[^\n]*(?:requires a value|unrecognized configuration parameter)[^\n]*"
        r"|could not match [^\n]*|could not parse network address [^\n]*|authentication method requirement (?!\"!password\")[^\n]*"
        r"|GSSAPI encryption required[^\n]*)",
        "{Server} cannot be connected to as the address, a service file or a PG… variable has it: {0}.",
    ),
    _Heard(
        r"certificate for \"(.*?)\".* does not match host name \"(.*?)\"",
        "{Server} shows a certificate for “{0}”, not for “{1}”. Connect by the name in the certificate, or ask "
        "whoever keeps the server whether it is the right one.",
    ),
    _Heard(
        r"root certificate file \"(.*?)\" does not exist",
        "{Server} cannot be told from another one, as there are no root certificates at {0}. Put the one that signed "
        "its certificate there, or name it as sslrootcert.",
    ),
    _Heard(
        r"could not (?:read|load) root certificate file \"(.*?)\"",
        "The root certificate {0} cannot be read. Name another one as sslrootcert.",
    ),
    _Heard(
        r"server does not support SSL",
        "{Server} does not encrypt connections (TLS). Have whoever keeps it switch that on; only in a network that you "
        "trust, add sslmode=disable to the address.",
    ),
    _Heard(
        r"requested a cleartext password",
        "{Server} asks for the password as it is, which is sent only where the certificate is verified. Take sslmode "
        "out of the address, or have whoever keeps the server use scram-sha-256.",
    ),
    _Heard(
        r"alert (?:unknown ca|bad certificate|certificate (?:required|expired|revoked|unknown))"
        r"|requires a valid client certificate",
        "{Server} does not take this computer's client certificate. Ask whoever keeps it for one that is valid; it "
        "belongs at ~/.postgresql/postgresql.crt, and its key beside it.",
    ),
    _Heard(
        r"private key file \"(.*?)\" has group or world access",
        "The private key {0} can be read by others. Make it yours alone (chmod 600).",
    ),
    _Heard(
        r"definition of service \"(.*?)\" not found",
        "There is no service “{0}” in ~/.pg_service.conf, nor in the file that PGSERVICEFILE names.",
    ),
    _Heard(
        r"syntax error in service file \"(.*?)\", line (\d+)", "Line {1} of the service file {0} is not understood."
    ),
    _Heard(
        r"failed to resolve host|could not translate host name",
        "{Server} cannot be found by that name. See whether this computer is online, and the name right.",
        NotConnectedError,
    ),
    _Heard(
        r"timeout expired|timed out|timeout",
        "{Server} does not answer. See whether this computer is online.",
        NotConnectedError,
    ),
    _Heard(
        r"Connection refused|No such file or directory",
        "{Server} is not running, or not at that address.",
        NotConnectedError,
    ),
    _Heard(
        r"Network is (?:unreachable|down)|No route to host",
        "{Server} cannot be reached from this network.",
        NotConnectedError,
    ),
    _Heard(r"Permission denied", "Your account may not open the socket of {server}."),
    _Heard(
        r"received invalid response|unsupported frontend protocol|expected authentication request",
        "What answers for {server} is no PostgreSQL server. See whether host and port are right.",
    ),
    _Heard(
        r"closed the connection unexpectedly|[Cc]onnection reset|EOF detected",
        "{Server} broke off the connection.",
        NotConnectedError,
    ),
)


def sentence_of_connecting(error: psycopg.Error, address: ServerAddress) -> StoreError:
    """Return what is said where a connection could not be made.

    libpq speaks English here. What a server says may be in its own language; it is passed on where it is not known.
    """
    text = re.sub(r"(?s)^.*?connection to server [^\n]*? failed: ", "", str(error), count=1)
    for pattern, code in _CODES:
        if re.search(pattern, text):
            return by_code(code, address, text)
    for heard in _HEARD:
        if found := re.search(heard.pattern, text):
            return told_of(heard.sentence, address, *found.groups(), kind=heard.kind)
    return told_of("{Server} cannot be connected to: {0}.", address, one_line(text), kind=NotConnectedError)
