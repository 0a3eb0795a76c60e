"""Fourteen years of real changes go in through the command line and come out as they were at any moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import contents, whowas
from tests.conftest import isolated_home
from whowas.bus import Bus
from whowas.interchange.moments import parsed
from whowas.projections.read_side import ReadSide
from whowas.restoring import carried_out, planned
from whowas.store.event_log import EventLog

OWN_FIELDS = ("first_name", "last_name", "email", "phone", "title", "department", "notes")


@pytest.fixture(scope="module")
def congress(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the whole history, imported once."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in isolated_home(tmp_path_factory.mktemp("home")).items():
            patch.setenv(name, value)
        file = tmp_path_factory.mktemp("congress") / "congress.whowas"
        answer = whowas("import", file, shared_data / "congress-history.jsonl")
    assert (answer.code, answer.err) == (0, "")
    return file


def test_every_moment_is_as_the_source_had_it(congress: Path, shared_data: Path) -> None:
    moments = json.loads((shared_data / "congress-as-of.json").read_text(encoding="utf-8"))

    assert len(moments) == 6
    for expected in moments:
        listed = whowas("list", congress, "--at", expected["at"], "--json")
        assert {who: _fields(user) for who, user in listed.people.items()} == expected["users"], expected["at"]


def test_nobody_is_listed_twice(congress: Path) -> None:
    everybody = whowas("list", congress, "--status", "any", "--json").objects

    assert len(everybody) == len({user["external_id"] for user in everybody}) == 1_138


def test_lines_of_one_moment_are_one_step(congress: Path) -> None:
    assert "343 steps" in whowas("rebuild", congress).out


def test_the_history_keeps_who_and_when(congress: Path, shared_data: Path) -> None:
    lines = (shared_data / "congress-history.jsonl").read_text(encoding="utf-8").splitlines()
    actors = {json.loads(line)["actor"] for line in lines}

    entries = whowas("history", congress, "--json").objects

    assert {entry["actor"] for entry in entries if entry["external_id"]} == actors
    assert [entry["moment"] for entry in entries] == sorted(entry["moment"] for entry in entries)
    assert entries[0]["occurred_at"] == "2012-09-28T00:43:45.000000+00:00"
    assert len({entry["change_id"] for entry in entries}) == 1, "one import is one change"


def test_importing_it_again_is_refused_and_writes_nothing(congress: Path, shared_data: Path) -> None:
    before = whowas("head", congress).out, contents(congress.parent)

    answer = whowas("import", congress, shared_data / "congress-history.jsonl")

    assert answer.code == 2
    assert answer.err.startswith("Line 1, ")
    assert answer.err.splitlines()[-1] == "Nothing was written. Use --skip-refused to take the rest."
    assert (whowas("head", congress).out, contents(congress.parent)) == before


def test_a_dry_run_leaves_no_file(shared_data: Path, tmp_path: Path) -> None:
    answer = whowas("import", tmp_path / "new.whowas", shared_data / "congress-history.jsonl", "--dry-run")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Would import 1,138 people")
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_leaves_a_directory_as_it_is(shared_data: Path, tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    assert whowas("run", file, stdin='{"command": "CreateUser", "first_name": "Ada"}').code == 0
    before = contents(tmp_path)

    answer = whowas("import", file, shared_data / "congress-history.jsonl", "--dry-run")

    assert (answer.code, answer.err) == (0, "")
    assert contents(tmp_path) == before


def _fields(user: Mapping[str, Any]) -> dict[str, str]:
    own = {name: user[name] for name in OWN_FIELDS if user[name] is not None}
    return own | dict(user["attributes"])


def test_the_moments_hold_after_everything_was_restored(
    congress: Path, shared_data: Path, tmp_path: Path, home: Path
) -> None:
    """Restored at head there is nothing to do; restored to the first of them, the past is what it was."""
    copy = tmp_path / "copy.whowas"
    copy.write_bytes(congress.read_bytes())
    moments = json.loads((shared_data / "congress-as-of.json").read_text(encoding="utf-8"))
    before = whowas("list", copy, "--status", "any", "--json").objects
    log = EventLog.open(copy)
    side = ReadSide(log, home / "cache")
    bus = Bus(log, clock=lambda: 1_900_000_000_000_000, actor="ines")

    def restored_to(moment: int) -> bool:
        index = side.catch_up()
        return carried_out(bus, planned(side.read_model, index, log.head().position, moment))

    head, now = log.head(), side.catch_up().now
    assert not restored_to(now)
    assert log.head() == head
    first = next(one["at"] for one in moments if one["users"])
    assert restored_to(side.catch_up().steps.moment_at(parsed(first)))
    for expected in moments:
        listed = whowas("list", copy, "--at", expected["at"], "--json")
        assert {who: _fields(user) for who, user in listed.people.items()} == expected["users"], expected["at"]
    assert whowas("list", copy, "--json").people.keys() == whowas("list", copy, "--at", first, "--json").people.keys()
    assert restored_to(now)
    after = whowas("list", copy, "--status", "any", "--json").objects
    assert [_without_version(user) for user in after] == [_without_version(user) for user in before]
    side.close()
    log.close()


def _without_version(user: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in user.items() if name != "version"}
