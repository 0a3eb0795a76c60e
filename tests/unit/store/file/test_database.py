"""Errors of SQLite are turned into one sentence for people, however the driver wraps them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from whowas.domain.errors import StoreError
from whowas.store.file.database import is_damage, primary_code, sentences_for


def said_by_sqlite(code: int, text: str = "something") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


def fail_to_roll_back() -> None:
    try:
        raise said_by_sqlite(sqlite3.SQLITE_FULL, "database or disk is full")
    finally:
        raise said_by_sqlite(sqlite3.SQLITE_ERROR, "cannot rollback - no transaction is active")


def test_a_full_disk_is_told_although_rolling_back_failed_after_it() -> None:
    with pytest.raises(StoreError, match="disk is full"), sentences_for(Path("staff.whowas")):
        fail_to_roll_back()


def test_a_broken_statement_of_ours_passes_as_the_bug_it_is() -> None:
    with pytest.raises(sqlite3.OperationalError), sentences_for(Path("staff.whowas")):
        raise said_by_sqlite(sqlite3.SQLITE_ERROR, "no such table: evnt")


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CORRUPT | 1 << 8, sqlite3.SQLITE_NOTADB])
def test_damage_is_told_from_other_troubles(code: int) -> None:
    assert is_damage(said_by_sqlite(code))
    assert not is_damage(said_by_sqlite(sqlite3.SQLITE_FULL))
    assert not is_damage(None)


def test_an_error_without_a_code_has_none() -> None:
    assert primary_code(ValueError("x")) == -1
    assert primary_code(sqlite3.DatabaseError("file is not a database")) == sqlite3.SQLITE_NOTADB
