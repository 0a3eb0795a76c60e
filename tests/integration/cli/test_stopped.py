"""Ctrl+C in a command that saves: what it has saved by then is told, at whatever moment the key is pressed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Answer, json_lines, whowas
from whowas.cli.committing import Saved
from whowas.command_bus.unit_of_work import Change
from whowas.store.event_log import EventLog

LINES = json_lines(*({"command": "CreateUser", "first_name": name} for name in ("Ada", "Ben", "Chi")))


def positions(path: Path) -> int:
    log = EventLog.open(path)
    try:
        return log.head().position
    finally:
        log.close()


def press_at(monkeypatch: pytest.MonkeyPatch, owner: type, method: str, call: int, *, after: bool) -> None:
    """Press Ctrl+C before or after so many calls of a method."""
    original, calls = getattr(owner, method), 0

    def interrupted(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            raise KeyboardInterrupt
        result = original(*arguments, **named)
        if calls == call and after:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(owner, method, interrupted)


@pytest.mark.parametrize(
    ("owner", "method", "call", "after", "saved"),
    [
        (Change, "decided", 1, True, 0),
        (Saved, "before_commit", 1, True, 0),
        (Saved, "after_commit", 1, False, 1),  # committed, nobody has counted it yet
        (Saved, "after_commit", 1, True, 1),
        (Change, "decided", 3, True, 2),
        (Saved, "after_commit", 3, False, 3),
    ],
)
def test_what_run_has_saved_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, call: int, after: bool, saved: int
) -> None:
    path = tmp_path / "staff.whowas"
    whowas("run", path, stdin=json_lines({"command": "CreateUser", "first_name": "Zoe"}))
    with monkeypatch.context() as patch:
        press_at(patch, owner, method, call, after=after)
        answer = whowas("run", path, stdin=LINES)
    assert positions(path) == 1 + saved
    expected = {0: (2, "Stopped."), 1: (1, "Stopped; 1 change is saved.")}
    code, told = expected.get(saved, (1, f"Stopped; {saved} changes are saved."))
    assert (answer.code, answer.err) == (code, f"{told}\n")


def test_an_import_that_stands_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, source = tmp_path / "staff.whowas", tmp_path / "list.csv"
    whowas("run", path, stdin=json_lines({"command": "CreateUser", "first_name": "Zoe"}))
    source.write_text("first_name\nAda\nBen\n")
    with monkeypatch.context() as patch:
        press_at(patch, Saved, "after_commit", 1, after=False)
        answer = whowas("import", path, source)
    assert answer == Answer(1, "", "Stopped; 1 change is saved.\n")
    assert positions(path) == 4, "one of them says of what source the list is"
    with monkeypatch.context() as patch:
        press_at(patch, Change, "decided", 1, after=False)
        source.write_text("first_name\nChi\n")
        assert whowas("import", path, source) == Answer(2, "", "Stopped.\n")
    assert positions(path) == 4


@pytest.mark.parametrize(
    ("owner", "method", "after", "done"),
    [
        (Change, "decided", True, False),
        (Saved, "before_commit", True, False),
        (Saved, "after_commit", False, True),
        (EventLog, "sweep", False, True),
        (EventLog, "positions_with", True, True),
    ],
)
def test_an_erasure_that_stands_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, after: bool, done: bool
) -> None:
    path = tmp_path / "staff.whowas"
    whowas("run", path, stdin=json_lines({"command": "CreateUser", "first_name": "Zoë-Anne", "external_id": "Z"}))
    (user,) = whowas("list", path, "--json").objects
    with monkeypatch.context() as patch:
        press_at(patch, owner, method, 1, after=after)
        answer = whowas("erase", path, "Z", "--yes")
    traces = "Traces may be left until this directory is opened again."
    told = f"Stopped; user {user['id']} is erased. {traces}\n" if done else "Stopped.\n"
    assert answer == Answer(1 if done else 2, "", told)
    assert len(whowas("list", path, "--json").objects) == (0 if done else 1)
    assert done is (b"Anne" not in path.read_bytes()), "the next command sweeps what was left"
