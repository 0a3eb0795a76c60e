"""Custom fields on the command line: renamed, deleted and brought back, and what then shows of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command_line import json_lines, whowas

ADA = "01890000-0000-7000-8000-00000000000a"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "staff.whowas"


def run(file: Path, *lines: dict[str, object]) -> list[dict[str, Any]]:
    return whowas("run", file, stdin=json_lines(*lines)).objects


def attributes(file: Path, at: str = "now") -> dict[str, str]:
    (user,) = whowas("list", file, "--json", "--at", at).objects
    shown: dict[str, str] = user["attributes"]
    return shown


@pytest.fixture
def renamed(file: Path) -> Path:
    """Ada had a room, which is called Desk by now; a later field is called Room, and has the id Room 2."""
    answers = run(
        file,
        {"command": "CreateUser", "id": ADA, "first_name": "Ada", "external_id": "a-1", "attributes": {"Room": "12"}},
        {"command": "RenameField", "name": "room", "to": "Desk"},
        {"command": "UpdateUser", "id": ADA, "attributes": {"Desk": "13", "Room": "Attic"}},
    )
    assert [(answer["ok"], answer.get("position")) for answer in answers] == [(True, 2), (True, 3), (True, 5)]
    return file


def test_values_are_given_and_shown_under_the_name_of_the_moment(renamed: Path) -> None:
    assert attributes(renamed) == {"Desk": "13", "Room": "Attic"}
    assert attributes(renamed, "#2") == {"Room": "12"}
    told = [entry["changes"] for entry in whowas("history", renamed, "--json").objects]
    assert told[0]["attributes.Room"] == [None, "12"]
    assert told[1] == {"attributes.Desk": ["12", "13"], "attributes.Room": [None, "Attic"]}
    assert "Desk and Room changed" in whowas("history", renamed).out
    (difference,) = whowas("diff", renamed, "#2", "now", "--json").objects
    assert difference["changes"] == {"attributes.Desk": ["12", "13"], "attributes.Room": [None, "Attic"]}
    values = whowas("history", renamed, ADA, "--field", "desk", "--json").objects
    assert [(span["field"], span["value"]) for span in values] == [("attributes.Desk", "12"), ("attributes.Desk", "13")]


def test_an_export_has_the_names_and_comes_back_in(renamed: Path, tmp_path: Path) -> None:
    table = _exported(renamed, tmp_path)
    assert table.splitlines()[0].endswith(",groups,Desk,Room")
    assert table.splitlines()[1].endswith(",,13,Attic")
    path = tmp_path / "again.csv"
    path.write_text(table.replace("Attic", "Cellar"), "utf-8")
    assert whowas("import", renamed, path, "--yes").code == 0
    assert attributes(renamed) == {"Desk": "13", "Room": "Cellar"}


def test_a_renamed_field_can_be_the_key_of_an_import(renamed: Path, tmp_path: Path) -> None:
    path = tmp_path / "by-desk.csv"
    path.write_text("First name,Desk,Title\nAda,13,Clerk\n", "utf-8")
    desk = "attribute:Desk"
    assert whowas("import", renamed, path, "--map", f"Desk={desk}", "--key", desk, "--yes").code == 0
    (ada,) = [user for user in whowas("list", renamed, "--json").objects if user["id"] == ADA]
    assert (ada["title"], ada["attributes"]["Desk"]) == ("Clerk", "13")


def _exported(file: Path, folder: Path) -> str:
    path = folder / "out.csv"
    assert whowas("export", file, path, "--format", "csv").code == 0
    return path.read_text("utf-8")


def test_a_deleted_field_shows_nowhere_now_but_in_the_history_and_before(renamed: Path, tmp_path: Path) -> None:
    answers = run(renamed, {"command": "DeleteField", "name": "Desk"})
    assert answers == [{"ok": True, "id": None, "position": 6}]

    assert attributes(renamed) == {"Room": "Attic"}
    assert attributes(renamed, "#5") == {"Desk": "13", "Room": "Attic"}
    assert "13" not in _exported(renamed, tmp_path)
    assert "13" not in whowas("show", renamed, ADA).out
    assert whowas("list", renamed, "--search", "13", "--json").objects == []
    assert len(whowas("list", renamed, "--search", "13", "--json", "--at", "#5").objects) == 1
    assert len(whowas("list", renamed, "--search", "attic", "--json").objects) == 1
    values = whowas("history", renamed, ADA, "--field", "Desk", "--json").objects
    assert [span["value"] for span in values] == ["12", "13"]
    assert "Desk: 12 → 13" in whowas("history", renamed).out

    (refused,) = run(renamed, {"command": "UpdateUser", "id": ADA, "title": "Clerk", "attributes": {"Room": None}})
    assert refused["ok"]
    (back,) = run(renamed, {"command": "RestoreField", "name": "desk"})
    assert back["ok"]
    assert attributes(renamed) == {"Desk": "13"}
    assert whowas("verify", renamed).code == 0


def test_a_deleted_field_leaves_its_name_free(renamed: Path) -> None:
    answers = run(
        renamed,
        {"command": "DeleteField", "name": "Desk"},
        {"command": "UpdateUser", "id": ADA, "attributes": {"Desk": "new"}},
        {"command": "RestoreField", "name": "Desk"},
        {"command": "RenameField", "name": "Desk", "to": "Place"},
        {"command": "RestoreField", "name": "Desk"},
    )
    assert [answer["ok"] for answer in answers] == [True, True, False, True, True]
    assert answers[2]["message"] == "There is a custom field called “Desk” already."
    assert attributes(renamed) == {"Desk": "13", "Place": "new", "Room": "Attic"}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"command": "DefineField", "name": "DESK"}, "There is a custom field called “Desk” already."),
        ({"command": "RenameField", "name": "Desk", "to": "room"}, "There is a custom field called “Room” already."),
        ({"command": "RenameField", "name": "Shelf", "to": "Rack"}, "There is no custom field “Shelf”."),
        ({"command": "RenameField", "name": "Desk", "to": " "}, "A name is needed."),
        ({"command": "DeleteField", "name": "Shelf"}, "There is no custom field “Shelf”."),
        ({"command": "RestoreField", "name": "Shelf"}, "The custom field “Shelf” was never there."),
        ({"command": "RestoreField", "name": "Desk"}, "The custom field “Desk” is not deleted."),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(renamed: Path, line: dict[str, object], sentence: str) -> None:
    (answer,) = run(renamed, line)
    assert answer == {"ok": False, "error": "RefusedError", "field": "name", "message": sentence}
    assert attributes(renamed) == {"Desk": "13", "Room": "Attic"}


def test_nobody_is_recognised_by_a_value_of_a_deleted_field(file: Path, tmp_path: Path) -> None:
    """It shows nowhere, and whoever reads the list means another person."""
    run(
        file,
        {"command": "CreateUser", "id": ADA, "first_name": "Ada", "attributes": {"Badge": "77"}},
        {"command": "DeleteField", "name": "Badge"},
    )
    given = tmp_path / "list.csv"
    given.write_text("First name,Last name,Badge\nZoe,Other,77\n", encoding="utf-8")

    badge = "attribute:Badge"
    whowas("import", file, given, "--map", f"Badge={badge}", "--key", badge, "--yes")

    (ada,) = (user for user in whowas("list", file, "--json").objects if user["id"] == ADA)
    assert (ada["first_name"], ada["last_name"]) == ("Ada", None)


def test_of_several_deleted_fields_of_one_name_the_last_comes_back(file: Path) -> None:
    run(
        file,
        {"command": "DefineField", "name": "Site"},
        {"command": "CreateUser", "id": ADA, "first_name": "Ada", "attributes": {"Site": "first"}},
        {"command": "DeleteField", "name": "Site"},
        {"command": "UpdateUser", "id": ADA, "attributes": {"Site": "second"}},
        {"command": "DeleteField", "name": "Site"},
        {"command": "RestoreField", "name": "Site"},
    )
    assert attributes(file) == {"Site": "second"}


@pytest.mark.parametrize(
    "given",
    [
        {"attributes": {"Badge": "1", "BADGE": "2"}},
        {"attributes": {"Shelf": "1", "SHELF": "2"}},
        {"attributes": {"Badge": "1", "BADGE": None}},
    ],
)
def test_a_record_that_gives_two_values_of_one_field_is_refused(file: Path, given: dict[str, object]) -> None:
    run(file, {"command": "DefineField", "name": "Badge"})
    (answer,) = run(file, {"command": "CreateUser", "id": ADA, "first_name": "Ada", **given})
    assert (answer["ok"], answer["error"]) == (False, "RefusedError")
    assert "are one custom field, and can have only one value." in answer["message"]
    assert whowas("list", file, "--json").objects == []
    assert run(file, {"command": "DefineField", "name": "Later"})[0]["position"] == 2


def test_a_record_may_give_one_value_under_two_names(file: Path) -> None:
    run(file, {"command": "CreateUser", "id": ADA, "first_name": "Ada", "attributes": {"Badge": "1", "BADGE": "1"}})
    assert attributes(file) == {"Badge": "1"}


def test_two_new_fields_of_one_record_have_ids_of_their_own(file: Path) -> None:
    run(file, {"command": "DefineField", "name": "Dept"}, {"command": "DeleteField", "name": "Dept"})
    values = {"Dept": "Press", "Dept 2": "Law"}
    (answer,) = run(file, {"command": "CreateUser", "id": ADA, "first_name": "Ada", "attributes": values})
    assert answer["ok"], answer
    assert attributes(file) == values


def test_values_of_two_fields_of_one_name_both_show_at_every_moment(file: Path) -> None:
    """A field that took over a name shows before it was there, when the other had that name, as being of later."""
    run(
        file,
        {"command": "CreateUser", "id": ADA, "first_name": "Ada", "attributes": {"Dept": "Press"}},
        {"command": "RenameField", "name": "Dept", "to": "Division"},
        {"command": "DefineField", "name": "Dept"},
    )
    when = whowas("history", file, "--json").objects[0]["occurred_at"]
    run(file, {"command": "UpdateUser", "id": ADA, "attributes": {"Dept": "Law"}, "occurred_at": when})
    assert attributes(file, when) == {"Dept": "Press", "Dept (defined later)": "Law"}
    assert attributes(file) == {"Division": "Press", "Dept": "Law"}


def test_a_change_of_two_fields_of_one_name_tells_of_both(file: Path) -> None:
    """Ada's old room goes with its field in the change in which the new field of that name is filled."""
    run(file, {"command": "CreateUser", "id": ADA, "first_name": "Ada", "attributes": {"Room": "12"}})
    run(file, {"command": "DeleteField", "name": "Room"}, {"command": "DefineField", "name": "Room"})
    when = whowas("history", file, "--json").objects[0]["occurred_at"]
    run(file, {"command": "UpdateUser", "id": ADA, "attributes": {"Room": "13"}, "occurred_at": when})
    (created, _) = whowas("history", file, "--json").objects
    assert created["changes"]["attributes.Room"] == [None, "12"]
    (difference,) = whowas("diff", file, "#0", "now", "--json").objects
    assert {"attributes.Room": [None, "12"], "attributes.Room 2": [None, "13"]}.items() <= difference["changes"].items()


def test_the_history_tells_of_every_field_of_a_name(file: Path) -> None:
    for value in ("first", "second", "third"):
        run(
            file,
            {"command": "CreateUser", "id": ADA, "first_name": "Ada"},
            {"command": "UpdateUser", "id": ADA, "attributes": {"Site": value}},
            *([{"command": "DeleteField", "name": "Site"}] if value != "third" else []),
        )
    called = {"Site": "third", "site (deleted)": "second", "Site (deleted) 2": "first"}
    for name, value in called.items():
        answer = whowas("history", file, ADA, "--field", name, "--json")
        (empty, span) = answer.objects
        assert (empty["value"], span["value"]) == (None, value)
        assert span["field"].casefold() == f"attributes.{name}".casefold()
    told = whowas("history", file, ADA, "--field", "site").err
    assert told.endswith("--field also takes “Site (deleted)” and “Site (deleted) 2”.\n")
    assert "third" in whowas("history", file, ADA, "--field", "attributes.Site").out
