"""The page shown while no directory is open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from whowas.desktop.window.recent_list import RecentDirectory, RecentList
from whowas.desktop.window.welcome import WelcomePage

STAFF = RecentDirectory("/home/ines/staff.whowas", "staff", "/home/ines", "today 09:41")
GONE = RecentDirectory("/media/stick/old.whowas", "old", "/media/stick", "12 Nov 2024", missing=True)


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    made = WelcomePage()
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    return made


def recent(page: WelcomePage) -> RecentList:
    found = page.findChild(RecentList)
    assert isinstance(found, RecentList)
    return found


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("New directory…", "newRequested"),
        ("Open…", "openRequested"),
        ("Try a sample", "sampleRequested"),
        ("Import a list…", "importRequested"),
    ],
)
def test_buttons_ask(page: WelcomePage, qtbot: QtBot, text: str, signal: str) -> None:
    (button,) = (one for one in page.findChildren(QPushButton) if one.text() == text)
    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == text
    with qtbot.waitSignal(getattr(page, signal), timeout=1000):
        button.click()


def test_without_recent_directories_there_is_no_list(page: WelcomePage) -> None:
    assert recent(page).isHidden()
    page.set_recent([STAFF])
    assert not recent(page).isHidden()
    page.set_recent([])
    assert recent(page).isHidden()


def test_recent_directories_are_read_aloud(page: WelcomePage) -> None:
    page.set_recent([STAFF, GONE])
    spoken = QAccessible.queryAccessibleInterface(recent(page))
    assert spoken.text(QAccessible.Text.Name) == "Recent directories"
    assert [spoken.child(row).text(QAccessible.Text.Name) for row in range(2)] == [
        "staff, /home/ines, today 09:41",
        "old, /media/stick, missing",
    ]


def test_a_recent_directory_is_opened_and_forgotten(page: WelcomePage, qtbot: QtBot) -> None:
    opened: list[str] = []
    removed: list[str] = []
    page.recentActivated.connect(opened.append)
    page.recentRemoved.connect(removed.append)
    page.set_recent([STAFF, GONE])
    view = recent(page)
    QAbstractItemModelTester(view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal, view)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(0, 0)).center())
    assert opened == [STAFF.path]
    view.setCurrentIndex(view.model().index(1, 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == [STAFF.path, GONE.path]
    (removing,) = (action for action in view.actions() if action.text() == "Remove from list")
    removing.trigger()
    assert (opened, removed) == ([STAFF.path, GONE.path], [GONE.path])


def test_all_of_a_few_directories_are_seen_at_once(page: WelcomePage, qtbot: QtBot) -> None:
    # Many first: before anything is laid out there is nothing to scroll either.
    page.set_recent([STAFF] * 20)
    qtbot.waitUntil(lambda: recent(page).verticalScrollBar().maximum() > 0)
    assert page.minimumSizeHint().height() < 600
    page.set_recent([STAFF] * 5)
    qtbot.waitUntil(lambda: recent(page).verticalScrollBar().maximum() == 0)
