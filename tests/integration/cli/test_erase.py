"""``whowas erase``: asks, does it, says what it did; refused in one sentence where it cannot be."""

from __future__ import annotations

import os
import pty
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import PROGRAM, Answer, as_person, contents, json_lines, on_small_disk, process, whowas
from tests.leftovers_of import Person, as_of_the_first_version, files_with
from whowas.command_bus.bus import Bus
from whowas.domain.commands import EraseUser
from whowas.store.event_log import EventLog

ADA = "0199a3c4-0000-7000-8000-000000000001"
PERSON = Person()
EMAIL = PERSON.fields()["email"]
CREATE = {"command": "CreateUser", "id": ADA, **PERSON.fields()}
BEN = {"command": "CreateUser", "first_name": "Ben", "email": "ben@example.org"}


@pytest.fixture
def staff(home: Path) -> Path:
    """A directory with Ada, edited, and Ben."""
    file = home / "files" / "staff.whowas"
    file.parent.mkdir()
    edit = {"command": "UpdateUser", "id": ADA, **PERSON.later(), "email": EMAIL, "notes": PERSON.once}
    answer = whowas("run", file, stdin=json_lines(CREATE, BEN, edit))
    assert answer.code == 0, answer
    assert whowas("list", file).code == 0
    return file


def at_a_terminal(file: Path, *arguments: str, says: str) -> Answer:
    """Run ``whowas erase`` where somebody sits at the keyboard."""
    mine, its = pty.openpty()
    try:
        os.write(mine, says.encode())
        done = subprocess.run(
            [str(PROGRAM), "erase", str(file), *arguments], stdin=its, capture_output=True, timeout=120
        )
    finally:
        os.close(mine)
        os.close(its)
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_no_byte_is_left_and_it_says_what_it_did(staff: Path, home: Path) -> None:
    assert files_with(home, PERSON)

    answer = whowas("erase", staff, EMAIL.upper(), "--yes")

    assert answer == Answer(0, f"User {ADA} is erased: 2 events hold nothing of them any more.\n", "")
    assert files_with(home, PERSON) == []
    assert whowas("verify", staff).code == 0
    assert [user["first_name"] for user in whowas("list", staff, "--status", "any", "--json").objects] == ["Ben"]


def test_it_asks_at_a_terminal(staff: Path) -> None:
    no, yes = (at_a_terminal(staff, EMAIL, says=says) for says in ("n\n", "y\n"))
    assert (no.code, no.out) == (2, "")
    assert "nothing brings it back" in no.err
    assert no.err.endswith("Stopped.\n")
    assert (yes.code, yes.out.startswith(f"User {ADA} is erased")) == (0, True)


def test_nobody_is_erased_unasked(staff: Path) -> None:
    before = contents(staff.parent)
    assert whowas("erase", staff, EMAIL) == Answer(2, "", "Erasing is for ever. Say --yes where nobody can be asked.\n")
    assert contents(staff.parent) == before


@pytest.mark.parametrize("who", ["nobody", "nobody@example.org", "0199a3c4-0000-7000-8000-00000000000f"])
def test_an_unknown_user(staff: Path, who: str) -> None:
    assert whowas("erase", staff, who, "--yes") == Answer(1, "", f"There is and was no user “{who}”.\n")


def test_whoever_was_called_so_only_once_is_not_erased_by_that(staff: Path) -> None:
    whowas("run", staff, stdin=json_lines({"command": "UpdateUser", "id": ADA, "email": "new@example.org"}))
    answer = whowas("erase", staff, EMAIL, "--yes")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.endswith(f"give their id: {ADA}\n")
    assert whowas("show", staff, ADA).code == 0


@pytest.mark.parametrize(
    "command", [("erase", "--yes"), ("show",), ("history",), ("show", "--at", "2020-01-01"), ("history", "--json")]
)
def test_who_was_erased_is_told_by_id(staff: Path, command: tuple[str, ...]) -> None:
    whowas("erase", staff, ADA, "--yes")
    name, *options = command
    answer = whowas(name, staff, ADA.upper(), *options)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("The user of this id was erased on ")
    assert whowas("show", staff, EMAIL).err == f"There is and was no user “{EMAIL}”.\n"


