"""What libpq and servers say where a connection cannot be made: what that is about, and how we say it.

libpq speaks English here, and gives no codes: https://www.postgresql.org/docs/current/libpq-connect.html. The texts are
those of fe-connect.c, fe-auth.c and fe-secure-openssl.c in PostgreSQL's source, and of PgBouncer's objects.c.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from whowas.domain.errors import StoreError
from whowas.store.server.errors import NotConnectedError


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said where ``pattern`` is heard.

    ``part`` is the part of an address, by its name in ``ServerAddress``, that it is about, "" for none of them. It is
    told by the ``code`` that a server gives with it but that does not reach us; or else as a ``sentence`` with the
    groups of the pattern in it, as ``told_of`` takes it, and as an error of that ``kind``.
    """

    pattern: str
    part: str
    sentence: str = ""
    kind: type[StoreError] = StoreError
    code: str = ""


NOT_VERIFIED = "certificate verify failed"
"""What is heard where the certificate of a server is not believed, whatever the reason."""

_AS_IT_IS_SAID = "{Server} cannot be connected to as the address, a service file or a PG… variable has it: {0}."
_NOT_RUNNING = "{Server} is not running, or not at that address."

_EVERYTHING = (
    Heard(r"password authentication failed|no password supplied", "password", code="28P01"),
    Heard(r"authentication failed for user", "user", code="28P01"),
    Heard(r"role .* (?:does not exist|is not permitted to log in)", "user", code="28000"),
    Heard(r"no pg_hba\.conf entry|pg_hba\.conf rejects", "user", code="28000"),
    Heard(
        r"database .* (?:does not exist|is not currently accepting connections)|no such database",
        "dbname",
        code="3D000",
    ),
    Heard(r"permission denied for database", "dbname", code="42501"),
    Heard(
        r"too many (?:clients|connections)|connection slots are reserved|no more connections allowed", "", code="53300"
    ),
    Heard(
        r"the database system is|cannot connect to server|server_login_retry|server login has been failing",
        "",
        code="57P03",
    ),
    Heard(r"session is read-only|server is in hot standby mode", "", code="25006"),
    Heard(r"terminating connection", "", code="57P01"),
    # Before all that follows, as that are words which may be in these.
    Heard(
        r"(?:connection is bad: |FATAL:\s+)?("
        r"(?:invalid|bad) [^\n]*value\b[^\n]*|[^\n]*(?:requires a value|unrecognized configuration parameter)[^\n]*"
        r"|could not match [^\n]*|could not parse network address [^\n]*"
        r"|authentication method requirement (?!\"!password\")[^\n]*"
        r"|GSSAPI encryption required[^\n]*)",
        "",
        _AS_IT_IS_SAID,
    ),
    Heard(
        r"certificate for \"(.*?)\".* does not match host name \"(.*?)\"",
        "sslmode",
        "{Server} shows a certificate for “{0}”, not for “{1}”. Connect by the name in the certificate, or ask "
        "whoever keeps the server whether it is the right one.",
    ),
    Heard(
        r"root certificate file \"(.*?)\" does not exist",
        "sslmode",
        "{Server} cannot be told from another one, as there are no root certificates at {0}. Put the one that signed "
        "its certificate there, or name it as sslrootcert.",
    ),
    Heard(
        r"could not (?:read|load) root certificate file \"(.*?)\"",
        "sslmode",
        "The root certificate {0} cannot be read. Name another one as sslrootcert.",
    ),
    Heard(
        r"server does not support SSL",
        "sslmode",
        "{Server} does not encrypt connections (TLS). Have whoever keeps it switch that on; only in a network that you "
        "trust, add sslmode=disable to the address.",
    ),
    Heard(
        r"requested a cleartext password",
        "sslmode",
        "{Server} asks for the password as it is, which is sent only where the certificate is verified. Take sslmode "
        "out of the address, or have whoever keeps the server use scram-sha-256.",
    ),
    Heard(
        r"alert (?:unknown ca|bad certificate|certificate (?:required|expired|revoked|unknown))"
        r"|requires a valid client certificate",
        "sslmode",
        "{Server} does not take this computer's client certificate. Ask whoever keeps it for one that is valid; it "
        "belongs at ~/.postgresql/postgresql.crt, and its key beside it.",
    ),
    Heard(
        r"private key file \"(.*?)\" has group or world access",
        "",
        "The private key {0} can be read by others. Make it yours alone (chmod 600).",
    ),
    Heard(
        r"definition of service \"(.*?)\" not found",
        "",
        "There is no service “{0}” in ~/.pg_service.conf, nor in the file that PGSERVICEFILE names.",
    ),
    Heard(
        r"syntax error in service file \"(.*?)\", line (\d+)", "", "Line {1} of the service file {0} is not understood."
    ),
    Heard(
        r"failed to resolve host|could not translate host name",
        "host",
        "{Server} cannot be found by that name. See whether this computer is online, and the name right.",
        NotConnectedError,
    ),
    Heard(
        r"timeout expired|timed out|timeout",
        "host",
        "{Server} does not answer. See whether this computer is online.",
        NotConnectedError,
    ),
    Heard(r"Connection refused", "port", _NOT_RUNNING, NotConnectedError),
    Heard(r"No such file or directory", "host", _NOT_RUNNING, NotConnectedError),
    Heard(
        r"Network is (?:unreachable|down)|No route to host",
        "host",
        "{Server} cannot be reached from this network.",
        NotConnectedError,
    ),
    Heard(r"Permission denied", "host", "Your account may not open the socket of {server}."),
    Heard(
        r"received invalid response|unsupported frontend protocol|expected authentication request",
        "host",
        "What answers for {server} is no PostgreSQL server. See whether host and port are right.",
    ),
    Heard(
        r"closed the connection unexpectedly|[Cc]onnection reset|EOF detected",
        "",
        "{Server} broke off the connection.",
        NotConnectedError,
    ),
    Heard(NOT_VERIFIED, "sslmode", "{Server} shows a certificate that cannot be verified."),
    Heard(r"(.*invalid port number.*)", "port", _AS_IT_IS_SAID),
    Heard(r"(?s)(.*certificate.*)", "sslmode", "{Server} cannot be connected to: {0}.", NotConnectedError),
)


def without_place(text: str) -> str:
    """Return the message of a failed connection without where that was tried first."""
    return re.sub(r"(?s)^.*?connection to server [^\n]*? failed: ", "", text, count=1)


def heard_in(text: str) -> tuple[Heard, re.Match[str]] | None:
    """Return what is heard in such a message, and the match; of several what stands first here, None for nothing."""
    for heard in _EVERYTHING:
        if found := re.search(heard.pattern, text):
            return heard, found
    return None
