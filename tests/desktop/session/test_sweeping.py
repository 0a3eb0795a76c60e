"""Once a directory is shown, what killed programs left around it is swept away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.session import session as session_module
from whowas.desktop.session.session import Session
from whowas.desktop.start import application
from whowas.domain.progress import unwatched
from whowas.system.hidden_names import OWNER
from whowas.system.unfinished import HiddenFolder
from whowas.system.unfinished_register import register


def left_in(folder: Path) -> Path:
    """Leave a hidden folder as a killed program does."""
    hidden = HiddenFolder.made_in(folder)
    (hidden.path / "staff.csv").write_text("somebody")
    assert hidden._entry is not None
    for lock in (hidden._owner, hidden._entry[1]):
        os.close(lock)
    return hidden.path


def test_what_lies_around_an_open_directory_goes(
    session: Session, runner: ManualJobRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(session_module, "READY_AFTER_MS", 0)
    left = left_in(session.path.parent)
    again = Session(runner, tmp_path / "cache", "ines")
    again.open(session.path, create=False, done=lambda: None, failed=fail)
    runner.drain()
    assert (left / OWNER).exists(), "not before it is shown"

    def swept() -> bool:
        runner.drain()
        return not left.exists()

    qtbot.waitUntil(swept)
    again.close()
    runner.drain()


def test_what_lies_anywhere_else_goes_when_the_window_has_started(tmp_path: Path) -> None:
    left = left_in(tmp_path)
    application._sweep(unwatched)
    assert not left.exists()
    assert list(register().iterdir()) == []
