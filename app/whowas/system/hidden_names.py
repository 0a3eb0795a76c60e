"""How hidden folders are called: ``.whowas-XXXXXXXX.new``, with a key of 8 hexadecimal digits."""

from __future__ import annotations

import os

OWNER = ".whowas-owner"
"""The name of the file in a hidden folder whose lock is held by the process that works there."""

_BEGINNING, _END = ".whowas-", ".new"
_DIGITS = frozenset("0123456789abcdef")
_KEY_LETTERS = 8


def new_key() -> str:
    """Return a key at random."""
    return os.urandom(_KEY_LETTERS // 2).hex()


def name_of(key: str) -> str:
    """Return what the hidden folder with that key is called."""
    return f"{_BEGINNING}{key}{_END}"


def key_of(name: str) -> str | None:
    """Return the key of the hidden folder that is called so, None if none is."""
    key = name.removeprefix(_BEGINNING).removesuffix(_END)
    is_key = len(key) == _KEY_LETTERS and _DIGITS.issuperset(key)
    return key if is_key and name == name_of(key) else None
