"""Named moments on the command line: given and taken by ``whowas run``, asked for wherever a MOMENT is."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import json_lines, process, whowas

ADA = "01890000-0000-7000-8000-00000000000a"
BEFORE_THE_MOVE = {"command": "NameMoment", "name": "Before the move", "moment": "2020-12-31"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Ada comes in 2020, Ben in 2021, Cam in 2022, and the moment before Ben has a name."""
    file = tmp_path / "staff.whowas"
    answers = run(
        file,
        {"command": "CreateUser", "id": ADA, "first_name": "Ada", "occurred_at": "2020-01-01"},
        {"command": "CreateUser", "first_name": "Ben", "email": "ben@example.org", "occurred_at": "2021-01-01"},
        {"command": "CreateUser", "first_name": "Cam", "occurred_at": "2022-01-01"},
        BEFORE_THE_MOVE,
    )
    assert [answer["ok"] for answer in answers] == [True] * 4
    return file


def run(file: Path, *lines: dict[str, object]) -> list[dict[str, Any]]:
    return whowas("run", file, stdin=json_lines(*lines)).objects


def names(file: Path, moment: str) -> list[str]:
    answer = whowas("list", file, "--at", moment, "--json")
    assert (answer.code, answer.err) == (0, "")
    return [user["first_name"] for user in answer.objects]


@pytest.mark.parametrize("name", ["Before the move", "BEFORE the Move", " before the move "])
def test_a_name_stands_wherever_a_moment_does(name: str, file: Path) -> None:
    assert names(file, name) == ["Ada"]
    assert whowas("show", file, ADA, "--at", name, "--json").objects[0]["first_name"] == "Ada"
    assert whowas("show", file, "ben@example.org", "--at", name).code == 1
    assert [entry["name"] for entry in whowas("diff", file, name, "now", "--json").objects] == ["Ben", "Cam"]
    assert [entry["kind"] for entry in whowas("diff", file, "now", name, "--json").objects] == ["removed"] * 2
    table = whowas("export", file, "-", "--format", "csv", "--at", name).out
    assert [row["first_name"] for row in csv.DictReader(table.splitlines())] == ["Ada"]
    log = whowas("export", file, "-", "--format", "log", "--at", name).objects
    assert [event["position"] for event in log] == [1]


def test_a_moment_against_itself_differs_in_nothing(file: Path) -> None:
    answer = whowas("diff", file, "Before the move", "before the move")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_now_is_named_where_nothing_else_is_said_and_stays_where_it_was(file: Path) -> None:
    run(file, {"command": "NameMoment", "name": "Handover", "note": "one\ntwo"})
    run(
        file,
        {"command": "CreateUser", "first_name": "Dan"},
        {"command": "CreateUser", "first_name": "Eve", "occurred_at": "2020-06-01"},
        {"command": "CreateUser", "first_name": "Fay", "occurred_at": "2019-06-01"},
    )
    assert names(file, "handover") == ["Ada", "Ben", "Cam", "Eve", "Fay"]
    assert names(file, "Before the move") == ["Ada", "Fay"], "what is backdated behind it is not before it"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("#0", []), ("#2", ["Ada", "Ben"]), ("2021-06-01T00:00Z", ["Ada", "Ben"]), ("before THE move", ["Ada"]),
     ("now", ["Ada", "Ben", "Cam"]), ("1999-01-01", [])],
)  # fmt: skip
def test_any_moment_can_be_named(moment: str, expected: list[str], file: Path) -> None:
    (answer,) = run(file, {"command": "NameMoment", "name": "Payday", "moment": moment})
    assert answer == {"ok": True, "id": answer["id"], "position": 5}
    assert names(file, "payday") == expected


def test_a_directory_may_begin_with_a_named_moment(tmp_path: Path) -> None:
    file = tmp_path / "new.whowas"
    answers = run(file, {"command": "NameMoment", "name": "Dawn"}, {"command": "CreateUser", "first_name": "Ada"})
    assert [answer["ok"] for answer in answers] == [True, True]
    run(file, {"command": "CreateUser", "first_name": "Old", "occurred_at": "1960-01-01"})
    assert (names(file, "dawn"), names(file, "now")) == ([], ["Ada", "Old"])


