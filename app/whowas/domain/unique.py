"""The values that only one user may have: which email and external id a user takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.errors import RefusedError
from whowas.domain.fields import listed, shortened
from whowas.domain.users import User

Unique = Literal["email", "external_id"]


def reserved(field: Unique, user: User | None) -> str | None:
    """Return the comparison key of ``field`` that nobody else may have while the user is so; None for none.

    A deleted user keeps an external id from others, but no email.
    """
    return reserved_email(user) if field == "email" else reserved_external_id(user)


def reserved_email(user: User | None) -> str | None:
    """Return the comparison key of the email that this user reserves; None for a deleted user or without email."""
    if user is None or user.email is None or user.status == "deleted":
        return None
    return email_key(user.email)


def reserved_external_id(user: User | None) -> str | None:
    """Return the comparison key of the external id that this user reserves, deleted or not; None for none."""
    return None if user is None or user.external_id is None else external_id_key(user.external_id)


def taken(field: Unique, value: str) -> RefusedError:
    """Return the refusal of a value that somebody else has."""
    if field == "email":
        return RefusedError("email", f"Another user has the email {shortened(value)} already.")
    return RefusedError("external_id", f"Another user has the external id {shortened(value)} already.")


def several_called(field: str, who: str, user_ids: Iterable[str]) -> RefusedError:
    """Return the refusal to choose among users who share an email or external id, as in files of older versions."""
    ids = listed(sorted(user_ids))
    return RefusedError(field, f"Several users are called “{shortened(who)}”: {ids}. Give the id of the one you mean.")
