"""A thread follows a server, tells the window what came of it, and ends in a moment whatever it is waiting for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.shared_double import SharedDouble
from whowas.desktop.session import live as module
from whowas.desktop.session.live import Live
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, unwatched
from whowas.store.event_log import EventLog
from whowas.store.file.identity import held


class Hanging(SharedDouble):
    """A server that does not answer any more: whoever asks it waits, until ``answers`` is set."""

    def __init__(self, server: Path, follower: Path) -> None:
        self.answers, self.asked = threading.Event(), threading.Event()
        self.answers.set()
        super().__init__(server, follower)

    def follow(self, progress: Progress = unwatched) -> bool:
        self.asked.set()
        self.answers.wait()
        return super().follow(progress)


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Hanging]:
    EventLog.create(tmp_path / "server.whowas").close()
    made = Hanging(tmp_path / "server.whowas", tmp_path / "follower.whowas")
    yield made
    made.answers.set()
    made.close()


@pytest.fixture
def live(qtbot: QtBot, shared: Hanging) -> Iterator[Live]:
    live = Live(shared)
    live.start()
    yield live
    shared.answers.set()
    live.end()


def test_it_is_woken_from_waiting_by_its_end(qtbot: QtBot, shared: Hanging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PRESENCE_S", 3600)
    monkeypatch.setattr(module, "ENDED_AFTER_S", 30)
    live = Live(shared)
    live.start()
    qtbot.waitUntil(lambda: live.reached.present == ("kim",))
    live.end()
    assert not live._thread.is_alive()


def test_what_its_thread_still_takes_in_leaves_nothing_open(shared: Hanging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENDED_AFTER_S", 30)
    live, close = Live(shared), shared.close

    def answer_late() -> None:
        close()
        shared.answers.set()

    shared.asked.clear()
    shared.answers.clear()
    monkeypatch.setattr(shared, "close", answer_late)
    live.start()
    shared.asked.wait()
    live.end()
    assert not held.holds(shared.log.path)


def test_it_is_not_waited_for_where_the_server_does_not_answer(
    live: Live, shared: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ENDED_AFTER_S", 0.2)
    shared.answers.clear()
    shared.asked.clear()
    shared.hurry()
    shared.asked.wait()
    live.end()
    assert live._thread.is_alive()
    assert live._thread.daemon


def test_every_failed_attempt_is_told_and_the_first_success_ends_it(qtbot: QtBot, live: Live, shared: Hanging) -> None:
    shared.away = True
    for attempts in (1, 2, 3):
        shared.hurry()
        qtbot.waitUntil(lambda attempts=attempts: live.reached.attempts == attempts)  # type: ignore[misc]
    assert not live.reached.connected
    assert live.reached.present == ()
    shared.away = False
    with qtbot.waitSignal(live.changed):
        shared.hurry()
    assert (live.reached.connected, live.reached.attempts, live.reached.why) == (True, 0, "")


def test_what_keeps_it_from_following_is_told_and_tried_again(
    qtbot: QtBot, live: Live, shared: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_AFTER_S", 0.05)
    shared.broken = StoreError("The disk of the server is full.")
    shared.hurry()
    qtbot.waitUntil(lambda: str(live.reached.broken) == "The disk of the server is full.")
    shared.broken = None
    qtbot.waitUntil(lambda: live.reached.connected)
