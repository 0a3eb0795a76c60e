"""The serial job runner: off the GUI thread, one after the other, results on the GUI thread."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from whowas.desktop.session import jobs
from whowas.desktop.session.jobs import Job, JobProgress, SerialJobRunner, Stage
from whowas.domain.errors import CancelledError, RefusedError, WhowasError
from whowas.domain.progress import Progress


@pytest.fixture
def serial(qtbot: QtBot) -> Iterator[SerialJobRunner]:
    runner = SerialJobRunner()
    yield runner
    runner.close()


def test_work_runs_elsewhere_and_is_delivered_here_in_order(serial: SerialJobRunner, qtbot: QtBot) -> None:
    here = threading.get_ident()
    worked: list[int] = []
    delivered: list[tuple[int, bool]] = []
    for number in range(5):

        def work(_progress: Progress, number: int = number) -> int:
            worked.append(threading.get_ident())
            return number

        serial.submit(work, lambda result: delivered.append((result, threading.get_ident() == here)))
    assert not serial.idle
    qtbot.waitUntil(lambda: serial.idle)
    assert delivered == [(number, True) for number in range(5)]
    assert len(set(worked)) == 1
    assert here not in worked


def test_an_expected_error_reaches_whoever_asked(serial: SerialJobRunner, qtbot: QtBot) -> None:
    told: list[WhowasError] = []

    def refuse(_progress: Progress) -> None:
        raise RefusedError("email", "No.")

    serial.submit(refuse, failed=told.append)
    qtbot.waitUntil(lambda: serial.idle)
    assert [(error.field, str(error)) for error in told if isinstance(error, RefusedError)] == [("email", "No.")]


def test_a_job_knows_whether_another_one_waits(serial: SerialJobRunner, qtbot: QtBot) -> None:
    queued, seen = threading.Event(), []

    def look(_progress: Progress) -> None:
        assert queued.wait(10)
        seen.append(serial.waiting)

    serial.submit(look)
    serial.submit(look)
    queued.set()
    qtbot.waitUntil(lambda: serial.idle)
    assert seen == [True, False]


@pytest.mark.parametrize("committed", [True, False])
def test_what_was_written_is_shown_before_the_next_job_begins(
    serial: SerialJobRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    monkeypatch.setattr(jobs, "_SHOWN_WITHIN_S", 30.0)
    begun = threading.Event()
    begun_while_showing: list[bool] = []

    def write(progress: JobProgress) -> None:
        if committed:
            progress.begin_commit()
            progress.end_commit()

    def show(_result: None) -> None:
        begun_while_showing.append(begun.wait(0.2 if committed else 30))

    serial.submit(write, show)
    serial.submit(lambda _progress: begun.set())
    qtbot.waitUntil(lambda: serial.idle, timeout=40_000)
    assert begun_while_showing == [not committed]
    assert begun.is_set()


def test_a_delivery_that_never_ends_holds_up_no_job_for_long(serial: SerialJobRunner, qtbot: QtBot) -> None:
    begun = threading.Event()

    def write(progress: JobProgress) -> None:
        progress.begin_commit()
        progress.end_commit()

    begun_meanwhile: list[bool] = []
    serial.submit(write, lambda _result: begun_meanwhile.append(begun.wait(30)))
    serial.submit(lambda _progress: begun.set())
    qtbot.waitUntil(lambda: serial.idle, timeout=40_000)
    assert begun_meanwhile == [True]


def test_a_bug_is_raised_on_the_gui_thread(serial: SerialJobRunner, qtbot: QtBot) -> None:
    told: list[WhowasError] = []

    def stumble(_progress: Progress) -> None:
        raise ZeroDivisionError

    with qtbot.capture_exceptions() as caught:
        serial.submit(stumble, failed=told.append)
        qtbot.waitUntil(lambda: bool(caught))
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]
    assert not told


def test_progress_is_told_and_cancelling_stops_the_work(serial: SerialJobRunner, qtbot: QtBot) -> None:
    told: list[WhowasError] = []
    reports: list[tuple[int, int]] = []
    started = threading.Event()

    def endless(progress: Progress) -> None:
        done = 0
        while True:
            done += 1
            progress(done, 0)
            started.set()

    job = serial.submit(endless, failed=told.append, reported=lambda done, total: reports.append((done, total)))
    assert started.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: serial.idle)
    assert isinstance(told[0], CancelledError)
    assert reports[0] == (1, 0)


def test_reports_that_nobody_could_see_are_left_out_but_each_can_stop_the_work(
    serial: SerialJobRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=time.sleep))
    reports: list[int] = []
    told: list[WhowasError] = []

    submitted = threading.Event()

    def work(progress: Progress) -> None:
        assert submitted.wait(5)
        for done in range(1, 1_001):
            now[0] += 0.001
            progress(done, 1_000)
        job.cancel()
        progress(1_001, 1_001)

    job = serial.submit(work, failed=told.append, reported=lambda done, _: reports.append(done))
    submitted.set()
    qtbot.waitUntil(lambda: serial.idle)
    assert reports[0] == 1
    assert 30 <= len(reports) <= 40
    assert isinstance(told[0], CancelledError)


def test_what_would_cancel_a_job_calls_nobody_once_the_job_is_gone(qtbot: QtBot) -> None:
    dialog = QObject()
    job = Job(lambda _: None, lambda _: None, None, None)
    dialog.objectNameChanged.connect(job.cancel)
    dialog.setObjectName("pressed")
    assert job.stage is Stage.CANCELLED
    gone = weakref.ref(job)
    del job
    assert gone() is None
    dialog.setObjectName("pressed again")


def test_what_waits_for_a_server_keeps_nothing_else_waiting(serial: SerialJobRunner, qtbot: QtBot) -> None:
    answers, here = threading.Event(), threading.get_ident()
    delivered: list[str] = []
    told: list[tuple[str, bool]] = []

    def asked(_progress: Progress) -> str:
        assert answers.wait(10)
        return "answered"

    def refused(_progress: Progress) -> None:
        raise RefusedError("server", "Nobody answers.")

    serial.submit_beside(asked, delivered.append)
    serial.submit_beside(refused, failed=lambda error: told.append((str(error), threading.get_ident() == here)))
    assert serial.idle
    serial.submit(lambda _progress: "saved", delivered.append)
    qtbot.waitUntil(lambda: delivered == ["saved"] and bool(told))
    assert told == [("Nobody answers.", True)]
    answers.set()
    qtbot.waitUntil(lambda: delivered == ["saved", "answered"])


def test_closing_does_not_wait_for_a_silent_server(qtbot: QtBot) -> None:
    runner = SerialJobRunner()
    answers, ended = threading.Event(), threading.Event()
    delivered: list[None] = []

    def asked(_progress: Progress) -> None:
        assert answers.wait(10)
        ended.set()

    runner.submit_beside(asked, delivered.append)
    runner.close()
    answers.set()
    assert ended.wait(10)
    qtbot.wait(50)
    assert not delivered
