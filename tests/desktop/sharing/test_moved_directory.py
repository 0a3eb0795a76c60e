"""What the window says where a directory was moved, and cannot be opened from its server."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import Desk, directory
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.sharing.assistant.jobs import MovedToServer
from whowas.desktop.window.moved_directory import MovedDirectory
from whowas.store.chain import Head
from whowas.store.server.address import ServerAddress
from whowas.team.creating import Created

__all__ = ["directory"]


def test_it_says_that_it_is_shared_and_by_which_file(qtbot: QtBot, tmp_path: Path, directory: Path) -> None:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    team_file = directory.with_suffix(".whowas-team")
    created = Created(ServerAddress(), team_file, directory, Head(1, bytes(32)))
    moved = MovedDirectory(desk.window, MovedToServer(created, "ines", "a secret"))
    desk.runner.drain()
    (told,) = [bar.condition.text for bar in desk.window.findChildren(MessageBar) if not bar.isHidden()]
    assert told.startswith(f"The directory is shared now, by {team_file}, but cannot be shown from there: ")
    assert moved._team_file == team_file
    desk.window.put_away()
    desk.runner.drain()
