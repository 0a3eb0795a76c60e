"""A directory that was tampered with: seen, saved as far as it is sound, and the saved one worked with."""

from __future__ import annotations

from pathlib import Path

from tests.altered_files import alter
from tests.command_line import whowas
from tests.end_to_end.conftest import Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands

SENTENCE = "Change 3 was altered after it was saved; the 2 before it are sound. Opened read-only."


def test_tampered_with_opened_salvaged_and_worked_with(launch: Launch, tmp_path: Path) -> None:
    directory, saved = tmp_path / "staff.whowas", tmp_path / "saved.whowas"
    for name in ("Ada", "Ben", "Chi", "Dee"):
        run_commands(directory, {"command": "CreateUser", "first_name": name})
    alter(directory, "UPDATE payload SET body = x'7b' WHERE position = 3")
    before = directory.read_bytes()

    app = launch(directory)
    app.eventually(lambda: app.label("The history is not as it was written.").shows(), "the strip is there")
    assert app.label(SENTENCE).shows()
    app.eventually(lambda: app.label("history damaged at change 3").shows(), "the status line says so")
    assert app.label("staff.whowas · read-only").shows()
    assert [app.table("Users").cell(row, "Name") for row in range(app.table("Users").row_count)] == ["Ada", "Ben"]
    assert app.slider("Timeline").range[1] == 2
    for name in ("New user", "Import", "Undo", "Redo", "Name this moment"):
        assert not app.button(name).enabled, name
    app.table("Users").select(0)
    app.eventually(lambda: app.field("First name").text == "Ada", "Ada's form shows")
    assert app.field("First name").read_only
    app.slider("Timeline").value = 1
    app.button("Show it").press()
    app.eventually(lambda: app.slider("Timeline").value == 2, "the last sound moment is shown")

    app.button("Save what can be read…").press()
    app.field("File name:").text = str(saved)
    app.press_keys("Enter")
    app.eventually(lambda: app.label(pattern=r"Changes 1 to 2 were saved into .*").shows(), "what was saved is told")
    app.button("Open it").press()
    app.eventually(lambda: app.title.startswith("saved"), "what was saved is open")
    app.eventually(lambda: not app.label(SENTENCE).shows(), "nothing is wrong with it")
    app.table("Users").select(1)
    app.eventually(lambda: app.field("First name").text == "Ben", "Ben's form shows")
    app.field("Title").text = "Clerk"
    app.button("Save").press()
    app.eventually(lambda: app.table("Users").cell(1, "Title") == "Clerk", "it can be worked with")
    quit_by_keys(app)

    assert directory.read_bytes() == before
    assert whowas("verify", saved).code == 0
    assert [user["first_name"] for user in whowas("list", saved, "--json").objects] == ["Ada", "Ben"]
