"""The ways to a shared directory: a team file or an address, by dialog, drop, recents and start, and signing in."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMessageBox, QPushButton

from tests.desktop.kit.test_file_drop import dragged_to
from tests.desktop.shared_double import SharedDouble
from tests.desktop.sharing.conftest import SharedDesk
from tests.desktop.window.test_main_window import BEN, Desk, desk, press
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.session.bare_address import without_password
from whowas.desktop.sharing.open_shared_dialog import OpenSharedDialog
from whowas.desktop.sharing.sign_in_dialog import SignInDialog
from whowas.desktop.start.start_request import carry_out
from whowas.desktop.window.opening import is_shared, named_path
from whowas.desktop.window.recent_list import RecentList
from whowas.domain.errors import StoreError
from whowas.store.server.address import SUFFIX, URLS
from whowas.store.server.errors import AnotherHistoryError, NotConnectedError, NotLetInError
from whowas.system import folders
from whowas.system.single_instance import ServerName, line_of, message_of

__all__ = ["desk"]

ADDRESS = "postgresql://db.example.org/staff"
WRONG = "The server db.example.org did not let “kim” in: the account or the password is wrong."


def dialog_of(desk: Desk, kind: type[SignInDialog] | type[OpenSharedDialog]) -> SignInDialog | OpenSharedDialog:
    (dialog,) = [each for each in desk.window.findChildren(kind) if each.isVisible()]
    return dialog


def sign_in(desk: Desk, account: str, password: str) -> None:
    dialog = dialog_of(desk, SignInDialog)
    assert isinstance(dialog, SignInDialog)
    dialog._account.set_text(account)
    dialog._password.set_text(password)
    dialog._sign_in()


def test_what_a_start_needs_of_shared_directories_is_what_their_reader_has() -> None:
    assert (folders.TEAM_SUFFIX, folders.ADDRESSES) == (SUFFIX, URLS)


@pytest.mark.parametrize(
    ("place", "shared", "name"),
    [
        (Path("/home/kim/staff.whowas-team"), True, "staff"),
        (Path("/home/kim/staff.whowas"), False, "staff"),
        (ADDRESS, True, "staff"),
        ("postgresql://kim@db.example.org:5432/staff?schema=other", True, "staff"),
        ("postgresql://", True, "directory"),
    ],
)
def test_places_are_told_apart_and_named(place: Path | str, shared: bool, name: str) -> None:
    assert (is_shared(place), named_path(place).stem) == (shared, name)
    assert named_path(place).is_absolute()


@pytest.mark.parametrize(
    ("typed", "kept", "password"),
    [
        (ADDRESS, ADDRESS, ""),
        ("postgresql://kim@db/staff", "postgresql://kim@db/staff", ""),
        ("postgresql://kim:se%3Acret@db/staff", "postgresql://kim@db/staff", "se:cret"),
        ("postgresql://db/staff?password=se%26cret", "postgresql://db/staff", "se&cret"),
        ("postgresql://db/staff?password=s&schema=x", "postgresql://db/staff?schema=x", "s"),
        ("postgresql://db/staff?schema=x&password=s", "postgresql://db/staff?schema=x", "s"),
        ("postgresql://db/staff?pass%77ord=s&%73chema=x", "postgresql://db/staff?%73chema=x", "s"),
        ("postgresql://kim@db/staff?%70assword=s", "postgresql://kim@db/staff", "s"),
        ("postgresql://kim:first@db/staff?password=s", "postgresql://kim@db/staff", "s"),
        ("postgresql://kim:se?cre#t@db/staff", "postgresql://kim@db/staff", "se?cre#t"),
        ("postgresql://kim:s@t@db/staff?user=a@b", "postgresql://kim@db/staff?user=a@b", "s@t"),
        ("postgresql://:s@db/staff", "postgresql://db/staff", "s"),
        ("postgresql://db/staff?options=password%3Ds", "postgresql://db/staff?options=password%3Ds", ""),
    ],
)
def test_a_password_is_taken_out_of_an_address(typed: str, kept: str, password: str) -> None:
    assert without_password(typed) == (kept, password)


def test_an_address_is_opened_signed_in_and_remembered_without_its_password(
    shared_desk: SharedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, asked = shared_desk, list[tuple[object, ...]]()
    monkeypatch.setattr("whowas.desktop.session.reaching.reached", lambda *a: (asked.append(a[:3]), desk.reached())[1])
    desk.next_shared()
    desk.window.actions_.open_shared.trigger()
    dialog = dialog_of(desk, OpenSharedDialog)
    assert isinstance(dialog, OpenSharedDialog)
    dialog._take()
    assert dialog._row.note.sentence() == "Choose a file, or type an address."
    dialog._row.set_text(str(tmp_path / "none.whowas-team"))
    dialog._take()
    assert dialog._row.note.sentence().startswith("There is no such file.")
    dialog._row.set_text("postgresql://kim:secret@db.example.org/staff")
    dialog._take()
    desk.qtbot.waitUntil(lambda: desk.equipped() and bool(asked))
    desk.settle()
    assert asked == [("postgresql://kim@db.example.org/staff", "", "secret")]
    assert desk.window.windowTitle().startswith("staff")
    desk.window.put_away()
    desk.runner.drain()
    kept = (tmp_path / "settings" / "whowas.ini").read_text()
    assert "kim@db.example.org/staff" in kept
    assert "secret" not in kept
    assert desk.settings.last_directory() == "postgresql://kim@db.example.org/staff"


def test_the_password_is_asked_for_where_there_is_none_and_again_where_it_is_wrong(
    shared_desk: SharedDesk, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, asked = shared_desk, list[tuple[object, ...]]()

    def reached(*given: object) -> object:
        asked.append(given[1:3])
        if given[2] != "right":
            raise NotLetInError(WRONG)
        return desk.reached()

    monkeypatch.setattr("whowas.desktop.session.reaching.reached", reached)
    monkeypatch.setenv("PGUSER", "kim")
    desk.window.go_to_welcome()
    desk.runner.drain()
    desk.next_shared()
    desk.window.open(team_file)
    desk.runner.drain()
    dialog = dialog_of(desk, SignInDialog)
    assert isinstance(dialog, SignInDialog)
    assert (dialog._account.text(), dialog._password.note.sentence()) == ("kim", "")
    sign_in(desk, "kim", "wrong")
    desk.runner.drain()
    desk.qtbot.wait(1)
    dialog = dialog_of(desk, SignInDialog)
    assert isinstance(dialog, SignInDialog)
    assert dialog._password.note.sentence() == WRONG
    sign_in(desk, "kim", "right")
    desk.qtbot.waitUntil(desk.equipped)
    assert asked == [("", ""), ("kim", "wrong"), ("kim", "right")]
    desk.settle()


def test_nobody_is_asked_twice_in_one_program(shared_desk: SharedDesk, team_file: Path) -> None:
    desk = shared_desk
    from whowas.desktop.window.opening import SignIn

    desk.next_shared()
    desk.window.open(team_file, sign_in=SignIn("kim", "right"))
    desk.qtbot.waitUntil(lambda: desk.equipped() and desk.window.opening.has_typed(team_file))
    desk.settle()
    assert desk.window.opening._typed[team_file] == SignIn("kim", "right")


def test_opening_shows_how_far_it_is_and_can_be_stopped(
    shared_desk: SharedDesk, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = shared_desk
    shown = list[str]()

    def reached(_place: object, _account: str, _password: str, progress: object) -> object:
        assert callable(progress)
        progress(3_000, 100_000)
        (dialog,) = [each for each in desk.window.findChildren(ProgressDialog) if each.isVisible()]
        shown.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.cancelled.emit()
        progress(4_000, 100_000)
        raise AssertionError("it goes on")

    monkeypatch.setattr("whowas.desktop.session.reaching.reached", reached)
    desk.window.go_to_welcome()
    desk.runner.drain()
    desk.window.open(team_file)
    desk.qtbot.wait(400)
    desk.runner.drain()
    assert "Fetched 3,000 of 100,000 events" in shown
    assert desk.window.page is None
    assert desk.window.messages.message() == ""
    assert desk.window.findChildren(RecentList)[0].isVisible()


def test_a_team_file_is_chosen_as_other_directories_are(
    shared_desk: SharedDesk, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = shared_desk
    filters = list[str]()

    def chosen(_window: object, _title: str, _folder: str, kinds: str) -> tuple[str, str]:
        filters.append(kinds)
        return str(team_file), kinds

    monkeypatch.setattr(QFileDialog, "getOpenFileName", chosen)
    before = desk.shared
    desk.next_shared()
    desk.window.actions_.open.trigger()
    desk.qtbot.waitUntil(lambda: desk.equipped() and desk.shared is not before)
    desk.settle()
    assert "*.whowas *.whowas-team" in filters[0]


def test_a_team_file_that_is_dropped_is_opened_not_imported(shared_desk: SharedDesk, team_file: Path) -> None:
    desk = shared_desk
    before = desk.shared
    desk.next_shared()
    dragged_to(desk.window, team_file)
    desk.qtbot.waitUntil(lambda: desk.equipped() and desk.shared is not before)
    desk.settle()


def test_recents_say_which_are_shared_and_open_them(shared_desk: SharedDesk, team_file: Path) -> None:
    desk = shared_desk
    desk.settings.add_recent(ADDRESS, 1)
    desk.window.go_to_welcome()
    desk.runner.drain()
    (recents,) = desk.window.findChildren(RecentList)
    sentences = [str(recents.model().index(row, 0).data()) for row in range(2)]
    assert sentences[0].startswith(f"staff (shared), {ADDRESS}, ")
    assert sentences[1].startswith(f"staff (shared), {team_file.parent}, ")
    desk.next_shared()
    recents.recentActivated.emit(str(team_file))
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()


def test_a_second_start_hands_an_address_over(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    assert message_of(line_of(ServerName(ADDRESS))).request == ADDRESS
    before = desk.shared
    desk.next_shared()
    carry_out(desk.window, ServerName(ADDRESS))
    desk.qtbot.waitUntil(lambda: desk.equipped() and desk.shared is not before)
    desk.settle()
    assert desk.window.session is not None
    assert desk.window.session.place == ADDRESS
    carry_out(desk.window, ServerName(ADDRESS))
    assert desk.window.opening.place is None


def test_a_team_file_that_cannot_be_used_is_said_to_be_so(shared_desk: SharedDesk, team_file: Path) -> None:
    desk = shared_desk
    desk.fails = StoreError("“staff.whowas-team” was altered by hand and cannot be read. Line 2: …")
    desk.window.open(team_file)
    desk.runner.drain()
    assert "Line 2" in desk.window.messages.message()
    assert "Restore" not in str([each.actions for each in desk.window.messages.standing.conditions])


def test_another_history_is_opened_once_that_is_asked_for(shared_desk: SharedDesk, team_file: Path) -> None:
    desk = shared_desk
    desk.window.go_to_welcome()
    desk.runner.drain()
    desk.fails = AnotherHistoryError("The history on the server is not the one this computer saw.", 3)
    desk.window.open(team_file)
    desk.runner.drain()
    (bar,) = [each for each in desk.window.findChildren(MessageBar) if each.isVisible()]
    assert "not the one this computer saw" in bar.condition.sentence
    desk.fails = None
    desk.next_shared()
    (button,) = bar.findChildren(QPushButton)
    button.click()
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()


def test_a_silent_server_keeps_nothing_else_waiting_and_can_be_given_up(
    shared_desk: SharedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = shared_desk
    before, asked = desk.window.session, list[object]()

    def silent(*parts: object) -> SharedDouble:
        asked.append(parts[0])
        raise NotConnectedError("The server db.example.org does not answer.")

    monkeypatch.setattr("whowas.desktop.session.reaching.reached", silent)
    other = tmp_path / "other.whowas-team"
    other.write_text("host = db.example.org\ndbname = other\n")
    desk.window.open(other)
    while desk.runner.jobs:
        desk.runner.turn()
    assert len(desk.runner.beside) == 1
    assert not asked
    assert desk.page.isEnabled()
    (progress,) = desk.window.findChildren(ProgressDialog)
    desk.qtbot.waitUntil(progress.isVisible)
    assert not progress.isModal()
    desk.select("Ben")
    (title,) = desk.page.panel.form.rows.texts["title"].findChildren(QLineEdit)
    title.setText("Archivist")
    desk.window.actions_.save.trigger()
    while desk.runner.jobs:
        desk.runner.turn()
    assert desk.shown(BEN).title == "Archivist"
    desk.window.stop_opening()
    desk.runner.drain()
    assert asked == [other]
    assert desk.window.messages.message() == ""
    assert desk.window.session is before
    desk.window.open(other)
    desk.runner.drain()
    assert desk.window.messages.message() == "The server db.example.org does not answer."
    assert desk.window.session is before


def test_what_is_reached_after_it_was_given_up_is_closed_again(
    shared_desk: SharedDesk, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = shared_desk
    before, made = desk.window.session, desk.next_shared()

    def slowly(*_asked: object) -> SharedDouble:
        desk.window.stop_opening()
        return made

    monkeypatch.setattr("whowas.desktop.session.reaching.reached", slowly)
    desk.window.open(team_file)
    desk.runner.drain()
    assert made.is_closed
    assert desk.window.session is before
    assert desk.window.opening.place is None


def test_what_cannot_be_kept_is_asked_about_once_the_other_directory_is_there(
    shared_desk: SharedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, asked = shared_desk, list[str]()

    def answer(box: QMessageBox) -> int:
        asked.append(box.text())
        press(box, "Cancel")
        return 0

    def full(*_kept: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(QMessageBox, "exec", answer)
    before = desk.window.session
    desk.select("Ben")
    (title,) = desk.page.panel.form.rows.texts["title"].findChildren(QLineEdit)
    title.setText("Archivist")
    made = desk.next_shared()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DraftStore, "_put_on_disk", full)
        desk.window.open_address(ADDRESS)
        assert not asked
        desk.runner.drain()
        assert len(asked) == 1
        assert made.is_closed
        assert desk.window.session is before
        assert title.text() == "Archivist"
