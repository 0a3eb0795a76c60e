"""The lines of ``whowas run`` about how groups look, and about merging them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command_line import json_lines, whowas

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"


def run(file: Path, *lines: dict[str, object]) -> list[dict[str, Any]]:
    return whowas("run", file, stdin=json_lines(*lines)).objects


def events(file: Path) -> list[dict[str, Any]]:
    return whowas("export", file, "-", "--format", "log").objects


def groups_of(file: Path) -> dict[str, list[str]]:
    users = whowas("list", file, "--json", "--status", "any").objects
    return {user["first_name"]: user["groups"] for user in users}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "staff.whowas"
    run(
        file,
        {"command": "CreateUser", "id": ADA, "first_name": "Ada", "groups": ["Day", "Legal"]},
        {"command": "CreateUser", "id": BEN, "first_name": "Ben", "groups": ["Day", "Night"]},
    )
    return file


def test_merging_moves_the_members_and_ends_the_group_in_one_change(file: Path) -> None:
    before = events(file)
    (answer,) = run(file, {"command": "MergeGroups", "group": "day", "into": "Night"})
    assert answer["ok"]
    done = events(file)[len(before) :]
    assert [event["type"] for event in done] == ["GroupJoined", "GroupLeft", "GroupLeft", "GroupDeleted"]
    assert answer["position"] == len(before) + 4
    assert groups_of(file) == {"Ada": ["Legal", "Night"], "Ben": ["Night"]}
    (refused,) = run(file, {"command": "JoinGroup", "id": ADA, "group": "Day"})
    assert (refused["field"], refused["message"]) == ("group", "There is no group “Day”.")
    assert whowas("verify", file).code == 0


def test_the_history_names_a_group_that_was_deleted(file: Path) -> None:
    run(file, {"command": "MergeGroups", "group": "day", "into": "Night"})
    told = [one["sentence"] for one in whowas("history", file, ADA, "--json").objects]
    assert told[-1] == "Added to group; Removed from group: Night; Day"
    assert "a deleted group" not in whowas("history", file).out


def test_groups_go_by_their_ids_too_and_a_repeated_line_is_answered_as_before(file: Path) -> None:
    day, night = (
        run(file, {"command": "ColourGroup", "group": name, "colour": "red"})[0]["id"] for name in ("Day", "Night")
    )
    line = {"command": "MergeGroups", "group": day.upper(), "into": night, "command_id": "merge-1"}
    (first,) = run(file, line)
    assert first == {"ok": True, "id": day, "position": first["position"]}
    head = whowas("head", file).out
    assert run(file, line) == [first]
    assert whowas("head", file).out == head


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        ({"group": "Day", "into": "day"}, "into", "Day cannot be merged into itself."),
        ({"group": "Day", "into": "Nobody"}, "into", "There is no group “Nobody”."),
        ({"group": "Nobody", "into": "Day"}, "group", "There is no group “Nobody”."),
        ({"group": "Day"}, "into", "MergeGroups needs “into”."),
        ({"group": "Day", "into": "Night", "id": ADA}, "id", "MergeGroups has no field “id”."),
        (
            {"group": "Day", "into": "Night", "expected_version": 1},
            "expected_version",
            "The version of no user can be expected of a merge of groups.",
        ),
        (
            {"group": "Day", "into": "Night", "occurred_at": "2001-01-01T00:00:00Z"},
            "occurred_at",
            "There was no group “Day” at that moment.",
        ),
    ],
)
def test_what_cannot_be_merged_is_one_sentence_and_writes_nothing(
    file: Path, line: dict[str, object], field: str, message: str
) -> None:
    head = whowas("head", file).out
    (answer,) = run(file, {"command": "MergeGroups", **line})
    assert answer == {"ok": False, "error": "RefusedError", "field": field, "message": message}
    assert whowas("head", file).out == head


def test_groups_are_coloured_and_ordered(file: Path) -> None:
    answers = run(
        file,
        {"command": "ColourGroup", "group": "Night", "colour": "blue"},
        {"command": "OrderGroups", "groups": ["night", "Legal"]},
        {"command": "ColourGroup", "group": "Night", "colour": None},
        {"command": "OrderGroups", "groups": []},
    )
    assert [answer["ok"] for answer in answers] == [True] * 4
    night, legal = answers[0]["id"], events(file)[-3]["payload"]["group_ids"][1]
    assert [(event["type"], event["payload"]) for event in events(file)[-4:]] == [
        ("GroupColoured", {"group_id": night, "colour": "blue"}),
        ("GroupsOrdered", {"group_ids": [night, legal]}),
        ("GroupColoured", {"group_id": night, "colour": None}),
        ("GroupsOrdered", {"group_ids": []}),
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"command": "ColourGroup", "group": "Night", "colour": "mauve"}, "colour"),
        ({"command": "ColourGroup", "group": "Night"}, "colour"),
        ({"command": "ColourGroup", "group": "Night", "colour": 7}, "colour"),
        ({"command": "OrderGroups", "groups": "Night"}, "groups"),
        ({"command": "OrderGroups", "groups": ["Night", 7]}, "groups"),
        ({"command": "OrderGroups", "groups": ["Night", "Nobody"]}, "groups"),
        ({"command": "OrderGroups", "groups": ["Night", "night"]}, "groups"),
        ({"command": "OrderGroups"}, "groups"),
    ],
)
def test_looks_that_cannot_be_are_refused(file: Path, line: dict[str, object], field: str) -> None:
    head = whowas("head", file).out
    (answer,) = run(file, line)
    assert (answer["ok"], answer["field"]) == (False, field)
    assert whowas("head", file).out == head


def test_a_log_takes_the_looks_of_groups_along(file: Path, tmp_path: Path) -> None:
    run(
        file,
        {"command": "ColourGroup", "group": "Night", "colour": "blue"},
        {"command": "OrderGroups", "groups": ["Night", "Legal"]},
    )
    log, new = tmp_path / "log.jsonl", tmp_path / "new.whowas"
    assert whowas("export", file, log, "--format", "log").code == 0
    assert whowas("import", new, log, "--format", "log").code == 0
    assert [event["payload"] for event in events(new)] == [event["payload"] for event in events(file)]
    # What colours are there is known to the directory: the same again appends nothing.
    head = whowas("head", new).out
    run(
        new,
        {"command": "ColourGroup", "group": "Night", "colour": "blue"},
        {"command": "OrderGroups", "groups": ["Night", "Legal"]},
    )
    assert whowas("head", new).out == head
