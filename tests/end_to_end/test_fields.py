"""Custom fields over the accessibility bus: how many actions it takes to add one."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.end_to_end.conftest import WHOWAS, Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands


def test_a_field_is_added_in_four_actions(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(directory, {"command": "CreateUser", "first_name": "Ada"})
    app = launch(directory)
    app.table("Users").select(0)
    app.menu_item("Fields…").press()  # two, where somebody opens the menu first
    app.eventually(lambda: any(title.startswith("Fields") for title in app.windows), "the dialog is there")
    app.field("New field").text = "Room"  # three
    app.button("Add").press()  # four
    app.eventually(lambda: app.table("Custom fields").column("Field") == ["Room"], "it is listed")
    app.button("Close").press()
    app.eventually(lambda: app.field("Room").shows(), "the form has it")
    run_commands(directory, {"command": "UpdateUser", "id": _ada(directory), "attributes": {"Room": "12"}})
    app.eventually(lambda: app.field("Room").text == "12", "and its value")
    quit_by_keys(app)


def _ada(directory: Path) -> str:
    found = subprocess.run([*WHOWAS, "list", str(directory), "--json"], capture_output=True, text=True, check=True)
    user_id: str = json.loads(found.stdout)["id"]
    return user_id