@pytest.mark.parametrize("command", ["RestoreUser", "UpdateUser", "CreateUser", "DeleteUser"])
def test_commands_on_an_erased_user_are_refused(staff: Path, command: str) -> None:
    whowas("erase", staff, ADA, "--yes")
    before = whowas("head", staff)
    fields = {} if command.startswith(("R", "D")) else {"first_name": "Ada"}
    (answer,) = whowas("run", staff, stdin=json_lines({"command": command, "id": ADA, **fields})).objects
    assert (answer["ok"], answer["field"]) == (False, "id")
    assert answer["message"].startswith("This user was erased")
    assert whowas("head", staff) == before


def test_their_names_can_be_taken_by_others(staff: Path) -> None:
    whowas("erase", staff, ADA, "--yes")
    again = {"command": "CreateUser", "email": EMAIL, "external_id": PERSON.fields()["external_id"]}
    assert whowas("run", staff, stdin=json_lines(again)).code == 0


def test_the_log_exports_what_is_left(staff: Path) -> None:
    whowas("erase", staff, ADA, "--yes")
    lines = whowas("export", staff, "-", "--format", "log").objects
    assert [(line["type"], line["payload"]) for line in lines if line["stream"] == ADA] == [
        ("UserCreated", None),
        ("UserUpdated", None),
        ("UserErased", {}),
    ]


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_directory(staff: Path, what: str) -> None:
    as_of_the_first_version(staff)
    target = staff if what == "file" else staff.parent
    before = staff.read_bytes()
    target.chmod(0o400 if what == "file" else 0o500)

    answer = process("erase", staff, ADA, "--yes", before=as_person())

    target.chmod(0o700)
    assert (answer.code, answer.out) == (2, ""), answer
    assert "read-only" in answer.err
    assert len(answer.err.splitlines()) == 1
    assert staff.read_bytes() == before
    assert not list(staff.parent.glob("*migration*"))
    assert whowas("show", staff, ADA).code == 0


@pytest.mark.parametrize("first_version", [True, False])
def test_a_full_disk(staff: Path, tmp_path: Path, first_version: bool) -> None:
    """Nothing is written where there is no room, for the copy that a migration begins with or for anything else."""
    if first_version:
        as_of_the_first_version(staff)
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"""
        cp '{staff}' '{disk}/staff.whowas'
        head -c 40960 /dev/zero > '{disk}/room'
        dd if=/dev/zero of='{disk}/filler' bs=4096 count=100000 2>/dev/null || true
        rm '{disk}/room'
        '{PROGRAM}' erase '{disk}/staff.whowas' {ADA} --yes || echo "exit code $?"
        rm '{disk}/filler'
        '{PROGRAM}' verify '{disk}/staff.whowas'
        '{PROGRAM}' show '{disk}/staff.whowas' {ADA} > /dev/null || echo "erased all the same"
        ls '{disk}'
        '{PROGRAM}' erase '{disk}/staff.whowas' {ADA} --yes
        ls '{disk}'
        grep -c -a -i -e quackenbush -e brockenhurst '{disk}/staff.whowas' || true
    """

    answer = on_small_disk(disk, script)

    assert "The disk is full" in answer.err, answer
    assert answer.out.splitlines() == [
        "exit code 2",
        "3 events, their payloads verified: the history is as it was written.",
        "staff.whowas",
        f"User {ADA} is erased: 2 events hold nothing of them any more.",
        "staff.whowas",
        "0",
    ]


