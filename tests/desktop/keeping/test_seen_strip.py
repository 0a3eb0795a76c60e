"""A history that is not the one this computer saw, in the window: the red strip, its buttons, and what is noted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.altered_files import alter
from tests.desktop.window.test_main_window import Desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.changes.panel import ChangesPanel
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.chrome.standing import READ_ONLY, SEEN, Severity
from whowas.desktop.kit.dates import microseconds_now
from whowas.domain.commands import CreateUser
from whowas.safekeeping.backing_up import backed_up
from whowas.safekeeping.backups import DAILY, backups_of
from whowas.safekeeping.seen_heads import NeverSeen, Restored, Rewritten, StillPart, UnreadableNote
from whowas.store.event_log import EventLog
from whowas.system import folders

__all__ = ["directory"]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    yield desk
    desk.window.put_away()
    desk.runner.drain()


def add(file: Path, *names: str) -> None:
    with closing(EventLog.open(file)) as log:
        bus = Bus(log, clock=microseconds_now, actor="ben")
        for name in names:
            bus.dispatch(CreateUser(f"0190163d-0000-7000-8000-{abs(hash(name)) % 10**12:012}", {"first_name": name}))


def open_and_close(desk: Desk, file: Path) -> None:
    desk.open(file)
    desk.window.close_directory()
    desk.runner.drain()


@pytest.fixture
def older(desk: Desk, directory: Path, tmp_path: Path) -> Path:
    """The file as it was before two more users came; what came after was seen."""
    copy = Path(shutil.copy(directory, tmp_path / "older"))
    add(directory, "Dee", "Eve")
    open_and_close(desk, directory)
    return copy


@pytest.fixture
def rewritten(older: Path, directory: Path) -> Path:
    """The directory with another user in place of the two."""
    shutil.copy(older, directory)
    add(directory, "Fay", "Gus", "Hal")
    return directory


def strips(desk: Desk) -> list[MessageBar]:
    found = [bar for bar in desk.window.findChildren(MessageBar) if bar.condition.about == SEEN]
    return [bar for bar in found if bar.isVisible()]


def press(desk: Desk, name: str) -> None:
    (bar,) = strips(desk)
    next(button for button in bar.findChildren(QPushButton) if button.text() == name).click()
    desk.runner.drain()


def history_said(desk: Desk) -> list[str]:
    labels = desk.window.statusBar().findChildren(QLabel)
    return [label.text() for label in labels if "history" in label.text() and not label.isHidden()]


def verdict(desk: Desk) -> object:
    assert desk.window.session is not None
    return desk.window.session.seen.verdict


def test_nothing_is_said_of_what_grew(desk: Desk, directory: Path) -> None:
    desk.open(directory)
    assert verdict(desk) == NeverSeen()
    desk.window.close_directory()
    desk.runner.drain()
    add(directory, "Dee")
    desk.open(directory)
    assert isinstance(verdict(desk), StillPart)
    assert strips(desk) == []
    assert history_said(desk) == ["history verified"]


def test_a_rewritten_history_stands_under_a_red_strip_until_it_is_accepted(desk: Desk, rewritten: Path) -> None:
    for _ in range(2):
        desk.open(rewritten)
        (bar,) = strips(desk)
        assert bar.condition.severity is Severity.RED
        assert bar.condition.heading.startswith("This file's history is not the one this computer saw today at ")
        assert bar.condition.sentence == "from change 6 on."
        assert [button.text() for button in bar.findChildren(QPushButton)] == ["Show it", "Accept"]
        assert history_said(desk) == ["not the history seen before"], "what fits together is not said to be as it was"
        desk.window.close_directory()
        desk.runner.drain()
    desk.open(rewritten)
    press(desk, "Accept")
    assert strips(desk) == []
    assert history_said(desk) == ["history verified"]
    open_and_close(desk, rewritten)
    add(rewritten, "Ida")
    desk.open(rewritten)
    assert strips(desk) == []
    assert isinstance(verdict(desk), StillPart)


@pytest.mark.parametrize("when", ["as it is opened", "as it is verified"])
def test_a_damaged_history_is_told_as_that_alone_and_cannot_be_accepted(
    desk: Desk, older: Path, directory: Path, when: str
) -> None:
    alter(directory, "UPDATE event SET chain = randomblob(32) WHERE position = 7")
    if when == "as it is opened":
        alter(directory, "UPDATE payload SET body = x'7b' WHERE position = 7")
    for _ in range(2):
        desk.open(directory)
        desk.settle()
        assert strips(desk) == []
        assert [one.about for one in desk.window.messages.standing.conditions] == [READ_ONLY]
        desk.window.close_directory()
        desk.runner.drain()
    desk.open(directory)
    assert isinstance(verdict(desk), Rewritten), "nothing of it was taken as seen"


def test_show_it_goes_to_the_change_and_lists_it(desk: Desk, rewritten: Path) -> None:
    desk.open(rewritten)
    press(desk, "Show it")
    assert desk.page.view.moment == 6
    changes = desk.page.panel.findChild(ChangesPanel)
    assert isinstance(changes, ChangesPanel)
    assert changes.isVisible()
    assert len(strips(desk)) == 1, "to look is not to accept"


def test_a_cut_history_says_where_it_ends_and_is_shown_at_its_end(desk: Desk, older: Path, directory: Path) -> None:
    shutil.copy(older, directory)
    desk.open(directory)
    (bar,) = strips(desk)
    assert bar.condition.sentence == "from change 6 on: it ends before that."
    desk.page.view.show_moment(1)
    press(desk, "Show it")
    assert not desk.page.view.is_past


def test_a_backup_that_was_put_back_is_told_calmly_and_once(desk: Desk, directory: Path) -> None:
    with closing(EventLog.open(directory)) as log:
        assert backed_up(log, DAILY) == ""
        (backup,) = backups_of(log)
    add(directory, "Dee", "Eve")
    open_and_close(desk, directory)
    shutil.copy(backup.path, directory)
    desk.open(directory)
    assert isinstance(verdict(desk), Restored)
    (bar,) = strips(desk)
    assert bar.condition.severity is Severity.CALM
    assert bar.condition.sentence.startswith("This is the backup of today, ")
    assert bar.condition.sentence.endswith(", with 5 changes; 2 later ones are not in it.")
    assert history_said(desk) == ["history verified"]
    desk.window.close_directory()
    desk.runner.drain()
    desk.open(directory)
    assert strips(desk) == []


def test_the_head_is_noted_in_a_quiet_moment(desk: Desk, directory: Path) -> None:
    desk.open(directory)
    session = desk.window.session
    assert session is not None
    add(directory, "Dee")
    for _ in range(12):
        session.file.look()
        desk.runner.drain()
    (note,) = folders.seen_heads().iterdir()
    assert session.log.head().chain.hex() in note.read_text()


def test_nothing_is_noted_of_a_file_that_was_replaced_meanwhile(desk: Desk, older: Path, directory: Path) -> None:
    desk.open(directory)
    (note,) = folders.seen_heads().iterdir()
    before = note.read_bytes()
    directory.rename(directory.with_name("moved"))
    shutil.copy(older, directory)
    desk.window.close_directory()
    desk.runner.drain()
    assert note.read_bytes() == before


@pytest.mark.parametrize("where", ["folder", "file"])
def test_what_cannot_be_noted_stops_nothing(desk: Desk, directory: Path, where: str) -> None:
    if where == "folder":
        folders.seen_heads().parent.mkdir(parents=True, exist_ok=True)
        folders.seen_heads().write_text("a file where the folder should be")
    else:
        open_and_close(desk, directory)
        (note,) = folders.seen_heads().iterdir()
        note.unlink()
        note.mkdir()
    desk.open(directory)
    assert desk.window.messages.message() == ""
    assert isinstance(verdict(desk), NeverSeen | UnreadableNote)
    desk.window.close_directory()
    desk.runner.drain()


def test_accepting_holds_for_now_where_it_cannot_be_noted(
    desk: Desk, rewritten: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(rewritten)
    assert isinstance(verdict(desk), Rewritten)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("whowas.safekeeping.seen_heads.write_whole", full)
    press(desk, "Accept")
    assert strips(desk) == []
    assert desk.window.session is not None
    assert desk.window.session.seen.unkept == "No space left on device"
    assert isinstance(verdict(desk), StillPart)
