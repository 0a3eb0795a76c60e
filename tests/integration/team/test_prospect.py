"""What is said of a server before a directory is moved there: what stands in the way, and what to know."""

from __future__ import annotations

from tests.postgres import Cluster
from whowas.store.server.address import ServerAddress
from whowas.team.prospect import Prospect, look_at


def seen(cluster: Cluster, database: str, user: str) -> Prospect:
    return look_at(ServerAddress(host=str(cluster.folder), port=str(cluster.port), dbname=database, user=user))


def said(prospect: Prospect, state: str) -> str:
    return " ".join(finding.sentence for finding in prospect.findings if finding.state == state)


def test_a_free_schema_and_an_account_that_may_make_roles_will_do(cluster: Cluster, database: str) -> None:
    cluster.account("ada")
    cluster.account("builder", None, "CREATEROLE")
    with cluster.superuser() as connection:
        connection.execute(f'GRANT CREATE ON DATABASE "{database}" TO builder')
    prospect = seen(cluster, database, "builder")
    assert prospect.possible
    assert prospect.account == "builder"
    assert {"ada", "builder", "postgres"} <= set(prospect.accounts)
    assert "pg_monitor" not in prospect.accounts
    assert prospect.answer.startswith("Connected as builder, by a socket: PostgreSQL ")
    assert "is free" in said(prospect, "fine")
    assert "The connection stays within this computer." in said(prospect, "fine")
    assert "made and kept by its administrator" in said(prospect, "to know")
    assert "fsync" in said(prospect, "wrong"), "as the tests' server has it switched off"


def test_an_account_without_rights_is_told_the_commands_that_give_them(cluster: Cluster, database: str) -> None:
    cluster.account('odd "one"', None, "NOCREATEROLE")
    prospect = seen(cluster, database, 'odd "one"')
    assert not prospect.possible
    wrong = said(prospect, "wrong")
    commands = 'ALTER ROLE "odd ""one""" CREATEROLE;', f'GRANT CREATE ON DATABASE "{database}" TO "odd ""one""";'
    assert all(command in wrong for command in commands)
    with cluster.superuser() as connection:
        for command in commands:
            connection.execute(command)
    assert seen(cluster, database, 'odd "one"').possible


def test_a_schema_that_holds_something_is_left_alone(cluster: Cluster, database: str) -> None:
    with cluster.superuser(database) as connection:
        connection.execute("CREATE SCHEMA whowas")
    assert seen(cluster, database, "postgres").possible, "an empty one may have been made for it"
    with cluster.superuser(database) as connection:
        connection.execute("CREATE TABLE whowas.other (id integer)")
    other = seen(cluster, database, "postgres")
    assert not other.possible
    assert "holds other tables" in said(other, "wrong")
    with cluster.superuser(database) as connection:
        connection.execute("CREATE TABLE whowas.directory (id integer)")
    assert "holds a directory already" in said(seen(cluster, database, "postgres"), "wrong")