def test_renaming_keeps_what_it_does_not_mention(file: Path) -> None:
    (named,) = run(file, {"command": "NameMoment", "name": "Payday", "note": "Noted."})
    renamed, noted, cleared, again = run(
        file,
        {"command": "RenameMoment", "moment": "PAYDAY", "name": "Pay Day"},
        {"command": "RenameMoment", "moment": "pay day", "note": "Noted again."},
        {"command": "RenameMoment", "moment": "pay day", "note": None},
        {"command": "RenameMoment", "moment": "pay day", "name": " Pay Day "},
    )
    assert {answer["id"] for answer in (renamed, noted, cleared, again)} == {named["id"]}
    assert [answer["position"] for answer in (renamed, noted, cleared, again)] == [6, 7, 8, 8]
    assert names(file, "PAY DAY") == ["Ada", "Ben", "Cam"]
    assert whowas("list", file, "--at", "Payday").code == 2
    payloads = [event["payload"] for event in whowas("export", file, "-", "--format", "log").objects[5:]]
    assert [(payload["name"], payload["note"]) for payload in payloads] == [
        ("Pay Day", "Noted."),
        ("Pay Day", "Noted again."),
        ("Pay Day", None),
    ]


def test_a_deleted_name_is_free_again(file: Path) -> None:
    deleted, named = run(
        file, {"command": "DeleteMoment", "moment": "BEFORE THE MOVE"}, BEFORE_THE_MOVE | {"moment": "2021-12-31"}
    )
    assert deleted["ok"]
    assert named["id"] != deleted["id"]
    assert names(file, "Before the move") == ["Ada", "Ben"]


def test_a_repeated_command_is_answered_the_same_again(file: Path) -> None:
    line = {"command": "NameMoment", "name": "Payday", "command_id": "payday"}
    gone = {"command": "DeleteMoment", "moment": "Payday", "command_id": "gone"}
    first, second, deleted, again = run(file, line, line, gone, gone)
    assert first == second
    assert deleted == again
    assert deleted["id"] == first["id"]


BAD_LINES: dict[str, tuple[dict[str, object], str, str]] = {
    "a name used twice": (
        {"command": "NameMoment", "name": "before THE move"},
        "name",
        "There is a moment called “before THE move” already.",
    ),
    "a moment renamed to a name used already": (
        {"command": "RenameMoment", "moment": "Other", "name": "BEFORE the move"},
        "name",
        "There is a moment called “BEFORE the move” already.",
    ),
    "no name": ({"command": "NameMoment"}, "name", "NameMoment needs “name”."),
    "an empty name": ({"command": "NameMoment", "name": "  "}, "name", "A name is needed."),
    "an empty new name": ({"command": "RenameMoment", "moment": "Other", "name": ""}, "name", "needs “name”"),
    "nothing new": ({"command": "RenameMoment", "moment": "Other"}, "name", "needs “name” or “note”"),
    "now for a name": ({"command": "NameMoment", "name": "Now"}, "name", "means a moment by itself"),
    "a date by its number": ({"command": "NameMoment", "name": "2020-063"}, "name", "means a moment by itself"),
    "the end of a day": ({"command": "NameMoment", "name": "2020-03-03t24:00z"}, "name", "means a moment by itself"),
    "a date for a name": ({"command": "NameMoment", "name": "2020-03-03"}, "name", "means a moment by itself"),
    "a position for a name": ({"command": "NameMoment", "name": "#1"}, "name", "cannot begin with #"),
    "two lines for a name": ({"command": "NameMoment", "name": "a\nb"}, "name", "cannot be a name"),
    "half a character for a name": ({"command": "NameMoment", "name": "\ud800"}, "name", "cannot be stored"),
    "a note that is too long": ({"command": "NameMoment", "name": "A", "note": "x" * 1_001}, "note", "too long"),
    "a note that is no text": ({"command": "NameMoment", "name": "A", "note": 7}, "note", "must be text"),
    "a moment that is none": ({"command": "NameMoment", "name": "A", "moment": "Payday"}, "moment", "neither"),
    "half a character for a moment": (
        {"command": "NameMoment", "name": "A", "moment": "\ud800"},
        "moment",
        "cannot be stored",
    ),
    "an empty moment": ({"command": "NameMoment", "name": "A", "moment": ""}, "moment", "needs “moment”"),
    "a position beyond the last": ({"command": "NameMoment", "name": "A", "moment": "#99"}, "moment", "position"),
    "a date for a named moment": ({"command": "DeleteMoment", "moment": "2020-12-31"}, "moment", "no moment called"),
    "no moment to delete": ({"command": "DeleteMoment"}, "moment", "DeleteMoment needs “moment”."),
    "an unknown moment": ({"command": "RenameMoment", "moment": "Payday", "name": "A"}, "moment", "no moment called"),
    "a name in the past": (
        {"command": "NameMoment", "name": "A", "occurred_at": "2020-01-01"},
        "occurred_at",
        "cannot be backdated",
    ),
    "a field of another command": ({"command": "DeleteMoment", "moment": "Other", "name": "A"}, "name", "no field"),
}


