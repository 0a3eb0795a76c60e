"""Somebody renames, replaces or removes the file under the real window: nothing is lost, nothing untrue is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.command_line import whowas
from tests.end_to_end.application import Application
from tests.end_to_end.conftest import Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands

GONE = "staff.whowas is no longer in its folder: nothing can be saved to it."
REPLACED = "Another file has taken the place of staff.whowas: nothing can be saved to it."


def people(directory: Path) -> list[tuple[str, str | None]]:
    return [(user["first_name"], user["title"]) for user in whowas("list", directory, "--json").objects]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    directory = folder / "staff.whowas"
    run_commands(directory, {"command": "CreateUser", "first_name": "Ada", "title": "Clerk"})
    return directory


def edited(app: Application) -> None:
    """Save one edit, and leave another as a draft."""
    app.table("Users").select(0)
    app.eventually(lambda: app.field("Title").text == "Clerk", "Ada's form shows")
    app.field("Title").text = "Archivist"
    app.button("Save").press()
    app.eventually(lambda: app.table("Users").cell(0, "Title") == "Archivist", "the edit is saved")
    app.field("Phone").text = "1234"


@pytest.mark.parametrize("how", ["renamed", "replaced", "removed"])
def test_the_file_goes_under_the_window(launch: Launch, directory: Path, how: str, tmp_path: Path) -> None:
    app = launch(directory)
    edited(app)
    other = directory.with_name("other.whowas")
    if how == "renamed":
        directory.rename(other)
    elif how == "removed":
        directory.unlink()
    else:
        run_commands(other, {"command": "CreateUser", "first_name": "Other"})
        other.replace(directory)
    app.button("Save").press()
    sentence = REPLACED if how == "replaced" else GONE
    app.eventually(lambda: app.label(sentence).shows(), "the banner says what happened")
    # The banner takes the place of what was said of a save before it came.
    app.button("Save").press()
    app.eventually(lambda: app.label(pattern=r".*so nothing was written\.").shows(), "saving is refused")
    app.eventually(lambda: app.label(pattern=r"staff\.whowas · not in its folder").shows(), "the status line says why")
    assert app.field("Phone").text == "1234", "the draft stays"

    copy = tmp_path / "copy.whowas"
    app.button("Save a copy…").press()
    app.field("File name:").text = str(copy)
    app.press_keys("Enter")
    app.eventually(lambda: app.title.startswith("copy"), "the copy is open")
    app.table("Users").select(0)
    app.eventually(lambda: app.field("Phone").text == "1234", "the draft came along")
    assert app.field("Title").text == "Archivist"
    assert not app.label(sentence).shows()
    app.button("Save").press()
    app.eventually(lambda: app.table("Users").cell(0, "Phone") == "1234", "the draft is saved")
    quit_by_keys(app)

    assert people(copy) == [("Ada", "Archivist")]
    assert whowas("verify", copy).code == 0
    if how == "replaced":
        assert people(directory) == [("Other", None)], "nothing of the file before came into it"
    elif how == "renamed":
        assert people(other) == [("Ada", "Archivist")], "what was saved went with the file"


def test_a_file_that_comes_back_can_be_saved_to(launch: Launch, directory: Path) -> None:
    app = launch(directory)
    edited(app)
    away = directory.with_name("away.whowas")
    directory.rename(away)
    app.eventually(lambda: app.label(GONE).shows(), "the banner says that it is gone")
    away.rename(directory)
    app.eventually(lambda: not app.label(GONE).shows(), "the banner goes when it is back")
    app.button("Save").press()
    app.eventually(lambda: app.table("Users").cell(0, "Phone") == "1234", "the draft is saved")
    quit_by_keys(app)
    assert people(directory) == [("Ada", "Archivist")]


def test_a_copied_directory_has_no_drafts_of_the_original(launch: Launch, directory: Path) -> None:
    app = launch(directory)
    edited(app)
    quit_by_keys(app)
    copy = directory.with_name("copy.whowas")
    shutil.copy(directory, copy)
    run_commands(
        copy, {"command": "UpdateUser", "id": whowas("list", copy, "--json").objects[0]["id"], "title": "Dean"}
    )

    of_copy = launch(copy)
    of_copy.table("Users").select(0)
    of_copy.eventually(lambda: of_copy.field("Title").text == "Dean", "the copy's Ada shows")
    assert of_copy.field("Phone").text == ""
    quit_by_keys(of_copy)

    again = launch(directory)
    again.table("Users").select(0)
    again.eventually(lambda: again.field("Phone").text == "1234", "the original's draft is there")
    quit_by_keys(again)
