"""The session: opened, closed, and commands for other tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from whowas.command_bus.unit_of_work import Change
from whowas.desktop.session.jobs import SerialJobRunner
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser

ADA = "0199a3c4-0000-7000-8000-000000000001"
BEN = "0199a3c4-0000-7000-8000-000000000002"


def create(user_id: str, email: str, change: Change) -> None:
    change.dispatch(CreateUser(user_id, {"first_name": email[0].upper(), "email": email}))


def changed(session: Session, runner: ManualJobRunner, command: object) -> list[str]:
    """Dispatch one command and return the sentences of what was refused."""
    refused: list[str] = []
    session.writer.change(
        lambda change: change.dispatch(command),  # type: ignore[arg-type]
        done=lambda _: None,
        failed=lambda error: refused.append(str(error)),
    )
    runner.drain()
    return refused


def test_who_quits_while_a_directory_is_opened_leaves_nothing_open(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    serial = SerialJobRunner()
    opened = Session(serial, tmp_path / "cache", "ines")
    opened.open(session.path, create=False, done=lambda: pytest.fail("nobody is there any more"), failed=fail)
    opened.close()
    serial.close()  # what is open after that, ``nothing_left_running`` finds


def test_what_is_asked_once_the_directory_was_closed_finds_nothing_and_opens_nothing(
    session: Session, runner: ManualJobRunner, tmp_path: Path
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    assert session.is_open
    session.close()
    runner.drain()
    assert not session.is_open
    assert session.reads.user_row(ADA, 1) is None
    assert session.reads.history(ADA) == []
    assert session.reads.change_line(1) is None


def test_a_session_is_open_once_its_directory_is(runner: ManualJobRunner, tmp_path: Path, qtbot: QtBot) -> None:
    session = Session(runner, tmp_path / "cache", "ines")
    session.open(tmp_path / "staff.whowas", create=True, done=lambda: None, failed=fail)
    assert not session.is_open, "its job has not run yet"
    runner.drain()
    assert session.is_open
    session.close()
    runner.drain()
