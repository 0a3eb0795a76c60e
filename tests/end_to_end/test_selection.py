"""Several users at once on the right side, as a screen reader finds them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.end_to_end.conftest import WHOWAS, Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands


def kept(directory: Path) -> list[dict[str, Any]]:
    found = subprocess.run([*WHOWAS, "list", str(directory), "--json"], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in found.stdout.splitlines()]


def test_a_field_and_a_group_of_all_are_edited_where_they_are_shown(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    ids = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(30)]
    run_commands(
        directory,
        {"command": "DefineField", "name": "Room"},
        *(
            {
                "command": "CreateUser",
                "id": one,
                "first_name": f"User {number:02}",
                "groups": ["Night shift"] if number < 12 else [],
                "attributes": {"Room": f"B {number % 11}"},
            }
            for number, one in enumerate(ids)
        ),
    )
    app = launch(directory)
    users = app.table("Users")
    app.eventually(lambda: users.row_count == 30, "all are there")
    users.focus()
    app.press_keys("Ctrl+a")
    app.eventually(lambda: app.label("30 users selected").shows(), "it says how many they are")
    chip = app.button("Night shift, 12 of 30")
    app.eventually(chip.shows, "who is in the group is counted")
    for name in ("Add to group…", "Suspend", "Set a field…", "Copy", "More", "Save changes to 30 users", "Discard"):
        assert app.button(name).shows(), name
    assert app.field("Room").description == "Mixed, 11 values"
    assert app.label("30 selected").shows(), "the status line says so, too"

    app.field("Room").text = "B 214"
    app.eventually(lambda: app.label("was mixed, 11 values").shows(), "it is said what it was")
    chip.press()
    app.button("Save changes to 30 users").press()
    app.eventually(lambda: {user["attributes"].get("Room") for user in kept(directory)} == {"B 214"}, "all are saved")
    assert {tuple(user["groups"]) for user in kept(directory)} == {("Night shift",)}
    app.eventually(lambda: app.field("Room").text == "B 214", "that is what they share now")
    assert users.selected_rows == list(range(30)), "they stay selected"
    app.button("Undo").press()
    app.eventually(lambda: len({user["attributes"]["Room"] for user in kept(directory)}) == 11, "one undo for all")
    quit_by_keys(app)
