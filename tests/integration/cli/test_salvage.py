"""``whowas salvage``, and what the reading commands say of a damaged directory."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.altered_files import alter
from tests.command_line import contents, json_lines, whowas
from whowas.store.chain import Head

PEOPLE = [{"command": "CreateUser", "first_name": name} for name in ("Ada", "Ben", "Chi", "Dee")]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Four users, of whom each was created by a change of its own."""
    path = tmp_path / "sound.whowas"
    for person in PEOPLE:
        assert whowas("run", path, stdin=json_lines(person)).code == 0
    return path


@pytest.fixture
def damaged(sound: Path) -> Path:
    """The same, but the third user cannot be read."""
    path = sound.with_name("staff.whowas")
    shutil.copy(sound, path)
    alter(path, "UPDATE payload SET body = x'7b' WHERE position = 3")
    return path


def names(path: Path) -> list[str]:
    return [user["first_name"] for user in whowas("list", path, "--json").objects]


def test_what_is_missing_is_named(damaged: Path, sound: Path) -> None:
    dest = damaged.with_name("saved.whowas")
    before = contents(damaged.parent), damaged.stat().st_mtime_ns
    answer = whowas("salvage", damaged, dest)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        f"Events 1 to 2 were saved into {dest}; 3 to 4 are missing: event 3 was altered after it was saved. "
        "1 later event can be read but does not follow from what is before it: it was left out.\n"
    )
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    head = Head.parse(whowas("head", dest).out)
    assert head.position == 2
    assert whowas("verify", sound, "--head", head).code == 0, "the sound file went through that head"
    assert whowas("verify", dest).code == 0
    assert names(dest) == ["Ada", "Ben"]
    dest.unlink()
    assert (contents(damaged.parent), damaged.stat().st_mtime_ns) == before


def test_a_sound_directory_is_taken_whole(sound: Path) -> None:
    dest = sound.with_name("saved.whowas")
    answer = whowas("salvage", sound, dest)
    assert (answer.code, answer.out) == (0, f"All 4 events were saved into {dest}.\n")
    assert whowas("head", dest).out == whowas("head", sound).out


def test_nothing_is_written_over(damaged: Path, sound: Path) -> None:
    before = sound.read_bytes()
    answer = whowas("salvage", damaged, sound)
    assert (answer.code, answer.err) == (2, "“sound.whowas” exists already; nothing was written.\n")
    assert sound.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"notes" * 1000, "“other.whowas” is no Whowas directory, or nothing of it can be read.\n"),
        (b"", "“other.whowas” is not a Whowas directory.\n"),
        (None, "There is no directory at "),
    ],
)
def test_what_is_no_directory_is_refused(content: bytes | None, sentence: str, tmp_path: Path) -> None:
    other, dest = tmp_path / "other.whowas", tmp_path / "saved.whowas"
    if content is not None:
        other.write_bytes(content)
    answer = whowas("salvage", other, dest)
    assert answer.code == 2
    assert answer.err.startswith(sentence)
    assert not dest.exists()


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE event (position INTEGER PRIMARY KEY)")
    assert whowas("salvage", other, tmp_path / "saved.whowas").code == 2


def test_where_the_first_change_is_damaged_nothing_is_made(damaged: Path) -> None:
    alter(damaged, "UPDATE event SET actor = 'mallory' WHERE position = 1")
    dest = damaged.with_name("saved.whowas")
    answer = whowas("salvage", damaged, dest)
    assert (answer.code, dest.exists()) == (2, False)
    assert answer.err == "Nothing of “staff.whowas” could be saved: event 1 was altered after it was saved.\n"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE email_owner SET user_id = zeroblob(16)",
        "DELETE FROM event_type",
        "DELETE FROM directory",
        "CREATE TRIGGER more AFTER INSERT ON event BEGIN SELECT 1; END",
        "DROP INDEX user_is_erased_once",
        "PRAGMA user_version = 7",
    ],
)
def test_damage_that_lies_at_no_change_loses_nothing(sound: Path, statement: str) -> None:
    whole = whowas("list", sound, "--json").out
    head = whowas("head", sound).out
    alter(sound, statement)
    dest = sound.with_name("saved.whowas")
    answer = whowas("salvage", sound, dest)
    assert (answer.code, answer.out) == (0, f"All 4 events were saved into {dest}.\n"), answer.err
    assert whowas("head", dest).out == head
    assert whowas("list", dest, "--json").out == whole
    assert whowas("verify", dest).code == 0


