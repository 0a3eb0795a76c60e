"""A directory on a server, and computers on which it is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.delaying_proxy import DelayingProxy, proxy_to
from tests.postgres import Cluster
from tests.shared_directories import OnServer, installed
from whowas.command_bus.bus import Bus
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.address import ServerAddress


@pytest.fixture
def on_server(cluster: Cluster) -> OnServer:
    """An empty directory on the server, with two editors and a reader."""
    made = installed(cluster)
    for editor in ("ada", "ben"):
        made.member(editor, "editor")
    made.member("rita", "reader")
    return made


class Computers:
    """Opens the directory as somebody on a computer, each of which has a state folder of its own."""

    def __init__(self, on_server: OnServer, folder: Path, at: Callable[[Path], None], held: ExitStack) -> None:
        self.on_server = on_server
        self._folder = folder
        self._at = at
        self._held = held

    def at(self, computer: str) -> Path:
        """Be at a computer from now on."""
        folder = self._folder / computer
        self._at(folder)
        return folder

    def open(self, account: str, computer: str = "", through: DelayingProxy | None = None) -> SharedDirectory:
        """Open it, on a computer named after the account unless another is given; it is closed after the test."""
        self.at(computer or account)
        opened = SharedDirectory.open(self.address(account, through))
        self._held.callback(opened.close)
        return opened

    def address(self, account: str, through: DelayingProxy | None = None) -> ServerAddress:
        """Return how an account reaches the directory, through a proxy if one is given."""
        address = self.on_server.address(account)
        if through is None:
            return address
        return replace(address, host="127.0.0.1", port=str(through.port), sslmode="disable")


@pytest.fixture
def computers(on_server: OnServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computers]:
    """Computers that can reach the server."""
    with ExitStack() as held:
        yield Computers(on_server, tmp_path, lambda folder: monkeypatch.setenv("XDG_STATE_HOME", str(folder)), held)


@pytest.fixture
def proxy(cluster: Cluster) -> Iterator[DelayingProxy]:
    """A network to the server that can fail."""
    with proxy_to(f"{cluster.folder}/.s.PGSQL.{cluster.port}") as proxy:
        yield proxy


def bus_of(directory: SharedDirectory) -> Bus:
    """Return the way in, as windows and commands have it."""
    return Bus(directory.writes, clock=directory.clock, actor=directory.account)


def head_on(on_server: OnServer) -> int:
    """Return the last position on the server."""
    with on_server.log() as log:
        return log.head().position


def require_sound(directory: SharedDirectory, on_server: OnServer) -> None:
    """See that the follower, brought up, is sound and has what the server has."""
    directory.follow()
    with on_server.log() as log:
        assert directory.log.head() == log.head()
    assert directory.log.verify() is None
