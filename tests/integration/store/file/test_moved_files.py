"""When the file is renamed, replaced or removed while open, nothing more is written, and nothing in it is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, json_lines, whowas
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.store.backup import save_copy
from whowas.store.event_log import EventLog
from whowas.store.file.identity import MovedFileError, held

IDS = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(20)]
Move = Callable[[Path], None]


def rename(file: Path) -> None:
    file.rename(file.with_name("renamed.whowas"))


def remove(file: Path) -> None:
    file.unlink()


def replace(file: Path) -> None:
    other = file.with_name("other.whowas")
    whowas("run", other, stdin=json_lines({"command": "CreateUser", "first_name": "Other"}))
    other.rename(file)


MOVES: dict[str, tuple[Move, str]] = {
    "renamed": (rename, "“staff.whowas” is no longer in its folder, so nothing was written."),
    "removed": (remove, "“staff.whowas” is no longer in its folder, so nothing was written."),
    "replaced": (replace, "Another file has taken the place of “staff.whowas”, so nothing was written."),
}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    folder = tmp_path / "folder"
    folder.mkdir()
    log = EventLog.create(folder / "staff.whowas")
    save(log, 0, "Ada")
    yield log
    log.close()


def save(log: EventLog, number: int, name: str) -> None:
    Bus(log, clock=lambda: 1_000_000, actor="test").dispatch(CreateUser(IDS[number], {"first_name": name}))


def names(file: Path) -> list[str]:
    return sorted(user["first_name"] for user in whowas("list", file, "--json").objects)


@pytest.mark.parametrize("move", MOVES)
def test_nothing_is_written_to_a_file_that_is_not_in_its_place(log: EventLog, move: str) -> None:
    moving, sentence = MOVES[move]
    moving(log.path)
    with pytest.raises(MovedFileError) as refused:
        save(log, 1, "Ben")
    assert str(refused.value) == sentence
    assert log.head().position == 1, "what was saved can still be read"
    assert log.whereabouts() == ("replaced" if move == "replaced" else "gone")


@pytest.mark.parametrize("move", MOVES)
def test_a_change_is_rolled_back_where_the_file_goes_while_it_is_decided(log: EventLog, move: str) -> None:
    bus = Bus(log, clock=lambda: 1_000_000, actor="test")

    def decide() -> None:
        with bus.change() as change:
            change.dispatch(CreateUser(IDS[1], {"first_name": "Ben"}))
            MOVES[move][0](log.path)

    with pytest.raises(MovedFileError):
        decide()
    assert log.head().position == 1


def test_saving_goes_on_once_the_file_is_back(log: EventLog) -> None:
    rename(log.path)
    with pytest.raises(MovedFileError):
        save(log, 1, "Ben")
    log.path.with_name("renamed.whowas").rename(log.path)
    save(log, 1, "Ben")
    assert names(log.path) == ["Ada", "Ben"]


def test_what_was_saved_before_is_in_the_file_under_its_new_name(log: EventLog) -> None:
    """Changes in the write-ahead log, which keeps the old name, must not get into the next file of that name."""
    log.settle()
    save(log, 1, "Ben")
    rename(log.path)
    log.close()
    assert names(log.path.with_name("renamed.whowas")) == ["Ada", "Ben"]
    assert log.path.with_name("staff.whowas-wal").stat().st_size == 0


def test_a_running_program_looks_before_each_command(tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    with subprocess.Popen(
        [str(PROGRAM), "run", str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None

        def said(name: str) -> dict[str, object]:
            assert run.stdin is not None
            assert run.stdout is not None
            run.stdin.write(json_lines({"command": "CreateUser", "first_name": name}))
            run.stdin.flush()
            answer: dict[str, object] = json.loads(run.stdout.readline())
            return answer

        assert said("Ada")["ok"] is said("Ben")["ok"] is True
        rename(file)
        assert said("Cleo")["message"] == MOVES["renamed"][1]
        file.with_name("renamed.whowas").rename(file)
        assert said("Dee")["ok"] is True
        rename(file)
        run.stdin.close()
    assert run.returncode == 2
    assert names(file.with_name("renamed.whowas")) == ["Ada", "Ben", "Dee"]


def test_another_thread_never_connects_to_the_file_that_came_instead(log: EventLog) -> None:
    replace(log.path)
    told: list[object] = []

    def read() -> None:
        try:
            told.append([recorded.event for recorded in log.read()])
        except StoreError as error:
            told.append(str(error))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert told == [MOVES["replaced"][1]]


@pytest.mark.parametrize("move", MOVES)
def test_a_copy_of_what_is_open_has_everything(log: EventLog, move: str) -> None:
    log.settle()
    save(log, 1, "Ben")  # in the write-ahead log only
    MOVES[move][0](log.path)
    copy = log.path.with_name("copy.whowas")
    assert save_copy(log, copy) == 2
    assert names(copy) == ["Ada", "Ben"]
    with pytest.raises(StoreError, match="exists already"):
        save_copy(log, copy)


def test_a_copy_can_be_stopped(log: EventLog) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    copy = log.path.with_name("copy.whowas")
    with pytest.raises(KeyboardInterrupt):
        save_copy(log, copy, stop)
    assert [path.name for path in log.path.parent.iterdir() if "copy" in path.name] == []


def test_a_moved_file_is_closed_where_its_log_cannot_be_emptied(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    save(log, 1, "Ben")
    moved = log.path.with_name("moved.whowas")
    log.path.rename(moved)

    def failing() -> bool:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(log, "settle_if_unused", failing)
    log.close()
    assert not held.holds(moved)


def test_opening_a_file_twice_takes_no_lock_from_the_first(log: EventLog) -> None:
    """On POSIX, a process that closes any descriptor of a file loses all its locks on it."""
    again = EventLog.open(log.path)
    again.close()
    code = f"import sqlite3; c = sqlite3.connect({str(log.path)!r}); c.execute('SELECT * FROM event'); c.close()"
    subprocess.run([sys.executable, "-c", code], check=True)
    save(log, 1, "Ben")
    shutil.copytree(log.path.parent, log.path.parent.with_name("copies"))
    assert names(log.path) == ["Ada", "Ben"]


def test_what_is_held_is_forgotten_once_it_is_closed(log: EventLog) -> None:
    assert held.holds(log.path)
    again = EventLog.open(log.path)
    log.close()
    assert held.holds(log.path)
    again.close()
    assert not held.holds(log.path)
    assert not held.holds(log.path.with_name("nothing"))
