"""``whowas run``: a command a line, each saved before it is answered."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import PROGRAM, json_lines, whowas

ADA = "01890000-0000-7000-8000-00000000000a"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "staff.whowas"


def run(file: Path, *lines: dict[str, object]) -> list[dict[str, Any]]:
    return whowas("run", file, stdin=json_lines(*lines)).objects


def only_user(file: Path) -> dict[str, Any]:
    (user,) = whowas("list", file, "--json", "--status", "any").objects
    return user


def test_a_new_directory_is_for_its_owner_only(file: Path) -> None:
    (answer,) = run(file, {"command": "CreateUser", "first_name": "Ada"})

    assert answer == {"ok": True, "id": only_user(file)["id"], "position": 1}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_everything_that_a_user_can_be_given(file: Path) -> None:
    given = {
        "id": ADA.upper(),
        "external_id": "a-1",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.org",
        "phone": "1",
        "title": "Countess",
        "department": "Engines",
        "notes": "one\ntwo",
        "groups": ["Staff", "Poets"],
        "attributes": {"Room": "B 12", "Desk": None},
    }
    (answer,) = run(file, {"command": "CreateUser", **given})

    assert answer["id"] == ADA
    expected = {**given, "id": ADA, "groups": ["Poets", "Staff"], "attributes": {"Room": "B 12"}}
    assert only_user(file) == {**expected, "status": "active", "version": 3}


def test_every_command(file: Path) -> None:
    answers = run(
        file,
        {"command": "CreateUser", "id": ADA, "first_name": "Ada", "email": "ada@example.org"},
        {"command": "UpdateUser", "id": "ADA@example.org", "title": "Clerk", "attributes": {"Room": "B 12"}},
        {"command": "DefineField", "name": "Desk"},
        {"command": "CreateGroup", "group": "Staff"},
        {"command": "JoinGroup", "id": ADA, "group": "staff"},
        {"command": "RenameGroup", "group": "Staff", "name": "Crew"},
        {"command": "CreateGroup", "group": "Poets"},
        {"command": "JoinGroup", "id": ADA, "group": "Poets"},
        {"command": "LeaveGroup", "id": ADA, "group": "Poets"},
        {"command": "DeleteGroup", "group": "Poets"},
        {"command": "SetPassword", "id": ADA, "password": "correct horse"},
        {"command": "ClearPassword", "id": ADA},
        {"command": "SuspendUser", "id": ADA},
        {"command": "ReactivateUser", "id": ADA},
        {"command": "DeleteUser", "id": ADA},
        {"command": "RestoreUser", "id": "ada@example.org"},
        {"command": "UpdateUser", "id": ADA, "groups": [], "status": "suspended"},
    )

    assert [answer for answer in answers if not answer["ok"]] == []
    assert [answer["position"] for answer in answers] == [1, 3, *range(4, 18), 19]
    crew, poets = answers[3]["id"], answers[6]["id"]
    assert [answer["id"] for answer in answers] == [
        ADA, ADA, None, crew, ADA, crew, poets, ADA, ADA, poets, *[ADA] * 7,
    ]  # fmt: skip
    user = only_user(file)
    assert (user["title"], user["attributes"], user["groups"]) == ("Clerk", {"Room": "B 12"}, [])
    assert user["status"] == "suspended"
    assert whowas("verify", file).code == 0


def test_groups_are_the_whole_list_and_null_clears(file: Path) -> None:
    create = {"command": "CreateUser", "id": ADA, "first_name": "Ada", "title": "Clerk"}
    run(file, {**create, "groups": ["A", "B"], "attributes": {"Room": "B 12", "Desk": "7"}})

    (answer,) = run(
        file,
        {
            "command": "UpdateUser",
            "id": ADA,
            "title": None,
            "groups": ["c", "b"],
            "attributes": {"Room": None, "x": ""},
        },
    )

    assert answer["ok"]
    user = only_user(file)
    assert (user["title"], user["groups"], user["attributes"]) == (None, ["B", "c"], {"Desk": "7"})


def test_nothing_to_do_is_fine_and_appends_nothing(file: Path) -> None:
    update = {"command": "UpdateUser", "id": ADA, "first_name": "Ada", "groups": []}
    answers = run(file, {"command": "CreateUser", "id": ADA, "first_name": "Ada"}, update)
    assert answers[1] == {"ok": True, "id": ADA, "position": 1}
    assert only_user(file)["version"] == 1


def test_a_refused_line_leaves_nothing_of_itself(file: Path) -> None:
    run(file, {"command": "CreateUser", "id": ADA, "first_name": "Ada"})
    before = whowas("head", file).out

    answers = run(
        file,
        {"command": "UpdateUser", "id": ADA, "groups": ["Staff"], "attributes": {"Room": "1"}, "email": "nonsense"},
        {"command": "CreateUser", "groups": ["Staff"], "attributes": {"Room": "1"}},
        {"command": "UpdateUser", "id": ADA, "attributes": {"Room": "1"}, "expected_version": 9},
    )

    assert [(answer["error"], answer["field"]) for answer in answers] == [
        ("RefusedError", "email"),
        ("RefusedError", "first_name"),
        ("ConflictError", None),
    ]
    assert whowas("head", file).out == before


def test_anybody_can_be_called_by_what_they_were_called_once(file: Path) -> None:
    answers = run(
        file,
        {"command": "CreateUser", "id": ADA, "external_id": "a-1", "email": "ada@example.org"},
        {"command": "UpdateUser", "id": ADA, "external_id": "a-2", "email": "countess@example.org"},
        {"command": "UpdateUser", "id": "a-1", "title": "Clerk"},
        {"command": "UpdateUser", "id": "ada@example.org", "title": "Press"},
        {"command": "DeleteUser", "id": "a-2"},
        {"command": "RestoreUser", "id": "countess@example.org"},
    )
    assert [answer["ok"] for answer in answers] == [True] * 6
    assert {answer["id"] for answer in answers} == {ADA}


def test_when_and_by_whom(file: Path) -> None:
    create = {"command": "CreateUser", "id": ADA, "first_name": "Ada"}
    run(file, {**create, "occurred_at": "2015-05-05T10:00:00+02:00", "actor": "Grace"})
    run(file, {"command": "UpdateUser", "id": ADA, "title": "Clerk", "occurred_at": "2014-01-01"})

    (entry,) = whowas("history", file, "--json").objects
    assert (entry["occurred_at"], entry["actor"]) == ("2015-05-05T08:00:00.000000+00:00", "Grace")
    answers = run(file, {"command": "UpdateUser", "id": ADA, "title": "Clerk", "occurred_at": "2016-01-01"})
    assert answers[0]["ok"]
    assert whowas("list", file, "--at", "2015-12-31", "--json").objects[0]["title"] is None
    assert only_user(file)["title"] == "Clerk"


@pytest.mark.parametrize("command_id", ["order 66", "01890000-0000-7000-8000-0000000000C1", "é" * 500])
def test_a_command_with_several_events_is_answered_the_same_again(command_id: str, file: Path) -> None:
    update = {"command": "UpdateUser", "id": ADA, "attributes": {"Room": "1"}, "groups": ["Staff"]}
    run(file, {"command": "CreateUser", "id": ADA, "first_name": "Ada"})

    first, other, again = run(
        file,
        {**update, "command_id": command_id},
        {"command": "SuspendUser", "id": ADA},
        {**update, "command_id": command_id, "attributes": {"Room": "2"}, "expected_version": 1},
    )

    assert first == again == {"ok": True, "id": ADA, "position": 5}
    assert other["position"] == 6
    assert only_user(file)["attributes"] == {"Room": "1"}


def test_a_repeated_command_about_a_group_is_answered_the_same_again(file: Path) -> None:
    group = {"command": "CreateGroup", "group": "Staff", "command_id": "g"}
    field = {"command": "DefineField", "name": "Room", "command_id": "f"}
    first, second, *again = run(file, group, field, group, field)
    assert again == [first, second]
    assert second["id"] is None


def test_each_line_is_saved_and_answered_before_the_next_is_read(file: Path) -> None:
    with subprocess.Popen([PROGRAM, "run", file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(1, 4):
            process.stdin.write(json.dumps({"command": "CreateUser", "first_name": f"P{number}"}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["position"] == number
            assert len(whowas("list", file, "--json").objects) == number
        process.kill()
    assert len(whowas("list", file, "--json").objects) == 3


@pytest.fixture
def interruptible(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Started in the background of a script the tests ignore SIGINT, and so would every program they start.

    A file that Python was just opening when it was interrupted is closed by nobody but Python, which would say so.
    """
    monkeypatch.setenv("PYTHONWARNINGS", "ignore::ResourceWarning")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_whoever_interrupts_finds_what_was_saved_and_nothing_half(file: Path) -> None:
    for saved in (0, 1):
        with subprocess.Popen(
            [PROGRAM, "run", file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            line = '{"command": "CreateUser", "first_name": "Ada"}' if saved else '{"command": "Nothing"}'
            process.stdin.write(line + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["ok"] is bool(saved)
            process.send_signal(signal.SIGINT)
            assert process.stderr.read() == ("Stopped; 1 change is saved.\n" if saved else "Stopped.\n")
        assert process.returncode == (1 if saved else 2)
        assert file.exists() is bool(saved)
    assert len(whowas("list", file, "--json").objects) == 1
