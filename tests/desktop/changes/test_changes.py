"""The changes of the directory in the window: listing, filtering, following and moving the slider."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import ADA, BEN, CHI, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.changes.list import ChangeDelegate, ChangesList
from whowas.desktop.changes.model import ChangesModel
from whowas.desktop.changes.panel import ChangesPanel
from whowas.desktop.history.items import ChangeItem
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.kit.list_model import ITEM_ROLE
from whowas.desktop.putting_back.undo_one_dialog import UndoThisDialog
from whowas.desktop.session.lens import WhatIf
from whowas.domain.causation import ImportOf, UndoOf
from whowas.domain.commands import Command, CreateUser, DeleteUser, UpdateUser
from whowas.domain.progress import Progress
from whowas.store.event_log import EventLog

__all__ = ["desk", "directory"]

DAN = "0199a3c4-0000-7000-8000-000000000009"


class Changes:
    """The third tab of a window, opened."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.page.show_changes()
        desk.settle()
        panel = desk.page.panel.findChild(ChangesPanel)
        assert panel is not None
        self.panel = panel

    @property
    def list(self) -> ChangesList:
        return self.panel.list

    @property
    def model(self) -> ChangesModel:
        model = self.list.model()
        assert isinstance(model, ChangesModel)
        return model

    @property
    def row(self) -> int:
        """The current row, once the list has followed the slider; -1 where there is none."""
        QApplication.processEvents()
        return self.list.currentIndex().row()

    def rows(self) -> list[str]:
        """Return the title of each row, those in the future in brackets."""
        QApplication.processEvents()
        items = [self.model.item(row) for row in range(self.model.rowCount())]
        return [f"({item.title})" if item.future else item.title for item in items if item is not None]

    def settled(self) -> list[str]:
        """Run what is queued, which need not be what a test waits for, and return the rows."""
        self.desk.runner.drain()
        return self.rows()

    def summary(self) -> str:
        return next(label.text() for label in self.panel.findChildren(QLabel) if "change" in label.text())

    def named(self, name: str) -> QWidget:
        (found,) = (one for one in self.panel.findChildren(QWidget) if one.accessibleName() == name)
        return found

    def type(self, text: str) -> None:
        field = self.named("Filter changes")
        assert isinstance(field, QLineEdit)
        field.setText(text)
        field.returnPressed.emit()
        self.desk.settle()

    def choose(self, name: str, what: str) -> None:
        box = self.named(name)
        assert isinstance(box, QComboBox)
        box.setCurrentText(what)
        self.desk.settle()

    def offered(self, name: str) -> list[str]:
        box = self.named(name)
        assert isinstance(box, QComboBox)
        return [box.itemText(place) for place in range(box.count())]

    def click(self, place: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.list.viewport(), Qt.MouseButton.LeftButton, modifiers, place)
        self.desk.settle()

    def menu(self, row: int) -> QMenu:
        self.list.contextRequested.emit(row, QPoint(5, 5))
        return self.panel.findChildren(QMenu)[-1]


@pytest.fixture
def changes(desk: Desk) -> Changes:
    return Changes(desk)


