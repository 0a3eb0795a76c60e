"""Custom fields defined on the command line: what they are is asked of all values, and each no is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command_line import json_lines, whowas

ADA, BEN = (f"01890000-0000-7000-8000-00000000000{last}" for last in "ab")
SHIFT: dict[str, object] = {
    "command": "DefineField",
    "name": "Shift",
    "type": "choice",
    "choices": ["Early", "Late"],
    "default": "late",
    "help": "When they begin.",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "staff.whowas"


def run(file: Path, *lines: dict[str, object]) -> list[dict[str, Any]]:
    return whowas("run", file, stdin=json_lines(*lines)).objects


def defining(**given: object) -> dict[str, object]:
    return {"command": "DefineField", "name": "Shift", **given}


def adding(user_id: str, name: str, **attributes: object) -> dict[str, object]:
    return {"command": "CreateUser", "id": user_id, "first_name": name, "attributes": attributes}


def attributes(file: Path) -> dict[str, dict[str, str]]:
    return {user["first_name"]: user["attributes"] for user in whowas("list", file, "--json").objects}


def test_a_field_is_defined_with_all_that_it_is_and_then_kept_to(file: Path) -> None:
    answers = run(file, SHIFT, adding(ADA, "Ada"), adding(BEN, "Ben", Shift="EARLY"), adding(BEN, "Ben", Shift="Noon"))
    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert answers[0] == {"ok": True, "id": None, "position": 2}
    assert answers[3]["field"] == "id"
    assert attributes(file) == {"Ada": {"Shift": "Late"}, "Ben": {"Shift": "Early"}}
    (refused,) = run(file, {"command": "UpdateUser", "id": ADA, "attributes": {"Shift": "Noon"}})
    assert (refused["field"], refused["message"]) == (
        "attributes.Shift",
        "“Noon” is not one of the choices: Early and Late.",
    )


def test_on_an_existing_name_it_changes_what_is_given(file: Path) -> None:
    run(file, SHIFT, adding(ADA, "Ada"))
    (answer,) = run(file, defining(choices=["Late", "Early", "Night"], default=None, required=True))
    assert answer == {"ok": True, "id": None, "position": 4}
    (refused,) = run(file, adding(BEN, "Ben"))
    assert refused["message"] == "Shift cannot be empty: it is required of everybody."
    (same,) = run(file, defining(type="choice", required=True))
    assert (same["ok"], same["position"]) == (True, 4)


def test_users_get_the_default_and_the_spelling_in_the_same_change_and_a_repeated_line_answers_alike(
    file: Path,
) -> None:
    run(file, adding(ADA, "Ada", Shift="late"), adding(BEN, "Ben"))
    line = {**SHIFT, "required": True, "command_id": "shift-1"}
    assert run(file, line, line) == [{"ok": True, "id": None, "position": 6}] * 2
    assert attributes(file) == {"Ada": {"Shift": "Late"}, "Ben": {"Shift": "Late"}}


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"type": "number"}, "type", "“Shift” has values that are no number: Ada (late)."),
        ({"required": True}, "required", "“Shift” is empty for Ben."),
        ({"type": "choice"}, "choices", "A field of the type choice needs choices."),
        ({"required": "yes"}, "required", "“required” must be true or false."),
        ({"hidden": 1}, "hidden", "“hidden” must be true or false."),
        ({"unique": None}, "unique", "“unique” must be true or false."),
        ({"choices": "Early"}, "choices", "“choices” must be a list of texts."),
        ({"choices": ["Early", 7]}, "choices", "“choices” must be a list of texts."),
        ({"default": 7}, "default", "“default” must be text."),
        ({"help": ["x"]}, "help", "“help” must be text."),
        ({"type": True}, "type", "“type” must be text."),
        (
            {"type": "colour"},
            "type",
            "There is no type “colour”. A field is of text, number, date, yes or no, choice, link, email or phone.",
        ),
        ({"name": "shift", "type": "text"}, "name", "There is a custom field called “Shift” already."),
        (
            {"help": "x", "expected_version": 1},
            "expected_version",
            "The version of no user can be expected of a custom field.",
        ),
        (
            {"type": "choice", "choices": ["LATE"], "occurred_at": "2020-01-01T00:00:00Z"},
            "occurred_at",
            "Values of users change with it, so it cannot be backdated.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_changes_nothing(
    file: Path, given: dict[str, object], field: str, message: str
) -> None:
    run(file, adding(ADA, "Ada", Shift="late"), adding(BEN, "Ben"))
    (refused,) = run(file, {**defining(), **given})
    assert refused == {"ok": False, "error": "RefusedError", "field": field, "message": message}
    assert attributes(file) == {"Ada": {"Shift": "late"}, "Ben": {}}
    assert run(file, defining()) == [{"ok": True, "id": None, "position": 3}]


def test_fields_are_listed_in_the_order_that_is_given(file: Path, tmp_path: Path) -> None:
    lines = [{"command": "DefineField", "name": name} for name in ("Car", "Desk", "Shift")]
    answers = run(
        file,
        *lines,
        adding(ADA, "Ada", Car="1", Desk="2", Shift="3"),
        {"command": "OrderFields", "fields": ["shift", "Car"]},
        {"command": "OrderFields", "fields": ["Shift", "SHIFT"]},
        {"command": "OrderFields", "fields": ["never"]},
        {"command": "OrderFields", "fields": "Shift"},
    )
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False] * 3
    assert [answer["message"] for answer in answers[5:]] == [
        "A field can have only one place among the others.",
        "There is no custom field “never”.",
        "“fields” must be a list of names.",
    ]


def test_a_field_that_comes_back_is_required_no_more_where_somebody_has_nothing(file: Path) -> None:
    run(file, {**SHIFT, "required": True}, adding(ADA, "Ada"), {"command": "DeleteField", "name": "Shift"})
    answers = run(file, adding(BEN, "Ben"), {"command": "RestoreField", "name": "Shift"})
    assert [answer["ok"] for answer in answers] == [True, True]
    (cleared,) = run(file, {"command": "UpdateUser", "id": ADA, "attributes": {"Shift": None}})
    assert cleared["ok"]
