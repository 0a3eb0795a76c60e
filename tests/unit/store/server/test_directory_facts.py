"""What a directory on a server says of itself, and rows that are no directory's."""

from __future__ import annotations

import pytest

from whowas.domain.errors import StoreError
from whowas.store.server.address import ServerAddress
from whowas.store.server.directory_facts import facts_of
from whowas.store.server.roles import DirectoryRoles

ADDRESS = ServerAddress(schema="staff")
FACTS = {"id": "d", "version": "1", "oldest": "1", "owner": "o", "reader": "r", "editor": "e", "admin": "a"}


def rows_of(facts: dict[str, str], *has: str) -> list[tuple[str, str, str, bool, int]]:
    return [(key, value, "ada", key in has, 17) for key, value in facts.items()]


@pytest.mark.parametrize(
    ("has", "rights"),
    [((), None), (("reader",), "reader"), (("reader", "editor"), "editor"), (("reader", "editor", "admin"), "admin")],
)
def test_the_most_that_an_account_may_counts(has: tuple[str, ...], rights: str | None) -> None:
    facts = facts_of(rows_of(FACTS, *has), ADDRESS)
    assert (facts.directory_id, facts.version, facts.account, facts.rights) == ("d", 1, "ada", rights)
    assert facts.roles == DirectoryRoles("o", "r", "e", "a")
    assert facts.session == 17


@pytest.mark.parametrize("missing", FACTS)
def test_without_one_of_its_facts_it_is_no_directory(missing: str) -> None:
    with pytest.raises(StoreError, match="“staff” on the server is no directory of Whowas"):
        facts_of(rows_of({key: value for key, value in FACTS.items() if key != missing}), ADDRESS)
