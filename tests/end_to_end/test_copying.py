"""Real keys in the table, as a screen reader hears of them: selecting, copying, and leading into the form."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.conftest import Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands


def test_rows_are_selected_copied_and_edited_by_keys(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(
        directory,
        *(
            {"command": "CreateUser", "first_name": name, "email": f"{name}@example.org"}
            for name in ("Ada", "Ben", "Chi")
        ),
    )
    app = launch(directory)
    table = app.table("Users")
    app.eventually(lambda: table.column("Name") == ["Ada", "Ben", "Chi"], "all are there")
    table.select(0)
    table.focus()
    app.press_keys("Ctrl+Down")
    app.press_keys("Ctrl+Down")
    app.press_keys("Ctrl+space")
    app.eventually(lambda: table.selected_rows == [0, 2], "the third row is selected besides the first")
    app.press_keys("Ctrl+c")
    app.eventually(lambda: app.label(name="Copied 2 rows").shows(), "the copy is told")
    app.press_keys("Home")
    app.eventually(lambda: table.selected_rows == [0], "Home goes to the first row")
    app.press_keys("Right")
    app.press_keys("F2")
    email = app.field("Email")
    app.eventually(lambda: "focused" in email.states, "F2 leads into the field of the column")
    app.press_keys("x")
    app.eventually(lambda: email.text == "x", "its text was selected")
    app.press_keys("Ctrl+z")
    notes = app.field("Notes")
    notes.focus()
    app.press_keys("Ctrl+v")
    rows = [
        "Name\tEmail\tPhone\tTitle\tGroups\tStatus",
        "Ada\tAda@example.org\t\t\t\tActive",
        "Chi\tChi@example.org\t\t\t\tActive",
    ]
    app.eventually(lambda: notes.text.split("\n")[:3] == rows, "the rows are pasted as text")
    app.button("Discard").press()
    table.focus()
    app.press_keys("Enter")
    app.eventually(lambda: "focused" in app.field("First name").states, "Enter leads into the form")
    quit_by_keys(app)
