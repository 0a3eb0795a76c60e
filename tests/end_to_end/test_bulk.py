"""Many users at once, as a screen reader does it: every action counted."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.end_to_end.conftest import WHOWAS, Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands

PEOPLE = 30
AT_MOST = 5


def groups_of_all(directory: Path) -> list[list[str]]:
    """The groups of everybody in the file, as another program finds them."""
    found = subprocess.run([*WHOWAS, "list", str(directory), "--json"], capture_output=True, text=True, check=True)
    return [json.loads(line)["groups"] for line in found.stdout.splitlines()]


def test_thirty_users_join_a_group_in_at_most_five_actions(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    people = ({"command": "CreateUser", "first_name": f"P{number:02}"} for number in range(PEOPLE))
    run_commands(directory, *people)
    app = launch(directory)
    users = app.table("Users")
    app.eventually(lambda: users.row_count == PEOPLE, "all are there")
    done: list[str] = []

    def act(what: str, do: Callable[[], None]) -> None:
        done.append(what)
        do()

    def write() -> None:
        app.field("Group").text = "Night shift"

    act("go to the table", users.focus)
    act("select all", lambda: app.press_keys("Ctrl+a"))
    app.eventually(app.menu_item("Add to group…").shows, "it can be asked for")
    app.eventually(lambda: app.menu_item("Add to group…").enabled, "they are selected")
    act("choose what to do", app.menu_item("Add to group…").press)
    act("write which group", write)
    button = app.button(f"Add {PEOPLE} users to Night shift")
    app.eventually(lambda: button.shows() and button.enabled, "it is found what would change")
    lines = app.table("What would change")
    assert lines.rows(0, 1) == [["P00", "Groups", "empty", "Night shift"]]
    assert lines.row_count == PEOPLE
    act("do it", button.press)
    app.eventually(lambda: groups_of_all(directory) == [["Night shift"]] * PEOPLE, "all of them are in it")
    assert len(done) <= AT_MOST, done

    app.menu_item("Undo").press()
    app.eventually(lambda: groups_of_all(directory) == [[]] * PEOPLE, "one undo takes all of it back")
    quit_by_keys(app)
