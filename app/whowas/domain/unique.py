"""Values that only one user may have."""

from __future__ import annotations

from whowas.domain.fields import email_key
from whowas.domain.users import User


def reserved_email(user: User | None) -> str | None:
    """Return the comparison key of the email that this user reserves; None for a deleted user or without email."""
    if user is None or user.email is None or user.status == "deleted":
        return None
    return email_key(user.email)
