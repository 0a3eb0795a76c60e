"""Which accounts of a server may do what in a directory: a role of the directory is granted to them."""

from __future__ import annotations

from whowas.store.server.roles import Rights
from whowas.store.server.server_log import ServerLog

_SELECT_MEMBERS = """
SELECT r.rolname::text, CASE WHEN pg_has_role(r.oid, %s, 'USAGE') THEN 'admin'
    WHEN pg_has_role(r.oid, %s, 'USAGE') THEN 'editor' ELSE 'reader' END
FROM pg_roles AS r
WHERE r.rolcanlogin AND pg_has_role(r.oid, %s, 'USAGE') AND (NOT r.rolsuper OR EXISTS (
    SELECT 1 FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid
    WHERE m.member = r.oid AND g.rolname = ANY (%s)
))
ORDER BY 1
"""


def members(server: ServerLog) -> list[tuple[str, Rights]]:
    """Return (account, rights) of all who may use the directory, by name.

    A superuser is one only where that was granted, though nobody can keep superusers out.
    """
    roles = server.roles
    granted = [roles.reader, roles.editor, roles.admin]
    return [
        (account, rights)
        for account, rights in server.ask(_SELECT_MEMBERS, roles.admin, roles.editor, roles.reader, granted)
    ]


def is_account(server: ServerLog, account: str) -> bool:
    """Return whether the server has an account of that name that may log in."""
    return bool(server.ask("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolcanlogin", account))


def grant(server: ServerLog, account: str, rights: Rights) -> None:
    """Let an account do what ``rights`` says, and no more than that. Raises StoreError for whoever is no admin."""
    server.ask("SELECT {schema}.grant_1(%s, %s)", account, rights)


def revoke(server: ServerLog, account: str) -> None:
    """Take all rights in the directory from an account. Raises StoreError for whoever is no admin."""
    server.ask("SELECT {schema}.revoke_1(%s)", account)
