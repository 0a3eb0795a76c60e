"""The tool bar: its buttons are the window's actions in another shape."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from whowas.desktop.chrome.toolbar import Toolbar
from whowas.desktop.kit import icons

LABELS = {"New user": "user-plus", "Import": "import", "Export": "export", "Undo": "undo", "Redo": "redo"}


@pytest.fixture
def actions() -> dict[str, QAction]:
    return {label: QAction(icons.icon(icon), label) for label, icon in LABELS.items()}


@pytest.fixture
def toolbar(qtbot: QtBot, actions: dict[str, QAction]) -> Toolbar:
    made = Toolbar(*actions.values())
    qtbot.addWidget(made)
    made.resize(1360, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def button(toolbar: Toolbar, name: str) -> QPushButton:
    (found,) = (button for button in toolbar.findChildren(QPushButton) if button.accessibleName() == name)
    return found


@pytest.mark.parametrize("name", list(LABELS))
def test_each_button_does_what_its_action_does(
    qtbot: QtBot, toolbar: Toolbar, actions: dict[str, QAction], name: str
) -> None:
    with qtbot.waitSignal(actions[name].triggered):
        qtbot.mouseClick(button(toolbar, name), Qt.MouseButton.LeftButton)
    assert QAccessible.queryAccessibleInterface(button(toolbar, name)).text(QAccessible.Text.Name) == name


@pytest.mark.parametrize("name", list(LABELS))
def test_buttons_follow_their_actions(toolbar: Toolbar, actions: dict[str, QAction], name: str) -> None:
    actions[name].setEnabled(False)
    actions[name].setToolTip("Undo “Ada Osei: email” (Ctrl+Z)")
    assert not button(toolbar, name).isEnabled()
    assert button(toolbar, name).toolTip() == "Undo “Ada Osei: email” (Ctrl+Z)"
    actions[name].setEnabled(True)
    assert button(toolbar, name).isEnabled()


def test_a_mnemonic_belongs_to_the_menu_alone(toolbar: Toolbar, actions: dict[str, QAction]) -> None:
    actions["Import"].setText("&Import…")
    assert button(toolbar, "Import").text() == "Import"


def test_undo_and_redo_show_their_icons_only(toolbar: Toolbar) -> None:
    shown = [button(toolbar, name).text() for name in LABELS]
    assert shown == ["New user", "Import", "Export", "", ""]
    assert all(not button(toolbar, name).icon().isNull() for name in LABELS)


def test_every_button_is_reached_by_the_keyboard(qtbot: QtBot, toolbar: Toolbar) -> None:
    toolbar.activateWindow()
    button(toolbar, "New user").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button(toolbar, "New user").hasFocus)
    reached = []
    for _ in range(5):
        focused = toolbar.focusWidget()
        reached.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert [*reached, toolbar.focusWidget().accessibleName()] == [*LABELS, "Search"]


def test_the_search_is_at_the_right_and_no_wider_than_it_needs(toolbar: Toolbar) -> None:
    assert toolbar.search.width() == 330
    assert toolbar.search.geometry().right() == toolbar.width() - 13
