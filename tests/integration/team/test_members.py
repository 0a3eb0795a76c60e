"""Who may do what: granted and revoked by admins, for accounts of any name, and never without an admin left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from psycopg import sql

from tests.integration.team.places import MAKER, Place, directory
from whowas.domain.errors import RefusedError, StoreError
from whowas.store.server.connecting.listening import Listener
from whowas.team.creating import create
from whowas.team.members import Member, grant, members, revoke, rights_called

NAMES = ("anna", "Bob O'Neil", 'x;y"z --', "ünïcode", "select", "a" * 63)


@pytest.fixture
def shared(place: Place, tmp_path: Path) -> Place:
    """A place with a directory, whose only member is who made it."""
    create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    for name in NAMES:
        place.cluster.account(name)
    return place


def listed(place: Place, account: str | None = None) -> dict[str, str]:
    with place.log(account) as server:
        return {one.account: one.rights for one in members(server)}


def test_whoever_shares_a_directory_is_its_admin(shared: Place) -> None:
    with shared.log() as server:
        assert members(server) == [Member(MAKER, "admin", is_here=False, is_group=False)]


@pytest.mark.parametrize("name", NAMES)
def test_an_account_of_any_name_has_what_was_granted_last_and_no_more(shared: Place, name: str) -> None:
    with shared.log() as server:
        for rights in ("reader", "admin", "editor", "editor"):
            grant(server, name, rights_called(rights))
            with shared.log(name) as theirs:
                assert (theirs.account, theirs.rights) == (name, rights)
            assert listed(shared)[name] == rights
        revoke(server, name)
        revoke(server, name)

    assert name not in listed(shared)
    with pytest.raises(StoreError, match="no right to that"), shared.log(name):
        pass


def test_only_admins_grant_and_everybody_sees_who_there_is(shared: Place) -> None:
    with shared.log() as server:
        grant(server, "anna", "editor")
        grant(server, "ünïcode", "reader")
    for account in ("anna", "ünïcode"):
        assert listed(shared, account) == {MAKER: "admin", "anna": "editor", "ünïcode": "reader"}
        with shared.log(account) as server:
            for change in (lambda: grant(server, account, "admin"), lambda: revoke(server, MAKER)):  # noqa: B023
                with pytest.raises(StoreError, match="Your account has no right to that"):
                    change()
    assert listed(shared) == {MAKER: "admin", "anna": "editor", "ünïcode": "reader"}


def test_any_admin_takes_back_what_another_one_granted(shared: Place) -> None:
    with shared.log() as server:
        grant(server, "anna", "admin")
        grant(server, "select", "editor")
    with shared.log("anna") as server:
        revoke(server, "select")
        revoke(server, MAKER)
    assert listed(shared, "anna") == {"anna": "admin"}


def test_the_last_admin_stays(shared: Place) -> None:
    with shared.log() as server:
        grant(server, "anna", "editor")
        for change in (lambda: revoke(server, MAKER), lambda: grant(server, MAKER, "reader")):
            with pytest.raises(RefusedError, match=f"“{MAKER}” is the last admin of this directory") as refused:
                change()
            assert refused.value.field == "account"
    assert listed(shared) == {MAKER: "admin", "anna": "editor"}


def test_two_admins_who_revoke_each_other_at_once_leave_one(shared: Place) -> None:
    with shared.log() as server:
        grant(server, "anna", "admin")
    begin = Barrier(2)

    def revoked(by: str, of: str) -> bool:
        with shared.log(by) as server:
            begin.wait()
            try:
                revoke(server, of)
            except StoreError:
                return False
            except RefusedError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(revoked, ("anna", MAKER), (MAKER, "anna")))

    assert sum(done) == 1
    assert list(listed(shared, "anna" if done[0] else MAKER).values()) == ["admin"]


@pytest.mark.parametrize("account", ["nobody-of-that-name", "", "pg_read_all_data", "a\0b", "x" * 200])
def test_an_account_that_there_is_not_is_named_in_one_sentence(shared: Place, account: str) -> None:
    with shared.log() as server:
        for change in (lambda: grant(server, account, "reader"), lambda: revoke(server, account)):
            with pytest.raises(RefusedError, match="The server has no account “") as refused:
                change()
            assert str(refused.value).count("\n") == 0
        with pytest.raises(RefusedError, match="The server has no account"):
            grant(server, server.roles.owner, "admin")
    with pytest.raises(RefusedError, match="There are no rights called “king”, only reader, editor and admin"):
        rights_called("king")


def test_a_group_has_rights_for_its_members_and_that_is_said_where_one_of_them_is_to_have_others(shared: Place) -> None:
    group = sql.Identifier("the office")
    with shared.superuser() as connection:
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {0}; CREATE ROLE {0}; GRANT {0} TO anna").format(group))
    with shared.log() as server:
        grant(server, "the office", "editor")
        expected = {MAKER: "admin", "anna": "editor", "the office": "editor"}
        assert listed(shared, "anna") == expected
        assert [one.account for one in members(server) if one.is_group] == ["the office"]
        for change in (lambda: grant(server, "anna", "reader"), lambda: revoke(server, "anna")):
            with pytest.raises(RefusedError, match="other rights nevertheless, as a member of “the office”"):
                change()
        assert listed(shared) == expected
        revoke(server, "the office")
    assert listed(shared) == {MAKER: "admin"}
    with shared.superuser() as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(group))


def test_what_a_superuser_granted_past_this_is_taken_back_or_said_to_be_theirs(shared: Place) -> None:
    with shared.superuser() as connection, shared.log() as server:
        connection.execute(sql.SQL("GRANT {} TO anna").format(sql.Identifier(server.roles.reader)))
        if connection.info.server_version >= 160_000:
            with pytest.raises(RefusedError, match="nevertheless, as “postgres” granted them and has to revoke them"):
                revoke(server, "anna")
        else:
            revoke(server, "anna")
            assert listed(shared) == {MAKER: "admin"}


def test_a_superuser_is_a_member_only_where_that_was_granted(shared: Place) -> None:
    with shared.log() as server:
        grant(server, "postgres", "editor")
        assert [one.account for one in members(server)] == [MAKER, "postgres"]
        revoke(server, "postgres")
        assert [one.account for one in members(server)] == [MAKER]


def test_who_has_a_window_open_is_here(shared: Place) -> None:
    with shared.log() as server:
        grant(server, "anna", "reader")
        with closing(Listener(shared.of("anna"), server.directory_id)):
            assert {one.account: one.is_here for one in members(server)} == {MAKER: False, "anna": True}
