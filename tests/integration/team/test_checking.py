"""What ``check`` says of a server: it names what was altered, and what nobody promises."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.team.places import Place, directory, followed
from tests.postgres import running_cluster
from whowas.team.checking import Finding, check
from whowas.team.creating import create


@pytest.fixture
def shared(place: Place, tmp_path: Path) -> Place:
    """A place with a directory."""
    create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    return place


def wrong(findings: list[Finding]) -> list[str]:
    # The tests' own server is quick rather than durable.
    durable = "With fsync and full_page_writes switched off, a crash of the server's machine can damage the directory."
    return [one.sentence for one in findings if one.state == "wrong" and one.sentence != durable]


def test_a_directory_as_it_was_made_is_fine(shared: Place, tmp_path: Path) -> None:
    with shared.log() as server, closing(followed(server, tmp_path / "f.whowas")) as log:
        findings = check(server, log)
        version = (server.connection.info.parameter_status("server_version") or "").split(" ")[0]

    assert wrong(findings) == []
    assert [one.sentence for one in findings if one.state == "fine"] == [
        f"The server is PostgreSQL {version}.",
        "The connection stays within this computer.",
        "“maker” is admin: may do everything: erase for ever, and say who may what.",
        "Tables, functions and rights on the server are as this program made them.",
        "The history on the server is the one this computer saw, up to event 5.",
    ]
    known = [one.sentence for one in findings if one.state == "to know"]
    assert known[0].startswith("What is saved is on one server only")
    assert known[1].startswith("Whether backups are made of the server cannot be seen from here")
    assert "“postgres”" in known[2]


ALTERED = {
    "ALTER TABLE whowas.event DISABLE TRIGGER event_stays": (
        "On the server the trigger event_stays of the table event is switched off."
    ),
    "DROP TRIGGER payload_stays ON whowas.payload": (
        "On the server the trigger payload_stays of the table payload is missing."
    ),
    "CREATE OR REPLACE FUNCTION whowas.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$": (
        "On the server the function refuse was altered."
    ),
    "CREATE FUNCTION whowas.more() RETURNS int LANGUAGE sql AS 'SELECT 1'": (
        "On the server there is a function more that is none of Whowas."
    ),
    "CREATE TABLE whowas.extra (x int)": (
        "On the server there is a table, view or sequence extra that is none of Whowas."
    ),
    "GRANT INSERT ON whowas.event TO PUBLIC": "On the server “everybody” has the right INSERT on the table event.",
    "GRANT UPDATE (chain) ON whowas.event TO maker": "On the server “maker” has the right UPDATE on the table event.",
    "GRANT EXECUTE ON FUNCTION whowas.load_1 TO PUBLIC": (
        "On the server “everybody” has the right EXECUTE on the function load_1."
    ),
    "ALTER TABLE whowas.payload DISABLE ROW LEVEL SECURITY": (
        "On the server the table payload shows password hashes to readers."
    ),
    "CREATE POLICY open ON whowas.payload FOR SELECT USING (true)": (
        "On the server the table payload has a policy open that is none of Whowas."
    ),
    "ALTER TABLE whowas.head OWNER TO postgres": "On the server the table head belongs to “postgres”.",
    "ALTER FUNCTION whowas.append_1 SECURITY INVOKER": "On the server the function append_1 was altered.",
    "ALTER FUNCTION whowas.append_1 SET search_path = public, pg_temp": (
        "On the server the function append_1 was altered."
    ),
    "ALTER FUNCTION whowas.lock_1 RESET search_path": "On the server the function lock_1 was altered.",
    "CREATE RULE none AS ON INSERT TO whowas.event DO INSTEAD NOTHING": (
        "On the server the table event has rules that are none of Whowas."
    ),
}


def test_roles_that_were_altered_are_named(shared: Place) -> None:
    with shared.log() as server:
        roles = server.roles
    with shared.superuser() as connection:
        for role, member in ((roles.reader, roles.editor), (roles.admin, roles.owner)):
            connection.execute(f'REVOKE "{role}" FROM "{member}" CASCADE')  # type: ignore[arg-type]
        connection.execute(f'GRANT "{roles.reader}" TO "{shared.maker}"')  # type: ignore[arg-type]
    with shared.log() as server:
        assert wrong(check(server)) == [
            f"On the server the role {roles.editor} does not include {roles.reader} any more.",
            f"On the server the role {roles.owner} cannot grant {roles.admin} any more.",
        ]


@pytest.mark.parametrize("statement", ALTERED)
def test_what_was_altered_is_named(shared: Place, statement: str) -> None:
    with shared.superuser() as connection:
        connection.execute(statement)
    with shared.log() as server:
        found = wrong(check(server))
    assert ALTERED[statement] in found
    assert [one for one in found if not one.startswith("On the server")] == []


def test_another_history_is_wrong(shared: Place, tmp_path: Path) -> None:
    with shared.log() as server, closing(followed(server, tmp_path / "f.whowas")) as log:
        with shared.superuser() as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE whowas.event SET chain = sha256(chain) WHERE position = 5")
        assert wrong(check(server, log)) == ["The history on the server is not the one this computer saw."]


def test_what_a_server_promises_is_what_it_is_set_to(tmp_path: Path) -> None:
    with running_cluster(durable=True) as cluster:
        place = Place(cluster, cluster.database(), "postgres")
        create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
        with place.log() as server:
            assert Finding("fine", "What is saved is on the server's disk.") in check(server)
        cluster.set(synchronous_commit="off")
        with place.log() as server:
            assert wrong(check(server)) == [
                "With synchronous_commit switched off, a crash can take changes that were saved."
            ]
        cluster.set(synchronous_commit="on", synchronous_standby_names="elsewhere")
        with place.log() as server:
            assert wrong(check(server)) == [
                "Each change waits for a second server, and none is connected: saving will hang."
            ]
