"""A directory that is gone or too damaged: its last backup is restored from where the window says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.command_line import json_lines, whowas
from tests.desktop.window.test_main_window import Desk
from tests.desktop.window.test_unopened import press
from whowas.desktop.chrome.standing import bars

RESTORE = "Restore its last backup…"


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    yield desk
    desk.window.put_away()
    desk.runner.drain()


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    """A directory with one user, and another since its backup."""
    file = tmp_path / "staff.whowas"
    for name in ("Ada", "Ben"):
        assert whowas("run", file, stdin=json_lines({"command": "CreateUser", "first_name": name})).code == 0
    return file


def actions(desk: Desk) -> tuple[str, ...]:
    (condition,) = bars(desk.window.messages.standing)
    return condition.actions


@pytest.mark.parametrize("how", ["gone", "damaged", "no directory"])
def test_its_last_backup_is_restored(
    desk: Desk, staff: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    target = tmp_path / "again.whowas"
    match how:
        case "gone":
            staff.unlink()
        case "damaged":
            staff.write_bytes(staff.read_bytes()[:-5_000])
        case _:
            staff.write_bytes(b"rubbish" * 1_000)
    monkeypatch.setattr("whowas.desktop.keeping.restoring_where.ask_where_to_save", lambda *_, **__: target)
    desk.window.open(staff)
    desk.settle()
    assert actions(desk)[-1] == RESTORE
    press(desk, RESTORE)
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()
    assert desk.window.session is not None
    assert desk.window.session.path == target
    assert desk.names() == ["Ada"]
    assert desk.window.messages.message() == ""


def test_where_there_is_none_nothing_is_offered(desk: Desk, tmp_path: Path) -> None:
    desk.window.open(tmp_path / "none.whowas")
    desk.settle()
    assert actions(desk) == ()


def test_nothing_is_restored_over_a_file(desk: Desk, staff: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staff.write_bytes(b"rubbish" * 1_000)
    monkeypatch.setattr("whowas.desktop.keeping.restoring_where.ask_where_to_save", lambda *_, **__: staff)
    desk.window.open(staff)
    desk.settle()
    press(desk, RESTORE)
    desk.settle()
    assert desk.window.messages.message() == "“staff.whowas” exists already; nothing was written."
    assert staff.read_bytes() == b"rubbish" * 1_000
