"""Erasing in the window: asked plainly, done as a job, and followed by windows that are open elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QWidget

from tests.desktop.window.test_main_window import ADA, BEN, CHI, Desk, desk, directory
from tests.leftovers_of import Person, as_of_the_first_version, files_with
from whowas.command_bus.bus import Bus
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.lens import AsKnown, Now
from whowas.desktop.users.erase_dialog import EraseDialog
from whowas.domain.commands import Command, UpdateUser
from whowas.erasure import erase
from whowas.store.event_log import EventLog
from whowas.system import folders

__all__ = ["desk", "directory"]

PERSON = Person()


def do(desk: Desk, *commands: Command) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(*commands))
    desk.settle()


def shown(desk: Desk) -> EraseDialog:
    (found,) = (one for one in desk.window.findChildren(EraseDialog) if one.isVisible())
    return found


def field(dialog: EraseDialog) -> QLineEdit:
    found = dialog.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def button(dialog: EraseDialog, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


def erase_here(desk: Desk, name: str, typed: str = "") -> None:
    desk.select(name)
    desk.trigger("erase")
    dialog = shown(desk)
    field(dialog).setText(typed or name)
    button(dialog, "Erase for ever").click()
    desk.settle()


def erase_elsewhere(path: Path, user_id: str) -> None:
    """What the command line does in another process."""
    log = EventLog.open(path)
    bus = Bus(log, clock=microseconds_now, actor="zoe")
    erase(bus, log, user_id, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=folders.reports())
    log.close()


def follow(desk: Desk) -> None:
    assert desk.window.session is not None
    desk.window.session.file.look()
    desk.settle()


def draft(desk: Desk, key: str, text: str) -> None:
    """Type into the form, and have that kept on disk."""
    (editor,) = (
        one
        for one in desk.page.panel.form.rows.texts[key].findChildren(QWidget)
        if isinstance(one, QLineEdit | QPlainTextEdit)
    )
    editor.setText(text) if isinstance(editor, QLineEdit) else editor.setPlainText(text)
    desk.page.keep_draft()


def notice(desk: Desk) -> str:
    return desk.window.messages.message()


@pytest.mark.parametrize("first_version", [False, True])
def test_no_byte_is_left_and_the_table_shows_the_others(
    desk: Desk, directory: Path, home: Path, tmp_path: Path, first_version: bool
) -> None:
    desk.window.close_directory()
    desk.settle()
    if first_version:
        as_of_the_first_version(directory)
    desk.open(directory)
    do(desk, UpdateUser(ADA, PERSON.fields()), UpdateUser(BEN, {"title": "Head"}))
    desk.select(PERSON.name)
    draft(desk, "notes", PERSON.once)
    homes = (home, tmp_path)
    assert all(files_with(folder, PERSON) for folder in homes)

    erase_here(desk, PERSON.name, typed="  wilhelmina-zsofia   QUACKENBUSH-Ørsted ")

    assert [files_with(folder, PERSON) for folder in homes] == [[], []]
    assert desk.names() == ["Ben", "Chi"]
    # Before the file was migrated it was copied, as a backup.
    renewed = " A new backup was made without this user, and the older one was deleted." if first_version else ""
    assert notice(desk) == f"The user is erased.{renewed}"
    assert desk.page.details.user_id is None
    assert desk.window.session is not None
    assert desk.window.session.log.verify() is None
    desk.page.view.show_moment(2)
    assert desk.names() == []
    desk.window.close_directory()
    desk.settle()
    assert [files_with(folder, PERSON) for folder in homes] == [[], []]


def test_it_takes_a_deliberate_act(desk: Desk, directory: Path) -> None:
    desk.select("Ada")
    desk.trigger("erase")
    dialog = shown(desk)
    assert "Nothing brings it back" in " ".join(label.text() for label in dialog.findChildren(type(dialog.heading)))
    erase_button = button(dialog, "Erase for ever")
    for typed in ("", "A", "Adam", "Ben"):
        field(dialog).setText(typed)
        assert not erase_button.isEnabled()
    QTest.keyClick(field(dialog), Qt.Key.Key_Return)
    field(dialog).setText("Ada")
    assert erase_button.isEnabled()
    QTest.keyClick(field(dialog), Qt.Key.Key_Return)
    desk.settle()
    assert desk.names() == ["Ada", "Ben", "Chi"], "Enter alone erases nobody"
    button(shown(desk), "Cancel").click()
    desk.settle()
    assert desk.names() == ["Ada", "Ben", "Chi"]


def test_only_one_user_and_only_now(desk: Desk) -> None:
    action = desk.window.actions_.erase
    assert not action.isEnabled()
    desk.select("Ada")
    assert action.isEnabled()
    desk.select("Ada", "Ben")
    assert not action.isEnabled()
    desk.select("Ada")
    desk.page.view.show_moment(3)
    assert not action.isEnabled()


def test_undo_goes_on_with_what_can_be_undone(desk: Desk) -> None:
    do(desk, UpdateUser(BEN, {"title": "Head"}))
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    erase_here(desk, "Ada")
    assert desk.window.session is not None
    assert desk.window.session.undo_redo.undo_sentence == "Ben: Title changed"
    desk.trigger("undo")
    desk.settle()
    assert desk.shown(BEN).title is None


def test_the_changes_tab_tells_of_an_erased_user(desk: Desk) -> None:
    erase_here(desk, "Ada")
    assert desk.window.session is not None
    told = [desk.window.session.reads.change_line(moment) for moment in range(1, desk.page.view.index.now + 1)]
    assert [one.text for one in told if one is not None] == [
        "Group Records created",
        "Erased user: Created",
        "Ben: Created",
        "Chi: Created",
        "Erased user: Changed",
        "User erased",
    ]


def test_a_window_elsewhere_follows_and_lets_go(desk: Desk, directory: Path, home: Path) -> None:
    do(desk, UpdateUser(ADA, {"notes": PERSON.once}))
    desk.select("Ada")
    draft(desk, "title", "Quackenbush-Ørsted")
    assert files_with(home, PERSON)

    erase_elsewhere(directory, ADA)
    follow(desk)

    assert desk.names() == ["Ben", "Chi"]
    assert desk.page.details.user_id is None
    desk.select("Chi")
    assert desk.page.details.user_id == CHI
    desk.window.close_directory()
    desk.settle()
    assert files_with(home, PERSON) == []


def test_what_was_known_once_is_left_where_somebody_was_erased(desk: Desk, directory: Path) -> None:
    session = desk.window.session
    assert session is not None
    session.shown.show_as_known(microseconds_now(), done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    desk.settle()
    assert isinstance(session.shown.lens, AsKnown)
    follow(desk)
    assert isinstance(session.shown.lens, AsKnown)
    erase_elsewhere(directory, ADA)
    follow(desk)
    assert session.shown.lens == Now()
    follow(desk)
    assert desk.names() == ["Ben", "Chi"]


def test_a_draft_for_somebody_erased_meanwhile_is_not_taken_up(desk: Desk, directory: Path) -> None:
    desk.select("Ada")
    draft(desk, "title", "Zymurgist")
    (drafts,) = folders.state().joinpath("drafts").iterdir()
    kept = drafts.read_bytes()
    desk.window.close_directory()
    desk.settle()
    erase_elsewhere(directory, ADA)
    drafts.parent.mkdir(exist_ok=True)
    drafts.write_bytes(kept)
    desk.open(directory)
    assert not drafts.exists()


def test_a_second_erasure_of_one_user_is_refused_in_a_sentence(desk: Desk, directory: Path) -> None:
    desk.select("Ada")
    desk.trigger("erase")
    dialog = shown(desk)
    field(dialog).setText("Ada")
    erase_elsewhere(directory, ADA)
    button(dialog, "Erase for ever").click()
    desk.settle()
    assert "was erased" in notice(desk)
