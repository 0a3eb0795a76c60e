"""The whole window, its jobs turned by hand: menus, undo border, groups, import and export, remembering."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMessageBox, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

import whowas.desktop.exchange.assistant.pages  # noqa: F401 (in turns of the event loop otherwise, which tests do not make)
from tests.desktop.manual_jobs import ManualJobRunner
from whowas.command_bus.bus import Bus
from whowas.desktop.details.conflict_dialog import ConflictDialog
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.keeping.verify_dialog import VerifyDialog
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.page.directory_page import DirectoryPage
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window.about_dialog import ShortcutsDialog
from whowas.desktop.window.assembly import assembled
from whowas.desktop.window.page_commands import PageCommands
from whowas.desktop.window.page_within import PageWithin
from whowas.domain.commands import Command, CreateGroup, CreateUser, JoinGroup, SuspendUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.domain.events import PasswordSet
from whowas.domain.users import User
from whowas.store.event_log import EventLog

ADA, BEN, CHI = (f"0199a3c4-0000-7000-8000-{number:012}" for number in range(3))
RECORDS = "0199a3c4-0000-7000-8000-00000000ffff"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Three users and a group, made by Ines before the window opens."""
    path = tmp_path / "staff.whowas"
    log = EventLog.create(path)
    bus = Bus(log, clock=microseconds_now, actor="ines")
    bus.dispatch(CreateGroup(RECORDS, "Records"))
    for user_id, name in ((ADA, "Ada"), (BEN, "Ben"), (CHI, "Chi")):
        bus.dispatch(CreateUser(user_id, {"first_name": name, "email": f"{name.lower()}@example.org"}))
    bus.dispatch(JoinGroup(ADA, RECORDS))
    log.close()
    return path


