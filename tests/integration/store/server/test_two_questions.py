"""Two questions in one round trip: each in a transaction of its own, each answered for what it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from tests.pooler import running_pooler
from tests.postgres import SUPERUSER, Cluster
from whowas.store.server.rows.two_questions import ask_both

_ADD = b"INSERT INTO seen VALUES (%b) RETURNING n"
_ALL = b"SELECT n FROM seen ORDER BY n"


@pytest.fixture(params=["", "through a pooler"])
def connection(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    database = cluster.database()
    with cluster.superuser(database) as made:
        made.execute("CREATE TABLE seen (n bigint UNIQUE DEFERRABLE INITIALLY DEFERRED CHECK (n > 0))")
    if not request.param:
        with closing(cluster.connect(database)) as connection:
            yield connection
        return
    with (
        running_pooler(cluster) as folder,
        closing(
            psycopg.connect(
                f"host={folder} port=6432 dbname={database} user={SUPERUSER}", autocommit=True, prepare_threshold=None
            )
        ) as connection,
    ):
        yield connection


def test_both_are_answered_and_the_second_sees_the_first(connection: psycopg.Connection[Any]) -> None:
    assert ask_both(connection, (_ADD, (3,)), (_ALL, ())) == ([(3,)], [(3,)])
    assert ask_both(connection, (_ADD, (4,)), (_ALL + b" LIMIT %b", (1,))) == ([(4,)], [(3,)])
    assert connection.execute("SELECT count(*) FROM seen").fetchone() == (2,)


def test_the_first_is_done_whatever_becomes_of_the_second(connection: psycopg.Connection[Any]) -> None:
    assert ask_both(connection, (_ADD, (3,)), (b"SELECT 1 / (n - 3) FROM seen", ())) == ([(3,)], None)
    assert connection.execute("SELECT n FROM seen").fetchall() == [(3,)]


def test_what_the_first_fails_with_is_raised_and_nothing_is_left_of_it(connection: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        ask_both(connection, (_ADD, (-3,)), (_ALL, ()))
    assert connection.execute("SELECT n FROM seen").fetchall() == []


def test_failing_only_at_the_commit_is_failing(connection: psycopg.Connection[Any]) -> None:
    ask_both(connection, (_ADD, (3,)), (_ALL, ()))
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask_both(connection, (_ADD, (3,)), (_ALL, ()))
    assert connection.execute("SELECT n FROM seen").fetchall() == [(3,)]


def test_a_lost_connection_is_told(connection: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.OperationalError):
        ask_both(connection, (b"SELECT pg_terminate_backend(pg_backend_pid())", ()), (_ALL, ()))
    assert connection.closed
