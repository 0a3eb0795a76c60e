"""Fourteen years of real changes go in through the command line and come out as they were at any moment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.command_line import Answer, contents, whowas
from tests.conftest import isolated_home
from tests.desktop.window.test_main_window import Desk
from whowas.command_bus.bus import Bus
from whowas.corrections.restore import carried_out, planned
from whowas.desktop.putting_back.restore_dialog import RestoreDialog
from whowas.interchange.iso_moments import parsed
from whowas.projections.sides.read_side import ReadSide
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


def test_every_moment_is_as_the_source_had_it(congress: Path, known: list[dict[str, Any]]) -> None:
    assert len(known) == 6
    for expected in known:
        listed = whowas("list", congress, "--at", expected["at"], "--json")
        assert _users(listed) == expected["users"], expected["at"]


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
    assert answer.out.startswith("Would import: 1,")
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


class Restorer:
    """A copy of the directory, of which everything is restored as the window does."""

    def __init__(self, file: Path, cache: Path) -> None:
        self.file = file
        self.log = EventLog.open(file)
        self._side = ReadSide(self.log, cache)
        self._bus = Bus(self.log, clock=lambda: 1_900_000_000_000_000, actor="ines")

    def now(self) -> int:
        return self._side.catch_up().now

    def moment(self, at: str) -> int:
        return self._side.catch_up().steps.moment_at(parsed(at))

    def restored_to(self, moment: int) -> bool:
        index = self._side.catch_up()
        return carried_out(self._bus, planned(self._side.read_model, index, self.log.head().position, moment))

    def close(self) -> None:
        self._side.close()
        self.log.close()


@pytest.fixture
def restorer(congress: Path, tmp_path: Path, home: Path) -> Iterator[Restorer]:
    copy = tmp_path / "copy.whowas"
    copy.write_bytes(congress.read_bytes())
    restorer = Restorer(copy, home / "cache")
    yield restorer
    restorer.close()


@pytest.fixture(scope="module")
def known(shared_data: Path) -> list[dict[str, Any]]:
    """The six moments: ``at`` and ``users``, by external id, with all their fields."""
    moments: list[dict[str, Any]] = json.loads((shared_data / "congress-as-of.json").read_text(encoding="utf-8"))
    return moments


def test_everything_restored_to_each_known_moment_is_as_the_source_had_it(
    restorer: Restorer, known: list[dict[str, Any]]
) -> None:
    """One after the other at head, and back from the last to the first; each is one change, and done once."""
    assert len(known) == 6
    for expected in [*known, known[0]]:
        position, moment = restorer.log.head().position, restorer.moment(expected["at"])
        assert restorer.restored_to(moment), expected["at"]
        assert len({event.change_id for event in restorer.log.read(position)}) == 1
        assert _users(whowas("list", restorer.file, "--json")) == expected["users"], expected["at"]
        head = restorer.log.head()
        assert not restorer.restored_to(moment)
        assert restorer.log.head() == head
    assert restorer.log.verify() is None


def test_the_past_is_what_it_was_after_everything_was_restored_and_now_comes_back(
    restorer: Restorer, known: list[dict[str, Any]]
) -> None:
    before = whowas("list", restorer.file, "--status", "any", "--json").objects
    head, now = restorer.log.head(), restorer.now()
    assert not restorer.restored_to(now)
    assert restorer.log.head() == head
    assert restorer.restored_to(restorer.moment(next(one["at"] for one in known if one["users"])))
    for expected in known:
        listed = whowas("list", restorer.file, "--at", expected["at"], "--json")
        assert _users(listed) == expected["users"], expected["at"]
    assert restorer.restored_to(now)
    after = whowas("list", restorer.file, "--status", "any", "--json").objects
    assert [_without_version(user) for user in after] == [_without_version(user) for user in before]


def test_the_window_restores_a_known_moment(
    congress: Path, known: list[dict[str, Any]], tmp_path: Path, qtbot: QtBot
) -> None:
    copy = tmp_path / "copy.whowas"
    copy.write_bytes(congress.read_bytes())
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(copy)
    expected = known[2]
    desk.page.view.show_moment(desk.page.view.index.steps.moment_at(parsed(expected["at"])))
    desk.window.actions_.restore_moment.trigger()
    desk.settle()
    (dialog,) = (one for one in desk.window.findChildren(RestoreDialog) if one.isVisible())
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Restore").click()
    desk.settle()
    assert not desk.page.view.is_past
    assert _users(whowas("list", copy, "--json")) == expected["users"]
    desk.window.put_away()
    desk.runner.drain()


def _users(listed: Answer) -> dict[str, dict[str, str]]:
    return {who: _fields(user) for who, user in listed.people.items()}


def _without_version(user: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in user.items() if name != "version"}
