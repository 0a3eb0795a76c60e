"""What a directory on a server says of itself, and of the account that asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from whowas.domain.errors import StoreError
from whowas.domain.fields import shortened
from whowas.store.server.address import ServerAddress
from whowas.store.server.roles import RIGHTS, DirectoryRoles, Rights
from whowas.store.server.version import SERVER_VERSION

SELECT_FACTS = """
SELECT key, value, session_user::text,
       CASE WHEN key IN ('reader', 'editor', 'admin') THEN pg_has_role(session_user, value::name, 'USAGE'::text) END,
       pg_backend_pid()
FROM {schema}.directory
"""
_ALWAYS_THERE = {"id", "owner", "reader", "editor", "admin"}


@dataclass(frozen=True, slots=True)
class DirectoryFacts:
    """Which directory it is, and of which version; who asks, and what they may do: None where they have no role.

    ``session`` is the number of the server's process that answered.
    """

    directory_id: str
    version: int
    roles: DirectoryRoles
    account: str
    rights: Rights | None
    session: int


def facts_of(rows: Iterable[tuple[Any, ...]], address: ServerAddress) -> DirectoryFacts:
    """Return what the rows of ``SELECT_FACTS`` say.

    Raises StoreError where they are no directory's, or that of another one than ``address`` expects or of one that
    needs a newer program.
    """
    facts: dict[str, str] = {}
    has: set[str] = set()
    account, session = "", 0
    for key, value, asking, has_role, answering in rows:
        facts[key], account, session = value, str(asking), answering
        if has_role:
            has.add(key)
    _require_usable(facts, address)
    return DirectoryFacts(
        directory_id=facts["id"],
        version=int(facts["version"]),
        roles=DirectoryRoles(facts["owner"], facts["reader"], facts["editor"], facts["admin"]),
        account=account,
        rights=next((each for each in reversed(RIGHTS) if each in has), None),
        session=session,
    )


def _require_usable(facts: dict[str, str], address: ServerAddress) -> None:
    version, oldest = facts.get("version", ""), facts.get("oldest", "")
    if not (version.isdecimal() and oldest.isdecimal() and facts.keys() >= _ALWAYS_THERE):
        raise StoreError(f"What is in the schema “{address.schema}” on the server is no directory of Whowas.")
    if int(oldest) > SERVER_VERSION:
        needs = shortened(facts.get("needs", "of a newer version"))
        raise StoreError(f"The directory on the server needs Whowas {needs} or later. Nothing was changed there.")
    if address.directory_id not in {None, facts["id"]}:
        raise StoreError(
            f"The directory in the schema “{address.schema}” on the server is another one than the one that was shared "
            "with you. Ask whoever keeps the server where yours is now."
        )
