"""File → Backups…: what is listed, opened, restored into a new file; and the backups that the window has made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPushButton

from tests.desktop.window.test_main_window import ADA, BEN, Desk, desk, dialog, directory, press
from whowas.command_bus.unit_of_work import Change
from whowas.desktop.chrome.standing import BACKUP, BACKUPS
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.keeping import daily_backup
from whowas.desktop.keeping.backup_commands import BackupCommands
from whowas.desktop.keeping.backups_dialog import BackupsDialog
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.putting_back.restore_dialog import RestoreDialog
from whowas.domain.commands import UpdateUser
from whowas.domain.errors import CancelledError
from whowas.safekeeping import backup_places
from whowas.safekeeping.backing_up import backed_up
from whowas.safekeeping.backup_places import BackupSettings, set_settings
from whowas.safekeeping.backups import BEFORE_IMPORT, DAILY, Backup, backups_of_path
from whowas.store.chain import Damage

__all__ = ["desk", "directory"]


def commands(desk: Desk) -> BackupCommands:
    found = desk.page.findChild(BackupCommands)
    assert isinstance(found, BackupCommands)
    return found


def back_up(desk: Desk) -> Backup:
    """Have a backup made, and return it."""
    assert desk.window.session is not None
    assert backed_up(desk.window.session.log, BEFORE_IMPORT) == ""
    return backups_of_path(desk.window.session.path)[0]


def listed(desk: Desk) -> BackupsDialog:
    desk.trigger("backups")
    found = dialog(BackupsDialog)
    assert isinstance(found, BackupsDialog)
    return found


def rows(shown: BackupsDialog) -> list[list[str]]:
    model = shown.findChild(LinesView).lines
    return [[str(model.index(row, column).data()) for column in range(5)] for row in range(model.rowCount())]


def change(desk: Desk, title: str = "Head") -> None:
    assert desk.window.session is not None
    failures: list[object] = []
    desk.window.session.writer.change(
        lambda change: change.dispatch(UpdateUser(ADA, {"title": title})), done=lambda _: None, failed=failures.append
    )
    desk.runner.drain()
    assert failures == []


def test_each_is_listed_with_what_it_holds(desk: Desk) -> None:
    first = back_up(desk)
    change(desk)
    back_up(desk)
    first.path.write_bytes(first.path.read_bytes() + b"\0")
    shown = listed(desk)
    assert shown.windowTitle() == "Backups of staff.whowas"
    assert [(why, changes, verified) for _, why, _, changes, verified in rows(shown)] == [
        ("Before import", "6", "Verified"),
        ("Before import", "5", "Not verified"),
    ]
    assert all(when.startswith("today ") and size.endswith(" kB") for when, _, size, _, _ in rows(shown))
    press(shown, "Close")


def test_changes_are_counted_and_events_only_where_those_are_not_known(desk: Desk) -> None:
    assert desk.window.session is not None

    def both(change: Change) -> None:
        for user in (ADA, BEN):
            change.dispatch(UpdateUser(user, {"title": "Clerk"}))

    desk.window.session.writer.change(both, done=lambda _: None, failed=lambda _: None)
    desk.runner.drain()
    made = back_up(desk)
    shown = listed(desk)
    assert [row[3] for row in rows(shown)] == ["6"], "of seven events"
    press(shown, "Close")
    desk.window.session.found_damaged(Damage(3, "the payload was altered"))
    desk.settle()
    shown = listed(desk)
    assert [row[3] for row in rows(shown)] == ["7 events"]
    press(shown, "Close")
    made.path.write_bytes(b"no directory")
    shown = listed(desk)
    assert [row[3] for row in rows(shown)] == ["unreadable"]
    press(shown, "Close")


def test_a_place_that_is_gone_is_said(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    set_settings(BackupSettings(place=place))
    shown = listed(desk)
    assert shown.choice._place.text() == f"Kept in {place}, which is not there now"
    place.mkdir()
    press(shown, "Close")
    shown = listed(desk)
    assert shown.choice._place.text() == f"Kept in {place}"
    press(shown, "Close")


def test_where_there_is_none_nothing_can_be_done(desk: Desk) -> None:
    shown = listed(desk)
    enabled = {button.text() for button in shown.findChildren(QPushButton) if button.isEnabled()}
    assert enabled & {"Open", "Restore into a new file", "Show in folder"} == set()
    press(shown, "Close")


def test_one_is_restored_into_a_new_file_which_is_opened(
    desk: Desk, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(desk)
    change(desk)
    assert desk.window.session is not None
    desk.window.session.log.settle()
    before = directory.read_bytes()
    target = tmp_path / "staff restored.whowas"
    proposed: list[str] = []

    def ask(_window: object, _title: str, name: str, *_: object) -> tuple[str, str]:
        proposed.append(name)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    press(listed(desk), "Restore into a new file")
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()

    assert proposed == [str(target)]
    assert desk.window.session is not None
    assert desk.window.session.path == target
    assert desk.names() == ["Ada", "Ben", "Chi"]
    assert desk.shown(ADA).title is None
    assert directory.read_bytes() == before
    change(desk)


def test_restoring_can_be_cancelled(desk: Desk, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whowas.domain.progress.REPORTED_EVERY", 1)
    target = directory.with_name("again.whowas")
    commands(desk).restore(back_up(desk).path, target)
    desk.runner.jobs[-1].cancel()
    desk.settle()
    assert desk.window.session is not None
    assert desk.window.session.path == directory
    assert not [path for path in directory.parent.iterdir() if "again" in path.name]
    assert desk.window.messages.message() == ""


def test_nothing_is_restored_over_a_file(desk: Desk, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(desk)
    change(desk)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(directory), ""))
    press(listed(desk), "Restore into a new file")
    desk.runner.drain()
    assert desk.window.messages.message() == "“staff.whowas” exists already; nothing was written."
    assert desk.shown(ADA).title == "Head"


def test_one_that_is_damaged_is_not_restored(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = back_up(desk)
    content = backup.path.read_bytes()
    assert content.count(b"ben@example.org") > 0
    backup.path.write_bytes(content.replace(b"ben@example.org", b"eve@example.org"))
    target = tmp_path / "restored.whowas"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    press(listed(desk), "Restore into a new file")
    desk.runner.drain()
    assert "is damaged" in desk.window.messages.message()
    assert not target.exists()


def test_one_that_is_opened_stays_as_it_is_and_can_be_restored(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = back_up(desk)
    change(desk)
    content = backup.path.read_bytes()
    press(listed(desk), "Open")
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()
    assert desk.window.session is not None
    assert desk.window.session.path == backup.path
    assert desk.shown(ADA).title is None
    (condition,) = [one for one in desk.window.messages.standing.conditions if one.about == BACKUP]
    assert condition.sentence == f"{backup.path.name} is a backup: look at it as you like, it stays as it is."
    assert str(backup.path) not in {recent.path for recent in desk.settings.recent()}

    failures: list[object] = []
    desk.window.session.writer.change(
        lambda change: change.dispatch(UpdateUser(BEN, {"title": "Clerk"})), done=lambda _: None, failed=failures.append
    )
    commands(desk).daily.make()
    desk.runner.drain()
    assert [str(failure) for failure in failures] == [
        f"“{backup.path.name}” is a backup, which stays as it is: restore it into a new file. This was not saved."
    ]
    assert backup.path.read_bytes() == content
    assert len(backups_of_path(backup.path)) == 0

    target = tmp_path / "restored.whowas"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    desk.window.messages.acted.emit(BACKUP, "Restore into a new file…")
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()
    assert desk.window.session.path == target
    assert desk.window.messages.message() == ""


@pytest.mark.parametrize("can", [True, False])
def test_its_folder_is_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch, can: bool) -> None:
    backup = back_up(desk)
    asked: list[str] = []

    def show(url: QUrl) -> bool:
        asked.append(url.toLocalFile())
        return can

    monkeypatch.setattr(QDesktopServices, "openUrl", show)
    shown = listed(desk)
    press(shown, "Show in folder")
    assert asked == [str(backup.path.parent)]
    said = shown._said.text()
    assert said == ("" if can else f"Nothing here can show folders. It is in {backup.path.parent}.")
    press(shown, "Close")


def test_the_switch_and_the_place_are_kept_where_the_command_line_reads_them(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    shown = listed(desk)
    (switch,) = shown.findChildren(QCheckBox)
    assert switch.isChecked()
    switch.click()
    assert backup_places.settings() == BackupSettings(makes=False)
    switch.click()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(place))
    press(shown, "Change…")
    assert backup_places.settings() == BackupSettings(place=place)
    assert back_up(desk).path.is_relative_to(place)
    press(shown, "Keep with Whowas")
    assert backup_places.settings() == BackupSettings(earlier=(place,))
    press(shown, "Close")
    press(listed(desk), "Close")


def test_a_place_that_cannot_be_written_is_not_taken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "none"))
    shown = listed(desk)
    press(shown, "Change…")
    assert shown._said.text() == f"“{tmp_path / 'none'}” cannot be written to, so backups stay where they are."
    assert backup_places.settings() == BackupSettings()
    press(shown, "Close")


def test_switched_off_it_says_no_more_that_any_are_made(desk: Desk) -> None:
    shown = listed(desk)
    assert "before an import" in shown._told.text()
    shown.findChildren(QCheckBox)[0].click()
    assert shown._told.text() == "Whowas makes none by itself, except before the file is migrated."
    press(shown, "Close")


def test_settings_that_cannot_be_kept_are_not_shown_as_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_chosen: BackupSettings) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_places, "set_settings", fails)
    shown = listed(desk)
    (switch,) = shown.findChildren(QCheckBox)
    switch.click()
    assert switch.isChecked()
    assert shown._said.text() == "This cannot be remembered: No space left on device."
    press(shown, "Close")


def test_an_import_makes_one_first(desk: Desk, directory: Path, tmp_path: Path) -> None:
    source = tmp_path / "more.csv"
    source.write_text("email,title\nada@example.org,Clerk\n")
    desk.commands.files.open_files([source])
    desk.runner.drain()
    press(dialog(AssistantDialog), "Next")
    desk.runner.drain()
    assert backups_of_path(directory) == [], "looking at it makes none"
    press(dialog(AssistantDialog), "Import 1 user")
    desk.runner.drain()
    (backup,) = backups_of_path(directory)
    assert (backup.reason, backup.verified, backup.head and backup.head.position) == (BEFORE_IMPORT, True, 5)
    assert desk.shown(ADA).title == "Clerk"


def test_an_import_goes_on_where_none_can_be_made_and_says_so(desk: Desk, tmp_path: Path) -> None:
    set_settings(BackupSettings(place=tmp_path / "gone"))
    source = tmp_path / "more.csv"
    source.write_text("email,title\nada@example.org,Clerk\n")
    desk.commands.files.open_files([source])
    desk.runner.drain()
    press(dialog(AssistantDialog), "Next")
    desk.runner.drain()
    press(dialog(AssistantDialog), "Import 1 user")
    desk.runner.drain()
    assert desk.shown(ADA).title == "Clerk"
    message = desk.window.messages.message()
    assert message.endswith(f"No backup was made. The folder for backups, “{tmp_path / 'gone'}”, is not there.")


@pytest.mark.parametrize("everybody", [True, False])
def test_restoring_everything_makes_one_first(desk: Desk, directory: Path, everybody: bool) -> None:
    change(desk)
    if not everybody:
        desk.select("Ada")
    desk.page.view.show_moment(2)
    desk.trigger("restore_moment")
    question = dialog(RestoreDialog)
    press(question, "Restore")
    desk.runner.drain()
    assert [one.reason for one in backups_of_path(directory)] == (["before restoring everything"] if everybody else [])


def test_the_one_of_the_day_makes_way_for_whatever_else_is_to_be_done(
    desk: Desk, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands(desk).daily.make()
    change(desk)  # queued behind it, done first
    assert backups_of_path(directory) == []
    monkeypatch.setattr(daily_backup, "AGAIN_AFTER_MS", 0)
    commands(desk).daily.make()
    desk.runner.drain()
    (backup,) = backups_of_path(directory)
    assert (backup.reason, backup.head and backup.head.position) == (DAILY, 6)


def test_a_save_on_a_later_day_has_another_one_made(
    desk: Desk, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily = commands(desk).daily
    daily.make()
    desk.runner.drain()
    daily.stop()
    change(desk)
    assert not daily._timer.isActive(), "once a day is enough"
    monkeypatch.setattr(daily_backup, "today", lambda: None)
    change(desk, "Chief")
    assert daily._timer.isActive()


def test_where_the_one_of_the_day_cannot_be_made_that_is_said_once(desk: Desk, tmp_path: Path) -> None:
    set_settings(BackupSettings(place=tmp_path / "gone"))
    for _ in range(2):
        commands(desk).daily.make()
        desk.runner.drain()
    (condition,) = [one for one in desk.window.messages.standing.conditions if one.about == BACKUPS]
    assert condition.sentence.startswith("No backup was made. The folder for backups")
    assert condition.unsaved == ""
    desk.window.messages._close(condition)
    commands(desk).daily.make()
    desk.runner.drain()
    assert desk.window.messages.message() == ""


def test_what_makes_way_is_begun_again(desk: Desk) -> None:
    daily = commands(desk).daily
    daily.stop()
    daily._failed(CancelledError("Something else was to be done first."))
    assert daily._timer.isActive()
