"""How emails and external ids were compared before there were ``comparison_keys``: in files of schema 1 and 2."""

from __future__ import annotations

import unicodedata

from whowas.domain.unique import Unique
from whowas.domain.users import User


def former_key(field: Unique, text: str) -> str:
    """Return the key under which a file of schema 1 or 2 keeps the owner of an email or external id."""
    if field == "external_id":
        return text
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def formerly_reserved(field: Unique, user: User) -> str | None:
    """Return the key that a user reserves in a file of schema 1 or 2; None for none."""
    text = user.text(field)
    return None if text is None or (field == "email" and user.status == "deleted") else former_key(field, text)
