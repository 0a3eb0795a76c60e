"""The certificates of those who are trusted to vouch for servers.

The libpq that comes with psycopg looks for the system's in a folder that does not exist, so they are named by path.
"""

from __future__ import annotations

import os
import ssl
import sys
from contextlib import suppress
from pathlib import Path

from whowas.system import folders

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch, Gentoo, and what derives from them
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, where the link above is gone
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine, FreeBSD
)
"""Where systems keep theirs, as one file in PEM."""


def of_this_person() -> Path:
    """Return where libpq looks for root certificates by itself."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "postgresql" / "root.crt"
    return Path.home() / ".postgresql" / "root.crt"


def of_the_system() -> Path | None:
    """Return the file of the system's root certificates, None where it has none that can be found.

    ``SSL_CERT_FILE`` goes before, as it does for OpenSSL. Windows has no such file, so one is written into the cache.
    """
    named = os.environ.get("SSL_CERT_FILE")
    for bundle in ((named,) if named else ()) + BUNDLES:
        if os.access(bundle, os.R_OK):
            return Path(bundle)
    return _of_windows() if sys.platform == "win32" else None


def trusted(named: str | None) -> str:
    """Return the file of root certificates to verify a server by, ``named`` if that is a path of one.

    ``system`` is libpq's word for those of the system. Where there are none, the path is returned at which libpq misses
    them.
    """
    if named and named != "system":
        return named
    own = of_this_person()
    if named != "system" and own.exists():
        return str(own)
    return str(of_the_system() or own)


def _of_windows() -> Path | None:
    """Write what Windows trusts into the cache, and return that file; None where that cannot be."""
    found: list[tuple[bytes, str, object]] = getattr(ssl, "enum_certificates", lambda _store: [])("ROOT")
    pem = "".join(ssl.DER_cert_to_PEM_cert(der) for der, encoding, _ in found if encoding == "x509_asn")
    path = folders.cache() / "roots.pem"
    with suppress(OSError):
        from whowas.system.unfinished import write_whole

        folders.private_folder(path.parent)
        write_whole(path, pem.encode())
    return path if pem and path.exists() else None
