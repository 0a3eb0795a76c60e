"""Of several jobs only what comes of the last one counts."""

from __future__ import annotations

from functools import partial

import pytest

from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.session.job_progress import Start
from whowas.desktop.session.jobs import JobProgress
from whowas.desktop.session.latest_job import LatestJob
from whowas.domain.errors import StoreError


@pytest.fixture
def told() -> list[object]:
    return []


def start_of(runner: ManualJobRunner, answer: object) -> Start[object]:
    def work(progress: JobProgress) -> object:
        progress(1, 2)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return partial(runner.submit, work)  # type: ignore[return-value]


def begin(latest: LatestJob, runner: ManualJobRunner, told: list[object], answer: object) -> None:
    latest.start(
        start_of(runner, answer),
        told.append,
        lambda error: told.append(str(error)),
        lambda words, done, total: told.append((words, done, total)),
    )


def test_what_comes_of_the_last_job_is_told(runner: ManualJobRunner, told: list[object]) -> None:
    latest = LatestJob()
    for answer in ("one", "two", "three"):
        begin(latest, runner, told, answer)
    runner.drain()
    assert told == [("1 of 2", 1, 2), "three"]


def test_an_error_is_told_too(runner: ManualJobRunner, told: list[object]) -> None:
    latest = LatestJob()
    begin(latest, runner, told, StoreError("The disk failed."))
    runner.drain()
    assert told == [("1 of 2", 1, 2), "The disk failed."]


def test_nothing_comes_of_what_was_stopped(runner: ManualJobRunner, told: list[object]) -> None:
    latest = LatestJob()
    begin(latest, runner, told, "one")
    latest.stop()
    runner.drain()
    assert told == []
    begin(latest, runner, told, "two")
    runner.drain()
    assert told == [("1 of 2", 1, 2), "two"]
