"""The writer: what a command does to what is shown, and a refusal does not."""

from __future__ import annotations

from functools import partial

from pytestqt.qtbot import QtBot

from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.session.test_session import ADA, BEN, changed, create
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser


def test_a_change_refreshes_the_index_and_the_undo_sentence(
    session: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    session.writer.change(partial(create, ADA, "ada@example.org"), done=lambda _: None, failed=fail)
    assert session.shown.index.now == 0, "nothing happens before the job runs"
    with qtbot.waitSignal(session.shown.refreshed):
        runner.drain()
    assert session.shown.index.now == 1
    assert session.undo_redo.undo_sentence == "A: Created"
    row = session.reads.user_row(ADA, session.shown.index.now)
    assert row is not None
    assert row.user.email == "ada@example.org"
    assert session.reads.user_row(ADA, 0) is None


def test_a_refused_change_reports_and_leaves_everything(session: Session, runner: ManualJobRunner) -> None:
    changed(session, runner, CreateUser(ADA, {"email": "ada@example.org"}))
    index = session.shown.index
    assert changed(session, runner, CreateUser(BEN, {"email": "ADA@example.org"})) == [
        "Another user has the email ADA@example.org already."
    ]
    assert session.shown.index is index
