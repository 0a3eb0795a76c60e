"""A write-ahead log beside a file: its own is recovered by SQLite, that of another file is set aside."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.command_line import PROGRAM, process, whowas
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.file.foreign_log import set_aside_foreign_log

IDS = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(400)]


def saving(log: EventLog, *numbers: int) -> None:
    bus = Bus(log, clock=lambda: 1_000_000, actor="test")
    for number in numbers:
        bus.dispatch(CreateUser(IDS[number], {"first_name": f"{log.path.stem} {number}", "email": f"{number}@e.org"}))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., EventLog]]:
    logs: list[EventLog] = []

    def make(name: str, *numbers: int) -> EventLog:
        log = EventLog.create(tmp_path / f"{name}.whowas")
        logs.append(log)
        saving(log, *numbers)
        log.settle()
        return log

    yield make
    for log in logs:
        log.close()


def wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def kept(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal set aside")


def crashed(log: EventLog, folder: Path) -> Path:
    """Return the file and its log as a crash would have left them."""
    folder.mkdir()
    for file in (log.path, wal(log.path)):
        shutil.copy2(file, folder / file.name)
    return folder / log.path.name


def names(path: Path) -> list[str]:
    return [user["first_name"] for user in whowas("list", path, "--json").objects]


def test_its_own_log_is_recovered(made: Callable[..., EventLog], tmp_path: Path) -> None:
    log = made("staff", 0)
    saving(log, 1, 2)
    path = crashed(log, tmp_path / "after")
    assert set_aside_foreign_log(path) is None
    assert names(path) == ["staff 0", "staff 1", "staff 2"]


class FailingOnce(sqlite3.Connection):
    """Fails the first time that events are queried, as SQLite does when the disk cannot read."""

    failures = 1

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:  # type: ignore[override]
        if "FROM event WHERE position > ?" in sql and FailingOnce.failures > 0:
            FailingOnce.failures -= 1
            error = sqlite3.DatabaseError("database disk image is malformed")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        return super().execute(sql, *parameters)


def test_a_log_is_not_set_aside_because_the_disk_could_not_read_once(
    made: Callable[..., EventLog], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = made("staff", 0)
    saving(log, 1, 2)
    path = crashed(log, tmp_path / "after")
    connect = sqlite3.connect
    monkeypatch.setattr(FailingOnce, "failures", 1)
    monkeypatch.setattr(sqlite3, "connect", lambda *asked, **more: connect(*asked, factory=FailingOnce, **more))
    assert set_aside_foreign_log(path) is None
    assert FailingOnce.failures == 0
    monkeypatch.undo()
    assert names(path) == ["staff 0", "staff 1", "staff 2"]


def test_its_own_log_is_recovered_where_it_has_everything_even_the_erasing_of_pages(
    made: Callable[..., EventLog], tmp_path: Path
) -> None:
    log = made("staff", *range(50))
    with sqlite3.connect(log.path, isolation_level=None) as connection:
        connection.execute("VACUUM")
    connection.close()
    saving(log, 60)
    path = crashed(log, tmp_path / "after")
    path.touch()  # a checkpoint was interrupted
    assert set_aside_foreign_log(path) is None
    assert len(names(path)) == 51


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_its_own_log_is_recovered_over_a_half_checkpoint(
    made: Callable[..., EventLog], tmp_path: Path, cut: float
) -> None:
    log = made("staff", *range(20))
    saving(log, *range(20, 300))
    path = crashed(log, tmp_path / "after")
    log.settle()
    whole = log.path.read_bytes()
    with path.open("r+b") as file:  # the first pages are the new ones, and the header tells the new size
        file.write(whole[: int(len(whole) * cut) // 4096 * 4096])
    assert set_aside_foreign_log(path) is None
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT max(position) FROM event").fetchone() == (300,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_the_log_of_another_directory_is_set_aside(made: Callable[..., EventLog], tmp_path: Path) -> None:
    """As after ``mv other.whowas staff.whowas`` while staff.whowas was open: today SQLite replays it."""
    staff, other = made("staff", 0), made("other", 0, 1, 2)
    saving(staff, 1, 2, 3)
    path = crashed(staff, tmp_path / "after")
    content = wal(path).read_bytes()
    shutil.copy2(other.path, path)
    answer = process("verify", path)
    assert answer.code == 0
    assert "they were kept as “staff.whowas-wal set aside”" in answer.err
    assert kept(path).read_bytes() == content
    assert names(path) == ["other 0", "other 1", "other 2"]
    assert process("verify", path).err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which files are open")
def test_the_log_is_not_open_when_it_is_renamed_which_windows_refuses(
    made: Callable[..., EventLog], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, other = made("staff", 0), made("other", 0, 1)
    saving(staff, 1)
    path = crashed(staff, tmp_path / "after")
    shutil.copy2(other.path, path)
    open_then: list[str] = []
    rename = Path.rename

    def renamed(self: Path, target: Path) -> Path:
        open_then.extend(os.path.realpath(file) for file in Path("/proc/self/fd").iterdir())
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr("whowas.store.file.foreign_log.sys", SimpleNamespace(platform="win32"))
    assert set_aside_foreign_log(path) == kept(path)
    assert str(wal(path)) not in open_then


def test_the_log_of_a_window_that_is_open_on_the_file_before(made: Callable[..., EventLog]) -> None:
    staff, other = made("staff", 0), made("other", 0, 1, 2)
    saving(staff, 1)
    other.close()
    other.path.rename(staff.path)
    assert names(staff.path) == ["other 0", "other 1", "other 2"]
    assert [recorded.position for recorded in staff.read()] == [1, 2], "it still has all that it had"
    staff.settle()
    assert whowas("verify", staff.path).code == 0
    assert len(names(staff.path)) == 3


@pytest.mark.parametrize("command", ["run", "window"])
def test_the_log_of_a_file_that_was_removed_never_comes_into_a_new_one(
    made: Callable[..., EventLog], tmp_path: Path, command: str
) -> None:
    staff = made("staff", 0)
    saving(staff, 1)
    path = crashed(staff, tmp_path / "after")
    path.unlink()
    if command == "run":
        answer = process("run", path, stdin='{"command": "CreateUser", "first_name": "Zoe"}\n')
        assert answer.objects[0]["position"] == 1
        assert "kept as “staff.whowas-wal set aside”" in answer.err
    else:
        log = EventLog.create(path)
        assert log.set_aside == kept(path)
        assert log.head().position == 0
        saving(log, 9)
        log.close()
    assert len(names(path)) == 1
    assert kept(path).exists()


def test_many_that_open_the_file_at_once_agree(made: Callable[..., EventLog], tmp_path: Path) -> None:
    staff, other = made("staff", 0), made("other", 0, 1, 2)
    saving(staff, 1, 2, 3)
    path = crashed(staff, tmp_path / "after")
    shutil.copy2(other.path, path)
    content = wal(path).read_bytes()
    opening = [
        subprocess.Popen([PROGRAM, "verify", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    told = [process.communicate(timeout=240) for process in opening]
    assert [process.returncode for process in opening] == [0] * len(opening)
    assert {out.splitlines()[0] for out, _ in told} == {told[0][0].splitlines()[0]}
    assert sum("set aside" in errors for _, errors in told) == 1, "one of them did it"
    assert kept(path).read_bytes() == content
    assert names(path) == ["other 0", "other 1", "other 2"]


def test_nothing_is_said_of_an_empty_log_that_stayed_behind(tmp_path: Path) -> None:
    path = tmp_path / "staff.whowas"
    wal(path).touch()
    log = EventLog.create(path)
    assert log.set_aside is None
    saving(log, 1)
    log.close()
    assert len(names(path)) == 1
    assert [each.name for each in tmp_path.iterdir() if "aside" in each.name] == []


def test_the_log_beside_a_file_that_a_link_leads_to(made: Callable[..., EventLog], tmp_path: Path) -> None:
    staff, other = made("staff", 0), made("other", 0, 1)
    saving(staff, 1)
    path = crashed(staff, tmp_path / "after")
    shutil.copy2(other.path, path)
    link = tmp_path / "link.whowas"
    link.symlink_to(path)
    log = EventLog.open(link)
    assert log.set_aside == kept(path)
    saving(log, 5)
    assert not log.is_settled
    log.settle()
    assert log.is_settled
    log.close()
    assert len(names(path)) == 3


def test_a_backup_restored_after_a_crash_does_not_get_later_pages(
    made: Callable[..., EventLog], tmp_path: Path
) -> None:
    log = made("staff", *range(30))
    shutil.copy(log.path, tmp_path / "backup.whowas")
    saving(log, *range(30, 200))
    log.settle()
    Bus(log, clock=lambda: 1_000_000, actor="test").dispatch(UpdateUser(IDS[3], {"title": "Clerk"}))
    path = crashed(log, tmp_path / "after")
    shutil.copy(tmp_path / "backup.whowas", path)
    assert len(names(path)) == 30
    assert kept(path).exists()
    assert whowas("verify", path).code == 0


def test_a_copy_of_the_very_state_takes_the_log_which_goes_on_from_there(
    made: Callable[..., EventLog], tmp_path: Path
) -> None:
    log = made("staff", *range(30))
    shutil.copy(log.path, tmp_path / "copy.whowas")
    saving(log, 30, 31)
    path = crashed(log, tmp_path / "after")
    shutil.copy(tmp_path / "copy.whowas", path)
    assert len(names(path)) == 32


def test_the_log_of_a_file_in_use_is_left_alone(made: Callable[..., EventLog]) -> None:
    log = made("staff", 0)
    saving(log, 1)
    assert set_aside_foreign_log(log.path) is None
    assert process("list", log.path).code == 0
    saving(log, 2)
    assert not kept(log.path).exists()
    assert len(names(log.path)) == 3


def test_nothing_is_set_aside_from_a_file_that_is_damaged_itself(made: Callable[..., EventLog], tmp_path: Path) -> None:
    staff, other = made("staff", *range(40)), made("other", 0)
    saving(other, 1)
    path = crashed(other, tmp_path / "after")
    damaged = bytearray(staff.path.read_bytes())
    damaged[4096:-4096] = bytes(len(damaged) - 8192)
    path.write_bytes(damaged)
    before = wal(path).read_bytes()
    assert set_aside_foreign_log(path) is None
    assert wal(path).read_bytes() == before
    with pytest.raises(StoreError):
        EventLog.open(path)


def test_where_there_are_no_links_nothing_can_be_told(
    made: Callable[..., EventLog], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, other = made("staff", 0), made("other", 0)
    saving(staff, 1)
    path = crashed(staff, tmp_path / "after")
    shutil.copy2(other.path, path)

    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("whowas.store.file.foreign_log.os.link", refuse)
    assert set_aside_foreign_log(path) is None
    assert wal(path).exists()
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".")] == []
