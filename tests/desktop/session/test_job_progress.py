"""The progress of a job: shown once it takes a while, and gone with it."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.session import progress_words
from whowas.desktop.session.job_progress import SHOWN_AFTER_MS, ShownProgress
from whowas.desktop.session.rate import Rate
from whowas.desktop.session.session import Session
from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.progress import Progress, begin_phase, part_of, watched


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def progress(window: QWidget, session: Session) -> ShownProgress:
    return ShownProgress(window, session)


def dialogs(window: QWidget) -> list[ProgressDialog]:
    return [one for one in window.findChildren(ProgressDialog) if one.isVisible()]


def count(progress: Progress) -> int:
    return sum(watched(range(2500), 2500, progress))


def test_what_is_soon_over_is_not_shown(
    progress: ShownProgress, window: QWidget, session: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    found: list[int] = []
    progress.follow("Counting", partial(session.queries.run, count), found.append, fail)
    assert not dialogs(window)
    runner.drain()
    assert found == [sum(range(2500))]
    qtbot.wait(2 * SHOWN_AFTER_MS)
    assert not dialogs(window)


def test_what_takes_a_while_is_shown_until_its_end(
    progress: ShownProgress, window: QWidget, session: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    found: list[int] = []
    progress.follow("Counting", partial(session.queries.run, count), found.append, fail)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    assert dialogs(window)[0].windowTitle() == "Counting"
    runner.drain()
    assert not dialogs(window)
    assert found == [sum(range(2500))]


def test_cancelling_stops_the_work(
    progress: ShownProgress, window: QWidget, session: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    told: list[WhowasError] = []
    progress.follow(
        "Counting", partial(session.queries.run, count), lambda _: pytest.fail("it was cancelled"), told.append
    )
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    dialogs(window)[0].reject()
    assert dialogs(window), "it stays until the work has stopped"
    runner.drain()
    assert not dialogs(window)
    assert [type(error) for error in told] == [CancelledError]


def test_one_at_a_time(progress: ShownProgress, session: Session, runner: ManualJobRunner) -> None:
    found: list[int] = []
    for _ in range(2):
        progress.follow("Counting", partial(session.queries.run, count), found.append, fail)
    runner.drain()
    assert len(found) == 1
    progress.follow("Counting", partial(session.queries.run, count), found.append, fail)
    runner.drain()
    assert len(found) == 2


def test_what_ends_after_the_directory_was_closed_is_told_to_nobody(
    progress: ShownProgress, window: QWidget, session: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    progress.follow("Counting", partial(session.queries.run, count), lambda _: pytest.fail("nobody waits"), fail)
    session.close()
    runner.drain()
    qtbot.wait(2 * SHOWN_AFTER_MS)
    assert not dialogs(window)


def said(window: QWidget) -> str:
    (dialog,) = dialogs(window)
    return next(label.text() for label in dialog.findChildren(QLabel) if label.text() not in ("Importing", " "))


def test_what_an_import_is_about_is_told_apart(
    progress: ShownProgress,
    window: QWidget,
    session: Session,
    runner: ManualJobRunner,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    now = [0.0]
    monkeypatch.setattr(progress_words, "Rate", partial(Rate, lambda: now[0]))

    def report(reports: Progress, done: int, total: int) -> None:
        now[0] += 1
        reports(done, total)
        told.append(said(window))

    def work(reports: Progress) -> None:
        report(reports, 512, 1024)
        begin_phase(reports, "reading", counts_rows=False)
        report(reports, 300, 1000)
        report(reports, 300, 0)
        begin_phase(reports, "reading")
        report(reports, 0, 0)
        report(reports, 41_000, 0)
        begin_phase(reports, "comparing")
        report(reports, 0, 100_000)
        report(reports, 12_400, 100_000)
        begin_phase(part_of(reports, 1, 2), "comparing")
        report(part_of(reports, 1, 2), 0, 100_000)
        begin_phase(reports, "saving", counts_rows=False)
        report(reports, 99_000, 100_000)
        begin_phase(reports, None)
        report(reports, 1, 2)

    progress.follow("Importing", partial(session.queries.run, work), lambda _: None, fail)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    runner.drain()

    assert told == [
        "512 of 1,024",
        "Reading: 30 %",
        "Reading…",
        "Reading…",
        "Reading: 41,000 rows · 41,000 a second",
        "Comparing…",
        "Comparing: 12,400 of 100,000 rows · 12,400 a second",
        "Comparing: 50 %",
        "Saving: 99 %",
        "1 of 2",
    ]
