"""What comes back at the next start."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.settings.stored import RECENT_LIMIT, Settings
from whowas.desktop.window.placement import place_window


@pytest.mark.usefixtures("qapp")
def test_recent_directories_last_first_without_doubles(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    for number in range(RECENT_LIMIT + 3):
        settings.add_recent(tmp_path / f"{number}.whowas", number)
    settings.add_recent(tmp_path / "5.whowas", 99)
    settings.sync()
    recent = Settings(tmp_path).recent()
    assert len(recent) == RECENT_LIMIT
    assert [Path(known.path).name for known in recent[:2]] == ["5.whowas", f"{RECENT_LIMIT + 2}.whowas"]
    assert recent[0].opened_at == 99
    settings.remove_recent(recent[0].path)
    assert recent[0] not in settings.recent()


@pytest.mark.usefixtures("qapp")
def test_the_last_directory_is_offered_only_while_it_exists(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert settings.last_directory() is None
    path = tmp_path / "staff.whowas"
    path.touch()
    settings.set_last_directory(path)
    assert settings.last_directory() == path
    path.unlink()
    assert settings.last_directory() is None


@pytest.mark.usefixtures("qapp")
def test_columns_round_trip_and_nonsense_is_ignored(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert settings.columns() is None
    settings.set_columns({"order": ["name"], "widths": {"name": 200}})
    settings.sync()
    assert Settings(tmp_path).columns() == {"order": ["name"], "widths": {"name": 200}}
    (tmp_path / "whowas.ini").write_text("[table]\ncolumns=nonsense\n")
    assert Settings(tmp_path).columns() is None


@pytest.mark.parametrize("remembered", [True, False])
def test_a_window_off_the_screen_comes_back_onto_it(qtbot: QtBot, remembered: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(QRect(50_000, -9_000, 40_000, 30_000))
    place_window(window, window.saveGeometry() if remembered else None)
    assert window.screen().availableGeometry().contains(window.geometry())
