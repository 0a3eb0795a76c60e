"""What the server keeps people from, whatever program they use."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import chain
from typing import Any

import psycopg
import pytest
import uuid_utils
from psycopg import sql

from tests.decisions import decided
from tests.postgres import Cluster, running_cluster
from tests.shared_directories import OnServer, installed
from tests.unit.store.test_directory_log import ADA, BEN, new
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.events import UserUpdated
from whowas.store.chain import first_damage
from whowas.store.decided import Moved
from whowas.store.server import server_log
from whowas.store.server.making.installing import install
from whowas.store.server.rows import arrays
from whowas.store.server.rows.calls import whole_call
from whowas.store.server.rows.decided_rows import Appended, encoded, foundations, frame, owners
from whowas.store.server.server_log import ServerLog

TABLES = ("directory", "event", "payload", "head", "event_type", "email_owner", "external_id_owner", "follower", "form")
STATEMENTS = ("INSERT INTO {} SELECT * FROM {}", "UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}")


def _statement(template: str, schema: str, table: str) -> sql.Composed:
    name = sql.Identifier(schema, table)
    column = {"directory": "value", "payload": "salt", "follower": "account", "head": "position"}.get(table, "type")
    column = {"email_owner": "email", "external_id_owner": "external_id"}.get(table, column)
    if template.startswith("UPDATE"):
        return sql.SQL(template).format(name, sql.Identifier(column), sql.Identifier(column))
    return sql.SQL(template).format(name, name)  # type: ignore[arg-type]


@pytest.mark.parametrize("rights", ["reader", "editor", "admin"])
def test_nobody_may_do_more_than_look_at_a_table(on_server: OnServer, rights: str) -> None:
    account = on_server.member(f"only_{rights}", rights)  # type: ignore[arg-type]
    connection = on_server.cluster.connect(on_server.database, account)
    try:
        for table in TABLES:
            shown = "account, forgotten, seen_at" if table == "follower" else "*"
            connection.execute(
                sql.SQL("SELECT {} FROM {}").format(sql.SQL(shown), sql.Identifier(on_server.schema, table))  # type: ignore[arg-type]
            )
            for template in STATEMENTS:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(_statement(template, on_server.schema, table))
            locking = sql.SQL("SELECT * FROM {} FOR UPDATE").format(sql.Identifier(on_server.schema, table))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(locking)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("CREATE TABLE {} ()").format(sql.Identifier(on_server.schema, "own")))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(f"{on_server.schema}_owner")))
    finally:
        connection.close()


def test_who_is_no_member_sees_nothing(on_server: OnServer) -> None:
    on_server.cluster.account("nobody_here")
    with pytest.raises(StoreError, match="no right"), on_server.log("nobody_here"):
        pass


@pytest.mark.parametrize("table", ["event", "payload", "head"])
@pytest.mark.parametrize("template", STATEMENTS[1:])
def test_even_the_owner_is_refused(on_server: OnServer, table: str, template: str) -> None:
    with on_server.log() as log:
        log.append(decided(log.head(), new(ADA)))
        rows = list(chain.from_iterable(log.pages(0)))
        with on_server.cluster.superuser(on_server.database) as connection:
            if (table, template) == ("head", STATEMENTS[1]):  # that is what each change does
                connection.execute(_statement(template, on_server.schema, table))
            else:
                with pytest.raises(psycopg.errors.RestrictViolation):
                    connection.execute(_statement(template, on_server.schema, table))
        assert list(chain.from_iterable(log.pages(0))) == rows


def test_the_chain_does_not_depend_on_what_a_client_speaks(on_server: OnServer) -> None:
    with on_server.log() as log:
        log.append(decided(log.head(), new(ADA)))
        log.connection.execute("SET client_encoding = 'LATIN1'")
        query = "SELECT {schema}.packed_text(convert_from('\\xc3a4', 'UTF8'))"
        with on_server.cluster.superuser(on_server.database) as connection:
            connection.execute("SET client_encoding = 'LATIN1'")
            named = sql.SQL(query).format(schema=sql.Identifier(on_server.schema))  # type: ignore[arg-type]
            assert connection.execute(named).fetchone() == (b"\xa2\xc3\xa4",)


def test_another_directory_is_refused_and_so_is_a_newer_one(on_server: OnServer) -> None:
    with on_server.log() as log:
        connection, address = log.connection, log.address
        with pytest.raises(RefusedError, match="already"):
            install(connection, on_server.schema, BEN)
        with on_server.cluster.superuser(on_server.database) as superuser:
            table = sql.Identifier(on_server.schema, "directory")
            superuser.execute(sql.SQL("UPDATE {} SET value = '3' WHERE key = 'oldest'").format(table))
            with pytest.raises(StoreError, match="needs Whowas"):
                ServerLog(connection, address)
            superuser.execute(sql.SQL("UPDATE {} SET value = '1' WHERE key = 'oldest'").format(table))
            superuser.execute(sql.SQL("UPDATE {} SET value = {} WHERE key = 'id'").format(table, BEN))
            with pytest.raises(StoreError, match="is another one"):
                ServerLog(connection, address)


@pytest.mark.parametrize("is_same_place", [True, False])
def test_two_directories_are_made_at_the_same_moment(cluster: Cluster, is_same_place: bool) -> None:
    place = cluster.database()
    first, second = cluster.connect(place), cluster.connect(place if is_same_place else cluster.database())
    with closing(first), closing(second), ThreadPoolExecutor(1) as pool:
        with first.transaction():
            install(first, place, str(uuid_utils.uuid7()))
            other = pool.submit(install, second, place, str(uuid_utils.uuid7()))
            with pytest.raises(TimeoutError):
                other.result(0.5)
        if is_same_place:
            with pytest.raises(RefusedError, match="There is something in the schema"):
                other.result(30)
        else:
            roles = other.result(30)
            assert roles.owner.startswith(f"{place}_")
            assert second.execute("SELECT to_regclass(%s)", (f"{place}.event",)).fetchone() != (None,)


def test_what_a_superuser_alters_the_chain_tells(on_server: OnServer) -> None:
    with on_server.log() as log:
        for version in range(1, 6):
            log.append(decided(log.head(), new(ADA, version)))
        with on_server.cluster.superuser(on_server.database) as connection:
            connection.execute("SET session_replication_role = replica")
            table = sql.Identifier(on_server.schema, "event")
            connection.execute(sql.SQL("UPDATE {} SET actor = 'nobody' WHERE position = 3").format(table))
        damage = first_damage(list(chain.from_iterable(log.pages(0))))
        assert damage is not None
        assert damage.position == 3


def test_who_waits_for_the_lock_is_told_that_the_server_is_busy(on_server: OnServer) -> None:
    """After five seconds, which are a tenth of one here."""
    function = f"FROM pg_proc WHERE proname = 'append_1' AND pronamespace = '{on_server.schema}'::regnamespace"
    with on_server.cluster.superuser(on_server.database) as connection:
        ((settings, name),) = connection.execute(f"SELECT proconfig, oid::regprocedure::text {function}").fetchall()
        assert "lock_timeout=5s" in settings
        connection.execute(f"ALTER FUNCTION {name} SET lock_timeout = '100ms'")
    with on_server.log() as holding, on_server.log() as waiting, holding.locked():
        with pytest.raises(StoreError, match="busy"):
            waiting.append(decided(waiting.head(), new(ADA)))
        assert waiting.head().position == 0


def test_a_missing_standby_is_told_of_and_the_change_is_saved() -> None:
    """Cancelling the wait cancels no commit; the server says so in a notice only."""
    with running_cluster() as cluster:
        made = installed(cluster)
        with made.log() as log:
            assert isinstance(log.append(decided(log.head(), new(ADA))), Appended)
            cluster.set(synchronous_standby_names="missing")
            time.sleep(0.5)
            pid, answers = log.connection.info.backend_pid, list[Appended | Moved]()
            edit = new(ADA, 2, UserUpdated({"title": "Clerk"}, {}))
            thread = threading.Thread(target=lambda: answers.append(log.append(decided(log.head(), edit))))
            thread.start()
            with cluster.superuser() as connection:
                query = "SELECT wait_event = 'SyncRep' FROM pg_stat_activity WHERE pid = %s"
                while connection.execute(query, (pid,)).fetchone() != (True,):
                    time.sleep(0.01)
                connection.execute("SELECT pg_cancel_backend(%s)", (pid,))
            thread.join()
            (answer,) = answers
            assert isinstance(answer, Appended)
            assert (answer.last_position, answer.not_copied, log.not_copied) == (2, True, True)
            cluster.set(synchronous_standby_names="")
            time.sleep(0.5)
            assert log.head().position == 2
            after = log.append(decided(log.head(), new(ADA, 3)))
            assert isinstance(after, Appended)
            assert not after.not_copied


@pytest.mark.parametrize("index", range(27))
def test_no_argument_left_out_gets_anything_in_but_a_sound_row(on_server: OnServer, index: int) -> None:
    """Whoever calls the function by hand, with NULL for one argument, is refused, or has written what is sound."""
    with on_server.log() as log:
        log.append(decided(log.head(), new(ADA)))
        sent = encoded([new(BEN), new(ADA, 2)], log.account)
        change = decided(log.head(), new(BEN), new(ADA, 2), claimed_emails=[("b", BEN)])
        arguments: list[Any] = [
            *frame(change, change.head, continues=False),
            *sent.parameters(),
            *foundations(change),
            *owners(()),
            *owners(change.claimed_emails),
            *owners(()),
            *owners(()),
            arrays.byteas(()),
        ]
        arguments[index] = None
        with suppress(StoreError, RefusedError):
            log.ask(server_log._APPEND, *arguments)
        rows = list(chain.from_iterable(log.pages(0)))
        assert len(rows) in {1, 3}
        assert log.head() == (rows[-1][0][0], rows[-1][2])
        assert first_damage(rows) is None
        assert {row[0][8] for row in rows} == {log.account}


@pytest.mark.parametrize("is_last", [True, False])
@pytest.mark.parametrize("continues", [False, None])
def test_nobody_adds_to_a_change_that_was_made(on_server: OnServer, continues: bool | None, *, is_last: bool) -> None:
    """Under a command of its own, it is not what was sent before; where others came between, nothing could be read."""
    with on_server.log() as log:
        made = decided(log.head(), new(ADA))
        log.append(made)
        if not is_last:
            log.append(decided(log.head(), new(BEN)))
        before = log.head()
        change = decided(before, new(ADA, 2, command_id=str(uuid_utils.uuid7())), change_id=made.change_id)
        _, arguments = whole_call(change, log.account)
        with pytest.raises(StoreError, match="what somebody did stays as it is"):
            log.ask(server_log._APPEND, *arguments[:3], continues, *arguments[4:])
        assert log.head() == before
