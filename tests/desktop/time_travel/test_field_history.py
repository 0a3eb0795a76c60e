"""From the menu of a cell to the history of its field, and from there to the moment at which a value began."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import ADA, BEN, RECORDS, Desk, dialog, press, somebody_else
from whowas.command_bus.bus import Bus
from whowas.desktop.history.list import HistoryItem, HistoryList
from whowas.desktop.time_travel.field_history_dialog import FieldHistoryDialog
from whowas.domain.causation import ImportOf
from whowas.domain.commands import (
    CreateGroup,
    CreateUser,
    DefineField,
    JoinGroup,
    RenameGroup,
    SuspendUser,
    UpdateUser,
)
from whowas.store.event_log import EventLog

DAY = 86_400_000_000
FIRST = 1_583_193_600_000_000
"""3 March 2020 in UTC microseconds, and a step a day from there on."""
TITLE = 3


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Ada is clerk, then counsel, then nothing; Ben never had a title; a group is renamed."""
    path = tmp_path / "staff.whowas"
    log = EventLog.create(path)
    bus = Bus(log, clock=lambda: FIRST + 100 * DAY, actor="ines")
    with bus.change() as change:
        change.dispatch(CreateGroup(RECORDS, "Records"), DefineField("R&D"), occurred_at=FIRST)
        change.dispatch(CreateUser(ADA, {"first_name": "Ada", "title": "Clerk"}, {"R&D": "yes"}), occurred_at=FIRST)
        change.dispatch(CreateUser(BEN, {"first_name": "Ben"}), occurred_at=FIRST)
    with bus.change(causation=ImportOf("list.csv")) as change:
        change.dispatch(UpdateUser(ADA, {"title": "<b>Counsel"}), occurred_at=FIRST + DAY, actor="farid")
    bus.dispatch(JoinGroup(ADA, RECORDS), occurred_at=FIRST + 2 * DAY)
    bus.dispatch(UpdateUser(ADA, {"title": None}), occurred_at=FIRST + 3 * DAY)
    bus.dispatch(RenameGroup(RECORDS, "Archive"), occurred_at=FIRST + 4 * DAY)
    bus.dispatch(SuspendUser(ADA), occurred_at=FIRST + 5 * DAY)
    log.close()
    return path


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, directory: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


def menu_of(desk: Desk, row: int, column: int) -> QMenu:
    """What a right click on a cell opens."""
    click_right(desk, desk.page.table.visualRect(desk.page.model.index(row, column)).center())
    return open_menu()


def click_right(desk: Desk, place: QPoint) -> None:
    viewport = desk.page.table.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)


def open_menu() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entry(menu: QMenu, *words: str) -> QAction:
    """The entry that the words lead to, through submenus."""
    word, *further = words
    (action,) = [action for action in menu.actions() if action.text() == word]
    if not further:
        return action
    submenu = action.menu()
    assert isinstance(submenu, QMenu)
    return entry(submenu, *further)


def ask(desk: Desk, row: int, column: int, *words: str) -> FieldHistoryDialog:
    """Choose from the menu of a cell, and have the answer read."""
    menu = menu_of(desk, row, column)
    chosen = entry(menu, *words)
    menu.close()
    chosen.trigger()
    assert not any(isinstance(widget, FieldHistoryDialog) and widget.isVisible() for widget in windows())
    desk.runner.drain()
    shown = dialog(FieldHistoryDialog)
    assert isinstance(shown, FieldHistoryDialog)
    return shown


def windows() -> list[QWidget]:
    return QApplication.topLevelWidgets()


def values(shown: FieldHistoryDialog) -> HistoryList:
    return shown.findChildren(HistoryList)[0]


def items(shown: FieldHistoryDialog) -> list[HistoryItem]:
    model = values(shown).model()
    return [model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]


def test_a_cell_tells_its_fields_history(desk: Desk) -> None:
    shown = ask(desk, 0, TITLE, "History of “Title”")

    assert shown.windowTitle() == "History of “Title”"
    assert [label.text() for label in shown.findChildren(QLabel)] == ["History of “Title”", "Ada"]
    assert [(item.title, item.detail, item.actor) for item in items(shown)] == [
        ("(empty)", "Title changed: <b>Counsel → empty", "ines"),
        ("<b>Counsel", "Title changed: Clerk → <b>Counsel · import of list.csv", "farid"),
        ("Clerk", "Created: Ada", "ines"),
    ]
    assert [item.when.replace(" 00:00:00", "") for item in items(shown)] == [
        "since 6 Mar 2020",
        "4 Mar 2020 – 6 Mar 2020",
        "3 Mar 2020 – 4 Mar 2020",
    ]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shown.findChildren(QLabel))
    assert QAccessible.queryAccessibleInterface(values(shown)).text(QAccessible.Text.Name) == "Values of Title"


def test_entering_a_value_shows_the_moment_from_which_it_held(desk: Desk, qtbot: QtBot) -> None:
    shown = ask(desk, 0, TITLE, "History of “Title”")
    assert shown.focusWidget() is values(shown)
    assert values(shown).currentIndex().row() == 0
    qtbot.keyClick(values(shown), Qt.Key.Key_Down)
    qtbot.keyClick(values(shown), Qt.Key.Key_Return)
    assert not shown.isVisible()
    assert desk.page.view.moment == 2
    assert desk.page.timeline.slider.value() == 2
    assert desk.page.model.data(desk.page.model.index(0, TITLE)) == "<b>Counsel"


