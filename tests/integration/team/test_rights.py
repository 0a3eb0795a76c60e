"""Every role and every statement: what the server lets whom do, by its SQLSTATE, whatever program they use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from tests.integration.team.places import HASH, NOON, Place, directory, user
from whowas.command_bus.bus import Bus
from whowas.domain.commands import EraseUser, UpdateUser
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.recorded_event import to_blob
from whowas.store.server.administering.prospect import facts_of
from whowas.store.server.making.moving_in import found_at
from whowas.store.server.rows.arrays import bigints, byteas, teach, texts
from whowas.store.server.waking import presence_lock_of
from whowas.team.checking import check
from whowas.team.creating import create
from whowas.team.erasing import sweep_server
from whowas.team.members import grant

FORBIDDEN, NOTHING_GRANTED, STAYS, FINE = "42501", "01007", "23001", "00000"
TABLES = ("directory", "event", "payload", "head", "event_type", "email_owner", "external_id_owner", "follower", "form")

PEOPLE = ("nobody_here", "rita", "edda", "anna")
MEMBERS = {"rita": "reader", "edda": "editor", "anna": "admin"}

FUNCTIONS_OF = {
    "nobody_here": set[str](),
    "rita": {"confirm_forgotten_1", "members_1", "member_rights_1"},
}
FUNCTIONS_OF["edda"] = FUNCTIONS_OF["rita"] | {"append_1", "lock_1"}
FUNCTIONS_OF["anna"] = FUNCTIONS_OF["edda"] | {"load_1", "load_owners_1", "sweep_1", "mark_swept_1", "set_rights_1"}

SELECTS = (
    "SELECT * FROM {table}",
    "COPY {table} TO STDOUT",
    "LOCK TABLE {table} IN ACCESS SHARE MODE",
)
WRITES = (
    "INSERT INTO {table} SELECT * FROM {table} LIMIT 1",
    "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "SELECT * FROM {table} FOR UPDATE",
    "SELECT * FROM {table} FOR KEY SHARE",
    "LOCK TABLE {table} IN ROW EXCLUSIVE MODE",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN more int",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "CREATE INDEX ON {table} ({column})",
    "CREATE RULE none AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TRIGGER none BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "GRANT ALL ON {table} TO PUBLIC",
    "DROP TABLE {table}",
)
ELSEWHERE = (
    "CREATE TABLE whowas.more (x int)",
    "CREATE FUNCTION whowas.more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION whowas.lock_1() RETURNS void LANGUAGE sql AS ''",
    "ALTER FUNCTION whowas.lock_1() SECURITY INVOKER",
    "DROP FUNCTION whowas.append_1",
    "DROP SCHEMA whowas CASCADE",
    "ALTER SCHEMA whowas RENAME TO other",
    "GRANT CREATE ON SCHEMA whowas TO PUBLIC",
    "DROP POLICY everything ON whowas.payload",
    'SET ROLE "{owner}"',
    'SET ROLE "{next}"',
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    'GRANT "{admin}" TO CURRENT_USER',
    'GRANT "{owner}" TO CURRENT_USER',
    'DROP OWNED BY "{owner}"',
    'REASSIGN OWNED BY "{owner}" TO CURRENT_USER',
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' LIMIT 1",
    "SELECT pg_read_file('PG_VERSION')",
    "COPY whowas.event TO PROGRAM 'cat'",
)
HARMLESS = ("NOTIFY whowas, 'gone'", "SELECT pg_advisory_lock(17)", "CREATE TEMP TABLE head (position bigint)")


@pytest.fixture
def shared(place: Place, tmp_path: Path) -> Place:
    """A place with a directory that has members of each kind."""
    create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    for account in PEOPLE:
        place.cluster.account(account)
    with place.log() as server:
        for account, rights in MEMBERS.items():
            grant(server, account, cast("Any", rights))
    return place


def code_of(connection: psycopg.Connection[Any], statement: str) -> str:
    """Return the SQLSTATE of a statement that is undone again, of a warning where it did nothing but that."""
    warnings: list[str] = []

    def heard(diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.sqlstate == NOTHING_GRANTED:
            warnings.append(NOTHING_GRANTED)

    connection.add_notice_handler(heard)
    query = cast("LiteralString", statement)
    try:
        with connection.transaction() as transaction, connection.cursor() as cursor:
            if statement.startswith("COPY") and "STDOUT" in statement:
                with cursor.copy(query) as copying:
                    list(copying)
            else:
                cursor.execute(query)
            raise psycopg.Rollback(transaction)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    finally:
        connection.remove_notice_handler(heard)
        assert connection.info.transaction_status == TransactionStatus.IDLE
    return warnings[0] if warnings else FINE


def of_tables(statements: tuple[str, ...]) -> Iterator[str]:
    columns = {"directory": "value", "event": "chain", "payload": "body", "head": "chain", "follower": "account"}
    columns |= {"event_type": "type", "form": "type", "email_owner": "email", "external_id_owner": "external_id"}
    for table in TABLES:
        for statement in statements:
            yield statement.replace("{table}", f"whowas.{table}").replace("{column}", columns[table])


@pytest.mark.parametrize("account", PEOPLE)
def test_all_that_people_may_do_to_tables_is_to_look(shared: Place, account: str) -> None:
    may_look = FORBIDDEN if account == "nobody_here" else FINE
    expected = dict.fromkeys(of_tables(SELECTS), may_look)
    # Whoever knows the id of a follower speaks for it.
    expected |= {statement: FORBIDDEN for statement in expected if "whowas.follower" in statement}
    expected |= dict.fromkeys(of_tables(WRITES), FORBIDDEN)

    with closing(shared.cluster.connect(shared.database, account)) as connection:
        found = {statement: code_of(connection, statement) for statement in expected}

    for statement, code in found.items():
        if code == NOTHING_GRANTED and statement.startswith("GRANT"):
            expected[statement] = NOTHING_GRANTED
    assert {statement: code for statement, code in found.items() if code != expected[statement]} == {}


@pytest.mark.parametrize("account", PEOPLE)
def test_nothing_beside_the_tables_is_theirs(shared: Place, account: str) -> None:
    with shared.log() as server:
        roles = server.roles
    above = {"rita": roles.editor, "edda": roles.admin}.get(account, roles.owner)
    with closing(shared.cluster.connect(shared.database, account)) as connection:
        found = {
            statement: code_of(connection, statement.format(owner=roles.owner, admin=roles.admin, next=above))
            for statement in ELSEWHERE
        }
        harmless = {statement: code_of(connection, statement) for statement in HARMLESS}

    assert {statement: code for statement, code in found.items() if code not in {FORBIDDEN, NOTHING_GRANTED}} == {}
    assert set(harmless.values()) == {FINE}


@pytest.mark.parametrize("account", PEOPLE)
def test_each_function_is_for_whom_it_is_for(shared: Place, account: str) -> None:
    with shared.superuser() as connection:
        functions = connection.execute(
            "SELECT proname, proargtypes::regtype[]::text[] FROM pg_proc WHERE pronamespace = 'whowas'::regnamespace"
        ).fetchall()
    assert {name for name, _ in functions} > FUNCTIONS_OF["anna"]
    may = set()
    with closing(shared.cluster.connect(shared.database, account)) as connection:
        for name, types in functions:
            nulls = ", ".join(f"NULL::{kind}" for kind in types)
            if code_of(connection, f"SELECT whowas.{name}({nulls})") != FORBIDDEN:
                may.add(name)

    assert may == FUNCTIONS_OF[account]


@pytest.mark.parametrize("as_owner", [True, False])
def test_the_log_refuses_even_its_owner_and_superusers_unless_they_switch_it_off(shared: Place, as_owner: bool) -> None:
    with shared.log() as server:
        owner = server.roles.owner
    changed = ("UPDATE whowas.event SET actor = 'x'", "DELETE FROM whowas.event", "TRUNCATE whowas.event CASCADE")
    payloads = ("UPDATE whowas.payload SET body = ''", "DELETE FROM whowas.payload", "TRUNCATE whowas.payload")
    head = ("DELETE FROM whowas.head", "TRUNCATE whowas.head")
    with shared.superuser() as connection:
        if as_owner:
            connection.execute(f'SET ROLE "{owner}"')
        found = {statement: code_of(connection, statement) for statement in (*changed, *payloads, *head)}
    assert set(found.values()) == {STAYS}, found


def test_a_reader_sees_no_password_hash_by_any_way(shared: Place) -> None:
    told: list[str] = []
    with closing(shared.cluster.connect(shared.database, "edda")) as connection:
        assert any(HASH.encode() in body for (body,) in connection.execute("SELECT body FROM whowas.payload"))
    with closing(shared.cluster.connect(shared.database, "rita")) as connection:
        connection.add_notice_handler(lambda diagnostic: told.append(diagnostic.message_primary or ""))
        connection.execute(
            "CREATE FUNCTION pg_temp.leak(body bytea) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS "
            "$$BEGIN RAISE NOTICE '%', encode(body, 'escape'); RETURN true; END$$"
        )
        seen: list[object] = []
        for statement in (
            "SELECT body FROM whowas.payload WHERE pg_temp.leak(body)",
            "SELECT p.* FROM whowas.event JOIN whowas.payload AS p USING (position) WHERE type = 'PasswordSet'",
            "SELECT row_to_json(p) FROM whowas.payload AS p",
            "SELECT count(*), string_agg(body, NULL) FROM whowas.payload",
            "SELECT * FROM pg_stats WHERE schemaname = 'whowas'",
            "TABLE whowas.payload",
        ):
            seen += connection.execute(cast("LiteralString", statement)).fetchall()
        with connection.cursor().copy("COPY whowas.payload TO STDOUT") as copying:
            copied = b"".join(bytes(part) for part in copying)
        assert code_of(connection, "SET row_security = off") == FINE
        connection.execute("SET row_security = off")
        assert code_of(connection, "SELECT * FROM whowas.payload") == FORBIDDEN
    assert told, "the function was called"
    everything = "\n".join([repr(seen), *told, copied.decode()])
    assert "argon2id" not in everything
    assert HASH.encode().hex() not in everything


def appended(connection: psycopg.Connection[Any], **given: Any) -> str:
    """Append an event by the function itself, as another program might; return the SQLSTATE, or who did it and when."""
    teach(connection)
    row = connection.execute("SELECT position, chain FROM whowas.head").fetchone()
    assert row is not None
    one = to_blob(user(777))
    arrays = (
        *(byteas([to_blob(user(778))]), byteas([one]), bigints([1])),
        *(texts([given.get("type", "UserCreated")]), bigints([1])),
        *(bigints([given.get("occurred_at")]), texts([given.get("actor")]), byteas([None]), byteas([bytes(16)])),
        byteas([given.get("body", b'{"user_id":"%s","fields":{},"attributes":{}}' % user(777).encode())]),
    )
    nothing = (byteas([]), bigints([]), *[texts([]), byteas([])] * 4, given.get("erased", byteas([])))
    frame = (*row, False, False, given.get("change", to_blob(user(779))), given.get("causation"))
    query = "SELECT * FROM whowas.append_1(" + ", ".join(["%b"] * 27) + ")"
    try:
        with connection.transaction() as transaction:
            connection.execute(cast("LiteralString", query), (*frame, *arrays, *nothing))
            kept = connection.execute(
                "SELECT actor || ' ' || (abs(recorded_at - extract(epoch FROM clock_timestamp()) * 1e6) < 6e7) "
                "FROM whowas.event ORDER BY position DESC LIMIT 1"
            ).fetchone()
            raise psycopg.Rollback(transaction)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    return str(kept[0]) if kept else ""


def test_an_editor_cannot_forge_who_and_when(shared: Place) -> None:
    hour_us, now_us = 3_600_000_000, NOON + 3_600_000_000 * 24 * 365 * 20
    with closing(shared.cluster.connect(shared.database, "edda")) as connection:
        assert appended(connection) == "edda true"
        assert appended(connection, occurred_at=NOON - hour_us) == "edda true"
        assert appended(connection, actor="ines") == "WH003"
        assert appended(connection, causation='{"import":{"source":"a","by":"ines"}}') == "WH003"
        assert appended(connection, actor="ines", causation='{"import":{"source":"a","by":"anna"}}') == "WH003"
        assert appended(connection, occurred_at=now_us) == "WH002"
        (last,) = connection.execute("SELECT change_id FROM whowas.head").fetchone() or (None,)
        assert appended(connection, change=last) == "WH006", "what somebody did does not become more"
        connection.execute("CREATE TEMP TABLE head AS SELECT * FROM whowas.head")
        connection.execute("CREATE TEMP TABLE event AS SELECT * FROM whowas.event")
        assert appended(connection) == "edda true"
        assert appended(connection, body=b'{"first_name":"Eve"}') == "WH008", "no window could read that"
        assert appended(connection, causation='{"import":{"by":"edda"}}') == "WH008"


def test_nobody_is_erased_by_name_only(shared: Place) -> None:
    with closing(shared.cluster.connect(shared.database, "edda")) as connection:
        assert appended(connection, type="UserErased", erased=byteas([to_blob(user(777))])) == "WH004"
    with closing(shared.cluster.connect(shared.database, "anna")) as connection:
        assert appended(connection, type="UserErased") == "WH006"
        assert appended(connection, type="UserErased", erased=None) == "WH006"
        assert appended(connection, type="UserErased", erased=byteas([None])) == "WH006"


def test_a_reader_who_takes_every_lock_that_they_can_stops_nobody(shared: Place) -> None:
    with shared.log() as server:
        keys = [key := presence_lock_of(server.directory_id), key ^ 1, 1, 17]
    with closing(shared.cluster.connect(shared.database, "rita")) as reading:
        reading.execute("BEGIN")
        for key in keys:
            reading.execute("SELECT pg_advisory_lock(%s)", (key,))
        for table in set(TABLES) - {"follower"}:
            reading.execute(cast("LiteralString", f"LOCK TABLE whowas.{table} IN ACCESS SHARE MODE"))
        with closing(SharedDirectory.open(shared.of("edda"))) as window:
            bus = Bus(window.writes, clock=window.clock, actor=window.account)
            assert bus.dispatch(UpdateUser(user(0), {"title": "Head"})).events == 1
        reading.rollback()


BETTER_FITS = (
    ("numeric", "integer", "numeric", "*"),
    ("double precision", "integer", "double precision", "*"),
    ("oid", "regnamespace", "boolean", "="),
    ("name", "name", "boolean", "!~"),
    ("name", "text", "text", "has_database_privilege"),
    ("text", "text", "text", "format"),
    ("text", "oid", "aclitem[]", "acldefault"),
    ("name", "text", "boolean", "pg_has_role"),
    ("oid", "text", "boolean", "pg_has_role"),
)
"""Types of two arguments, and what comes of them, of operators and functions that fit what is asked better than those
of PostgreSQL, if that is not asked with their very types."""


def test_who_may_make_functions_in_the_database_has_none_carried_out_by_others(shared: Place) -> None:
    with shared.superuser() as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    with closing(shared.cluster.connect(shared.database, "rita")) as connection:
        connection.execute("CREATE TABLE public.caught (who text, what text)")
        connection.execute("GRANT INSERT ON public.caught TO PUBLIC")
        for number, (left, right, becomes, name) in enumerate(BETTER_FITS):
            is_operator = not name.isidentifier()
            more = ", c text" if name == "pg_has_role" else ""
            function = f"trap_{number}" if is_operator else name
            connection.execute(
                cast(
                    "LiteralString",
                    f"CREATE FUNCTION public.{function}(a {left}, b {right}{more}) RETURNS {becomes} LANGUAGE plpgsql "
                    f"AS $$BEGIN INSERT INTO public.caught VALUES (current_user, '{name}'); RETURN NULL; END$$",
                )
            )
            if is_operator:
                connection.execute(
                    cast(
                        "LiteralString",
                        f"CREATE OPERATOR public.{name} (LEFTARG = {left}, RIGHTARG = {right}, FUNCTION = {function})",
                    )
                )
    with closing(SharedDirectory.open(shared.of("anna"))) as window:
        bus = Bus(window.writes, clock=window.clock, actor=window.account)
        bus.dispatch(EraseUser(user(0)))
        window.follow()
        assert window.wait(0.1) in {True, False}
        window.present()
    with shared.log("anna") as server:
        check(server)
        server.not_forgotten()
        sweep_server(server)
        facts_of(server.connection, shared.of("anna"))
        assert server.directory_id == found_at(replace(shared.of("anna"), directory_id=server.directory_id))
    with shared.superuser() as connection:
        assert connection.execute("SELECT who, what FROM public.caught").fetchall() == []


def test_a_reader_keeps_nobody_waiting_by_speaking_for_their_computers(shared: Place) -> None:
    with closing(SharedDirectory.open(shared.of("edda"))):
        pass
    with closing(shared.cluster.connect(shared.database, "rita")) as reading:
        assert code_of(reading, "SELECT account, forgotten, seen_at FROM whowas.follower") == FINE
        for statement in ("SELECT follower_id FROM whowas.follower", "SELECT count(follower_id) FROM whowas.follower"):
            assert code_of(reading, statement) == FORBIDDEN
        reading.execute("ANALYZE")
        stats = "SELECT * FROM pg_stats WHERE tablename = 'follower' AND attname = 'follower_id'"
        assert reading.execute(stats).fetchall() == []
