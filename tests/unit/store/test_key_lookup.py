"""Looking values up by key gives the same answers before and after all rows were read at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from whowas.store.key_lookup import ROWS_READ_WHILE_ASKING_ONCE, KeyLookup

EVERY = "SELECT name, id FROM owner"
ONE = "SELECT id FROM owner WHERE name = ?"


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE owner (name TEXT PRIMARY KEY, id INTEGER)")
        connection.executemany("INSERT INTO owner VALUES (?, ?)", [("ada", 1), ("ben", 2)])
        yield connection


@pytest.fixture
def asked(connection: sqlite3.Connection) -> list[str]:
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    return asked


def test_every_answer_is_the_same_however_often_one_asks(connection: sqlite3.Connection) -> None:
    lookup = KeyLookup(connection, EVERY, ONE, at_most=3 * ROWS_READ_WHILE_ASKING_ONCE)
    for _ in range(10):
        assert [list(lookup.values(name)) for name in ("ada", "ben", "cam")] == [[1], [2], []]


def test_a_few_questions_read_a_row_each(connection: sqlite3.Connection, asked: list[str]) -> None:
    lookup = KeyLookup(connection, EVERY, ONE, at_most=2 * ROWS_READ_WHILE_ASKING_ONCE)
    lookup.values("ada")
    lookup.values("cam")
    assert [sql.endswith(("'ada'", "'cam'")) for sql in asked] == [True, True]


def test_many_questions_read_all_rows_once(connection: sqlite3.Connection, asked: list[str]) -> None:
    lookup = KeyLookup(connection, EVERY, ONE, at_most=2 * ROWS_READ_WHILE_ASKING_ONCE)
    for _ in range(1000):
        lookup.values("ada")
    assert len(asked) == 3


def test_what_no_row_holds_is_known_only_from_a_copy_of_them(connection: sqlite3.Connection) -> None:
    lookup = KeyLookup(connection, EVERY, ONE, at_most=ROWS_READ_WHILE_ASKING_ONCE)
    assert [lookup.surely_lacks(name) for name in ("cam", "cam", "ada")] == [False, True, False]


def test_a_key_of_several_values_has_all_of_them_before_and_after_all_rows_were_read() -> None:
    several = f"{EVERY} WHERE name IN (SELECT name FROM owner GROUP BY name HAVING count(*) > 1)"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE owner (name TEXT, id INTEGER, PRIMARY KEY (name, id))")
        connection.executemany("INSERT INTO owner VALUES (?, ?)", [("ada", 1), ("ada", 3), ("ben", 2)])
        lookup = KeyLookup(connection, EVERY, ONE, at_most=2 * ROWS_READ_WHILE_ASKING_ONCE, several=several)
        for _ in range(10):
            assert [sorted(lookup.values(name)) for name in ("ada", "ben", "cam")] == [[1, 3], [2], []]
