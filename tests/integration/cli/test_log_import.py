"""A log that was exported on the command line comes in there: at every moment the same users."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Answer, contents, whowas


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A made-up directory, of which one user was erased and one moment is named."""
    file = tmp_path / "sample.whowas"
    assert whowas("sample", file, "--people", "12", "--changes", "80", "--seed", "7").code == 0
    someone = whowas("list", file, "--json").objects[0]["id"]
    assert whowas("erase", file, someone, "--yes").code == 0
    lines = (
        '{"command": "NameMoment", "name": "Halfway", "moment": "#40"}\n{"command": "CreateUser", "first_name": "Zo"}\n'
    )
    assert whowas("run", file, stdin=lines).code == 0
    return file


@pytest.fixture
def exported(sample: Path, tmp_path: Path) -> Path:
    log = tmp_path / "sample.jsonl"
    assert whowas("export", sample, log, "--format", "log").code == 0
    return log


def everybody(file: Path, moment: str) -> list[dict[str, object]]:
    answer: Answer = whowas("list", file, "--json", "--status", "any", "--at", moment)
    return sorted(answer.objects, key=lambda user: str(user["id"]))


def told(file: Path) -> list[tuple[object, ...]]:
    """Return when, by whom, to whom and what, in timeline order and by user."""
    entries = whowas("history", file, "--json").objects
    return sorted((entry["occurred_at"], entry["id"], entry["actor"], entry["sentence"]) for entry in entries)


def test_every_moment_is_the_same_in_the_new_directory(sample: Path, exported: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.whowas"
    answer = whowas("import", new, exported)

    assert (answer.code, answer.out.partition(".")[0]) == (0, "Imported: 12 created, 0 changed, 0 unchanged")
    assert answer.err == "1 user who was erased is left out.\n"
    moments = {str(entry["occurred_at"]) for entry in whowas("history", sample, "--json").objects}
    for moment in [*sorted(moments)[::7], "Halfway", "now"]:
        assert everybody(new, moment) == everybody(sample, moment), moment
    assert told(new) == told(sample)
    assert whowas("verify", new).code == 0
    assert len({entry["change_id"] for entry in whowas("history", new, "--json").objects}) == 1


def test_a_dry_run_tells_of_every_user_and_writes_nothing(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    answer = whowas("import", folder / "new.whowas", exported, "--dry-run", "--json")

    *users, last = answer.objects
    assert {user["what"] for user in users} == {"created"}
    assert last["summary"]["created"] == len(users) == 12
    assert contents(folder) == {}


def test_a_log_that_was_altered_is_refused_by_line(exported: Path, tmp_path: Path) -> None:
    lines = exported.read_text(encoding="utf-8").splitlines(keepends=True)
    exported.write_text("".join([*lines[:9], *lines[10:]]), encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()

    answer = whowas("import", folder / "new.whowas", exported, "--skip-refused")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines() == [
        "Line 10, column 2: Position 11 follows 9: what was between them is missing.",
        "Nothing was written.",
    ]
    assert contents(folder) == {}


def test_part_of_a_log_is_refused(exported: Path, tmp_path: Path) -> None:
    lines = exported.read_text(encoding="utf-8").splitlines(keepends=True)
    exported.write_text("".join(lines[5:]), encoding="utf-8")
    answer = whowas("import", tmp_path / "new.whowas", exported)
    assert answer.code == 2
    assert "This log begins with position 6: only a whole one, from position 1, can be imported." in answer.err


def test_a_log_comes_in_once(exported: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.whowas"
    assert whowas("import", new, exported).code == 0
    head = whowas("head", new).out

    again = whowas("import", new, exported, "--format", "log")

    assert again.code == 2
    assert (
        "11 others in this log are in this directory already: a log comes in where none of its users are." in again.err
    )
    assert whowas("head", new).out == head
