"""Undoing any one change in the window: shown first, asked about later work, and done as one change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.putting_back.test_commands import DAN, before, dialog, do, lines, press, users
from tests.desktop.window.test_main_window import ADA, BEN, CHI, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.corrections.undo_one.plan import Conflict
from whowas.desktop.kit.dialogs.change_preview import Line, PutBackDialog
from whowas.desktop.putting_back.undo_one_dialog import ConflictLine, UndoThisDialog
from whowas.domain.causation import Causation, ImportOf, UndoOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteMoment,
    JoinGroup,
    NameMoment,
    RenameMoment,
    UpdateUser,
)
from whowas.domain.progress import Progress
from whowas.store.chain import Head
from whowas.store.event_log import EventLog

__all__ = ["before", "desk", "directory"]

AUDIT = "01890000-0000-7000-8000-0000000000a1"
SALES = "01890000-0000-7000-8000-0000000000f7"
HOUR = 3_600_000_000
NEW = [f"01890000-0000-7000-8000-0000000001{number:02}" for number in range(3)]


def log_of(desk: Desk) -> EventLog:
    assert desk.window.session is not None
    return desk.window.session.log


def head(desk: Desk) -> Head:
    return log_of(desk).head()


def together(desk: Desk, *commands: Command, causation: Causation | None = None, apart: int = 0) -> None:
    """Carry out one change; with ``apart`` (µs) each command became true so long after the one before."""
    assert desk.window.session is not None

    def work(bus: Bus, _progress: Progress) -> None:
        with bus.change(causation=causation) as change:
            begin = change.recorded_at - apart * len(commands)
            for number, command in enumerate(commands):
                change.dispatch(command, occurred_at=begin + apart * number if apart else None)

    desk.window.session.writer.on_bus(work, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    desk.settle()


def ask(desk: Desk, moment: int) -> None:
    desk.page.view.show_moment(moment)
    desk.window.actions_.undo_this.trigger()
    desk.settle()


def asked(desk: Desk, moment: int) -> UndoThisDialog:
    ask(desk, moment)
    shown = dialog(desk)
    assert isinstance(shown, UndoThisDialog)
    return shown


def conflicts(shown: UndoThisDialog) -> list[list[object]]:
    model = shown.conflicts.lines
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


def tick(shown: UndoThisDialog, row: int = 0) -> None:
    model = shown.conflicts.lines
    assert model.setData(model.index(row, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)


def can_be_done(shown: UndoThisDialog) -> bool:
    return next(one for one in shown.findChildren(QPushButton) if one.text() == "Undo this change").isEnabled()


def no_dialog(desk: Desk) -> bool:
    return not any(one.isVisible() for one in desk.window.findChildren(PutBackDialog))


def test_what_one_old_change_did_is_shown_and_taken_back_and_nothing_that_came_later(desk: Desk, before: int) -> None:
    do(desk, UpdateUser(ADA, {"department": "Press"}))
    known = head(desk)
    shown = asked(desk, before + 1)
    assert lines(shown) == ["Ada | Phone | 1 | empty", " | Title | Clerk | empty"]
    assert not shown.conflicts.isVisible()
    assert head(desk) == known, "nothing is done unasked"
    shown.findChild(QLineEdit).setText("a slip")
    press(desk, shown, "Undo this change")
    now = users(desk)
    assert (now[ADA].title, now[ADA].phone, now[ADA].department) == (None, None, "Press")
    assert (now[BEN].status, now[DAN].status) == ("deleted", "active")
    assert not desk.page.view.is_past
    last = list(log_of(desk).read())[-1].causation
    assert isinstance(last, UndoOf)
    assert last.reason == "a slip"
    desk.window.actions_.undo.trigger()
    desk.settle()
    assert users(desk)[ADA].title == "Clerk"


@pytest.mark.parametrize("ticked", [True, False])
def test_what_was_changed_again_is_shown_and_asked_field_by_field(desk: Desk, before: int, ticked: bool) -> None:
    do(desk, UpdateUser(ADA, {"title": "Head"}))
    shown = asked(desk, before + 1)
    assert lines(shown) == ["Ada | Phone | 1 | empty"]
    assert conflicts(shown) == [["Ada: Title", "empty", "Clerk", "Head"]]
    if ticked:
        tick(shown)
    press(desk, shown, "Undo this change")
    now = users(desk)[ADA]
    assert (now.title, now.phone) == (None if ticked else "Head", None)


def test_where_all_was_changed_again_there_is_nothing_to_do_until_something_is_ticked(desk: Desk, before: int) -> None:
    do(desk, UpdateUser(ADA, {"title": "Head", "phone": "2"}))
    shown = asked(desk, before + 1)
    assert not shown.list.isVisible()
    assert not can_be_done(shown)
    press(desk, shown, "Take all back")
    assert can_be_done(shown)
    press(desk, shown, "Keep all")
    assert (shown.chosen_conflicts(), can_be_done(shown)) == ([], False)
    press(desk, shown, "Take all back")
    press(desk, shown, "Undo this change")
    assert (users(desk)[ADA].title, users(desk)[ADA].phone) == (None, None)


def test_cancelling_leaves_everything(desk: Desk, before: int) -> None:
    known = head(desk)
    press(desk, asked(desk, before + 1), "Cancel")
    assert head(desk) == known


def test_nothing_is_offered_where_nothing_is_left(desk: Desk, before: int) -> None:
    do(desk, UpdateUser(ADA, {"title": None, "phone": None}))
    ask(desk, before + 1)
    assert no_dialog(desk)
    assert desk.window.messages.message() == "There is nothing to take back. All of it was taken back already."
    do(desk, DefineField("Desk"))
    do(desk, UpdateUser(ADA, {}, {"Desk": "7"}))
    ask(desk, desk.page.view.index.now - 1)
    assert no_dialog(desk)
    ada = "The custom field Desk stays as long as somebody has a value in it: Ada."
    assert desk.window.messages.message() == f"There is nothing to take back. {ada}"


def test_an_import_is_named_as_a_whole_before_all_of_it_is_undone(desk: Desk) -> None:
    eve = NEW[0]
    together(
        desk,
        CreateUser(NEW[1], {"first_name": "Fay"}),
        UpdateUser(NEW[1], {"title": "Clerk"}),
        CreateUser(eve, {"first_name": "Eve"}),
        UpdateUser(NEW[1], {"title": "Head"}),
        UpdateUser(eve, {"title": "Clerk"}),
        causation=ImportOf("old.jsonl"),
        apart=HOUR,
    )
    assert desk.window.session is not None
    moment = next(
        entry.moment for entry in desk.window.session.reads.history(NEW[1]) if "Title" in entry.sentence.title
    )
    known = head(desk)
    shown = asked(desk, moment)
    assert head(desk) == known
    assert shown.heading.text() == "Undo the import old.jsonl"
    assert shown.sentence.text().startswith("This step is part of the import old.jsonl: 2 users, 5 steps.")
    assert lines(shown) == ["Fay | Status | active | deleted", "Eve | Status | active | deleted"]
    press(desk, shown, "Undo this change")
    assert [desk.shown(one).status for one in NEW[:2]] == ["deleted", "deleted"]


def test_a_change_of_several_users_is_named_from_the_history_of_one(desk: Desk) -> None:
    together(desk, UpdateUser(ADA, {"title": "Editor"}), UpdateUser(CHI, {"title": "Editor"}))
    assert desk.page.selection.select(ADA)
    history = desk.page.panel.history
    desk.page.panel.show_history()
    history.setCurrentIndex(history.model().index(0, 0))
    history._undo_this.trigger()
    desk.settle()
    shown = dialog(desk)
    assert shown.sentence.text() == "This change is to 2 users. All of it is taken back that nobody changed since."
    assert lines(shown) == ["Ada | Title | Editor | Clerk", "Chi | Title | Editor | empty"]
    shown.reject()


def test_an_import_undone_names_who_stays(desk: Desk) -> None:
    created = [CreateUser(one, {"first_name": f"N{place}"}) for place, one in enumerate(NEW)]
    together(desk, *created, UpdateUser(ADA, {"title": "Editor"}), causation=ImportOf("staff.csv"))
    moment = desk.page.view.index.now
    do(desk, UpdateUser(NEW[1], {"title": "Head"}))
    do(desk, UpdateUser(ADA, {"notes": "Mine."}))
    shown = asked(desk, moment)
    assert (
        shown.sentence.text()
        == "This is the whole import staff.csv: 4 users. All of it is taken back that nobody changed since."
    )
    assert lines(shown) == ["N0 | Status | active | deleted", "N2 | Status | active | deleted"]
    assert conflicts(shown) == [
        ["N1", "not there", "created", "Title: Head"],
        ["Ada", "Title: Clerk", "Title: Editor", "Notes: Mine."],
    ]
    tick(shown, 1)
    press(desk, shown, "Undo this change")
    assert [desk.shown(one).status for one in NEW] == ["deleted", "active", "deleted"]
    assert (desk.shown(ADA).title, desk.shown(ADA).notes) == ("Clerk", "Mine.")


def test_a_group_that_somebody_is_in_stays_and_is_named(desk: Desk) -> None:
    together(desk, CreateGroup(SALES, "Sales"), JoinGroup(ADA, SALES))
    moment = desk.page.view.index.now
    do(desk, JoinGroup(CHI, SALES))
    shown = asked(desk, moment)
    stays = "The group Sales stays as long as somebody is in it: Chi."
    assert lines(shown) == ["Ada | Groups | Records, Sales | Records", stays]
    press(desk, shown, "Undo this change")
    assert desk.page.view.directory.groups[SALES] == "Sales"
    ask(desk, moment)
    assert desk.window.messages.message() == f"There is nothing to take back. {stays}"
    assert no_dialog(desk)


def test_names_of_moments_are_shown_and_asked_about(desk: Desk) -> None:
    do(desk, NameMoment(AUDIT, "Audit", None, 0, 0))
    moment = desk.page.view.index.now
    shown = asked(desk, moment)
    assert lines(shown) == ["Directory | Named moment | Audit | would not be there"]
    shown.reject()
    do(desk, RenameMoment(AUDIT, "Review", None))
    assert lines(asked(desk, moment + 1)) == ["Directory | Named moment | Review | Audit"]
    dialog(desk).reject()
    shown = asked(desk, moment)
    assert conflicts(shown) == [["Review: Named moment", "not there", "Audit", "Review"]]
    tick(shown)
    press(desk, shown, "Undo this change")
    assert desk.page.view.index.latest_directory().moments == {}


def test_a_note_and_a_name_come_back(desk: Desk) -> None:
    do(desk, NameMoment(AUDIT, "Audit", None, 0, 0))
    do(desk, RenameMoment(AUDIT, "Audit", "Noted."))
    do(desk, DeleteMoment(AUDIT))
    now = desk.page.view.index.now
    assert lines(asked(desk, now)) == ["Directory | Named moment | not there | Audit"]
    press(desk, dialog(desk), "Undo this change")
    assert lines(asked(desk, now - 1)) == ["Audit | Note | Noted. | empty"]
    press(desk, dialog(desk), "Undo this change")
    assert desk.page.view.index.latest_directory().moments[AUDIT].note is None


def test_undo_of_an_undo_of_an_undo(desk: Desk, before: int) -> None:
    moment = before + 1
    for title in (None, "Clerk", None):
        press(desk, asked(desk, moment), "Undo this change")
        assert users(desk)[ADA].title == title
        moment = desk.page.view.index.now


def test_a_restoration_is_undone_like_any_change(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before)
    desk.window.actions_.restore_moment.trigger()
    press(desk, dialog(desk), "Restore")
    restored = desk.page.view.index.now
    do(desk, UpdateUser(ADA, {"title": "Head"}))
    shown = asked(desk, restored)
    assert shown.sentence.text() == "This change is to 3 users. All of it is taken back that nobody changed since."
    assert conflicts(shown) == [["Ada: Title", "Clerk", "empty", "Head"]]
    press(desk, shown, "Undo this change")
    now = users(desk)
    assert (now[ADA].title, now[ADA].phone) == ("Head", "1")
    assert (now[BEN].status, now[DAN].status) == ("deleted", "active")


def test_of_many_conflicts_only_those_seen_are_written(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[ConflictLine] = []
    texts = ConflictLine.texts

    def counted(line: ConflictLine) -> tuple[str, ...]:
        written.append(line)
        return texts(line)

    monkeypatch.setattr(ConflictLine, "texts", counted)
    many = [Conflict(f"N{place}", "Ada", "title", "Title", "a", "b", "c", "ines", 0) for place in range(50_000)]
    shown = UndoThisDialog("Undo", "", [Line("Ada", "Title", "a", "b")], many, [])
    qtbot.addWidget(shown)
    shown.show()
    shown.grab()
    press_in(shown, "Take all back")
    assert len(shown.chosen_conflicts()) == 50_000
    assert len({id(line) for line in written}) < 100


def press_in(shown: UndoThisDialog, text: str) -> None:
    next(one for one in shown.findChildren(QPushButton) if one.text() == text).click()
