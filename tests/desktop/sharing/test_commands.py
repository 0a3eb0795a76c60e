"""Which of the entries about sharing can be chosen: a file can be shared, and a shared directory has the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.sharing.conftest import SharedDesk
from tests.desktop.window.test_main_window import Desk, directory

__all__ = ["directory"]

_OF_SHARED = ("members", "check_server", "take_back")


def enabled(desk: Desk) -> list[str]:
    return [name for name in ("share", *_OF_SHARED) if getattr(desk.window.actions_, name).isEnabled()]


def test_a_file_can_be_shared(qtbot: QtBot, tmp_path: Path, directory: Path) -> None:
    desk = Desk(qtbot, tmp_path / "config")
    assert enabled(desk) == []
    desk.open(directory)
    assert enabled(desk) == ["share"]
    desk.trigger("close")
    assert enabled(desk) == []
    desk.window.put_away()
    desk.runner.drain()


def test_a_shared_directory_has_members_and_a_server(shared_desk: SharedDesk) -> None:
    assert enabled(shared_desk) == list(_OF_SHARED)
    assert "shared already" in shared_desk.window.actions_.share.statusTip()


@pytest.mark.parametrize(("rights", "may"), [("editor", False), ("admin", True)])
def test_only_an_admin_erases(shared_desk: SharedDesk, rights: str, may: bool) -> None:
    desk = shared_desk
    desk.shared.rights = rights  # type: ignore[assignment]
    desk.shared.hurry()
    desk.until(lambda: desk.live.reached.rights == rights)
    desk.select("Ben")
    assert desk.window.actions_.erase.isEnabled() is may