def test_a_broken_header_is_read_around(sound: Path) -> None:
    content = sound.read_bytes()
    sound.write_bytes(b"\0" * 60 + content[60:])
    dest = sound.with_name("saved.whowas")
    assert whowas("salvage", sound, dest).code == 0
    assert whowas("verify", dest).code == 0
    assert sound.read_bytes() == b"\0" * 60 + content[60:]


def test_what_is_in_the_write_ahead_log_counts(sound: Path) -> None:
    with closing(sqlite3.connect(sound)) as connection:
        connection.execute("SELECT count(*) FROM event").fetchone()  # or the last program would empty the log
        whowas("run", sound, stdin=json_lines({"command": "CreateUser", "first_name": "Eve"}))
        left = sound.with_name("left")
        left.mkdir()
        for path in sound.parent.glob("sound.whowas*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, left)
    assert (left / "sound.whowas-wal").stat().st_size > 0
    before = contents(left)
    assert whowas("salvage", left / "sound.whowas", sound.with_name("saved.whowas")).code == 0
    assert contents(left) == before
    assert names(sound.with_name("saved.whowas")) == ["Ada", "Ben", "Chi", "Dee", "Eve"]


def test_a_cut_off_end_is_named(tmp_path: Path) -> None:
    directory, cut, dest = (tmp_path / f"{name}.whowas" for name in ("staff", "cut", "saved"))
    assert whowas("sample", directory, "--people", 40, "--changes", 600).code == 0
    content = directory.read_bytes()
    cut.write_bytes(content[: len(content) * 6 // 10])
    answer = whowas("salvage", cut, dest)
    assert answer.code == 1
    assert "missing" in answer.err
    head = Head.parse(whowas("head", dest).out)
    assert 100 < head.position < 849
    assert whowas("verify", directory, "--head", head).code == 0
    assert whowas("verify", dest).code == 0


def test_who_was_erased_after_the_damage_stays_erased(sound: Path) -> None:
    ben = whowas("show", sound, whowas("list", sound, "--json").objects[1]["id"], "--json").objects[0]["id"]
    assert whowas("erase", sound, ben, "--yes").code == 0
    alter(sound, "UPDATE event SET actor = 'mallory' WHERE position = 4")
    dest = sound.with_name("saved.whowas")
    answer = whowas("salvage", sound, dest)
    assert answer.code == 1
    assert answer.err.endswith("1 user erased after that stays erased; that is recorded once more.\n")
    assert whowas("verify", dest).code == 0
    assert names(dest) == ["Ada", "Chi"]
    assert b"Ben" not in dest.read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [("list", "--json"), ("history", "--json"), ("export", "-", "--format", "log"), ("diff", "#1", "now", "--json")],
)
def test_reading_commands_show_what_is_sound_and_say_so(arguments: tuple[str, ...], damaged: Path, sound: Path) -> None:
    whowas("salvage", damaged, damaged.with_name("saved.whowas"))
    command, *rest = arguments
    for _ in range(2):
        answer = whowas(command, damaged, *rest)
        assert answer.code == 1
        assert answer.out == whowas(command, damaged.with_name("saved.whowas"), *rest).out
        assert answer.err == (
            "The history is not as it was written. Event 3 was altered after it was saved; the 2 before it are sound. "
            "Opened read-only.\n"
        )


def test_nobody_behind_the_damage_is_shown_or_erased(damaged: Path, sound: Path) -> None:
    dee = whowas("list", sound, "--json").objects[3]["id"]
    assert whowas("show", damaged, dee).code == 1
    before = damaged.read_bytes()
    ada = whowas("list", sound, "--json").objects[0]["id"]
    answer = whowas("erase", damaged, ada, "--yes")
    assert answer.code == 2
    assert "Opened read-only. This was not saved." in answer.err
    assert damaged.read_bytes() == before


def test_nothing_is_written_once_a_backup_of_the_damaged_was_tried(damaged: Path) -> None:
    before = damaged.read_bytes()
    answer = whowas("run", damaged, stdin=json_lines({"command": "CreateUser", "first_name": "Eve"}))
    assert answer.code == 2
    assert answer.objects[0]["error"] == "ReadOnlyError"
    assert answer.objects[0]["message"].startswith("The history is not as it was written. Event 3 was altered")
    assert damaged.read_bytes() == before
