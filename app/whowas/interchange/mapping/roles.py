"""What a column can be: one of our fields, or something that fields are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal[
    "id",
    "external_id",
    "login",
    "first_name",
    "last_name",
    "name",
    "reversed_name",
    "bare_name",
    "email",
    "phone",
    "title",
    "department",
    "notes",
    "status",
    "enabled",
    "blocked",
    "deleted",
    "deleted_at",
    "account_control",
    "groups",
    "password",
    "password_hash",
]
"""The roles of columns.

``login`` is a name by which people sign in: the external id where nothing better is there, or the email where it is
one. ``name`` holds first and last name, ``reversed_name`` last and first; so does ``bare_name`` ("Name", "Nom",
"Nombre"), unless one of the two has a column: then it is the other. ``enabled``, ``blocked`` and ``deleted`` are
questions that a cell answers with yes or no; ``deleted_at`` says when somebody was deleted, and
``account_control`` is the number by which Active Directory says whether an account is disabled.
"""

ROLES: tuple[Role, ...] = get_args(Role)

Titles = Mapping[Role, tuple[str, ...]]
"""The titles of each role, those that are preferred first; # stands for a number."""

STATUS_ROLES: tuple[Role, ...] = ("status", "enabled", "blocked", "deleted", "deleted_at", "account_control")
