"""Days in lists on the command line: what 03/04/2024 means is told by every cell, or said by a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import whowas
from tests.integration.cli.importing.test_import_lists import LEFT_OUT, REFUSED, listed, take

DEFINED = {"command": "DefineField", "name": "Start", "type": "date"}
MAPPED = ("--map", "begins=attribute:start")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A directory with the field Start, which holds days, and Night, which holds yes or no."""
    file = tmp_path / "staff.whowas"
    night = {"command": "DefineField", "name": "Night", "type": "yes or no"}
    answer = whowas("run", file, stdin="\n".join(map(json.dumps, (DEFINED, night))))
    assert answer.code == 0, answer.err
    return file


def people(folder: Path, *days: str, name: str = "list.csv") -> Path:
    rows = [f"p{number}@example.org,{day}\n" for number, day in enumerate(days)]
    return listed(folder, "email,begins\n" + "".join(rows), name)


def starts(file: Path) -> list[str | None]:
    users = sorted(whowas("list", file, "--json").objects, key=lambda user: str(user["email"]))
    return [user["attributes"].get("Start") for user in users]


def test_cells_that_tell_by_themselves_are_taken_and_held_as_days(file: Path, tmp_path: Path) -> None:
    take(file, people(tmp_path, "31.12.2024", "2/29/2024", "7-7-2024", "2023-01-02", ""), *MAPPED)
    assert starts(file) == ["2024-12-31", "2024-02-29", "2024-07-07", "2023-01-02", None]


def test_a_cell_that_may_be_two_days_wants_the_option_that_is_named(file: Path, tmp_path: Path) -> None:
    path = people(tmp_path, "31/12/2024", "03/04/2024")
    answer = take(file, path, *MAPPED, code=REFUSED)
    assert "“03/04/2024” may be a day of two months" in answer.err
    assert "--dates day-first or --dates month-first" in answer.err
    assert starts(file) == []
    take(file, path, *MAPPED, "--dates", "day-first")
    assert starts(file) == ["2024-12-31", "2024-04-03"]


def test_what_comes_first_holds_for_every_cell(file: Path, tmp_path: Path) -> None:
    path = people(tmp_path, "03/04/2024", "31/12/2024", "31.2.2024", "spring")
    answer = take(file, path, *MAPPED, "--dates", "month-first", "--json", code=REFUSED)
    refused = {(one["line"], one["column"]): one["reason"] for one in answer.objects[:-1] if one["what"] == "refused"}
    assert refused[3, 2] == "“31/12/2024” is no day where the month comes first."
    assert refused[4, 2] == "“31.2.2024” is no day."
    assert refused[5, 2].startswith("“spring” is no date.")
    take(file, path, *MAPPED, "--dates", "month-first", "--skip-refused", code=LEFT_OUT)
    assert starts(file) == ["2024-03-04", None, None, None]


def test_what_was_said_is_saved_with_the_mapping(file: Path, tmp_path: Path) -> None:
    path = people(tmp_path, "03.04.2024")
    take(file, path, *MAPPED, "--dates", "day-first", "--save-mapping", "Starts")
    again = people(tmp_path, "05.04.2024", name="later.csv")
    take(file, again, "--mapping", "Starts")
    assert starts(file) == ["2024-04-05"]
    take(file, again, "--mapping", "Starts", "--dates", "month-first")
    assert starts(file) == ["2024-05-04"]


def test_fields_of_text_take_the_cell_as_it_is(file: Path, tmp_path: Path) -> None:
    take(file, people(tmp_path, "03/04/2024"), "--map", "begins=attribute:Room")
    (user,) = whowas("list", file, "--json").objects
    assert user["attributes"] == {"Room": "03/04/2024"}


def test_a_new_directory_has_no_days_to_ask_about(tmp_path: Path) -> None:
    take(tmp_path / "new.whowas", people(tmp_path, "03/04/2024"), *MAPPED)


def test_values_of_other_types_are_held_as_their_fields_hold_them(file: Path, tmp_path: Path) -> None:
    path = listed(tmp_path, "email,shift\na@example.org,YES\nb@example.org,perhaps\n")
    answer = take(file, path, "--map", "shift=attribute:Night", "--skip-refused", code=LEFT_OUT)
    assert "“perhaps” is neither yes nor no." in answer.err
    assert {user["email"]: user["attributes"] for user in whowas("list", file, "--json").objects} == {
        "a@example.org": {"Night": "yes"},
        "b@example.org": {},
    }
    again = take(file, path, "--map", "shift=attribute:Night", "--skip-refused", "--json", code=LEFT_OUT)
    assert again.objects[0]["what"] == "unchanged", "YES is what is held already"


def test_the_option_is_for_lists(file: Path, tmp_path: Path) -> None:
    log = listed(tmp_path, '{"external_id": "1", "op": "create", "changes": {}}\n', "changes.jsonl")
    answer = take(file, log, "--dates", "day-first", code=REFUSED)
    assert "--dates is for lists" in answer.err
