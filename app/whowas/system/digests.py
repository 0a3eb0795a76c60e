"""SHA-256 for those whom a window waits for: ``hashlib`` loads OpenSSL, which is a hundredth of a start."""

from __future__ import annotations


def sha256(content: bytes) -> bytes:
    """Return the 32 bytes of a content's SHA-256, made by Python's own code where it has some.

    The standard library's ``random`` does the same for the same reason.
    """
    try:
        from _sha2 import sha256 as made  # type: ignore[import-not-found,unused-ignore] # since Python 3.12
    except ImportError:
        try:
            from _sha256 import sha256 as made  # type: ignore[import-not-found,unused-ignore]
        except ImportError:
            from hashlib import sha256 as made
    digest: bytes = made(content).digest()
    return digest
