"""Every page of the read model's database is checked, and what a killed program left beside it."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from whowas.projections.tables.checked_database import CHECKSUM_BYTES, DRIVER_ERRORS, CheckedDatabase, is_damage
from whowas.projections.tables.left_behind import left_behind
from whowas.projections.tables.read_model import ReadModel
from whowas.store.chain import GENESIS

PAGE = 4096
RESERVED = 20
"""Where the header says how many bytes of each page are reserved."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A read model of several hundred pages."""
    path = tmp_path / "read.db"
    model = ReadModel(path)
    model.prepare("directory", GENESIS)
    with model.writing() as connection:
        rows = ((number, f"text {number} " * 40) for number in range(1, 2_000))
        connection.executemany("INSERT INTO search_text VALUES (?, ?)", rows)
    model.close()
    return path


def read(path: Path) -> int:
    """Read all texts."""
    model = ReadModel(path)
    try:
        ((length,),) = model.select("SELECT sum(length(text)) FROM search_text")
        return int(length)
    finally:
        model.close()


def is_refused(path: Path) -> bool:
    try:
        read(path)
    except DRIVER_ERRORS as error:
        return is_damage(error)
    return False


def flip(path: Path, byte: int, bit: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[byte] ^= 1 << bit
    path.write_bytes(content)


def test_it_is_made_with_checksums(file: Path) -> None:
    assert file.read_bytes()[RESERVED] == CHECKSUM_BYTES
    assert read(file) > 0


@pytest.mark.parametrize("bit", range(8))
def test_nothing_is_read_that_says_it_has_no_checksums(file: Path, bit: int) -> None:
    flip(file, RESERVED, bit)
    assert is_refused(file)


def test_a_flipped_bit_in_any_page_of_texts_is_noticed(file: Path) -> None:
    kept = file.with_name("kept")
    shutil.copy(file, kept)
    with closing(sqlite3.connect(f"file:{kept}?immutable=1", uri=True)) as connection:
        (first,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'search_text'").fetchone()
    dice = random.Random(1)
    pages = kept.stat().st_size // PAGE
    for page in [first, *dice.sample(range(pages * 3 // 4, pages), 20)]:
        shutil.copy(kept, file)
        flip(file, (page - 1) * PAGE + dice.randrange(PAGE), dice.randrange(8))
        assert is_refused(file), page


def test_a_database_of_the_standard_library_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "read.db")) as connection:
        connection.execute("CREATE TABLE search_text (number, text)")
    assert is_refused(tmp_path / "read.db")


def test_other_failures_are_no_damage() -> None:
    assert not is_damage(apsw.exception_for(apsw.SQLITE_BUSY))
    assert not is_damage(apsw.exception_for(apsw.SQLITE_IOERR_WRITE))
    assert not is_damage(ValueError())
    assert is_damage(apsw.exception_for(apsw.SQLITE_IOERR_DATA))
    assert is_damage(apsw.exception_for(apsw.SQLITE_CORRUPT_INDEX))


@pytest.fixture
def killed(file: Path, tmp_path: Path) -> Iterator[Path]:
    """The files as they are while a program has them open, with a log that was copied into the database."""
    model = ReadModel(file)
    for number in range(3):
        with model.writing() as connection:
            connection.execute("UPDATE search_text SET text = ? WHERE number % 100 = 7", (f"later {number}",))
    ((_, frames, copied),) = model.select("PRAGMA wal_checkpoint(PASSIVE)")
    assert frames == copied > 0
    folder = tmp_path / "killed"
    folder.mkdir()
    for path in tmp_path.glob("read.db*"):
        shutil.copy(path, folder)
    model.close()
    yield folder / file.name
    assert read(file) > 0


def log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def test_what_a_killed_program_left_is_taken_over(killed: Path) -> None:
    assert left_behind(killed).commits > 3
    assert not is_refused(killed)


@pytest.mark.parametrize("lost", [1, PAGE + 24, 5 * (PAGE + 24)])
def test_a_log_that_lost_its_end_is_noticed(killed: Path, lost: int) -> None:
    log_of(killed).write_bytes(log_of(killed).read_bytes()[:-lost])
    assert is_refused(killed)


@pytest.mark.parametrize("byte", [0, 8, 17, 24, 31, 32 + 5, 32 + 9, 32 + 20, 32 + 24 + 100])
def test_a_log_with_a_flipped_bit_is_noticed(killed: Path, byte: int) -> None:
    flip(log_of(killed), byte)
    assert is_refused(killed)


def test_a_log_that_is_gone_is_noticed(killed: Path) -> None:
    log_of(killed).unlink()
    assert is_refused(killed)


def test_two_databases_on_one_file_agree(file: Path) -> None:
    one, other = CheckedDatabase(file, {}), CheckedDatabase(file, {})
    with one.atomic("IMMEDIATE"):
        one.connection().execute("DELETE FROM search_text")
    assert other.connection().execute("SELECT count(*) FROM search_text").fetchone() == (0,)
    for database in (one, other):
        with database.closed():
            pass


def test_a_new_file_is_waited_for_that_somebody_else_lays(tmp_path: Path) -> None:
    """Each gives it a write-ahead log, for which SQLite waits only before it has begun to."""
    path = tmp_path / "read.db"
    others = apsw.Connection(str(path))
    others.execute("BEGIN IMMEDIATE; CREATE TABLE note (text)")
    lays = threading.Timer(0.3, lambda: others.execute("COMMIT"))
    lays.start()
    database = CheckedDatabase(path, {})
    assert database.connection().pragma("journal_mode") == "wal"
    lays.join()
    others.close()
    with database.closed():
        pass


def test_what_fails_within_a_transaction_is_rolled_back(file: Path) -> None:
    model = ReadModel(file)
    before = model.commits()

    def failing() -> None:
        with model.writing() as connection:
            connection.execute("DELETE FROM search_text")
            connection.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(apsw.SQLError):
        failing()
    assert model.commits() == before
    model.close()
    assert read(file) > 0


def test_only_what_alters_something_is_a_commit(file: Path) -> None:
    model = ReadModel(file)
    before = model.commits()
    with model.writing() as connection:
        connection.execute("DELETE FROM search_text WHERE number < 0")
    assert model.commits() == before
    with model.writing() as connection:
        connection.execute("DELETE FROM search_text WHERE number = 1")
    assert model.commits() == before + 1
    model.close()
