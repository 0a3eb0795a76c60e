"""Who may do what in a shared directory: accounts of the server, to which roles of the directory are granted."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.domain.errors import RefusedError
from whowas.domain.fields import listed, shortened
from whowas.store.server.administering.membership import memberships, set_rights
from whowas.store.server.roles import RIGHTS, Rights
from whowas.store.server.server_log import ServerLog


@dataclass(frozen=True, slots=True)
class Member:
    """An account that may use the directory; ``is_here`` if a window of theirs is connected now.

    ``is_group`` is one that nobody logs in as: its members have these rights.
    """

    account: str
    rights: Rights
    is_here: bool
    is_group: bool


def members(server: ServerLog) -> list[Member]:
    """Return all who may use the directory, by name, without superusers, whom nobody can keep out.

    Raises StoreError.
    """
    here = set(server.present())
    return [
        Member(account, rights, is_here=account in here, is_group=is_group)
        for account, rights, is_group in memberships(server)
    ]


def rights_called(text: str) -> Rights:
    """Return the rights that are called so. Raises RefusedError."""
    for rights in RIGHTS:
        if text == rights:
            return rights
    raise RefusedError("rights", f"There are no rights called “{shortened(text)}”, only {listed(RIGHTS)}.")


def grant(server: ServerLog, account: str, rights: Rights) -> None:
    """Let an account of the server do what ``rights`` says, and no more than that; may be repeated.

    Raises RefusedError where there is no such account or it is the last admin, StoreError for whoever is no admin.
    """
    set_rights(server, account, rights)


def revoke(server: ServerLog, account: str) -> None:
    """Take all rights in the directory from an account, which stays an account of the server; may be repeated.

    Raises as ``grant`` does.
    """
    set_rights(server, account, None)