def offered(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def pick(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


def do(desk: Desk, *commands: Command) -> None:
    """Carry out one change."""
    assert desk.window.session is not None
    desk.window.session.writer.change(
        lambda change: change.dispatch(*commands), done=lambda _: None, failed=lambda error: pytest.fail(str(error))
    )
    desk.settle()


def take_in(desk: Desk) -> None:
    """Import two steps of one user between the others."""

    def work(bus: Bus, _progress: Progress) -> None:
        with bus.change(causation=ImportOf("old & new.csv")) as change:
            change.dispatch(CreateUser(DAN, {"first_name": "Dan"}), occurred_at=1_000, actor="olga")
            change.dispatch(UpdateUser(DAN, {"title": "Clerk"}), occurred_at=2_000, actor="paul")

    assert desk.window.session is not None
    desk.window.session.writer.on_bus(work, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    desk.settle()


LISTED = ["Ada: Added to group", "Chi: Created", "Ben: Created", "Ada: Created", "Group Records created"]


def test_it_lists_every_step_with_nobody_selected(changes: Changes) -> None:
    assert changes.desk.page.selection.users() == []
    assert changes.list.isVisible()
    assert changes.rows() == LISTED
    assert changes.summary() == "5 changes"


def test_nothing_is_read_before_the_tab_is_chosen(desk: Desk) -> None:
    assert desk.page.panel.findChild(ChangesPanel) is None


def test_a_line_steers_the_slider_and_the_slider_moves_the_line(changes: Changes, qtbot: QtBot) -> None:
    changes.list.setCurrentIndex(changes.model.index(2, 0))
    qtbot.keyClick(changes.list, Qt.Key.Key_Return)
    changes.desk.settle()
    assert changes.desk.page.timeline.slider.value() == 3
    assert changes.desk.names() == ["Ada", "Ben"]
    assert changes.rows() == ["(Ada: Added to group)", "(Chi: Created)", *LISTED[2:]]

    changes.desk.page.timeline.slider.setValue(4)
    assert changes.row == 1
    assert changes.rows() == ["(Ada: Added to group)", *LISTED[1:]]
    changes.desk.page.return_to_now()
    assert changes.row == 0
    assert changes.rows() == LISTED


def test_what_is_done_meanwhile_comes_on_top(changes: Changes) -> None:
    do(changes.desk, UpdateUser(ADA, {"title": "Clerk"}))
    assert changes.rows() == ["Ada: Title changed", *LISTED]
    assert changes.row == 0
    assert changes.summary() == "6 changes"


def backdate(desk: Desk, *commands: Command) -> None:
    """Carry out one change that became true right after the first user was created."""
    created_at = int(desk.page.view.index.steps.occurred_at[1])

    def work(bus: Bus, _progress: Progress) -> None:
        with bus.change() as change:
            change.dispatch(*commands, occurred_at=created_at + 1)

    assert desk.window.session is not None
    desk.window.session.writer.on_bus(work, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    desk.settle()


@pytest.fixture
def long(changes: Changes) -> Changes:
    """Twenty-five steps, of which about eight are visible."""
    for number in range(20):
        do(changes.desk, UpdateUser(BEN, {"title": f"T{number}"}))
    changes.list.setFixedHeight(8 * ChangeDelegate.HEIGHT)
    return changes


def at_top(changes: Changes) -> tuple[object, int]:
    """Return the title of the topmost row, and how much of it is hidden."""
    top = changes.list.rowAt(0)
    return changes.model.item(top), changes.list.rowViewportPosition(top)


def test_what_comes_in_moves_nothing_for_who_reads_further_down(long: Changes) -> None:
    long.list.verticalScrollBar().setValue(6 * ChangeDelegate.HEIGHT + 20)
    before = at_top(long)
    assert before[1] == -20
    do(long.desk, UpdateUser(CHI, {"title": "Clerk"}))
    assert at_top(long) == before
    backdate(long.desk, UpdateUser(ADA, {"phone": "1"}))
    assert len(long.rows()) == 27
    (item, hidden), (item_before, _) = at_top(long), before
    assert isinstance(item, ChangeItem)
    assert isinstance(item_before, ChangeItem)
    # A new step further back moves all later moments up by one.
    assert (item.detail, item.step, hidden) == (item_before.detail, item_before.step + 1, -20)
    assert long.row == 0, "who stands at now goes on to stand there"


def test_who_stands_at_now_sees_the_newest_come(long: Changes) -> None:
    do(long.desk, UpdateUser(CHI, {"title": "Clerk"}))
    assert long.list.verticalScrollBar().value() == 0
    assert long.row == 0


@pytest.mark.parametrize("past", [False, True])
def test_what_is_being_selected_outlives_what_comes_in(long: Changes, past: bool) -> None:
    if past:
        long.desk.page.view.show_moment(14)
        long.desk.settle()
    rows = [10, 12]
    long.list.verticalScrollBar().setValue(5 * ChangeDelegate.HEIGHT)
    place = [long.list.visualRect(long.model.index(row, 0)).center() for row in rows]
    long.list.setCurrentIndex(long.model.index(rows[0], 0))
    long.click(place[1], Qt.KeyboardModifier.ControlModifier)
    told, before = [long.rows()[row] for row in rows], at_top(long)[1]
    do(long.desk, UpdateUser(CHI, {"title": "Clerk"}))
    backdate(long.desk, UpdateUser(ADA, {"phone": "1"}))
    assert long.list.selected_rows(9) == [11, 13]
    assert [long.rows()[row] for row in (11, 13)] == told
    assert long.row == 13
    assert at_top(long)[1] == before


def test_an_unfolded_step_stays_unfolded(long: Changes) -> None:
    do(long.desk, *(UpdateUser(user, {"department": "Press"}) for user in (BEN, CHI)))
    do(long.desk, UpdateUser(ADA, {"title": "Clerk"}))
    long.model.unfold(1)
    long.list.setCurrentIndex(long.model.index(3, 0))
    before = long.rows()
    backdate(long.desk, UpdateUser(ADA, {"phone": "1"}))
    assert long.rows() == [*before[:-2], "Ada: Phone changed", *before[-2:]]
    assert long.row == 3


def test_the_slider_leads_wherever_one_has_scrolled_or_selected(long: Changes) -> None:
    long.list.selectAll()
    long.list.verticalScrollBar().setValue(0)
    long.desk.page.view.show_moment(3)
    assert long.row == 22
    assert long.list.selected_rows(9) == []
    assert long.list.viewport().rect().contains(long.list.visualRect(long.list.currentIndex()))


def test_what_is_done_while_another_tab_is_seen_is_there_afterwards(changes: Changes) -> None:
    changes.desk.page.panel.show_details()
    do(changes.desk, UpdateUser(ADA, {"title": "Clerk"}))
    assert changes.model.rowCount() == 5
    changes.desk.page.show_changes()
    changes.desk.settle()
    assert changes.rows() == ["Ada: Title changed", *LISTED]


def test_a_bulk_step_is_one_line_whose_users_can_be_gone_to(changes: Changes, qtbot: QtBot) -> None:
    do(changes.desk, *(UpdateUser(user, {"department": "Press"}) for user in (BEN, ADA)))
    item = changes.model.item(0)
    assert item is not None
    assert (item.title, item.detail) == ("2 users changed", "Department → Press")
    changes.model.unfold(0)
    assert changes.rows() == ["2 users changed", "Ada", "Ben", *LISTED]
    changes.list.setCurrentIndex(changes.model.index(2, 0))
    qtbot.keyClick(changes.list, Qt.Key.Key_Return)
    assert [user.id for user in changes.desk.page.selection.users()] == [BEN]
    assert changes.list.isVisible()


def test_an_import_stands_at_its_own_dates_and_can_be_picked(changes: Changes) -> None:
    changes.model.item(0)
    take_in(changes.desk)
    assert changes.rows() == [*LISTED, "Dan: Title changed", "Dan: Created"]
    menu = changes.menu(6)
    assert offered(menu)[:2] == ["Show this moment", "List only the import of old && new.csv"]
    menu.actions()[1].trigger()
    changes.desk.settle()
    assert changes.rows() == ["Dan: Title changed", "Dan: Created"]
    assert changes.summary() == "Import of old & new.csv · 2 of 7 changes"
    everything = changes.named("All changes")
    assert isinstance(everything, QPushButton)
    assert everything.isVisible()
    everything.click()
    changes.desk.settle()
    assert changes.model.rowCount() == 7
    assert not everything.isVisible()


def test_a_change_of_one_step_is_not_offered_as_a_list(changes: Changes) -> None:
    menu = changes.menu(1)
    assert offered(menu) == ["Show this moment", "Undo this change", "What if not…"]
    menu.actions()[0].trigger()
    assert changes.desk.page.view.moment == 4


def test_it_is_filtered_by_text_actor_and_kind(changes: Changes) -> None:
    take_in(changes.desk)
    do(changes.desk, DeleteUser(CHI))
    changes.type("ada")
    assert changes.rows() == ["Ada: Added to group", "Ada: Created"]
    assert changes.summary() == "2 of 8 changes"
    changes.choose("Kind", "Added")
    assert changes.rows() == ["Ada: Created"]
    changes.type("")
    assert changes.rows() == ["Chi: Created", "Ben: Created", "Ada: Created", "Dan: Created"]
    assert changes.offered("Actor") == ["Any actor", "ines", "olga", "paul"]
    changes.choose("Actor", "olga")
    assert changes.rows() == ["Dan: Created"]
    changes.choose("Kind", "Removed")
    assert changes.rows() == []
    assert changes.summary() == "0 of 8 changes"
    changes.choose("Actor", "Any actor")
    assert changes.rows() == ["Chi: Deleted"]


def test_a_filtered_list_follows_the_slider_and_what_is_done(changes: Changes) -> None:
    changes.type("chi")
    assert changes.rows() == ["Chi: Created"]
    changes.desk.page.view.show_moment(3)
    assert changes.rows() == ["(Chi: Created)"]
    assert changes.row == -1
    changes.desk.page.return_to_now()
    assert changes.row == 0
    do(changes.desk, UpdateUser(CHI, {"title": "Clerk"}))
    assert changes.rows() == ["Chi: Title changed", "Chi: Created"]


def test_only_what_is_wanted_last_is_listed(changes: Changes) -> None:
    field = changes.named("Filter changes")
    assert isinstance(field, QLineEdit)
    for text in ("ada", "ben"):
        field.setText(text)
        field.returnPressed.emit()
    changes.desk.runner.turn()
    assert changes.rows() == LISTED
    changes.desk.settle()
    assert changes.rows() == ["Ben: Created"]


def test_escape_lists_everything_again(changes: Changes, qtbot: QtBot) -> None:
    changes.type("chi")
    qtbot.keyClick(changes.named("Filter changes"), Qt.Key.Key_Escape)
    assert changes.rows() == LISTED


def test_what_is_typed_into_the_list_filters(changes: Changes, qtbot: QtBot) -> None:
    qtbot.keyClick(changes.list, "b")
    qtbot.keyClicks(changes.named("Filter changes"), "en")
    qtbot.waitUntil(lambda: changes.settled() == ["Ben: Created"])


def test_another_programs_changes_and_actor_appear(changes: Changes, directory: Path) -> None:
    log = EventLog.open(directory)
    Bus(log, clock=microseconds_now, actor="zoe").dispatch(UpdateUser(BEN, {"title": "Clerk"}))
    log.close()
    changes.desk.qtbot.waitUntil(lambda: changes.settled() == ["Ben: Title changed", *LISTED])
    assert changes.offered("Actor") == ["Any actor", "ines", "zoe"]


def test_a_backdated_step_is_told_where_it_lies_even_in_a_filtered_list(changes: Changes) -> None:
    do(changes.desk, UpdateUser(ADA, {"title": "Head"}))
    changes.type("ada")
    assert changes.rows()[0] == "Ada: Title changed"
    backdate(changes.desk, UpdateUser(ADA, {"title": "Clerk"}))
    assert changes.rows() == ["Ada: Title changed", "Ada: Added to group", "Ada: Title changed", "Ada: Created"]
    details = [changes.model.item(row) for row in (0, 2)]
    assert [item.detail for item in details if item is not None] == ["Clerk → Head", "empty → Clerk"]


def test_selecting_nobody_or_somebody_stays_at_the_changes_and_a_new_user_does_not(changes: Changes) -> None:
    changes.desk.select("Ben")
    assert changes.list.isVisible()
    changes.desk.page.details.show_user(None)
    assert changes.list.isVisible()
    changes.desk.page.start_new_user()
    assert not changes.list.isVisible()


def test_the_history_of_somebody_ends_with_the_selection(desk: Desk) -> None:
    desk.select("Ben")
    desk.page.panel.show_history()
    desk.page.details.show_user(None)
    seen = [label.text() for label in desk.page.panel.findChildren(QLabel) if label.isVisible()]
    assert seen == ["Select a user to see their details"]


def test_one_line_is_undone_by_its_menu(changes: Changes) -> None:
    do(changes.desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(changes.desk, UpdateUser(BEN, {"title": "Head"}))
    pick(changes.menu(1), "Undo this change")
    changes.desk.settle()
    (dialog,) = (one for one in changes.desk.window.findChildren(UndoThisDialog) if one.isVisible())
    dialog.accept()
    changes.desk.settle()
    session = changes.desk.window.session
    assert session is not None
    titles = [row.user.title for user in (ADA, BEN) if (row := session.reads.user_row(user, session.shown.index.now))]
    assert titles == [None, "Head"]


def test_what_was_undone_and_why_is_told_wherever_the_change_is(changes: Changes) -> None:
    do(changes.desk, UpdateUser(ADA, {"title": "Clerk"}))
    session, view = changes.desk.window.session, changes.desk.page.view
    assert session is not None
    wrong = session.reads.change_line(view.moment)
    assert wrong is not None

    def work(bus: Bus, _progress: Progress) -> None:
        with bus.change(causation=UndoOf(wrong.change_id, "a <b>typo</b>")) as change:
            change.dispatch(UpdateUser(ADA, {"title": None}))

    session.writer.on_bus(work, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    changes.desk.settle()
    why, because = "undo of “Ada: Title changed”", "because: a <b>typo</b>"
    item = changes.model.item(0)
    assert item is not None
    assert (item.title, item.why, item.because) == ("Ada: Title changed", why, because)
    assert f", Clerk → empty, {why}, {because}, " in item.sentence()
    assert f"{why} · {because}" in changes.desk.page._moment_shown._told(view.moment)
    changes.desk.select("Ada")
    changes.desk.page.panel.show_history()
    changes.desk.settle()
    first = changes.desk.page.panel.history.model().index(0, 0)
    assert (first.data(ITEM_ROLE).why, first.data(ITEM_ROLE).because) == (why, because)
    tip = first.data(Qt.ItemDataRole.ToolTipRole)
    assert html.escape(because) in tip
    assert "<b>" not in tip


def test_several_lines_are_imagined_away_together(changes: Changes) -> None:
    do(changes.desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(changes.desk, UpdateUser(BEN, {"title": "Head"}))
    do(changes.desk, UpdateUser(CHI, {"title": "Bursar"}))
    place = changes.list.visualRect(changes.model.index(0, 0)).center()
    changes.click(place)
    moment = changes.desk.page.view.moment
    for row in (1, 2):
        place = changes.list.visualRect(changes.model.index(row, 0)).center()
        changes.click(place, Qt.KeyboardModifier.ControlModifier)
    assert changes.desk.page.view.moment == moment, "selecting goes nowhere"
    pick(changes.menu(2), "What if not these 3 changes…")
    changes.desk.settle()
    session = changes.desk.window.session
    assert session is not None
    assert isinstance(session.shown.lens, WhatIf)
    now = session.shown.index.now
    rows = [session.reads.user_row(user, now) for user in (ADA, BEN, CHI)]
    assert [row.user.title for row in rows if row is not None] == [None, None, None]
    assert changes.model.rowCount() == now, "the list is that of what is imagined"
    session.shown.show_now()
    changes.desk.settle()
    assert changes.model.rowCount() == session.shown.index.now == now + 3


def test_a_line_beside_the_selection_is_asked_about_alone(changes: Changes) -> None:
    changes.list.selectAll()
    assert any("What if not these" in text for text in offered(changes.menu(0)))
    changes.click(changes.list.visualRect(changes.model.index(0, 0)).center())
    assert changes.list.selected_rows(10) == []
    assert not any("What if not these" in text for text in offered(changes.menu(1)))


def test_following_with_ctrl_held_selects_nothing(changes: Changes) -> None:
    QTest.keyPress(changes.list, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    do(changes.desk, UpdateUser(ADA, {"title": "Clerk"}))
    changes.desk.page.view.show_moment(2)
    changes.desk.settle()
    assert changes.row == changes.model.row_shown() != 0
    assert changes.list.selected_rows(10) == []


def test_too_many_at_once_are_refused_in_a_sentence(changes: Changes) -> None:
    assert changes.desk.window.session is not None
    for number in range(51):
        do(changes.desk, UpdateUser(ADA, {"title": f"T{number}"}))
    head = changes.desk.window.session.log.head()
    changes.list.selectAll()
    pick(changes.menu(0), f"What if not these {changes.desk.page.view.index.now:,} changes…")
    changes.desk.settle()
    assert "At most 50 changes" in changes.desk.window.messages.message()
    assert changes.desk.window.session.log.head() == head
