"""``whowas backups``, and the backups that other commands have made before they write."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, as_person, json_lines, on_small_disk, process, whowas
from whowas.safekeeping import backup_places
from whowas.safekeeping.backup_places import BackupSettings, set_settings
from whowas.safekeeping.backups import Backup, backups_of_path
from whowas.system import folders

ADA = {"command": "CreateUser", "first_name": "Ada", "email": "ada@example.org"}
BEN = {"command": "CreateUser", "first_name": "Ben", "email": "ben@example.org"}
LIST = "email,title\nada@example.org,Clerk\n"


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    file = tmp_path / "staff.whowas"
    assert whowas("run", file, stdin=json_lines(ADA)).code == 0
    return file


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "more.csv"
    file.write_text(LIST)
    return file


def made(staff: Path) -> list[Backup]:
    """The backups of a file, the newest first."""
    return backups_of_path(staff)


def test_one_is_made_before_an_import_and_listed(staff: Path, source: Path) -> None:
    assert whowas("backups", staff) == (empty := whowas("backups", staff))
    assert (empty.code, empty.out, empty.err) == (0, "", "There are no backups of “staff.whowas”.\n")

    assert whowas("import", staff, source).code == 0

    (backup,) = made(staff)
    head, line = whowas("backups", staff).out.splitlines()
    assert head.split() == ["made", "size", "events", "verified", "why", "path"]
    assert line.endswith(f"  1       yes       before import  {backup.path}")
    assert [user["title"] for user in whowas("list", backup.path, "--json").objects] == [None]
    assert whowas("verify", backup.path).code == 0


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("history",), ("verify",), ("head",), ("rebuild",), ("backups",), ("export", "-", "--format", "csv")],
)
def test_who_only_reads_makes_none(staff: Path, arguments: tuple[str, ...]) -> None:
    command, *options = arguments
    assert whowas(command, staff, *options).code == 0
    assert made(staff) == []


def test_an_import_that_is_only_tried_makes_none(staff: Path, source: Path) -> None:
    assert whowas("import", staff, source, "--dry-run").code == 0
    assert made(staff) == []


def test_the_first_that_writes_on_a_day_makes_one(staff: Path) -> None:
    for name in ("Ben", "Chi", "Dan"):
        assert whowas("run", staff, stdin=json_lines({**BEN, "first_name": name, "email": None})).code == 0
    (backup,) = made(staff)
    assert (backup.reason, backup.verified, backup.head and backup.head.position) == ("daily", True, 1)


def test_an_import_into_a_new_file_makes_none(tmp_path: Path, source: Path) -> None:
    file = tmp_path / "new.whowas"
    assert whowas("import", file, source).code == 0
    assert made(file) == []


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_they_are_listed_where_the_file_cannot_be_opened(staff: Path, source: Path, how: str) -> None:
    whowas("import", staff, source)
    (backup,) = made(staff)
    if how == "gone":
        staff.unlink()
    else:
        staff.write_bytes(b"rubbish" * 1_000)
    answer = whowas("backups", staff)
    assert answer.code == 0
    assert str(backup.path) in answer.out
    assert len(answer.err.splitlines()) == 1
    target = staff.with_name("again.whowas")
    assert whowas("backup", backup.path, target).code == 0
    assert [user["first_name"] for user in whowas("list", target, "--json").objects] == ["Ada"]


def test_where_there_is_nothing_it_says_so(tmp_path: Path) -> None:
    answer = whowas("backups", tmp_path / "none.whowas")
    assert (answer.code, answer.out) == (2, "")
    assert "There is no directory" in answer.err


def test_they_follow_a_file_that_was_renamed(staff: Path, source: Path) -> None:
    whowas("import", staff, source)
    renamed = staff.rename(staff.with_name("team.whowas"))
    assert "before import" in whowas("backups", renamed).out


@pytest.mark.parametrize("command", ["run", "import", "erase"])
def test_a_backup_stays_as_it_is(staff: Path, source: Path, command: str) -> None:
    whowas("import", staff, source)
    (backup,) = made(staff)
    before = backup.path.read_bytes()
    match command:
        case "run":
            answer = whowas("run", backup.path, stdin=json_lines(BEN))
            said = answer.err
        case "import":
            answer = whowas("import", backup.path, source)
            said = answer.err
        case _:
            answer = whowas("erase", backup.path, "ada@example.org", "--yes")
            said = answer.err
    assert answer.code == 2
    assert said.startswith(f"“{backup.path.name}” is a backup, which stays as it is")
    assert backup.path.read_bytes() == before
    assert made(staff) == [backup]
    assert "Ada" in whowas("list", backup.path).out


def test_an_erasure_says_what_becomes_of_them(staff: Path, source: Path) -> None:
    whowas("import", staff, source)
    answer = whowas("erase", staff, "ada@example.org", "--yes")
    assert answer.code == 0
    assert answer.err == "A new backup was made without this user, and the older one was deleted.\n"
    (backup,) = made(staff)
    assert backup.reason == "after erasing"
    assert b"ada@example.org" not in backup.path.read_bytes()


def test_where_none_can_be_made_work_goes_on_and_it_says_so_once_a_day(
    staff: Path, source: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "removed disk"
    set_settings(BackupSettings(place=disk))
    sentence = f"No backup was made. The folder for backups, “{disk}”, is not there.\n"
    said = [whowas("run", staff, stdin=json_lines({**BEN, "email": f"{n}@x.org"})) for n in range(3)]
    assert [(answer.code, answer.err) for answer in said] == [(0, sentence), (0, ""), (0, "")]
    imported = whowas("import", staff, source)
    assert (imported.code, imported.err) == (0, sentence), "before an import it is always said"
    assert not disk.exists()


def test_a_state_folder_that_cannot_be_written_stops_nobody(staff: Path, source: Path) -> None:
    folders.state().mkdir(parents=True, exist_ok=True)
    backup_places.own_place().write_text("a file, where a folder should be")
    answer = whowas("import", staff, source)
    assert answer.code == 0
    assert answer.err.startswith("No backup was made. “")
    assert whowas("backups", staff).code == 0


def test_a_state_folder_of_somebody_else_stops_nobody(staff: Path, source: Path) -> None:
    able = as_person()
    state = folders.state()
    shutil.rmtree(state)
    state.parent.chmod(0o500)
    try:
        imported = process("import", staff, source, before=able)
        erased = process("erase", staff, "ada@example.org", "--yes", before=able)
    finally:
        state.parent.chmod(0o700)
    assert imported.code == 0
    assert "No backup was made. “" in imported.err
    assert erased.code == 0
    assert "No new backup was made. “" in erased.err
    assert "Permission denied" in erased.err
    assert whowas("verify", staff).code == 0


def test_switched_off_only_a_migration_makes_one(staff: Path, source: Path) -> None:
    set_settings(BackupSettings(makes=False))
    assert whowas("import", staff, source).code == 0
    assert made(staff) == []


def test_on_a_full_disk_an_import_goes_on_without(staff: Path, source: Path, tmp_path: Path) -> None:
    lines = [{**BEN, "email": f"{n}@example.org", "notes": "x" * 40_000} for n in range(30)]
    assert whowas("run", staff, stdin=json_lines(*lines)).code == 0
    place = tmp_path / "disk"
    place.mkdir()
    set_settings(BackupSettings(place=place))
    answer = on_small_disk(place, f"{PROGRAM} import {staff} {source}; find '{place}' -type f >&2")
    assert answer.code == 0, answer
    assert answer.err.startswith("No backup was made. The disk is full"), answer
    assert len(answer.err.splitlines()) == 1, "and nothing is left on it"


def test_they_are_private(staff: Path, source: Path) -> None:
    whowas("import", staff, source)
    set_settings(BackupSettings())
    kept = [*folders.config().rglob("*"), *backup_places.own_place().rglob("*"), backup_places.own_place()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600, 0o700}
