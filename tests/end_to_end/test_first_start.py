"""A first start where something is wrong with the home: a working window all the same, or a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command_line import as_person
from tests.conftest import isolated_home
from tests.end_to_end.application import Application
from tests.end_to_end.conftest import WHOWAS, Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands

WITHOUT_FOLDERS = ("env", *(f"--unset={name}" for name in isolated_home(Path("/tmp")) if name.startswith("XDG_")))


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    """A directory in a folder that can be written, whatever the home is like."""
    file = tmp_path / "staff.whowas"
    run_commands(file, {"command": "CreateUser", "first_name": "Ada", "title": "Clerk"})
    return file


def views_and_edits(app: Application, *, keeps_drafts: bool = True) -> None:
    """Look at the past, edit a user, and leave a draft; where none can be kept, that is asked before it is lost."""
    users = app.table("Users")
    app.eventually(lambda: users.column("Name") == ["Ada"], "who is there shows")
    users.select(0)
    app.eventually(lambda: app.field("Title").text == "Clerk", "Ada's form shows")
    app.field("Title").text = "Archivist"
    app.button("Save").press()
    app.eventually(lambda: users.cell(0, "Title") == "Archivist", "the edit is saved")
    app.slider("Timeline").value = 1
    app.eventually(lambda: users.cell(0, "Title") == "Clerk", "the past shows")
    app.button("Return to now").press()
    app.eventually(lambda: users.cell(0, "Title") == "Archivist", "now is back")
    app.field("Notes").text = "a draft"
    if keeps_drafts:
        quit_by_keys(app)
    else:
        app.press_keys("Ctrl+q")
        app.button("Lose it").press()
        assert app.wait_closed() == 0
    assert "Traceback" not in app.errors()


def test_a_read_only_home(launch: Launch, home: Path, staff: Path) -> None:
    for own in home.iterdir():  # what a command left there it may make writable again
        shutil.rmtree(own)
    home.chmod(0o500)
    for folder in home.rglob("*"):
        folder.chmod(0o500)
    try:
        views_and_edits(launch(staff, program=(*as_person(), *WHOWAS)), keeps_drafts=False)
        assert [path.name for path in home.rglob("*") if path.is_file()] == []
    finally:
        for folder in [home, *home.rglob("*")]:
            folder.chmod(0o700)


def test_a_home_that_cannot_be_made(launch: Launch, staff: Path) -> None:
    app = launch(staff, program=(*WITHOUT_FOLDERS, "HOME=/proc/nowhere", *WHOWAS))
    views_and_edits(app, keeps_drafts=False)


def test_a_sample_that_cannot_be_made_is_told(launch: Launch) -> None:
    app = launch(program=(*WITHOUT_FOLDERS, "HOME=/proc/nowhere", *WHOWAS))
    app.button("Try a sample").press()
    app.eventually(lambda: "does not exist" in app.label(pattern=".*does not exist.*").name, "the sentence is there")
    quit_by_keys(app)
    assert "Traceback" not in app.errors()


def test_what_cannot_be_opened_is_told_to_who_reads_no_terminal(launch: Launch, tmp_path: Path) -> None:
    app = launch(tmp_path / "gone.whowas")
    sentence = f"There is no directory at “{tmp_path / 'gone.whowas'}”."
    assert app.label(pattern=".*no directory.*").name == sentence
    app.button("OK").press()
    assert app.wait_closed() == 2
    assert app.errors().startswith(f"{sentence}\n")


def test_a_home_with_spaces_and_letters_of_all_kinds(launch: Launch, tmp_path: Path) -> None:
    home = tmp_path / "Überprüft 検査’s home"
    app = launch(program=(*WITHOUT_FOLDERS, f"HOME={home}", *WHOWAS))
    app.button("Try a sample").press()
    app.eventually(lambda: app.title.startswith("sample"), "the sample is open")
    app.eventually(lambda: app.table("Users").row_count > 100, "its people show")
    quit_by_keys(app)
    assert (home / ".local" / "share" / "whowas" / "sample.whowas").is_file()
    again = launch(program=(*WITHOUT_FOLDERS, f"HOME={home}", *WHOWAS))
    again.eventually(lambda: again.title.startswith("sample"), "it is open again at the next start")
    quit_by_keys(again)


def on_a_full_disk(folder: Path, kilobytes: int) -> tuple[str, ...]:
    """What starts a program for which ``folder`` is a disk with so much room."""
    mount = f"mount -t tmpfs -o size={kilobytes}k tmpfs '{folder}'"
    can = os.geteuid() == 0 and shutil.which("unshare") is not None
    if not can or subprocess.run(["unshare", "-m", "sh", "-c", mount], capture_output=True).returncode != 0:
        pytest.skip("a small disk can be mounted by root only")
    return "unshare", "-m", "sh", "-ec", f'{mount}; exec "$0" "$@"'


@pytest.mark.parametrize(("kilobytes", "keeps_drafts"), [(4, False), (64, True)])
def test_a_full_disk_at_home(launch: Launch, home: Path, staff: Path, kilobytes: int, keeps_drafts: bool) -> None:
    views_and_edits(launch(staff, program=(*on_a_full_disk(home, kilobytes), *WHOWAS)), keeps_drafts=keeps_drafts)


@pytest.mark.parametrize("kilobytes", [20, 400])
def test_a_full_disk_for_the_sample(launch: Launch, home: Path, kilobytes: int) -> None:
    app = launch(program=(*on_a_full_disk(home, kilobytes), *WHOWAS))
    app.button("Try a sample").press()
    app.eventually(lambda: app.label(pattern=".*(disk is full|No space left).*").name != "", "the sentence is there")
    # The disk is there for the program only.
    inside = Path(f"/proc/{app.process.pid}/root{home}")
    assert not list(inside.rglob("*.whowas*"))
    quit_by_keys(app)
    assert "Traceback" not in app.errors()
