"""A person's first day with the real window: edit, see, drag through time, undo, quit, come back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.end_to_end.application import Application
from tests.end_to_end.conftest import WHOWAS, Launch


def run_commands(directory: Path, *lines: dict[str, object]) -> list[dict[str, object]]:
    """Carry out command lines as another program would, and return what they were answered."""
    done = subprocess.run(
        [*WHOWAS, "run", str(directory)],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def quit_by_keys(app: Application) -> None:
    app.menu_item("Quit").press()
    assert app.wait_closed() == 0


def test_create_edit_drag_undo_redo_and_come_back(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(directory, {"command": "CreateUser", "first_name": "Ben", "last_name": "Ruiz"})
    app = launch(directory)
    users, slider = app.table("Users"), app.slider("Timeline")
    app.eventually(lambda: app.title.startswith("staff"), "the window is called by its directory")
    app.eventually(lambda: users.column("Name") == ["Ben Ruiz"], "who is there shows")

    app.button("New user").press()
    app.field("First name").text = "Ada"
    app.field("Last name").text = "Osei"
    app.field("Email").text = "ada@example.org"
    app.button("Save").press()
    app.eventually(lambda: users.column("Name") == ["Ada Osei", "Ben Ruiz"], "the new user stands in the table")
    app.eventually(lambda: slider.range == (0, 2) and slider.value == 2, "the timeline ends with her")

    app.field("Email").text = "ada.osei@example.org"
    app.button("Save").press()
    app.eventually(lambda: users.cell(0, "Email") == "ada.osei@example.org", "the table shows the new email")

    slider.value = 2
    app.eventually(lambda: users.cell(0, "Email") == "ada@example.org", "the past shows the old email")
    app.eventually(lambda: app.field("Email").text == "ada@example.org", "the form shows the old email")
    app.eventually(lambda: app.field("Email").read_only, "the past is only read")
    app.eventually(lambda: not app.button("New user").enabled, "nobody is added to the past")
    slider.value = 1
    app.eventually(lambda: users.column("Name") == ["Ben Ruiz"], "before her, Ada is not there")
    app.button("Return to now").press()
    app.eventually(lambda: users.cell(0, "Email") == "ada.osei@example.org", "now is back")

    app.button("Undo").press()
    app.eventually(lambda: users.cell(0, "Email") == "ada@example.org", "undo brings the old email back")
    app.button("Redo").press()
    app.eventually(lambda: users.cell(0, "Email") == "ada.osei@example.org", "redo brings the new one back")
    app.eventually(lambda: slider.range == (0, 5), "undo and redo are changes like others")
    quit_by_keys(app)

    again = launch(directory)
    users = again.table("Users")
    shown = [["Ada Osei", "ada.osei@example.org"], ["Ben Ruiz", ""]]
    again.eventually(lambda: [row[:2] for row in users.rows()] == shown, "everybody is there again")
    again.eventually(lambda: again.slider("Timeline").range == (0, 5), "so is every change")
    again.eventually(lambda: again.button("Undo").enabled, "the last one can be undone")
    quit_by_keys(again)


def test_a_draft_survives_another_row_and_a_crash(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(
        directory,
        {"command": "CreateUser", "first_name": "Ada", "title": "Clerk"},
        {"command": "CreateUser", "first_name": "Ben", "title": "Analyst"},
    )
    app = launch(directory)
    app.table("Users").select(0)
    app.eventually(lambda: app.field("Title").text == "Clerk", "Ada's form shows")
    app.field("Title").text = "Archivist"
    app.table("Users").select(1)
    app.eventually(lambda: app.field("Title").text == "Analyst", "Ben's form shows")
    app.table("Users").select(0)
    app.eventually(lambda: app.field("Title").text == "Archivist", "Ada's draft is back")
    app.process.kill()
    app.process.wait()

    again = launch(directory)
    again.table("Users").select(0)
    again.eventually(lambda: again.field("Title").text == "Archivist", "the draft survived the crash")
    assert again.table("Users").cell(0, "Title") == "Clerk", "a draft is not saved"
    again.button("Discard").press()
    again.eventually(lambda: again.field("Title").text == "Clerk", "discarding goes back to what is saved")
    quit_by_keys(again)


def test_a_refused_email_keeps_the_form_open_with_a_sentence(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(directory, {"command": "CreateUser", "first_name": "Ben", "email": "ben@example.org"})
    app = launch(directory)
    app.button("New user").press()
    app.field("First name").text = "Bob"
    app.field("Email").text = "BEN@example.org"
    app.button("Save").press()
    email = app.field("Email")
    app.eventually(lambda: "already" in email.description, "the sentence stands beside the field")
    assert app.table("Users").row_count == 1
    assert app.field("First name").text == "Bob"
    email.text = "bob@example.org"
    app.button("Save").press()
    app.eventually(lambda: app.table("Users").column("Name") == ["Ben", "Bob"], "the mended form is saved")
    quit_by_keys(app)


def test_the_window_shows_what_another_program_changed(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(directory, {"command": "CreateUser", "first_name": "Ada"})
    app = launch(directory)
    app.eventually(lambda: app.table("Users").column("Name") == ["Ada"], "who is there shows")
    run_commands(directory, {"command": "CreateUser", "first_name": "Ben"})
    app.eventually(lambda: app.table("Users").column("Name") == ["Ada", "Ben"], "the other's user shows")
    app.slider("Timeline").value = 1
    app.eventually(lambda: app.table("Users").column("Name") == ["Ada"], "the past shows")
    run_commands(directory, {"command": "CreateUser", "first_name": "Chi"})
    app.eventually(lambda: app.slider("Timeline").range == (0, 3), "the timeline grows while the past shows")
    assert app.table("Users").column("Name") == ["Ada"]
    quit_by_keys(app)


def test_starting_without_a_directory_welcomes_and_quits_clean(launch: Launch) -> None:
    app = launch()
    assert app.button("New directory…").enabled
    quit_by_keys(app)
