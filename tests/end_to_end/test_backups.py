"""A person imports the wrong list, and gets everything back from the backup that was made by itself."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import whowas
from tests.end_to_end.application import Application
from tests.end_to_end.conftest import Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands
from tests.end_to_end.test_keys import shown


def test_an_import_is_got_over_by_restoring_a_backup_into_a_new_file(launch: Launch, tmp_path: Path) -> None:
    directory, source, target = (tmp_path / name for name in ("staff.whowas", "wrong.csv", "staff as it was.whowas"))
    run_commands(directory, {"command": "CreateUser", "first_name": "Ada", "email": "ada@example.org"})
    source.write_text("first name,email\nEve,ada@example.org\nMallory,mallory@example.org\n")
    app = launch(directory)
    users = app.table("Users")
    app.eventually(lambda: users.column("Name") == ["Ada"], "who is there shows")

    import_(app, source)
    app.eventually(lambda: users.column("Name") == ["Eve", "Mallory"], "the wrong list is in")

    app.menu_item("Backups…").press()
    app.eventually(lambda: shown(app, "Backups of staff.whowas"), "the backups are listed")
    backups = app.table("Backups")
    app.eventually(lambda: backups.row_count == 1, "there is one")
    assert backups.headers == ["When", "Why", "Size", "Changes", "Verified"]
    assert [backups.cell(0, column) for column in ("Why", "Changes", "Verified")] == ["Before import", "1", "Verified"]

    app.button("Restore into a new file").press()
    app.eventually(lambda: shown(app, "Restore into a new file"), "it asks where to")
    app.field("File name:").text = str(target)
    app.press_keys("Enter")
    app.eventually(lambda: app.title.startswith("staff as it was"), "the new file is open")
    app.eventually(lambda: app.table("Users").column("Name") == ["Ada"], "and shows who was there before")
    quit_by_keys(app)

    assert [user["first_name"] for user in whowas("list", directory, "--json").objects] == ["Eve", "Mallory"]
    assert [user["first_name"] for user in whowas("list", target, "--json").objects] == ["Ada"]
    assert all(whowas("verify", file).code == 0 for file in (directory, target))


def import_(app: Application, source: Path) -> None:
    """Import a file, as somebody who looks at nothing."""
    app.button("Import").press()
    app.eventually(lambda: shown(app, "Import"), "a file is asked for")
    app.field("File name:").text = str(source)
    app.press_keys("Enter")
    app.eventually(lambda: shown(app, f"Import {source.name}"), "its columns are shown", seconds=120)
    app.button("Next").press()
    preview_and_import(app)


def preview_and_import(app: Application) -> None:
    """Go on from the preview as soon as it is known what would become of every row."""
    taking = app.control("push button", "button", pattern=r"Import [\d,]+ users?")
    app.eventually(lambda: taking.enabled, "what it would do is shown", seconds=120)
    taking.press()
