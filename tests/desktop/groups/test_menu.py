"""The menu of a group in the sidebar: it is reachable by keyboard, and each act is one change that can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, desk, directory
from whowas.desktop.details.group_chips import Chip
from whowas.desktop.groups.merge_dialog import MergeGroupDialog
from whowas.desktop.groups.rename_dialog import RenameGroupDialog
from whowas.desktop.kit import theme
from whowas.desktop.kit.search_field import SearchField
from whowas.desktop.kit.toast import Toast
from whowas.desktop.session.view import GROUP_PREFIX
from whowas.domain.commands import Command, CreateGroup, DeleteGroup, JoinGroup
from whowas.domain.groups import COLOURS

__all__ = ["desk", "directory"]

D = TypeVar("D", bound=QDialog)
DAY, NIGHT, LEGAL = (f"01890000-0000-7000-8000-0000000000f{number}" for number in "123")


def do(desk: Desk, *commands: Command) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(*commands))
    desk.settle()


@pytest.fixture
def groups(desk: Desk) -> Iterator[Desk]:
    """Ada is in Day, Ben in Day and Night, nobody in Legal."""
    made = (CreateGroup(DAY, "Day"), CreateGroup(NIGHT, "Night"), CreateGroup(LEGAL, "Legal"))
    do(desk, DeleteGroup(RECORDS), *made, JoinGroup(ADA, DAY), JoinGroup(BEN, DAY), JoinGroup(BEN, NIGHT))
    yield desk
    for menu in desk.window.findChildren(QMenu):
        menu.close()


def menu_of(desk: Desk, group_id: str) -> QMenu:
    desk.page.groupMenuRequested.emit(GROUP_PREFIX + group_id, QPoint(5, 5))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def action(desk: Desk, group_id: str, text: str) -> QAction:
    return next(one for one in menu_of(desk, group_id).actions() if one.text() == text)


def choose(desk: Desk, group_id: str, text: str) -> None:
    chosen = action(desk, group_id, text)
    menu_of(desk, group_id).close()
    chosen.trigger()
    desk.settle()


def colours(desk: Desk, group_id: str) -> dict[str, QAction]:
    menu = action(desk, group_id, "Colour").menu()
    assert isinstance(menu, QMenu)
    return {one.text(): one for one in menu.actions()}


def sidebar(desk: Desk) -> list[str]:
    model = desk.page.sidebar.model()
    lines = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    return lines[lines.index("Groups") + 1 :] if "Groups" in lines else []


def dialog(desk: Desk, kind: type[D]) -> D:
    (found,) = (one for one in desk.window.findChildren(kind) if one.isVisible())
    return found


def press(dialog: QDialog, text: str) -> None:
    next(one for one in dialog.findChildren(QPushButton) if one.text() == text).click()


def toast(desk: Desk) -> Toast:
    return desk.page.findChildren(Toast)[-1]


def groups_of(desk: Desk, user_id: str) -> set[str]:
    names = desk.page.view.directory.groups
    return {names[group] for group in desk.shown(user_id).groups if group in names}


def test_what_it_offers(groups: Desk) -> None:
    offered = [one.text() for one in menu_of(groups, NIGHT).actions() if not one.isSeparator()]
    assert offered == [
        *("Show members", "Select members", "Rename…", "Colour", "Move up", "Move down"),
        *("Merge into another…", "Delete"),
    ]
    assert action(groups, NIGHT, "Delete").toolTip() == "Only the group: its 1 member stays a user"
    assert action(groups, DAY, "Delete").toolTip() == "Only the group: its 2 members stay users"
    assert [text for text in ("Move up", "Move down") if action(groups, DAY, text).isEnabled()] == ["Move down"]
    assert [text for text in ("Move up", "Move down") if action(groups, NIGHT, text).isEnabled()] == ["Move up"]


def test_the_menu_key_opens_it_on_the_group_that_is_shown(groups: Desk) -> None:
    groups.page.sidebar.select(GROUP_PREFIX + NIGHT)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(groups.page.sidebar, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    assert menu.activeAction().text() == "Show members"


def test_in_the_past_it_only_shows_and_selects(groups: Desk) -> None:
    groups.page.view.show_moment(groups.page.view.index.now - 1)
    usable = [one.text() for one in menu_of(groups, NIGHT).actions() if one.isEnabled() and not one.isSeparator()]
    assert usable == ["Show members", "Select members"]


def test_showing_and_selecting_members(groups: Desk) -> None:
    choose(groups, DAY, "Show members")
    assert groups.page.sidebar.key == GROUP_PREFIX + DAY
    assert groups.page.selection.count == 0
    groups.page.sidebar.select("everyone")
    search = groups.window.findChild(SearchField)
    assert isinstance(search, SearchField)
    search.setText("Chi")
    QTest.keyClick(search, Qt.Key.Key_Return)
    groups.settle()
    choose(groups, DAY, "Select members")
    assert groups.page.sidebar.key == GROUP_PREFIX + DAY
    assert search.text() == ""
    assert {user.id for user in groups.page.selection.users()} == {ADA, BEN}


def test_members_are_selected_once_they_are_found(groups: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whowas.desktop.session.view.ROWS_RANKED_AT_ONCE", 0)
    chosen = action(groups, NIGHT, "Select members")
    menu_of(groups, NIGHT).close()
    chosen.trigger()
    assert groups.page.selection.count == 0, "others are shown until then"
    groups.settle()
    assert {user.id for user in groups.page.selection.users()} == {BEN}


def test_renaming_asks_without_stopping_anything(groups: Desk) -> None:
    choose(groups, DAY, "Rename…")
    asking = dialog(groups, RenameGroupDialog)
    field = asking.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert (field.accessibleName(), field.text(), field.selectedText()) == ("Name", "Day", "Day")
    field.setText("Day shift")
    press(asking, "Rename")
    groups.settle()
    assert sidebar(groups) == ["Day shift", "Legal", "Night"]


def test_a_name_that_is_taken_is_one_sentence(groups: Desk) -> None:
    choose(groups, DAY, "Rename…")
    asking = dialog(groups, RenameGroupDialog)
    field = asking.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("night")
    press(asking, "Rename")
    groups.settle()
    assert groups.window.messages.message() == "There is a group called “night” already."
    assert sidebar(groups) == ["Day", "Legal", "Night"]


def test_a_name_that_cannot_be_one_is_refused_in_the_dialog_and_nothing_of_it_is_cut(groups: Desk) -> None:
    choose(groups, DAY, "Rename…")
    asking = dialog(groups, RenameGroupDialog)
    field = asking.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "x" * 101)
    press(asking, "Rename")
    assert asking.isVisible()
    assert field.text() == "x" * 101
    assert any("at most 100 plain characters" in one.text() for one in asking.findChildren(QLabel))
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    press(asking, "Rename")
    groups.settle()
    assert "x" * 100 in sidebar(groups)


def test_a_colour_shows_in_sidebar_and_table_and_is_undone(groups: Desk) -> None:
    offered = colours(groups, NIGHT)
    assert [*offered] == ["None", *(colour.capitalize() for colour in COLOURS)]
    assert [text for text, one in offered.items() if one.isChecked()] == ["None"]
    offered["Blue"].trigger()
    groups.settle()
    model, sidebar_ = groups.page.sidebar.model(), groups.page.sidebar
    row = sidebar_._entries.index_of(GROUP_PREFIX + NIGHT)
    assert model.data(row, Qt.ItemDataRole.AccessibleDescriptionRole) == "blue"
    assert groups.page.table._cells._colours == {"Night": "blue"}
    assert [text for text, one in colours(groups, NIGHT).items() if one.isChecked()] == ["Blue"]
    groups.trigger("undo")
    groups.settle()
    assert groups.page.view.directory.looks.colours == {}
    assert groups.page.table._cells._colours == {}


def test_groups_move_and_the_past_keeps_its_own_order(groups: Desk) -> None:
    assert sidebar(groups) == ["Day", "Legal", "Night"]
    before = groups.page.view.index.now
    choose(groups, NIGHT, "Move up")
    assert sidebar(groups) == ["Day", "Night", "Legal"]
    choose(groups, DAY, "Move down")
    assert sidebar(groups) == ["Night", "Day", "Legal"]
    groups.page.view.show_moment(before)
    assert sidebar(groups) == ["Day", "Legal", "Night"]
    groups.page.return_to_now()
    groups.trigger("undo")
    groups.trigger("undo")
    groups.settle()
    assert sidebar(groups) == ["Day", "Legal", "Night"]


def test_a_group_is_dragged_into_order(groups: Desk) -> None:
    groups.page.sidebar.groupMoved.emit(GROUP_PREFIX + NIGHT, 0)
    groups.settle()
    assert sidebar(groups) == ["Night", "Day", "Legal"]


def test_merging_is_one_change_with_an_undo(groups: Desk) -> None:
    groups.page.sidebar.select(GROUP_PREFIX + DAY)
    changes = groups.page.view.index.now
    choose(groups, DAY, "Merge into another…")
    asking = dialog(groups, MergeGroupDialog)
    into = asking.findChild(QComboBox)
    assert isinstance(into, QComboBox)
    assert into.accessibleName() == "Into"
    assert [into.itemText(row) for row in range(into.count())] == ["Legal", "Night"]
    assert (into.currentText(), into.placeholderText()) == ("", "Choose a group…"), "nobody chose any yet"
    press(asking, "Merge")
    assert asking.isVisible()
    into.setCurrentIndex(1)
    press(asking, "Merge")
    groups.settle()
    assert sidebar(groups) == ["Legal", "Night"]
    assert (groups_of(groups, ADA), groups_of(groups, BEN)) == ({"Night"}, {"Night"})
    assert groups.page.view.index.now == changes + 1
    assert groups.page.sidebar.key == GROUP_PREFIX + NIGHT, "where its members are now"
    assert toast(groups).accessibleName() == "Merged Day into Night"
    press_undo(groups)
    assert sidebar(groups) == ["Day", "Legal", "Night"]
    assert (groups_of(groups, ADA), groups_of(groups, BEN)) == ({"Day"}, {"Day", "Night"})


def press_undo(desk: Desk) -> None:
    link = toast(desk).findChild(QPushButton)
    assert isinstance(link, QPushButton)
    link.click()
    desk.settle()


def test_deleting_a_group_deletes_nobody(groups: Desk) -> None:
    groups.page.sidebar.select(GROUP_PREFIX + DAY)
    choose(groups, DAY, "Delete")
    assert sidebar(groups) == ["Legal", "Night"]
    assert toast(groups).accessibleName() == "Deleted Day; its 2 members stay users"
    assert groups.page.sidebar.key == "everyone"
    assert {groups.shown(user_id).status for user_id in (ADA, BEN, CHI)} == {"active"}
    press_undo(groups)
    assert sidebar(groups) == ["Day", "Legal", "Night"]
    assert groups_of(groups, ADA) == {"Day"}


def test_the_last_group_has_no_other_to_be_merged_into(groups: Desk) -> None:
    choose(groups, LEGAL, "Delete")
    choose(groups, NIGHT, "Delete")
    assert not action(groups, DAY, "Merge into another…").isEnabled()
    assert not action(groups, DAY, "Move up").isEnabled()
    assert not action(groups, DAY, "Move down").isEnabled()


def test_a_group_that_is_gone_meanwhile_has_no_menu(groups: Desk, tmp_path: Path) -> None:
    chosen = action(groups, LEGAL, "Merge into another…")
    menu_of(groups, LEGAL).close()
    chosen.trigger()
    asking = dialog(groups, MergeGroupDialog)
    into = asking.findChild(QComboBox)
    assert isinstance(into, QComboBox)
    into.setCurrentIndex(0)
    choose(groups, LEGAL, "Delete")
    press(asking, "Merge")
    groups.settle()
    assert groups.window.messages.message() == "There is no such group."
    groups.page.groupMenuRequested.emit(GROUP_PREFIX + LEGAL, QPoint(5, 5))
    assert QApplication.activePopupWidget() is None


def test_the_chips_of_the_form_have_the_colours_of_their_groups(groups: Desk) -> None:
    colours(groups, NIGHT)["Teal"].trigger()
    groups.settle()
    groups.select("Ben")
    groups.settle()
    chips = {chip.name: chip for chip in groups.page.panel.form.rows.groups._chips}
    assert {name: chip._token for name, chip in chips.items()} == {"Day": None, "Night": "group_teal"}
    teal = theme.current().group_teal.name()
    assert teal in edge(chips["Night"])
    assert teal not in edge(chips["Day"])


def edge(chip: Chip) -> set[str]:
    """The colours in the middle of its lower edge, where no letter is."""
    image = chip.grab().toImage()
    return {image.pixelColor(image.width() // 2, image.height() - row).name() for row in (1, 2)}


def test_the_dialogs_grow_with_the_text(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light", 150)
    try:
        for made in (RenameGroupDialog("Day"), MergeGroupDialog("Day", 2, [(NIGHT, "Night")])):
            qtbot.addWidget(made)
            assert made.minimumWidth() == 570
    finally:
        theme.apply(qapp, "light")
