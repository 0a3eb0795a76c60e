"""Password hashes that the server of a shared directory hides from readers, and what stands in their place.

That a password was set is no secret, and a reader must not be told that there is none. So a ``PasswordSet`` whose
payload is hidden is read as one of a stand-in, which is never taken for a hash: ``decide`` lets nobody store it. Each
has another one, because setting a password again alters it, whatever it was.
"""

from __future__ import annotations

_MARK = "hidden:"


def stand_in(position: int) -> str:
    """Return what stands for the hash that was set at a position of the log."""
    return f"{_MARK}{position}"


def is_stand_in(password_hash: str | None) -> bool:
    """Return whether a user's password is set, but its hash is hidden from whoever asks."""
    return password_hash is not None and password_hash.startswith(_MARK)
