"""A file that was left in the middle of a write is opened and recovered: nothing is lost, and nothing refused."""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, contents, json_lines, on_small_disk, whowas
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import DamagedError, StoreError
from whowas.store.event_log import EventLog

USERS = 120
LATER = 25
WAL_HEADER, FRAME_HEADER, PAGE = 32, 24, 4096


def user_id(number: int) -> str:
    return f"01890000-0000-7000-8000-{number:012x}"


def copied(source: Path, target: Path) -> Path:
    """Copy a file and its write-ahead log, as a power cut leaves them."""
    for suffix in ("", "-wal"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")
    target.with_name(f"{target.name}-shm").unlink(missing_ok=True)
    return target


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A file of 120 users, and a write-ahead log that holds the next 60 and changes of the first."""
    path, left = tmp_path / "staff.whowas", tmp_path / "left.whowas"
    log = EventLog.create(path)
    bus = Bus(log, clock=lambda: 1_700_000_000_000_000, actor="ines")
    with bus.change() as change:
        for number in range(USERS):
            change.dispatch(CreateUser(user_id(number), {"first_name": "Ada", "notes": "x" * 300}))
    log.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint = 0")
        log = EventLog.open(path)
        log._connection().execute("PRAGMA wal_autocheckpoint = 0")
        bus = Bus(log, clock=lambda: 1_700_000_000_000_001, actor="ines")
        for number in range(LATER):
            bus.dispatch(CreateUser(user_id(USERS + number), {"first_name": "Ben", "notes": "y" * 3_000}))
        bus.dispatch(UpdateUser(user_id(0), {"title": "Clerk"}))
        copied(path, left)
        log.close()
    return left


def frames(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Yield (page, size after a commit or 0, content) of a write-ahead log."""
    wal = path.with_name(f"{path.name}-wal").read_bytes()
    for place in range(WAL_HEADER, len(wal), FRAME_HEADER + PAGE):
        page, size = struct.unpack(">2I", wal[place : place + 8])
        yield page, size, wal[place + FRAME_HEADER : place + FRAME_HEADER + PAGE]


def written_back(path: Path) -> list[tuple[int, bytes]]:
    """Return what a checkpoint writes into the file, in SQLite's order: by page, with the newest content of each."""
    return sorted({page: content for page, _, content in frames(path)}.items())


def is_whole(path: Path) -> bool:
    log = EventLog.open(path)
    try:
        return log.verify() is None and log.head().position == USERS + LATER + 1
    finally:
        log.close()


def test_a_checkpoint_may_end_after_any_page(left: Path, tmp_path: Path) -> None:
    pages = written_back(left)
    assert len(pages) > 30
    assert pages[0][0] == 1
    in_order = [pages[:count] for count in range(len(pages) + 1)]
    # When the power fails, any subset may have been written: only the last pages, all but the first…
    others = [pages[1:], pages[-1:], pages[::2], pages[1::2], [*pages[:1], *pages[-3:]]]
    for written in [*in_order, *others]:
        path = copied(left, tmp_path / "cut.whowas")
        with path.open("r+b") as file:
            for page, content in written:
                file.seek((page - 1) * PAGE)
                file.write(content)
        assert is_whole(path), [page for page, _ in written]


@pytest.mark.parametrize("cut", [1, 100, 2_048, PAGE - 1])
def test_a_page_may_be_written_in_part(left: Path, tmp_path: Path, cut: int) -> None:
    for page, content in written_back(left)[::7]:
        path = copied(left, tmp_path / "cut.whowas")
        with path.open("r+b") as file:
            file.seek((page - 1) * PAGE)
            file.write(content[:cut])
        assert is_whole(path), page


def test_a_spoilt_first_page_is_taken_from_the_write_ahead_log(left: Path) -> None:
    with left.open("r+b") as file:
        file.write(b"\xee" * PAGE)
    assert is_whole(left)


def test_what_lies_beside_a_file_is_found_through_a_link_too(left: Path, tmp_path: Path) -> None:
    with left.open("r+b") as file:
        file.write(b"\xee" * PAGE)
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.whowas"
    link.symlink_to(left)
    assert is_whole(link)


@pytest.mark.parametrize("command", ["list", "run", "head", "backup", "verify", "export"])
def test_a_file_whose_missing_pages_are_nowhere_is_damaged(left: Path, command: str) -> None:
    os.truncate(left, 5 * PAGE)
    before = contents(left.parent)
    further = {"backup": [left.with_name("copy")], "export": ["-", "--format", "csv"]}

    answer = whowas(command, left, *further.get(command, []), stdin=json_lines({"command": "DefineField", "name": "x"}))

    assert (answer.code, answer.out) == (1 if command == "verify" else 2, "")
    assert "its end is missing" in answer.err
    assert contents(left.parent) == before


def test_an_empty_file_is_not_given_to_sqlite_which_would_delete_the_log_beside_it(left: Path) -> None:
    os.truncate(left, 0)
    before = contents(left.parent)
    with pytest.raises(DamagedError, match="its end is missing"):
        EventLog.open(left)
    assert contents(left.parent) == before


def test_a_torn_tail_of_the_write_ahead_log_counts_for_nothing(left: Path, tmp_path: Path) -> None:
    wal = left.with_name(f"{left.name}-wal")
    size = wal.stat().st_size
    for cut in (1, PAGE - 1, PAGE, PAGE + 1, PAGE + FRAME_HEADER, 3 * PAGE):
        path = copied(left, tmp_path / "cut.whowas")
        os.truncate(path.with_name(f"{path.name}-wal"), size - cut)
        log = EventLog.open(path)
        assert log.verify() is None
        assert log.head().position == USERS + LATER
        log.close()


def newer(path: Path) -> None:
    """Let a newer program migrate a file, only in its write-ahead log, and be killed."""
    own = path.with_name("newer.whowas")
    copied(path, own)
    with closing(sqlite3.connect(own, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint = 0")
        raw.execute("BEGIN")
        raw.execute("CREATE TABLE picture (user_id BLOB)")
        raw.execute("PRAGMA user_version = 99")
        raw.execute("COMMIT")
        copied(own, path)
    for suffix in ("", "-wal", "-shm"):
        own.with_name(own.name + suffix).unlink(missing_ok=True)


@pytest.mark.parametrize("command", ["list", "run", "head", "backup", "verify"])
def test_a_newer_schema_that_stands_in_the_write_ahead_log_only_is_refused(left: Path, command: str) -> None:
    newer(left)
    before = contents(left.parent)
    further = [left.with_name("copy")] if command == "backup" else []

    answer = whowas(command, left, *further, stdin=json_lines({"command": "DefineField", "name": "x"}))

    assert (answer.code, answer.out) == (2, "")
    assert "newer version" in answer.err
    assert contents(left.parent) == before


def test_a_newer_schema_whose_commit_was_torn_never_came_to_be(left: Path) -> None:
    newer(left)
    wal = left.with_name(f"{left.name}-wal")
    os.truncate(wal, wal.stat().st_size - 1)
    assert is_whole(left)


@pytest.fixture
def journalled(left: Path, tmp_path: Path) -> Path:
    """A file that another program switched to a rollback journal, and was killed while writing to it."""
    path, hot = tmp_path / "journalled.whowas", tmp_path / "hot.whowas"
    copied(left, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
        raw.execute("PRAGMA cache_size = 5")
        raw.execute("PRAGMA cache_spill = 1")
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("PRAGMA user_version = 99")
        raw.execute("CREATE TABLE filling (x)")
        raw.execute("INSERT INTO filling SELECT randomblob(3000) FROM event")
        raw.execute("UPDATE directory SET value = value || ''")
        for suffix in ("", "-journal"):
            shutil.copyfile(f"{path}{suffix}", f"{hot}{suffix}")
        raw.execute("ROLLBACK")
    return hot


def test_a_transaction_that_another_program_left_half_done_is_rolled_back(journalled: Path) -> None:
    assert is_whole(journalled)


def test_a_header_half_written_beside_a_journal_is_rolled_back(journalled: Path) -> None:
    with journalled.open("r+b") as file:
        file.write(b"\xee" * PAGE)
    assert is_whole(journalled)


def test_a_file_cut_off_beside_a_journal_is_damaged(journalled: Path) -> None:
    os.truncate(journalled, 3 * PAGE)
    with pytest.raises(StoreError, match="damaged"):
        EventLog.open(journalled)


def test_a_count_in_the_header_is_believed_only_of_who_wrote_it_last(left: Path) -> None:
    with closing(sqlite3.connect(left)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with left.open("r+b") as file:
        file.seek(28)
        file.write((10**6).to_bytes(4, "big"))
        file.seek(92)
        file.write(b"\0\0\0\0")  # written by a program from before there was a count
    assert is_whole(left)


def test_a_disk_that_ran_full_locks_nothing_away(tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    ada = {"command": "CreateUser", "first_name": "Ada", "notes": "x" * 2_000}
    lines.write_text(json_lines(*[ada] * 600))
    disk, answers = tmp_path / "disk", tmp_path / "answers"
    disk.mkdir()
    script = f"""
        '{PROGRAM}' run '{disk}/staff.whowas' < '{lines}' > '{answers}' || true
        mount -o remount,size=16m '{disk}'
        '{PROGRAM}' head '{disk}/staff.whowas'
        '{PROGRAM}' verify '{disk}/staff.whowas'
        '{PROGRAM}' list '{disk}/staff.whowas' --json | wc -l
    """
    answer = on_small_disk(disk, script)

    acknowledged = answers.read_text().count('"ok": true')
    assert '"ok": false' in answers.read_text()
    assert "The disk is full" in answers.read_text()
    assert answer.code == 0, answer
    head, verified, seen, listed = answer.out.splitlines()
    assert "still part of this history" in seen
    assert int(head.partition(":")[0]) == acknowledged > 20
    assert verified.startswith(f"{acknowledged} events")
    assert int(listed) == acknowledged
