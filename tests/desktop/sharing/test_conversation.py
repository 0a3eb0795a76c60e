"""The assistant from its first page to the move, with a server that answers as the tests say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import Desk, directory
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.page.feature import PageContext
from whowas.desktop.sharing.assistant import jobs
from whowas.desktop.sharing.assistant.conversation import ShareConversation
from whowas.desktop.sharing.assistant.dialog import ShareDialog
from whowas.desktop.sharing.assistant.jobs import MovedToServer
from whowas.desktop.sharing.assistant.said import Said
from whowas.domain.errors import RefusedError, StoreError, UncertainError, WhowasError
from whowas.domain.progress import Progress
from whowas.store.chain import Head
from whowas.store.server.address import ServerAddress
from whowas.team.checking import Finding
from whowas.team.creating import Created
from whowas.team.prospect import Prospect

__all__ = ["directory"]

ADDRESS = ServerAddress(host="db.example.org", dbname="staff", user="ines", password="a secret")


@dataclass
class Server:
    """What the assistant finds, and what is asked of it."""

    accounts: tuple[str, ...] = ("ada", "ines", "kit")
    possible: bool = True
    refuses: WhowasError | None = None
    asked: list[Said] = field(default_factory=list)
    moves: list[tuple[Path, Path, dict[str, str]]] = field(default_factory=list)
    steps: tuple[tuple[int, int], ...] = ((1, 2),)

    def look(self, said: Said, _progress: Progress) -> tuple[ServerAddress, Prospect]:
        self.asked.append(said)
        if self.refuses is not None:
            raise self.refuses
        findings = (Finding("fine" if self.possible else "wrong", "The schema."), Finding("to know", "Backups."))
        return ADDRESS, Prospect("Connected as ines.", self.possible, "ines", self.accounts, findings)

    def move(
        self, file: Path, address: ServerAddress, team_file: Path, rights: dict[str, str], progress: Progress
    ) -> MovedToServer:
        assert address == ADDRESS
        self.moves.append((file, team_file, rights))
        for done, total in self.steps:
            progress(done, total)
        if self.refuses is not None:
            raise self.refuses
        created = Created(address, team_file, file.with_name("left.whowas"), Head(1, bytes(32)))
        return MovedToServer(created, "ines", "a secret")


@dataclass
class Talk:
    """A conversation with a server, and what came of it."""

    desk: Desk
    server: Server
    dialog: ShareDialog
    moved: list[MovedToServer]
    ended: list[int]

    def press(self, text: str) -> None:
        self.click(text)
        self.desk.runner.drain()

    def click(self, text: str) -> None:
        button = next(one for one in self.dialog.findChildren(QPushButton) if one.text() == text)
        assert button.isEnabled(), text
        button.click()

    def fill(self, **texts: str) -> None:
        for key, text in texts.items():
            self.dialog.where.fields.row(key).line.setText(text)


@pytest.fixture
def talk(qtbot: QtBot, tmp_path: Path, directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    server = Server()
    monkeypatch.setattr(jobs, "look", server.look)
    monkeypatch.setattr(jobs, "move", server.move)
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    window = desk.window
    assert window.session is not None
    context = PageContext(window, desk.page, window.session, window.actions_, window.menus, window.messages)
    conversation = ShareConversation(context)
    moved: list[MovedToServer] = []
    ended: list[int] = []
    conversation.moved.connect(moved.append)
    conversation.ended.connect(lambda: ended.append(1))
    conversation.begin()
    (dialog,) = window.findChildren(ShareDialog)
    qtbot.waitUntil(dialog.isVisible)  # its pages are made before
    talk = Talk(desk, server, dialog, moved, ended)
    talk.fill(host="db.example.org", dbname="staff", password="a secret")
    yield talk
    window.put_away()
    desk.runner.drain()


def test_trying_says_how_the_server_answers_and_stays(talk: Talk) -> None:
    talk.press("Try connection")
    assert talk.dialog.where._told.sentence() == "Connected as ines."
    assert talk.dialog.step == "Where"
    assert talk.server.asked[0].parts["password"] == "a secret"


@pytest.mark.parametrize("button", ["Try connection", "Next"])
def test_nothing_else_waits_for_the_server_s_answer(talk: Talk, button: str) -> None:
    talk.desk.runner.drain()  # what a window that was just opened gets ready
    talk.click(button)
    assert talk.desk.runner.idle
    assert not talk.server.asked
    talk.desk.runner.drain()
    assert talk.server.asked


@pytest.mark.parametrize("button", ["Try connection", "Next"])
def test_what_is_wrong_stands_where_it_is_mended(talk: Talk, button: str) -> None:
    talk.server.refuses = RefusedError("password", "The password is wrong.")
    talk.press(button)
    assert talk.dialog.step == "Where"
    assert talk.dialog.where.fields.row("password").note.sentence() == "The password is wrong."
    talk.server.refuses = None
    talk.fill(password="another")
    assert talk.dialog.where.fields.row("password").note.sentence() == ""
    talk.press("Next")
    assert talk.dialog.step == "Who"


def test_a_fault_found_later_leads_back_to_its_field(talk: Talk) -> None:
    talk.press("Next")
    talk.server.refuses = RefusedError("host", "The server cannot be found.")
    talk.press("Next")
    assert talk.dialog.step == "Where"
    assert talk.dialog.where.fields.row("host").note.sentence() == "The server cannot be found."


def test_accounts_are_those_of_the_server_and_the_person_is_an_admin(talk: Talk) -> None:
    talk.press("Next")
    who = talk.dialog.who
    assert who.model.rights == {"ines": "admin", "ada": None, "kit": None}
    who.model.choose(1, "editor")
    talk.server.accounts = ("ada", "ines", "kit", "lene")
    talk.press("Look again")
    assert who.model.rights == {"ines": "admin", "ada": "editor", "kit": None, "lene": None}
    assert who.chosen() == {"ada": "editor"}


def test_everything_is_moved_as_it_was_said(talk: Talk, directory: Path) -> None:
    talk.press("Next")
    talk.dialog.who.model.choose(2, "reader")
    talk.press("Next")
    assert talk.dialog.step == "Check"
    assert talk.moved == []
    talk.press("Share")
    assert talk.server.moves == [(directory, directory.with_suffix(".whowas-team"), {"kit": "reader"})]
    (moved,) = talk.moved
    assert (moved.account, moved.password) == ("ines", "a secret")
    assert talk.ended == [1]
    assert not talk.dialog.isVisible()


def test_nothing_is_shared_where_something_stands_in_the_way(talk: Talk) -> None:
    talk.server.possible = False
    talk.press("Next")
    talk.press("Next")
    assert not talk.dialog.share.isEnabled()
    talk.press("Back")
    assert talk.dialog.step == "Who"
    talk.press("Back")
    assert talk.dialog.step == "Where"


def test_a_move_that_fails_leaves_the_file_open_as_it_was(talk: Talk, directory: Path) -> None:
    talk.press("Next")
    talk.press("Next")
    talk.server.refuses = StoreError("The disk of the server is full.")
    talk.press("Share")
    assert (talk.dialog.step, talk.dialog.notice.text) == ("Check", "The disk of the server is full.")
    assert talk.dialog.share.isEnabled()
    session = talk.desk.window.session
    assert session is not None
    assert (session.path, session.is_open, talk.moved, talk.ended) == (directory, True, [], [])


def test_a_move_is_cancelled_until_it_commits_and_closing_only_asks(talk: Talk) -> None:
    talk.press("Next")
    talk.press("Next")
    talk.dialog.share.click()
    talk.dialog.reject()  # as Escape does
    assert talk.dialog.isVisible()
    talk.desk.runner.drain()
    assert (talk.moved, talk.dialog.step, talk.dialog.notice.text) == ([], "Check", "")


def test_cancelling_before_that_asks_nothing_and_ends_it(talk: Talk) -> None:
    talk.press("Next")
    talk.dialog.next.click()
    talk.dialog.reject()
    talk.desk.runner.drain()
    assert (talk.ended, talk.moved, talk.server.moves) == ([1], [], [])


def test_what_is_found_out_of_another_server_is_dropped(talk: Talk) -> None:
    talk.dialog.next.click()
    talk.fill(host="other.example.org")
    talk.desk.runner.drain()
    assert talk.dialog.step == "Where"
    assert talk.dialog.next.isEnabled()


def test_a_move_of_which_nobody_knows_is_asked_for_once_more(talk: Talk) -> None:
    talk.press("Next")
    talk.press("Next")
    talk.server.refuses = UncertainError("Whether the directory is on the server is not known.")
    talk.press("Share")
    assert talk.dialog.notice.text == "Whether the directory is on the server is not known."
    talk.server.refuses = None
    talk.server.possible = False  # as the directory may be there
    talk.press("Back")
    talk.press("Next")
    assert talk.dialog.share.isEnabled()
    talk.press("Share")
    assert len(talk.moved) == 1
    assert [bar for bar in talk.desk.window.findChildren(MessageBar) if not bar.isHidden()] == []


def test_whoever_gives_that_up_is_told_of_it_in_the_window(talk: Talk) -> None:
    talk.press("Next")
    talk.press("Next")
    talk.server.refuses = UncertainError("Whether the directory is on the server is not known.")
    talk.press("Share")
    talk.press("Cancel")
    (bar,) = [bar for bar in talk.desk.window.findChildren(MessageBar) if not bar.isHidden()]
    assert bar.condition.text == "Whether the directory is on the server is not known."
