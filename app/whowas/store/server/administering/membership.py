"""Accounts and roles of a server: who may do what in the directory on it."""

from __future__ import annotations

from typing import NamedTuple

import psycopg

from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.fields import listed, shortened
from whowas.store.server.roles import Rights
from whowas.store.server.server_log import ServerLog

_MEMBERS = "SELECT account, rights, is_group FROM {schema}.members_1()"
_SET_RIGHTS = "SELECT {schema}.set_rights_1(%s, %s)"


class Membership(NamedTuple):
    """An account, or a group of accounts, with what it may do."""

    account: str
    rights: Rights
    is_group: bool


def memberships(server: ServerLog) -> list[Membership]:
    """Return all who may use a directory, by name; superusers, whom nobody can keep out, only where it was granted.

    Raises StoreError.
    """
    return [Membership(*row) for row in server.ask(_MEMBERS)]


def set_rights(server: ServerLog, account: str, rights: Rights | None) -> None:
    """Let an account do what ``rights`` says and no more, nothing where that is None.

    Raises RefusedError, which names the field "account", where that cannot be; StoreError for whoever is no admin.
    """
    if "\0" in account:
        raise _unknown(account)
    try:
        server.ask(_SET_RIGHTS, account, rights)
    except StoreError as error:
        refused = _refused(error.__cause__, account)
        if refused is None:
            raise
        raise refused from error


def _refused(error: object, account: str) -> RefusedError | None:
    """Return why an account cannot be given such rights, None where the error says nothing of that."""
    if not isinstance(error, psycopg.Error):
        return None
    named = f"“{shortened(account)}”"
    match error.sqlstate:
        case "WH011":
            return _unknown(account)
        case "WH012":
            sentence = f"{named} is the last admin of this directory. Grant somebody else admin first."
        case "WH013":
            sentence = f"{named} would have other rights nevertheless, {_why(error)}. Nothing was changed."
        case _:
            return None
    return RefusedError("account", sentence)


def _unknown(account: str) -> RefusedError:
    return RefusedError(
        "account",
        f"The server has no account “{shortened(account)}”. Whoever keeps it makes one with CREATE ROLE … LOGIN.",
    )


def _why(error: psycopg.Error) -> str:
    """Return by what an account has rights that nobody can take from it here, as the end of a sentence."""
    groups, grantors = (error.diag.message_detail or "").splitlines(), (error.diag.message_hint or "").splitlines()
    if groups:
        return f"as a member of {listed(f'“{shortened(name)}”' for name in groups)}"
    if grantors:
        return f"as {listed(f'“{shortened(name)}”' for name in grantors)} granted them and has to revoke them"
    return "as it does not inherit the rights of its roles (NOINHERIT)"
