"""What can be undone and redone: one's own changes, whenever they were made."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.session.test_session import ADA, changed
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser, SuspendUser, UpdateUser
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide


def test_undo_and_redo_walk_back_and_forth(session: Session, runner: ManualJobRunner) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada", "title": "Intern"}))
    changed(session, runner, UpdateUser(ADA, {"title": "Clerk"}))
    changed(session, runner, SuspendUser(ADA))

    def shown() -> tuple[str, str | None]:
        row = session.reads.user_row(ADA, session.shown.index.now)
        assert row is not None
        return row.user.status, row.user.title

    seen = [shown()]
    for _ in range(3):
        undo = session.undo_redo.undoing(session.undo_redo.to_undo, session.undo_redo.undo_sentence)
        session.writer.on_bus(undo, done=lambda _: None, failed=fail)
        runner.drain()
        seen.append(shown())
    assert seen == [("suspended", "Clerk"), ("active", "Clerk"), ("active", "Intern"), ("deleted", "Intern")]
    assert session.undo_redo.undo_sentence is None
    for expected in reversed(seen[:-1]):
        redo = session.undo_redo.redoing(session.undo_redo.to_redo, session.undo_redo.redo_sentence)
        session.writer.on_bus(redo, done=lambda _: None, failed=fail)
        runner.drain()
        assert shown() == expected
    assert session.undo_redo.redo_sentence is None


def ready(session: Session, runner: ManualJobRunner, qtbot: QtBot) -> None:
    """Open, and wait until the session has looked what could be undone."""
    runner.drain()
    told: list[bool] = []
    session.shown.refreshed.connect(lambda: told.append(True))

    def looked() -> bool:
        runner.drain()
        return bool(told)

    qtbot.waitUntil(looked)


def test_the_undo_list_outlives_the_session(
    session: Session, runner: ManualJobRunner, tmp_path: Path, qtbot: QtBot
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    assert not session.undo_redo.is_from_before
    again = Session(runner, tmp_path / "cache", "ines")
    again.open(session.path, create=False, done=lambda: None, failed=fail)
    ready(again, runner, qtbot)
    assert again.undo_redo.undo_sentence == "Ada: Created"
    assert again.undo_redo.is_from_before
    somebody = Session(runner, tmp_path / "cache", "farid")
    somebody.open(session.path, create=False, done=lambda: None, failed=fail)
    ready(somebody, runner, qtbot)
    assert somebody.undo_redo.undo_sentence is None, "undo is of one's own changes"
    for opened in (again, somebody):
        opened.close()
        runner.drain()


def test_the_undo_sentence_is_found_where_the_tables_turn_out_damaged_meanwhile(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    found = ReadSide.change_titles

    def failing_once(side: ReadSide, index: VersionIndex, change_ids: Collection[str]) -> dict[str, str]:
        asked.append(index.now)
        if len(asked) == 1:
            raise DamagedReadSideError
        return found(side, index, change_ids)

    monkeypatch.setattr(ReadSide, "change_titles", failing_once)
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    assert session.undo_redo.undo_sentence == "Ada: Created"
    assert session.reads.user_row(ADA, session.shown.index.now) is not None