def test_a_click_goes_there_too_and_the_button_says_what_it_does(desk: Desk, qtbot: QtBot) -> None:
    shown = ask(desk, 0, TITLE, "History of “Title”")
    list_ = values(shown)
    place = list_.visualRect(list_.model().index(2, 0)).center()
    qtbot.mouseClick(list_.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.page.view.moment == 1
    later = ask(desk, 0, TITLE, "History of “Title”")
    assert [item.future for item in items(later)] == [True, True, False]
    assert values(later).currentIndex().row() == 2, "the value shown is the current one"
    qtbot.keyClick(values(later), Qt.Key.Key_Up)
    press(later, "Go to its beginning")
    assert desk.page.view.moment == 2


def test_closing_goes_nowhere(desk: Desk, qtbot: QtBot) -> None:
    for close in ("button", "key"):
        shown = ask(desk, 0, TITLE, "History of “Title”")
        if close == "button":
            press(shown, "Close")
        else:
            qtbot.keyClick(shown, Qt.Key.Key_Escape)
        assert not shown.isVisible()
        assert not desk.page.view.is_past
        qtbot.wait(1)


def test_every_field_has_a_history_also_without_a_column(desk: Desk) -> None:
    menu = menu_of(desk, 0, TITLE)
    others = entry(menu, "History of another field").menu()
    assert isinstance(others, QMenu)
    assert [action.text() for action in others.actions()] == [
        "Name", "Email", "Phone", "Department", "Groups", "Status", "External ID", "Notes", "R&&D",
    ]  # fmt: skip
    menu.close()
    for words, expected in (
        ("Groups", ["Archive", "Records", "(empty)"]),
        ("Status", ["Suspended", "Active"]),
        ("R&&D", ["yes"]),
        ("Name", ["Ada"]),
        ("Notes", ["(empty)"]),
    ):
        shown = ask(desk, 0, TITLE, "History of another field", words)
        assert [item.title for item in items(shown)] == expected
        shown.reject()
        desk.qtbot.wait(1)


def test_the_menu_key_means_the_current_cell(desk: Desk) -> None:
    table = desk.page.table
    table.setFocus()
    table.setCurrentIndex(desk.page.model.index(1, TITLE))
    pos = table.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, pos, table.mapToGlobal(pos))
    QApplication.sendEvent(table, event)
    menu = open_menu()
    entry(menu, "History of “Title”").trigger()
    menu.close()
    desk.runner.drain()
    shown = dialog(FieldHistoryDialog)
    assert isinstance(shown, FieldHistoryDialog)
    assert [item.title for item in items(shown)] == ["(empty)"]
    assert shown.findChildren(QLabel)[1].text() == "Ben"


def test_where_there_is_no_cell_there_is_no_history(desk: Desk) -> None:
    click_right(desk, QPoint(5, desk.page.table.viewport().height() - 2))
    menu = open_menu()
    assert not [action for action in menu.actions() if "History" in action.text()]
    menu.close()


def test_what_others_did_meanwhile_is_told_and_does_not_lead_astray(desk: Desk, directory: Path) -> None:
    menu = menu_of(desk, 0, TITLE)
    chosen = entry(menu, "History of “Title”")
    menu.close()
    somebody_else(directory, UpdateUser(ADA, {"title": "Judge"}))
    chosen.trigger()
    desk.runner.drain()
    shown = dialog(FieldHistoryDialog)
    assert isinstance(shown, FieldHistoryDialog)
    assert [item.title for item in items(shown)] == ["Judge", "(empty)", "<b>Counsel", "Clerk"]
    log = EventLog.open(directory)
    Bus(log, clock=lambda: FIRST + 200 * DAY, actor="farid").dispatch(
        UpdateUser(BEN, {"phone": "1"}), occurred_at=FIRST + DAY // 2
    )
    log.close()
    assert desk.window.session is not None
    desk.window.session.file.follow(lambda: None)
    desk.runner.drain()
    desk.qtbot.keyClick(values(shown), Qt.Key.Key_Down)
    desk.qtbot.keyClick(values(shown), Qt.Key.Key_Return)
    assert desk.page.view.moment == 5, "the fourth step is the fifth by now"
    assert desk.page.model.data(desk.page.model.index(0, TITLE)) == ""


def test_a_directory_closed_meanwhile_shows_nothing(desk: Desk) -> None:
    menu = menu_of(desk, 0, TITLE)
    chosen = entry(menu, "History of “Title”")
    menu.close()
    chosen.trigger()
    desk.window.go_to_welcome()
    desk.runner.drain()
    assert not any(isinstance(widget, FieldHistoryDialog) and widget.isVisible() for widget in windows())


def test_a_damaged_read_side_is_made_anew(desk: Desk, home: Path) -> None:
    (cache,) = (home / ".cache" / "whowas").iterdir()
    with (cache / "read.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"nonsense" * 4_000)
    shown = ask(desk, 0, TITLE, "History of “Title”")
    assert [item.title for item in items(shown)] == ["(empty)", "<b>Counsel", "Clerk"]
