"""Why a server's certificate is not believed: libpq only says that it is not."""

from __future__ import annotations

import socket
import ssl
import struct

_SSL_REQUEST = struct.pack("!ii", 8, 80_877_103)
"""What a client of PostgreSQL sends to begin TLS (“Message Formats”, SSLRequest)."""

_SECONDS = 5

_EXPIRED, _NOT_YET = 10, 9
_SELF_SIGNED = frozenset({18, 19})
_UNKNOWN = frozenset({2, 20, 21})
"""OpenSSL's codes (openssl-verification-options, X509_V_ERR_…): those whose signer is not known."""


def fault_of(host: str, port: int, roots: str) -> str | None:
    """Return what is wrong with the certificate of a server, as a half-sentence; None where that cannot be seen now.

    Asks the server for it once more, and goes away before saying who asks.
    """
    try:
        context = ssl.create_default_context(cafile=roots)
        with socket.create_connection((host, port), _SECONDS) as connection:
            connection.sendall(_SSL_REQUEST)
            if connection.recv(1) != b"S":
                return None
            with context.wrap_socket(connection, server_hostname=host):
                return None
    except ssl.SSLCertVerificationError as error:
        return _told(error.verify_code)
    except OSError:  # ssl.SSLError is one: as where the file holds no certificates
        return None


def _told(code: int) -> str | None:
    if code == _EXPIRED:
        return "has expired; whoever keeps the server has to renew it"
    if code == _NOT_YET:
        return "is not valid yet; see whether this computer's date is right"
    if code in _SELF_SIGNED:
        return "is signed by nobody this computer knows, but by itself or by a root of its own"
    if code in _UNKNOWN:
        return "is signed by nobody this computer knows"
    return None