@pytest.mark.parametrize(("line", "field", "says"), BAD_LINES.values(), ids=BAD_LINES)
def test_what_is_wrong_is_refused_in_a_sentence_and_nothing_is_written(
    line: dict[str, object], field: str, says: str, file: Path
) -> None:
    run(file, {"command": "NameMoment", "name": "Other", "note": "Noted."})
    before = whowas("head", file).out

    (answer,) = whowas("run", file, stdin=json.dumps(line)).objects

    assert (answer["ok"], answer["error"], answer["field"]) == (False, "RefusedError", field)
    assert says in answer["message"]
    assert answer["message"].endswith(".")
    assert whowas("head", file).out == before


@pytest.mark.parametrize("moment", ["Before", "before the move!", "payday", "x" * 5_000, "a\u202eb", "Élan"])
def test_an_unknown_name_is_told_in_one_sentence(moment: str, file: Path) -> None:
    for command in (["list", file, "--at", moment], ["diff", file, moment, "now"]):
        answer = whowas(*command)
        assert (answer.code, answer.out) == (2, "")
        assert len(answer.err.splitlines()) == 1
        assert answer.err.endswith("is neither a moment, like 2020-03-03T14:05, nor the name of one.\n")
        assert len(answer.err) < 200


def test_names_are_of_any_script_and_composition(file: Path) -> None:
    (answer,) = run(file, {"command": "NameMoment", "name": "Ünsere Übergabe 🌱", "moment": "#1"})
    assert answer["ok"]
    shown = process("list", file, "--json", "--at", "u\u0308NSERE u\u0308BERGABE 🌱")
    assert [user["first_name"] for user in shown.objects] == ["Ada"]


def test_names_are_found_without_a_cache(file: Path, home: Path) -> None:
    for path in sorted((home / ".cache").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert names(file, "Before the move") == ["Ada"]
    assert whowas("rebuild", file).code == whowas("verify", file).code == 0
    assert names(file, "Before the move") == ["Ada"]


def test_a_directory_that_names_no_moment_is_as_it_always_was(tmp_path: Path) -> None:
    file = tmp_path / "plain.whowas"
    run(file, {"command": "CreateUser", "first_name": "Ada", "groups": ["Staff"], "attributes": {"Room": "1"}})
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        types = {name for (name,) in connection.execute("SELECT type FROM event_type")}
    assert types == {"UserCreated", "GroupCreated", "GroupJoined", "FieldDefined"}


@pytest.mark.parametrize("command", ["list", "show", "diff", "export", "run"])
def test_the_help_says_that_a_moment_may_have_a_name(command: str) -> None:
    text = " ".join(whowas(command, "--help").out.split())
    assert ("NameMoment" if command == "run" else "a moment's name") in text


def test_a_name_means_the_same_in_every_zone(file: Path) -> None:
    east = process("list", file, "--json", "--at", "before the move", before=("env", "TZ=Pacific/Kiritimati"))
    assert [user["first_name"] for user in east.objects] == ["Ada"]
