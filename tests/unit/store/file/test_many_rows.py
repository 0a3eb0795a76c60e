"""Many rows in few statements are the rows that one statement each would have made."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from whowas.store.file.many_rows import insert_rows


@pytest.mark.parametrize("count", [0, 1, 2, 9, 10, 11, 99, 1_111, 2_345])
def test_all_rows_come_in_their_order(count: int) -> None:
    rows = [(number, f"name {number}", None) for number in range(count)]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE person (position INTEGER PRIMARY KEY, name TEXT, note TEXT)")
        connection.execute("CREATE TABLE seen (position INTEGER)")
        connection.execute(
            "CREATE TRIGGER noted AFTER INSERT ON person BEGIN INSERT INTO seen VALUES (NEW.position); END"
        )
        insert_rows(connection, "INSERT INTO person VALUES (?,?,?)", rows)
        assert connection.execute("SELECT * FROM person ORDER BY position").fetchall() == rows
        assert connection.execute("SELECT position FROM seen ORDER BY rowid").fetchall() == [row[:1] for row in rows]
