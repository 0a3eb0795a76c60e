"""Real keys: in text fields they edit, and Escape stops what can still be stopped, and nothing that is saved."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.end_to_end.application import FIELDS, Application
from tests.end_to_end.conftest import WHOWAS, Launch
from tests.end_to_end.screen_reader import NotThere
from tests.end_to_end.test_first_day import quit_by_keys, run_commands

PEOPLE = 30_000
LAST_MOMENT = r"(Saving…|Saved; .*|([\d,]+) of \2)"
"""What the progress says when all is done but what cannot be cancelled, or just before."""


def listed(directory: Path) -> int:
    """How many users the file holds, as another program finds."""
    found = subprocess.run([*WHOWAS, "list", str(directory), "--json"], capture_output=True, text=True, check=True)
    return len(found.stdout.splitlines())


def kept(directory: Path) -> list[str]:
    found = subprocess.run([*WHOWAS, "list", str(directory), "--json"], capture_output=True, text=True, check=True)
    return [json.loads(line)["first_name"] for line in found.stdout.splitlines()]


def edit_by_keys(app: Application, name: str) -> None:
    """Delete a word and take that back; none of it is anybody else's to hear."""
    field = app.field(name)
    field.focus()
    field.text = "one two"
    app.press_keys("Ctrl+Home")
    app.press_keys("Home")
    app.press_keys("Ctrl+Delete")
    app.eventually(lambda: field.text == "two", f"a word of {name} is deleted")
    app.press_keys("Ctrl+z")
    app.eventually(lambda: field.text == "one two", f"the word is back in {name}")
    app.press_keys("Ctrl+space")
    app.press_keys("End")
    app.press_keys("x")
    app.eventually(lambda: field.text == "one twox", f"{name} took the keys")
    assert not app.button("Pause").shows(), "nothing plays"


def test_in_every_text_field_the_keys_that_edit_are_its_own(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(
        directory,
        {"command": "DefineField", "name": "Room"},
        {"command": "CreateUser", "first_name": "Ada", "title": "Clerk"},
        {"command": "CreateUser", "first_name": "Ben"},
    )
    app = launch(directory)
    app.table("Users").select(0)
    app.eventually(lambda: app.field("Title").text == "Clerk", "the form shows")
    names = {name for name in app.ask("names", target={"roles": FIELDS}) if name}
    assert {"First name", "Last name", "Email", "Phone", "Title", "Department", "Notes", "Search"} <= names
    for name in sorted(names):
        if not app.field(name).read_only and name != "Search":
            edit_by_keys(app, name)
    edit_by_keys(app, "Search")
    app.field("Search").text = ""
    assert kept(directory) == ["Ada", "Ben"]

    app.button("Discard").press()
    app.eventually(lambda: app.field("Title").text == "Clerk", "the form is as saved")
    app.eventually(lambda: app.table("Users").column("Name") == ["Ada", "Ben"], "both are there")
    app.table("Users").select(1)
    app.table("Users").focus()
    app.press_keys("Ctrl+Delete")
    app.eventually(lambda: app.table("Users").column("Name") == ["Ada"], "in the table it is the user who is deleted")
    app.table("Users").select(0)
    app.eventually(lambda: app.field("Title").text == "Clerk", "Ada's form shows")
    app.field("Title").focus()
    app.press_keys("Ctrl+z")
    app.eventually(
        lambda: app.table("Users").column("Name") == ["Ada", "Ben"],
        "a field with nothing to take back leaves the key to the directory",
    )
    quit_by_keys(app)


def escape_at_the_last_moment(app: Application, title: str) -> None:
    """Press Escape as soon as a dialog tells the end of its progress; where it is gone before that, all is over."""
    progress = app.label(pattern=LAST_MOMENT).within("dialog", name=f"{title} — Whowas")
    with suppress(NotThere):  # over before anybody could see it
        app.eventually(lambda: shown(app, title), "it is under way")
    app.eventually(lambda: not shown(app, title) or progress.shows(), "the end is told", seconds=120)
    app.press_keys("Esc")


def shown(app: Application, title: str) -> bool:
    """Whether there is a window or dialog of that title."""
    return any(window.startswith(title) for window in app.windows)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A directory of thousands."""
    directory = tmp_path / "many.whowas"
    subprocess.run([*WHOWAS, "sample", str(directory), "--people", str(PEOPLE), "--changes", "0"], check=True)
    return directory


def test_escape_at_the_end_of_a_bulk_deletion_leaves_the_window_and_the_file_alike(launch: Launch, many: Path) -> None:
    app = launch(many)
    users = app.table("Users")
    app.eventually(lambda: users.row_count == PEOPLE, "all are there", seconds=60)
    users.focus()
    app.press_keys("Ctrl+a")
    app.press_keys("Ctrl+Delete")
    escape_at_the_last_moment(app, f"Deleting {PEOPLE:,} users")
    app.eventually(lambda: not shown(app, "Deleting"), "it is over", seconds=120)
    left = listed(many)
    assert left in (0, PEOPLE)
    # Not the number of rows: a screen reader that asks for it is told of each that is selected, too.
    app.eventually(lambda: len(users.rows(0, 1)) == min(left, 1), "the table shows what the file holds", seconds=60)
    quit_by_keys(app)


def test_escape_at_the_end_of_an_import_leaves_the_window_and_the_file_alike(launch: Launch, tmp_path: Path) -> None:
    directory, source = tmp_path / "staff.whowas", tmp_path / "people.csv"
    run_commands(directory, {"command": "CreateUser", "first_name": "Ada"})
    source.write_text("first_name,email\n" + "".join(f"P{n},p{n}@example.org\n" for n in range(PEOPLE)))
    app = launch(directory)
    users = app.table("Users")
    assert users.row_count == 1
    app.button("Import").press()
    app.eventually(lambda: shown(app, "Import"), "a file is asked for")
    app.field("File name:").text = str(source)
    app.press_keys("Enter")
    app.eventually(lambda: shown(app, "Import people.csv"), "its columns are shown", seconds=120)
    app.button("Next").press()
    taking = app.control("push button", "button", pattern=r"Import [\d,]+ users?")
    app.eventually(lambda: taking.enabled, "what it would do is shown", seconds=120)
    taking.press()
    escape_at_the_last_moment(app, "Importing people.csv")
    app.eventually(lambda: not shown(app, "Importing people.csv"), "it is over", seconds=120)
    there = listed(directory)
    assert there in (1, PEOPLE + 1)
    app.eventually(lambda: users.row_count == there, "the table shows what the file holds", seconds=60)
    quit_by_keys(app)
