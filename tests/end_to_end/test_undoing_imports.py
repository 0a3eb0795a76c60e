"""Taking back an import after which others have worked, as a screen reader does it: every action counted."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.end_to_end.conftest import WHOWAS, Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands

AT_MOST = 4


def everybody(directory: Path) -> dict[str, dict[str, str]]:
    """The custom fields of everybody in the file by first name, as another program finds them."""
    found = subprocess.run([*WHOWAS, "list", str(directory), "--json"], capture_output=True, text=True, check=True)
    return {user["first_name"]: user["attributes"] for user in map(json.loads, found.stdout.splitlines())}


def test_an_import_of_before_is_undone_in_at_most_four_actions(launch: Launch, tmp_path: Path) -> None:
    directory, members = tmp_path / "staff.whowas", tmp_path / "members.csv"
    members.write_text("first name,last name,badge\nAda,Osei,7\nBen,Ruiz,8\n", encoding="utf-8")
    run_commands(directory, {"command": "CreateUser", "first_name": "Ada", "last_name": "Osei", "title": "Clerk"})
    taken = ["import", str(directory), str(members), "--map", "badge=attribute:Badge", "--key", "name"]
    subprocess.run([*WHOWAS, *taken], capture_output=True, text=True, check=True)
    run_commands(directory, {"command": "CreateUser", "first_name": "Chi"})
    assert everybody(directory) == {"Ada": {"Badge": "7"}, "Ben": {"Badge": "8"}, "Chi": {}}

    app = launch(directory)
    changes = app.table("Changes")
    done: list[str] = []

    def act(what: str, do: Callable[[], None]) -> None:
        done.append(what)
        do()

    act("show the changes", app.tab("Changes").press)
    app.eventually(lambda: changes.row_count == 3, "every step is listed")
    act("go to the import", lambda: changes.click_cell(1, 0))
    undo = app.menu_item("Undo this change")
    app.eventually(lambda: undo.enabled and "shown" in changes.cell(1, 0), "it is shown")
    act("ask to undo it", undo.press)
    button = app.button("Undo this change")
    app.eventually(lambda: button.shows() and button.enabled, "what goes back is shown")
    act("undo it", button.press)
    app.eventually(lambda: everybody(directory) == {"Ada": {}, "Chi": {}}, "it is gone, with the field that it made")
    assert len(done) <= AT_MOST, done
    quit_by_keys(app)
