"""A window on a shared directory, whose server is a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.shared_double import SharedDouble
from tests.desktop.window.test_main_window import Desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.live import Live
from whowas.domain.commands import Command
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog

__all__ = ["directory"]


class SharedDesk(Desk):
    """A window of kim's on the directory at ``server``, and others who write to it."""

    def __init__(self, qtbot: QtBot, folder: Path, server: Path) -> None:
        super().__init__(qtbot, folder)
        self.server = server
        self._folder = folder
        self.shared = self._made = SharedDouble(server, folder / "follower.whowas")
        self.fails: StoreError | None = None

    def next_shared(self) -> SharedDouble:
        """What the window gets when it opens the directory once more."""
        self._made = SharedDouble(self.server, self._folder / "next.whowas")
        return self._made

    def reached(self, *_asked: object) -> SharedDouble:
        """Stand in for connecting."""
        if self.fails is not None:
            raise self.fails
        self.shared = self._made
        return self.shared

    def abouts(self) -> set[str]:
        return {each.about for each in self.window.messages.standing.conditions}

    @property
    def live(self) -> Live:
        assert self.window.session is not None
        assert self.window.session.live is not None
        return self.window.session.live

    def by(self, actor: str, *commands: Command) -> None:
        """Have somebody else write, and wait until this window follows."""
        log = EventLog.open(self.server)
        for command in commands:
            Bus(log, clock=microseconds_now, actor=actor).dispatch(command)
        log.close()
        head = self.shared.server.head()
        self.shared.hurry()
        self.until(lambda: self.shared.away or self.shared.log.head() == head)
        self.until(lambda: self.runs())

    def runs(self) -> bool:
        """Run what is queued; say whether what is shown is up to the follower."""
        self.runner.drain()
        assert self.window.session is not None
        return self.window.session.log.head().position == self.window.session.shown.side.position

    def until(self, so: object) -> None:
        self.qtbot.waitUntil(so, timeout=10_000)

    def go_away(self) -> None:
        self.shared.away = True
        self.shared.hurry()
        self.until(lambda: self.live.reached.offline_since is not None)
        self.runner.drain()

    def come_back(self) -> None:
        self.shared.away = False
        self.shared.hurry()
        self.until(lambda: self.live.reached.connected)
        self.runner.drain()


@pytest.fixture
def team_file(tmp_path: Path) -> Path:
    path = tmp_path / "staff.whowas-team"
    path.write_text("host = db.example.org\ndbname = staff\n")
    return path


@pytest.fixture
def shared_desk(
    qtbot: QtBot, tmp_path: Path, directory: Path, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SharedDesk]:
    """The window, with the directory open."""
    desk = SharedDesk(qtbot, tmp_path / "settings", directory)
    monkeypatch.setattr("whowas.desktop.session.reaching.reached", desk.reached)
    desk.open(team_file)
    yield desk
    desk.window.put_away()
    desk.runner.drain()
