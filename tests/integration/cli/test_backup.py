"""``whowas backup``: a whole, verified copy, never over anything, also while somebody writes."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.altered_files import alter
from tests.command_line import PROGRAM, as_person, contents, json_lines, on_small_disk, process, whowas
from whowas.store.event_log import EventLog

ADA = {"command": "CreateUser", "first_name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    file = tmp_path / "files" / "staff.whowas"
    file.parent.mkdir()
    assert whowas("run", file, stdin=json_lines(ADA)).code == 0
    return file


def test_the_copy_is_whole_and_private(staff: Path, tmp_path: Path) -> None:
    copy = tmp_path / "backups" / "copy.whowas"
    copy.parent.mkdir()

    answer = whowas("backup", staff, copy)

    assert (answer.code, answer.out) == (0, f"1 events copied to {copy} and verified.\n")
    assert [path.name for path in copy.parent.iterdir()] == ["copy.whowas"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert whowas("head", copy).out == whowas("head", staff).out
    assert whowas("list", copy, "--json").out == whowas("list", staff, "--json").out


def test_it_holds_what_was_saved_while_somebody_is_at_it(staff: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(staff, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM email_owner")
        assert whowas("backup", staff, tmp_path / "copy.whowas").code == 0
        other.execute("ROLLBACK")
    with closing(sqlite3.connect(tmp_path / "copy.whowas")) as copy:
        assert copy.execute("SELECT count(*) FROM email_owner").fetchone() == (1,)


@pytest.mark.parametrize("what", ["a file", "a folder", "a link to nothing", "itself"])
def test_nothing_is_written_over(staff: Path, tmp_path: Path, what: str) -> None:
    target = staff if what == "itself" else tmp_path / "copy.whowas"
    match what:
        case "a file":
            target.write_text("as it was", encoding="utf-8")
        case "a folder":
            target.mkdir()
        case "a link to nothing":
            target.symlink_to(tmp_path / "nothing")
        case _:
            pass
    before = contents(tmp_path)

    answer = whowas("backup", staff, target)

    assert (answer.code, answer.out) == (2, "")
    assert "exists already" in answer.err
    assert contents(tmp_path) == before


def test_what_is_no_directory_is_not_copied(staff: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("as it was", encoding="utf-8")
    assert whowas("backup", tmp_path / "text", tmp_path / "copy").code == 2
    assert whowas("backup", tmp_path / "nothing", tmp_path / "copy").code == 2
    assert whowas("backup", staff, tmp_path / "nowhere" / "copy").code == 2
    assert {path.name for path in tmp_path.iterdir()} == {"text", "files"}


def test_a_damaged_directory_is_told_and_gives_no_backup(staff: Path, tmp_path: Path) -> None:
    alter(staff, "UPDATE payload SET body = x'7b7d'")

    answer = whowas("backup", staff, tmp_path / "copy.whowas")

    assert (answer.code, answer.out) == (1, "")
    assert "damaged at position 1" in answer.err
    assert {path.name for path in tmp_path.iterdir()} == {"files"}


def test_a_folder_that_may_not_be_written(staff: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    answer = process("backup", staff, closed / "copy.whowas", before=as_person())
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert list(closed.iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path: Path, staff: Path) -> None:
    big = {"command": "CreateUser", "first_name": "Ben", "notes": "x" * 90_000}
    assert whowas("run", staff, stdin=json_lines(*[big] * 20)).code == 0
    EventLog.open(staff).close()
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"'{PROGRAM}' backup '{staff}' '{disk}/copy.whowas' || echo \"exit code $?\"; ls -A '{disk}'"
    answer = on_small_disk(disk, script)
    assert answer.out == "exit code 2\n"
    assert "The disk is full" in answer.err
