"""The values that only one user may have: which email and external id a user takes."""

from __future__ import annotations

from typing import Literal

from whowas.domain.fields import email_key
from whowas.domain.users import User

Unique = Literal["email", "external_id"]


def reserved(field: Unique, user: User) -> str | None:
    """Return the key of ``field`` that nobody else may have while the user is so; None for none."""
    return reserved_email(user) if field == "email" else user.external_id


def reserved_email(user: User | None) -> str | None:
    """Return the comparison key of the email that this user reserves; None for a deleted user or without email."""
    if user is None or user.email is None or user.status == "deleted":
        return None
    return email_key(user.email)