class Desk:
    """A window and its runner."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.runner = ManualJobRunner()
        self.settings = Settings(folder)
        self.window = assembled(self.settings, self.runner, actor="ines")
        qtbot.addWidget(self.window)
        self.window.show()

    def open(self, path: Path) -> None:
        self.window.open(path)
        self.qtbot.waitUntil(self.equipped)
        self.settle()

    def equipped(self) -> bool:
        """Run what is queued; say whether the page can be commanded."""
        self.runner.drain()
        return self.window.is_equipped

    def settle(self) -> None:
        """Run what is queued, also what the session does soon after opening."""
        self.qtbot.wait(120)
        self.runner.drain()

    @property
    def page(self) -> DirectoryPage:
        assert self.window.page is not None
        return self.window.page

    @property
    def commands(self) -> PageCommands:
        commands = self.page.findChild(PageCommands)
        assert isinstance(commands, PageCommands)
        return commands

    def names(self) -> list[str]:
        model = self.page.model
        return [str(model.data(model.index(row, 0))) for row in range(model.rowCount())]

    def select(self, *names: str) -> None:
        self.page.table.clearSelection()
        for name in names:
            index = self.page.model.index(self.names().index(name), 0)
            flag = self.page.table.selectionModel().SelectionFlag
            self.page.table.selectionModel().select(index, flag.Select | flag.Rows)

    def shown(self, user_id: str) -> User:
        assert self.window.session is not None
        row = self.window.session.reads.user_row(user_id, self.window.session.shown.index.now)
        assert row is not None
        return row.user

    def trigger(self, action: str) -> None:
        getattr(self.window.actions_, action).trigger()
        self.runner.drain()

    def enabled(self) -> set[str]:
        names = ("suspend", "reactivate", "delete", "restore", "set_password", "undo", "redo", "new_user")
        return {name for name in names if getattr(self.window.actions_, name).isEnabled()}


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, directory: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


def dialog(kind: type[QDialog]) -> QDialog:
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]
    assert len(found) == 1
    return found[0]


def press(dialog: QDialog, text: str) -> None:
    (button,) = [button for button in dialog.findChildren(QPushButton) if button.text() == text]
    button.click()


def test_a_disk_that_fails_before_verifying_is_told(
    qtbot: QtBot, tmp_path: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    equip = PageWithin.equip

    def failing(log: EventLog) -> None:
        raise StoreError("The disk failed.")

    def equip_where_it_fails(within: PageWithin) -> None:
        with monkeypatch.context() as disk:
            disk.setattr(EventLog, "head", failing)
            equip(within)

    monkeypatch.setattr(PageWithin, "equip", equip_where_it_fails)
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    assert desk.names() == ["Ada", "Ben", "Chi"]
    assert desk.window.messages.message() == "The disk failed."
    desk.window.put_away()
    desk.runner.drain()


def test_one_that_is_closed_while_its_commands_are_imported_asks_for_none(
    qtbot: QtBot, tmp_path: Path, directory: Path
) -> None:
    desk = Desk(qtbot, tmp_path / "config")
    desk.window.open(directory)
    desk.runner.drain()
    gone = desk.page
    qtbot.waitUntil(lambda: desk.runner.waiting)
    desk.window.close_directory()
    with qtbot.waitSignal(gone.destroyed):
        pass
    desk.settle()
    assert desk.window.page is None
    assert not desk.window.is_equipped
    desk.window.put_away()
    desk.runner.drain()


def test_the_title_begins_with_the_directory_and_the_table_shows_it(desk: Desk) -> None:
    assert desk.window.windowTitle().startswith("staff")
    assert desk.names() == ["Ada", "Ben", "Chi"]


def test_what_can_be_done_follows_the_selection(desk: Desk) -> None:
    assert desk.enabled() == {"undo", "new_user"}
    desk.select("Ben")
    assert desk.enabled() == {"undo", "new_user", "set_password", "suspend", "delete"}
    desk.trigger("suspend")
    assert desk.enabled() == {"undo", "new_user", "set_password", "reactivate", "delete"}
    desk.page.view.show_moment(2)
    assert desk.enabled() == set()


def test_many_users_at_once_are_one_change(desk: Desk) -> None:
    desk.select("Ada", "Chi")
    before = desk.page.view.index.now
    desk.trigger("delete")
    assert desk.names() == ["Ben"]
    assert desk.page.view.index.now == before + 1
    assert desk.window.actions_.undo.toolTip().startswith("Undo “2 users deleted”")
    desk.trigger("undo")
    assert desk.names() == ["Ada", "Ben", "Chi"]
    desk.page.view.show_section("deleted")
    assert desk.names() == []


def test_undo_asks_once_at_the_border_of_an_earlier_session(desk: Desk) -> None:
    desk.trigger("undo")
    assert desk.page.view.counts().by_group == {RECORDS: 1}, "nothing happens before the answer"
    press(dialog(QMessageBox), "Undo it")
    desk.runner.drain()
    assert desk.page.view.counts().by_group.get(RECORDS, 0) == 0
    desk.trigger("undo")
    assert desk.names() == ["Ada", "Ben"], "it does not ask again"
    desk.trigger("redo")
    assert desk.names() == ["Ada", "Ben", "Chi"]


def test_a_second_directory_takes_over_all_actions(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other.whowas"
    log = EventLog.create(other)
    Bus(log, clock=microseconds_now, actor="ines").dispatch(CreateUser(ADA, {"first_name": "Zoe"}))
    log.close()
    desk.open(other)
    assert desk.names() == ["Zoe"]
    desk.select("Zoe")
    desk.trigger("suspend")
    assert desk.page.view.counts().by_status["suspended"] == 1
    log = EventLog.open(other)
    assert log.head().position == 2, "the first page's commands do not act any more"
    log.close()
    desk.window.toolbar.search.setText("nobody")

    def found_nobody() -> bool:
        desk.runner.drain()
        return desk.names() == []

    desk.qtbot.waitUntil(found_nobody)


def test_previous_next_and_return(desk: Desk) -> None:
    desk.trigger("previous")
    assert desk.page.view.is_past
    assert desk.page.banner.isVisibleTo(desk.window)
    desk.trigger("previous")
    assert desk.names() == ["Ada", "Ben"]
    desk.trigger("next")
    desk.trigger("return_to_now")
    assert not desk.page.view.is_past
    assert not desk.page.banner.isVisibleTo(desk.window)


def test_importing_shows_what_it_would_do_and_then_does_it_as_one_change(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "more.csv"
    source.write_text("first_name,email\nDan,dan@example.org\nEve,not an email\n")
    desk.commands.files.open_files([source])
    desk.runner.drain()
    assistant = dialog(AssistantDialog)
    press(assistant, "Next")
    desk.runner.drain()
    assert desk.names() == ["Ada", "Ben", "Chi"], "a preview writes nothing"
    press(assistant, "Import 1 user")
    desk.runner.drain()
    assert desk.names() == ["Ada", "Ben", "Chi", "Dan"]
    assert desk.window.actions_.undo.toolTip().startswith("Undo “Import of more.csv")
    desk.trigger("undo")
    assert desk.names() == ["Ada", "Ben", "Chi"]


def test_a_file_that_breaks_off_is_told_and_offers_nothing(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "broken.csv"
    source.write_text('first_name,email\n"Dan,dan@example.org\n')
    desk.commands.files.open_files([source])
    desk.runner.drain()
    assert "broken.csv was not imported. " in desk.window.messages.message()
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, AssistantDialog) and w.isVisible()]


def test_exporting_writes_the_users_shown(desk: Desk, tmp_path: Path) -> None:
    desk.page.view.show_moment(3)
    target = tmp_path / "users.csv"
    desk.commands.files.exports.export(target)
    desk.runner.drain()
    assert [line.split(",")[2] for line in target.read_text().splitlines()] == ["first_name", "Ada", "Ben"]
    desk.commands.files.exports.export(tmp_path / "log.jsonl")
    desk.runner.drain()
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["position"] for line in lines] == [1, 2, 3, 4, 5]


def test_a_cancelled_export_leaves_the_file_as_it_was(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.domain.progress.REPORTED_EVERY", 1)
    target = tmp_path / "users.csv"
    target.write_text("what was there\n")
    desk.commands.files.exports.export(target)
    desk.runner.jobs[-1].cancel()
    desk.runner.drain()
    assert target.read_text() == "what was there\n"
    assert sorted(path.name for path in tmp_path.iterdir() if "users" in path.name) == ["users.csv"]
    assert desk.window.messages.message() == ""


def test_verifying_can_be_cancelled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whowas.domain.progress.REPORTED_EVERY", 1)
    desk.window.actions_.verify.trigger()
    press(dialog(VerifyDialog), "Cancel")
    desk.runner.drain()
    assert desk.window.messages.message() == ""
    assert not [one for one in QApplication.topLevelWidgets() if isinstance(one, VerifyDialog) and one.isVisible()]
    desk.trigger("verify")
    press(dialog(VerifyDialog), "Close")


def test_a_password_is_hashed_and_never_kept(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    desk.window.actions_.set_password.trigger()
    asked = [widget for widget in QApplication.topLevelWidgets() if widget.windowTitle() == "Set password"]
    password = "correct horse battery"
    for field in asked[0].findChildren(QLineEdit):
        field.setText(password)
    (button,) = [button for button in asked[0].findChildren(QPushButton) if button.text() == "Set password"]
    button.click()
    desk.runner.drain()
    log = EventLog.open(directory)
    *_, last = log.read()
    log.close()
    assert isinstance(last.event, PasswordSet)
    assert last.event.password_hash.startswith("$argon2id$")
    kept = b"".join(path.read_bytes() for path in directory.parent.rglob("*") if path.is_file())
    assert password.encode() not in kept


def test_window_columns_and_directory_come_back(desk: Desk, qtbot: QtBot, tmp_path: Path, directory: Path) -> None:
    desk.page.table.columns.show("department")
    desk.page.table.columns.sort_by("email", descending=True)
    desk.runner.drain()
    desk.window.put_away()
    desk.runner.drain()
    again = Settings(tmp_path / "config")
    assert again.last_directory() == directory
    assert [Path(recent.path) for recent in again.recent()] == [directory]
    window = assembled(again, desk.runner, actor="ines")
    qtbot.addWidget(window)
    window.show()
    window.open(directory)
    desk.runner.drain()
    assert window.page is not None
    shown = [column.key for column in window.page.table.columns.shown()]
    assert "department" in shown
    assert window.page.view.sort == ("email", True)
    window.put_away()
    desk.runner.drain()


def test_a_file_that_cannot_be_opened_is_told_and_what_was_open_stays(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.whowas"
    broken.write_bytes(b"no database")
    desk.window.open(broken)
    desk.runner.drain()
    assert desk.window.messages.message() == "“broken.whowas” is not a Whowas directory."
    assert desk.names() == ["Ada", "Ben", "Chi"]


def somebody_else(directory: Path, *commands: Command) -> None:
    log = EventLog.open(directory)
    for command in commands:
        Bus(log, clock=microseconds_now, actor="farid").dispatch(command)
    log.close()


def test_somebody_elses_edit_of_other_fields_is_merged(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    desk.page.panel.form.rows.texts["title"].editor.setText("Clerk")
    assert desk.page.details.draft_keeper.has_draft
    somebody_else(directory, SuspendUser(BEN), UpdateUser(BEN, {"phone": "1"}))
    desk.trigger("save")
    row = desk.shown(BEN)
    assert (row.title, row.status, row.phone) == ("Clerk", "suspended", "1")
    assert not desk.page.details.draft_keeper.has_draft


def test_somebody_elses_edit_of_the_same_field_is_asked_about(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    form = desk.page.panel.form
    form.rows.texts["title"].editor.setText("Clerk")
    form.rows.texts["phone"].editor.setText("2")
    somebody_else(directory, UpdateUser(BEN, {"title": "Counsel"}))
    desk.trigger("save")
    assert desk.shown(BEN).title == "Counsel", "nothing is saved before the answer"
    asked = dialog(ConflictDialog)
    (theirs,) = [button for button in asked.findChildren(QRadioButton) if button.text() == "Counsel"]
    theirs.click()
    press(asked, "Save these")
    desk.runner.drain()
    assert (desk.shown(BEN).title, desk.shown(BEN).phone) == ("Counsel", "2")


def test_every_key_in_the_readme_is_a_shortcut(desk: Desk) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in readme.splitlines() if line.startswith(("| Ctrl", "| Alt", "| F1"))]
    # What keys do in one part of the window is no action.
    listed = [row for row in rows if not row.strip().endswith(", there")]
    told = {keys.strip().replace("comma", ",") for row in listed for keys in row.split(",")}
    known = {keys.toString() for action in desk.window.actions_.all() for keys in action.shortcuts()}
    assert told <= known, told - known


def test_the_list_of_keys_has_those_of_actions_and_of_parts_of_the_window(desk: Desk) -> None:
    desk.trigger("shortcuts")
    shown = dialog(ShortcutsDialog)
    texts = [label.text() for label in shown.findChildren(QLabel)]
    listed = dict(zip(texts[1::2], texts[2::2], strict=False)) | dict(zip(texts[::2], texts[1::2], strict=False))
    assert listed["Go to date…"] == "Ctrl+G"
    assert listed["Timeline: look at what is before, after"] == "Shift+Left, Shift+Right"
    assert listed["Timeline: look at all of it"] == "0"
    assert listed["Changes: fold, unfold"] == "Left, Right"
    assert listed["History: undo that change"] == "U"
    assert {"Esc", "Return", "Home, End", "Ctrl+Left, Ctrl+Right"} <= set(listed.values())
    press(shown, "Close")
