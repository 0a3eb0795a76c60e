"""Hashing passwords: argon2id with the library's own current parameters (RFC 9106, low memory)."""

from __future__ import annotations

from argon2 import PasswordHasher


def hashed(password: str) -> str:
    """Return the argon2id hash of ``password`` in its standard text form; takes about a tenth of a second."""
    return PasswordHasher().hash(password)
