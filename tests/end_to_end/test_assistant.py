"""Lists taken in by the window: corrected, previewed, taken again, put back; and old ones become history."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.end_to_end.application import BUTTONS, Application
from tests.end_to_end.conftest import Launch
from tests.end_to_end.controls import Control
from tests.end_to_end.test_first_day import quit_by_keys, run_commands
from tests.end_to_end.test_harness import DRAGGED

TITLES = (
    "First Name [Required],Last Name [Required],Email Address [Required],Org Unit Path [Required],Employee ID,"
    "Department,Cost Center,Status [READ ONLY]"
)
STAYING = [
    "Agnes,Tull,agnes.tull@example.org,/Records,104402,Records,4405,Active",
    "Amir,Soltane,amir.soltane@example.org,/Comms,104403,Comms,4410,Active",
    "Corin,Vassey,corin.vassey@example.org,/Legal,104404,Legal,4410,Suspended",
    "Edda,Marlow,edda.marlow@example.org,/Legal,104405,Legal,4410,Active",
]
ADA = "Ada,Osei,ada.osei@example.org,/Records,104401,Records,4405,Active"
DORIT = "Dorit,Landau,dorit.landau.example.org,/Records,104406,Records,4405,Active"
EVERYBODY = ["Ada Osei", "Agnes Tull", "Amir Soltane", "Ben Ruiz", "Corin Vassey", "Edda Marlow"]


def _write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((TITLES, *rows)) + "\n", encoding="utf-8")
    return path


def _drop(target: Control, launch: Launch, *paths: Path) -> None:
    """Drag files from a file manager to a place in the window."""
    app = target.app
    files = launch(*paths, program=DRAGGED)
    above = app.label("Drop to import")
    files.button("Files").drop_on(target, above.shows)


def _go_to_the_preview(app: Application) -> None:
    app.button("Next").press()
    app.eventually(lambda: app.button("Back").shows(), "the preview is there")


def _import(app: Application) -> None:
    app.control(*BUTTONS, pattern=r"Import \d.*").press()


def test_a_google_export_is_corrected_taken_in_taken_again_and_put_back(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(directory, {"command": "CreateUser", "first_name": "Ben", "last_name": "Ruiz"})
    november = _write(tmp_path / "google-users.csv", ADA, *STAYING, DORIT)
    app = launch(directory)
    users = app.table("Users")
    app.eventually(lambda: users.column("Name") == ["Ben Ruiz"], "who is there shows")

    _drop(users, launch, november)
    app.button("Cost Center becomes").click()
    for key in ("Up", "Up", "Enter"):  # from “Leave out” past “New field…” to “New field “Cost Center””
        app.press_keys(key)
    app.button("Org Unit Path [Required] becomes").click()
    for key in (*("Down",) * 8, "Enter"):  # from “Leave out”, the last, round to “Notes”
        app.press_keys(key)
    _go_to_the_preview(app)
    app.control("radio button", name="Refused 1").press()
    rows = app.table("Rows")
    app.eventually(lambda: rows.row_count == 1, "only the refused row is listed")
    assert "“dorit.landau.example.org” is not an email address" in " ".join(rows.rows()[0])
    app.button("Save the refused rows…").press()
    saved = tmp_path / "refused.csv"
    app.field("File name:").text = str(saved)
    app.button("Save").within("dialog", "file chooser", name="Save the refused rows — Whowas").press()
    app.eventually(saved.exists, "the refused row is saved")
    titles, row, *others = csv.reader(saved.read_text("utf-8").splitlines())
    assert titles == [*TITLES.split(","), "Why it was not imported"]
    assert row[:-1] == DORIT.split(",")
    assert not others
    app.button("Import 5 users").press()
    app.eventually(lambda: users.column("Name") == EVERYBODY, "the list is taken in")
    app.eventually(lambda: app.slider("Timeline").range == (0, 2), "as one change")
    users.select(0)
    app.tab("Details").press()
    app.eventually(lambda: app.field("Notes").text == "/Records", "as it was corrected")
    assert app.field("Cost Center").text == "4405"

    december = _write(tmp_path / "google-users-december.csv", *STAYING)
    app.menu_item("Import again…").press()
    app.field("File name:").text = str(december)
    app.button("Open").press()
    app.control("check box", name="Suspend").press()
    _go_to_the_preview(app)
    app.control("radio button", name="Not in this file 1").press()
    app.eventually(lambda: rows.row_count == 1, "only who left is listed")
    assert "Ada Osei" in " ".join(rows.rows()[0])
    _import(app)
    app.eventually(lambda: users.cell(0, "Status") == "Suspended", "who left is suspended")

    app.button("Undo").within("frame", name=app.title).press()
    app.eventually(lambda: users.cell(0, "Status") == "Active", "the second import is undone")
    app.button("Undo").within("frame", name=app.title).press()
    app.eventually(lambda: users.column("Name") == ["Ben Ruiz"], "the first one is undone as well")
    quit_by_keys(app)


def test_three_old_lists_that_are_dropped_become_history(launch: Launch, tmp_path: Path) -> None:
    lists = [
        _write(tmp_path / "members 2019-03.csv", ADA, *STAYING[:3]),
        _write(tmp_path / "members 2019-01.csv", *STAYING[:2]),
        _write(tmp_path / "members 2019-02.csv", ADA.replace("Records", "Comms"), *STAYING[:2]),
    ]
    app = launch()
    users, slider = app.table("Users"), app.slider("Timeline")

    _drop(app.button("New directory…"), launch, *lists)
    app.field("File name:").text = str(tmp_path / "members.whowas")
    app.button("Save").press()
    app.control("check box", name="Leave as they are").press()
    app.control("check box", name="Delete").press()
    _go_to_the_preview(app)
    _import(app)
    app.eventually(lambda: slider.range == (0, 3), "each list is a step")
    app.eventually(lambda: users.column("Name") == ["Ada Osei", "Agnes Tull", "Amir Soltane", "Corin Vassey"], "March")
    slider.value = 2
    app.eventually(lambda: users.column("Name") == ["Ada Osei", "Agnes Tull", "Amir Soltane"], "February")
    users.select(0)
    app.tab("Details").press()
    app.eventually(lambda: app.field("Department").text == "Comms", "as the list of February had it")
    slider.value = 1
    app.eventually(lambda: users.column("Name") == ["Agnes Tull", "Amir Soltane"], "January")
    app.eventually(lambda: app.label(pattern="1 Jan 2019 .*").shows(), "the first list's own date")
    quit_by_keys(app)
