"""What the command line says of a history that is not the one this computer saw."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.altered_files import alter
from tests.command_line import json_lines, whowas
from whowas.safekeeping.backups import backups_of
from whowas.safekeeping.seen_heads import accept
from whowas.store.event_log import EventLog
from whowas.system import folders


def add(file: Path, *names: str) -> None:
    lines = json_lines(*({"command": "CreateUser", "first_name": name} for name in names))
    assert whowas("run", file, stdin=lines).code == 0


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    file = tmp_path / "staff.whowas"
    add(file, "Ada", "Ben", "Chi")
    assert whowas("list", file).err == ""
    return file


def test_verify_says_that_what_was_seen_is_still_part_of_the_history(staff: Path) -> None:
    add(staff, "Dee")
    answer = whowas("verify", staff)
    assert (answer.code, answer.err) == (0, "")
    first, second = answer.out.splitlines()
    assert first.startswith("4 events")
    assert second.startswith("Last seen on this computer 20")
    assert second.endswith(", at position 4: still part of this history.")


def test_a_new_directory_was_seen_as_it_was_made(tmp_path: Path) -> None:
    made, sample = tmp_path / "made.whowas", tmp_path / "sample.whowas"
    add(made, "Ada", "Ben")
    assert whowas("sample", sample, "--people", "2", "--changes", "3").code == 0
    for file in (made, sample):
        assert "still part of this history" in whowas("verify", file).out


def test_a_directory_that_was_never_opened_here_is_verified_in_one_line(staff: Path) -> None:
    shutil.rmtree(folders.seen_heads())
    assert len(whowas("verify", staff).out.splitlines()) == 1
    assert len(whowas("verify", staff).out.splitlines()) == 2


def test_an_older_file_in_place_is_told_by_every_command_until_it_is_accepted(staff: Path, tmp_path: Path) -> None:
    add(staff, "Dee")
    older = shutil.copy(staff, tmp_path / "older")
    add(staff, "Eve")
    shutil.copy(older, staff)
    for command in (("list", staff), ("history", staff), ("head", staff), ("rebuild", staff), ("list", staff)):
        answer = whowas(*command)
        assert answer.code == 0, "it goes on"
        assert answer.out
        assert answer.err.startswith("This file's history is not the one this computer saw 20")
        assert answer.err.endswith("If that is right, “whowas verify --accept” takes it as it is.\n")
        assert "up to position 5, from position 5 on" in answer.err
        assert "it ends before that" in answer.err
    verified = whowas("verify", staff)
    assert (verified.code, verified.out) == (1, "")
    assert "from position 5 on" in verified.err
    assert whowas("verify", staff).code == 1, "it comes again"
    accepted = whowas("verify", staff, "--accept")
    assert (accepted.code, accepted.err) == (0, "")
    assert "still part of this history" in accepted.out
    assert whowas("verify", staff).code == 0
    assert whowas("list", staff).err == ""


def test_what_was_written_over_a_rewritten_history_is_not_taken_as_seen(staff: Path, tmp_path: Path) -> None:
    add(staff, "Dee")
    older = shutil.copy(staff, tmp_path / "older")
    add(staff, "Eve")
    shutil.copy(older, staff)
    answer = whowas("run", staff, stdin=json_lines({"command": "CreateUser", "first_name": "Fay"}))
    assert answer.code == 0
    assert "from position 5 on: it ends before that." in answer.err
    assert "up to position 5, from position 5 on. If" in whowas("list", staff).err
    assert whowas("verify", staff).code == 1


def test_a_damaged_history_is_not_accepted(staff: Path) -> None:
    alter(staff, "UPDATE event SET chain = randomblob(32) WHERE position = 3")
    answer = whowas("verify", staff, "--accept")
    assert answer.code == 1
    assert "osition 3" in answer.err
    assert "from position 3 on" in whowas("list", staff).err


def test_copies_of_a_directory_go_on_by_themselves(staff: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(staff, tmp_path / "copy.whowas"))
    add(staff, "Dee")
    add(copy, "Eve", "Fay")
    for file in (staff, copy):
        assert whowas("list", file).err == ""
        assert whowas("verify", file).code == 0
    shutil.copy(staff, copy)
    assert "not the one this computer saw" in whowas("list", copy).err


def test_a_copy_that_holds_what_was_seen_may_take_its_place(staff: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(staff, tmp_path / "copy.whowas"))
    add(copy, "Dee")
    shutil.copy(copy, staff)
    assert whowas("list", staff).err == ""
    assert whowas("verify", staff).code == 0


def test_a_state_folder_that_cannot_be_written_stops_nothing(staff: Path) -> None:
    shutil.rmtree(folders.seen_heads())
    folders.seen_heads().write_text("a file where the folder should be")
    for command in (("list", staff), ("verify", staff), ("head", staff)):
        answer = whowas(*command)
        assert (answer.code, answer.err) == (0, "")
    add(staff, "Dee")


def test_a_note_that_cannot_be_read_is_told_once_and_replaced(staff: Path) -> None:
    (note,) = folders.seen_heads().iterdir()
    note.write_text("{")
    answer = whowas("verify", staff)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[1] == ("What this computer had noted of this history cannot be read.")
    assert "still part" in whowas("verify", staff).out


def test_a_note_from_a_clock_that_was_ahead_is_said_with_its_date(staff: Path) -> None:
    with closing(EventLog.open(staff)) as log:
        accept(log, folders.seen_heads(), 4_102_444_800_000_000)
    assert "Last seen on this computer 2100-01-01" in whowas("verify", staff).out
    assert "2100" not in whowas("verify", staff).out


def test_a_backup_that_was_put_back_says_so_once(staff: Path) -> None:
    add(staff, "Dee", "Eve")
    (backup,) = backups_of(directory_id(staff))
    shutil.copy(backup.path, staff)
    answer = whowas("list", staff)
    assert answer.code == 0
    assert answer.err.startswith("This is the backup of 20")
    assert answer.err.endswith(", up to position 3; what was seen later, up to 5, is not in it.\n")
    assert whowas("list", staff).err == ""
    assert whowas("verify", staff).code == 0


def directory_id(file: Path) -> str:
    with closing(EventLog.open(file)) as log:
        return log.directory_id
