"""The list of a user's changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from whowas.desktop.history.list import HistoryDelegate, HistoryItem, HistoryList
from whowas.desktop.kit import theme

TITLE = HistoryItem(30, "pencil", "Title changed", "Intern → Engineer", "Farid Haddad", "today 09:41")
GROUP = HistoryItem(20, "hash", "Added to group", "Systems", "Farid Haddad", "yesterday 16:20")
CREATED = HistoryItem(10, "user-plus", "Created", "", "Ines Duarte", "2 Nov")


@pytest.fixture
def changes(qtbot: QtBot) -> HistoryList:
    made = HistoryList()
    qtbot.addWidget(made)
    QAbstractItemModelTester(made.model(), QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.resize(300, 400)
    made.show()
    made.set_items([TITLE, GROUP, CREATED])
    return made


def middle(changes: HistoryList, row: int) -> QPoint:
    return changes.visualRect(changes.model().index(row, 0)).center()


def test_everything_is_read_aloud(changes: HistoryList) -> None:
    spoken = QAccessible.queryAccessibleInterface(changes)
    assert spoken.text(QAccessible.Text.Name) == "Changes of this user"
    assert [spoken.child(row).text(QAccessible.Text.Name) for row in range(spoken.childCount())] == [
        "Title changed, Intern → Engineer, Farid Haddad, today 09:41",
        "Added to group, Systems, Farid Haddad, yesterday 16:20",
        "Created, Ines Duarte, 2 Nov",
    ]


def test_what_lies_in_the_future_says_so_and_is_paler(changes: HistoryList) -> None:
    def darkest(image: QImage) -> int:
        return min(image.pixelColor(x, y).lightness() for x in range(36, 200) for y in range(8, 25))

    happened = changes.viewport().grab(changes.visualRect(changes.model().index(0, 0))).toImage()
    changes.set_items([replace(TITLE, future=True), GROUP, CREATED])
    later = changes.viewport().grab(changes.visualRect(changes.model().index(0, 0))).toImage()
    assert darkest(later) > darkest(happened) + 40
    assert str(changes.model().index(0, 0).data()).endswith(", later")


def test_a_click_asks_for_the_step_once(changes: HistoryList, qtbot: QtBot) -> None:
    steps: list[int] = []
    changes.stepActivated.connect(steps.append)
    qtbot.mouseClick(changes.viewport(), Qt.MouseButton.LeftButton, pos=middle(changes, 1))
    assert steps == [20]
    qtbot.mouseClick(changes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 390))
    assert steps == [20]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_ask_for_the_step_once(changes: HistoryList, qtbot: QtBot, key: Qt.Key) -> None:
    steps: list[int] = []
    changes.stepActivated.connect(steps.append)
    changes.setCurrentIndex(changes.model().index(0, 0))
    qtbot.keyClick(changes, Qt.Key.Key_Down)
    assert steps == []
    qtbot.keyClick(changes, key)
    assert steps == [20]


def test_another_moment_of_the_same_history_keeps_the_place(changes: HistoryList) -> None:
    many = [replace(TITLE, step=step) for step in range(5000, 0, -1)]
    changes.set_items(many)
    changes.setCurrentIndex(changes.model().index(40, 0))
    changes.verticalScrollBar().setValue(2000)
    changes.set_items([replace(item, future=item.step > 100) for item in many])
    assert changes.currentIndex().row() == 40
    assert changes.verticalScrollBar().value() == 2000
    changes.set_items([GROUP])
    assert not changes.currentIndex().isValid()


def test_thousands_of_changes_have_one_height(changes: HistoryList) -> None:
    changes.set_items([replace(TITLE, step=step) for step in range(5000)])
    assert changes.visualRect(changes.model().index(0, 0)).height() == HistoryDelegate.HEIGHT
    assert changes.verticalScrollBar().maximum() == 5000 * HistoryDelegate.HEIGHT - changes.viewport().height()


def test_items_are_made_only_for_rows_in_sight(changes: HistoryList, qtbot: QtBot) -> None:
    asked: set[int] = set()

    def item_of(row: int) -> HistoryItem:
        asked.add(row)
        return TITLE

    changes.set_rows(range(5000, 0, -1), item_of)
    qtbot.waitUntil(lambda: len(asked) > 1)
    assert max(asked) <= changes.viewport().height() // HistoryDelegate.HEIGHT + 1


def test_texts_of_any_kind_are_painted_as_they_are(changes: HistoryList) -> None:
    awkward = HistoryItem(1, "pencil", "<b>Bold</b>\nsecond line", "\u202emirrored\u202c 🌱 " + "x" * 10_000, "", "")
    changes.set_items([awkward])
    image = changes.viewport().grab().toImage()
    background = theme.current().surface
    below = HistoryDelegate.HEIGHT + 2
    assert all(image.pixelColor(x, below) == background for x in range(0, image.width(), 3))
