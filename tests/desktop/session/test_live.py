"""A thread follows a server, tells the window what came of it, and ends in a moment whatever it is waiting for."""

from __future__ import annotations

import threading
import time
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


class Hanging(SharedDouble):
    """A server that does not answer any more: whoever asks it waits, until ``answers`` is set."""

    def __init__(self, server: Path, follower: Path) -> None:
        self.answers = threading.Event()
        self.answers.set()
        super().__init__(server, follower)

    def follow(self, progress: Progress = unwatched) -> bool:
        self.answers.wait(20)
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


def test_it_ends_at_once_while_it_waits_to_be_woken(qtbot: QtBot, live: Live) -> None:
    qtbot.waitUntil(lambda: live.reached.present == ("kim",))
    begun = time.monotonic()
    live.end()
    assert not live._thread.is_alive()
    assert time.monotonic() - begun < 1


def test_it_is_not_waited_for_where_the_server_does_not_answer(
    live: Live, shared: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ENDED_AFTER_S", 0.2)
    shared.answers.clear()
    shared.hurry()
    begun = time.monotonic()
    live.end()
    assert time.monotonic() - begun < 1
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