def test_a_disk_too_full_to_sweep(staff: Path, tmp_path: Path) -> None:
    """Who was erased is erased; the traces are told of, and gone once there is room and the file is opened."""
    disk = tmp_path / "disk"
    disk.mkdir()
    many = ({"command": "CreateUser", "first_name": "Cam", "notes": "x" * 20_000} for _ in range(15))
    assert whowas("run", staff, stdin=json_lines(*many)).code == 0
    script = f"""
        cp '{staff}' '{disk}/staff.whowas'
        head -c 204800 /dev/zero > '{disk}/room'
        dd if=/dev/zero of='{disk}/filler' bs=4096 count=100000 2>/dev/null || true
        rm '{disk}/room'
        '{PROGRAM}' erase '{disk}/staff.whowas' {ADA} --yes
        rm '{disk}/filler'
        '{PROGRAM}' verify '{disk}/staff.whowas' > /dev/null
        ls '{disk}'
        grep -c -a -i -e quackenbush -e brockenhurst '{disk}/staff.whowas' || true
    """

    answer = on_small_disk(disk, script)

    assert answer.err.startswith("Traces may be left until this directory is opened again. The disk is full"), answer
    assert answer.out.splitlines() == [
        f"User {ADA} is erased: 2 events hold nothing of them any more.",
        "staff.whowas",
        "0",
    ]


def erased_and_killed(file: Path) -> None:
    """Erase Ada as a program does that is killed right after the commit."""
    with closing(EventLog.open(file)) as log:
        Bus(log, clock=lambda: 1_800_000_000_000_000, actor="ines").dispatch(EraseUser(ADA))


@pytest.mark.parametrize(
    "command",
    ["head", "run", "verify", "backup", "list", "history", "rebuild", "export", "import", "diff", "show", "erase"],
)
def test_every_command_finishes_an_erasure_that_was_interrupted(staff: Path, home: Path, command: str) -> None:
    erased_and_killed(staff)
    (home / "new.csv").write_text("first_name\nCam\n")
    more = {
        "backup": (home / "copy.whowas",),
        "export": ("-", "--format", "log"),
        "import": (home / "new.csv",),
        "diff": ("#1", "now"),
        "show": ("ben@example.org",),
        "erase": ("ben@example.org", "--yes"),
    }
    assert files_with(home, PERSON), "in the file, its log and its read side"
    answer = whowas(command, staff, *more.get(command, ()), stdin=json_lines(BEN | {"email": "b@example.org"}))
    assert answer.code == 0, answer
    assert files_with(home, PERSON) == []
    with closing(EventLog.open(staff)) as log:
        assert not log.unswept


def test_a_file_that_was_tampered_with_is_verified_as_it_is(staff: Path) -> None:
    erased_and_killed(staff)
    with closing(sqlite3.connect(staff, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER event_is_gapless")
    before = contents(staff.parent)
    assert whowas("verify", staff).code == 1
    assert contents(staff.parent) == before


def test_a_command_of_any_other_directory_takes_away_what_a_killed_one_left(staff: Path, home: Path) -> None:
    """Wherever it was at work."""
    elsewhere = home / "stick"
    elsewhere.mkdir()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_COPYING, str(staff), str(elsewhere / "copy.whowas")],
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert [path.name for path in files_with(elsewhere, PERSON)] == ["copy.whowas"]
    assert [path.name.startswith(".whowas-") for path in elsewhere.iterdir()] == [True]
    another = home / "another" / "club.whowas"
    another.parent.mkdir()
    assert whowas("run", another, stdin=json_lines(BEN)).code == 0
    assert list(elsewhere.iterdir()) == []


def test_what_cannot_be_swept_fails_no_command(staff: Path, home: Path) -> None:
    left = staff.parent / ".whowas-01234567.new"
    left.mkdir()
    (left / "copy.whowas").write_text("somebody")
    os.utime(left / "copy.whowas", (0, 0))
    os.utime(left, (0, 0))
    left.chmod(0o500)
    answer = process("list", staff, before=as_person())
    left.chmod(0o700)
    assert (answer.code, answer.err) == (0, "")


KILLED_WHILE_COPYING = """
import os, signal, sys
from pathlib import Path
from whowas.store.file.copies import copy_file

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

copy_file(Path(sys.argv[1]), Path(sys.argv[2]), killed)
"""
