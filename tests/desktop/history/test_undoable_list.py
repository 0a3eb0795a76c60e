"""The link that undoes a change, in the history of its user."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.desktop.history.test_list import CREATED, GROUP, TITLE, middle
from tests.desktop.putting_back.test_commands import dialog, do, lines
from tests.desktop.window.test_main_window import ADA, Desk, desk, directory
from whowas.desktop.history.undoable_list import UndoableHistory
from whowas.desktop.kit import theme
from whowas.domain.commands import UpdateUser

__all__ = ["desk", "directory"]


@pytest.fixture
def changes(qtbot: QtBot) -> UndoableHistory:
    made = UndoableHistory()
    qtbot.addWidget(made)
    made.resize(300, 400)
    made.show()
    made.set_items([TITLE, GROUP, CREATED])
    return made


@pytest.fixture
def wanted(changes: UndoableHistory) -> list[tuple[str, int]]:
    """What is asked for, in order."""
    found: list[tuple[str, int]] = []
    changes.undoWanted.connect(lambda step: found.append(("undo", step)))
    changes.stepActivated.connect(lambda step: found.append(("show", step)))
    return found


def test_the_link_undoes_and_the_rest_of_the_row_goes_there(
    changes: UndoableHistory, wanted: list[tuple[str, int]], qtbot: QtBot
) -> None:
    qtbot.mouseClick(changes.viewport(), Qt.MouseButton.LeftButton, pos=changes.link_of(1).center())
    qtbot.mouseClick(changes.viewport(), Qt.MouseButton.LeftButton, pos=middle(changes, 2))
    assert wanted == [("undo", 20), ("show", 10)]


def test_the_keyboard_undoes_the_current_change(
    changes: UndoableHistory, wanted: list[tuple[str, int]], qtbot: QtBot
) -> None:
    qtbot.waitExposed(changes)
    changes.activateWindow()
    changes.setFocus()
    qtbot.waitUntil(changes.hasFocus)
    changes.setCurrentIndex(changes.model().index(1, 0))
    qtbot.keyClick(changes, Qt.Key.Key_U)
    assert wanted == [("undo", 20)]


@pytest.mark.parametrize("by_keyboard", [True, False])
def test_the_menu_of_a_row_undoes_it(
    changes: UndoableHistory, wanted: list[tuple[str, int]], by_keyboard: bool
) -> None:
    changes.setCurrentIndex(changes.model().index(2, 0))
    reason = QContextMenuEvent.Reason.Keyboard if by_keyboard else QContextMenuEvent.Reason.Mouse
    place = middle(changes, 1)
    QApplication.sendEvent(changes.viewport(), QContextMenuEvent(reason, place, changes.viewport().mapToGlobal(place)))
    (menu,) = changes.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["Show this moment", "Undo this change"]
    for action in menu.actions():
        action.trigger()
    step = 10 if by_keyboard else 20
    assert wanted == [("show", step), ("undo", step)]
    menu.hide()


def test_beside_the_rows_there_is_no_menu(changes: UndoableHistory) -> None:
    place = QPoint(20, 390)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, changes.viewport().mapToGlobal(place))
    QApplication.sendEvent(changes.viewport(), event)
    assert changes.findChildren(QMenu) == []


def test_what_is_read_aloud_stays_clean_and_the_list_tells_its_keys(changes: UndoableHistory) -> None:
    spoken = QAccessible.queryAccessibleInterface(changes)
    assert spoken.child(0).text(QAccessible.Text.Name) == "Title changed, Intern → Engineer, Farid Haddad, today 09:41"
    assert spoken.text(QAccessible.Text.Description) == "Enter shows the moment of a change, U undoes it."


def test_the_link_is_in_the_accent_and_underlined_under_the_pointer(changes: UndoableHistory, qtbot: QtBot) -> None:
    def accented() -> int:
        """Count the pixels that are nearer to the accent than to the background."""
        image, accent = changes.viewport().grab(changes.link_of(0)).toImage(), theme.current().accent
        colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return sum(abs(one.red() - accent.red()) < 90 and one.blue() > one.red() + 60 for one in colours)

    written = accented()
    assert written > 0
    qtbot.mouseMove(changes.viewport(), changes.link_of(0).center())
    qtbot.waitUntil(lambda: changes.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor)
    assert accented() > written + 20
    qtbot.mouseMove(changes.viewport(), middle(changes, 1))
    qtbot.waitUntil(lambda: changes.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor)


@pytest.mark.parametrize("back", [0, 1, 3])
def test_it_works_at_any_moment_shown(desk: Desk, back: int, qtbot: QtBot) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(desk, UpdateUser(ADA, {"title": "Clerk", "phone": "1"}))
    desk.page.selection.select(ADA)
    desk.page.panel.show_history()
    desk.page.view.show_moment(desk.page.view.index.now - back)
    history = desk.page.panel.history
    place = history.link_of(1).center()
    qtbot.mouseClick(history.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lines(dialog(desk)) == ["Ada | Title | Clerk | empty"]
    dialog(desk).reject()
