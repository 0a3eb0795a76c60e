"""What comes back at the next start."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.settings.preferences import DEFAULTS
from whowas.desktop.settings.stored import RECENT_LIMIT, UNREAD, Settings
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


@pytest.mark.usefixtures("qapp")
def test_preferences_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    chosen = DEFAULTS._replace(actor="Ines", theme="dark", text_size=150, by_change=True)
    settings = Settings(tmp_path)
    assert (settings.preferences, settings.unread) == (DEFAULTS, "")
    assert settings.set_preferences(chosen) == ""
    again = Settings(tmp_path)
    assert (again.preferences, again.unread) == (chosen, "")
    assert stat.S_IMODE((tmp_path / "whowas.ini").stat().st_mode) == 0o600
    assert again.set_preferences(DEFAULTS) == ""
    assert Settings(tmp_path).preferences == DEFAULTS


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "broken",
    [
        b"[preferences]\ntheme=pink\n",
        b"[preferences]\ntheme\n",
        b"[preferences\ntheme=dark",
        b"\x00\xff\xfe\x80rubbish\nno equals\n",
        b"[preferences]\ntext_size=@ByteArray(150)\n",
        b"[preferences]\nactor=a\\x7\n",
    ],
)
def test_a_broken_file_gives_the_defaults_and_is_said_once(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "whowas.ini").write_bytes(broken)
    settings = Settings(tmp_path)
    assert settings.unread == UNREAD
    assert settings.preferences == (DEFAULTS if b"dark" not in broken else DEFAULTS._replace(theme="dark"))
    assert settings.recent() == []
    chosen = DEFAULTS._replace(theme="light")
    assert settings.set_preferences(chosen) == ""
    again = Settings(tmp_path)
    assert (again.preferences, again.unread) == (chosen, "")


@pytest.mark.usefixtures("qapp")
def test_what_cannot_be_written_holds_until_the_end_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "whowas.ini").mkdir()
    settings = Settings(tmp_path)
    assert settings.unread == UNREAD
    chosen = DEFAULTS._replace(theme="dark")
    assert settings.set_preferences(chosen) == (
        f"This holds until Whowas is closed, as {tmp_path / 'whowas.ini'} cannot be written."
    )
    assert settings.preferences == chosen


@pytest.mark.usefixtures("qapp")
def test_what_another_window_chose_meanwhile_stays(tmp_path: Path) -> None:
    one, other = Settings(tmp_path), Settings(tmp_path)
    one.set_preferences(DEFAULTS._replace(theme="dark"))
    other.set_preferences(DEFAULTS._replace(density="compact"))
    assert Settings(tmp_path).preferences == DEFAULTS._replace(theme="dark", density="compact")
