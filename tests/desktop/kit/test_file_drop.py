"""Files that are dragged over a window are shown as welcome and handed on; nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.kit.file_drop import DropHighlight, FileDrop, file_drop_on

BUTTON, KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
PROPOSED = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    made.setCentralWidget(QLineEdit())
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    return made


@pytest.fixture
def drop(window: QMainWindow) -> FileDrop:
    return file_drop_on(window)


def urls(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(path) if "://" in path else QUrl.fromLocalFile(path) for path in paths])
    return data


def text(said: str) -> QMimeData:
    data = QMimeData()
    data.setText(said)
    return data


def enter(window: QWidget, data: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(QPointF(9, 9).toPoint(), PROPOSED, data, BUTTON, KEYS)
    QApplication.sendEvent(window.windowHandle(), event)
    return event


def move(window: QWidget, data: QMimeData) -> QDragMoveEvent:
    event = QDragMoveEvent(QPointF(10, 9).toPoint(), PROPOSED, data, BUTTON, KEYS)
    QApplication.sendEvent(window.windowHandle(), event)
    return event


def let_go(window: QWidget, data: QMimeData) -> QDropEvent:
    event = QDropEvent(QPointF(10, 9), PROPOSED, data, BUTTON, KEYS)
    QApplication.sendEvent(window.windowHandle(), event)
    return event


def dragged_to(window: QWidget, *paths: str | Path) -> None:
    """Drag files over a window and drop them there."""
    data = urls(*map(str, paths))
    enter(window, data)
    move(window, data)
    let_go(window, data)


def highlights(window: QWidget) -> Sequence[DropHighlight]:
    return [found for found in window.findChildren(DropHighlight) if found.isVisible()]


def test_what_is_dragged_is_named_until_it_is_dropped(window: QMainWindow, drop: FileDrop, qtbot: QtBot) -> None:
    data = urls("/home/ines/members.csv")
    entered = enter(window, data)
    assert entered.isAccepted()
    assert entered.dropAction() is Qt.DropAction.CopyAction
    (shown,) = highlights(window)
    assert shown.geometry() == window.centralWidget().geometry()
    assert (shown.accessibleName(), shown.accessibleDescription()) == ("Drop to import", "members.csv")
    assert move(window, data).isAccepted()

    with qtbot.waitSignal(drop.dropped) as told:
        assert let_go(window, data).dropAction() is Qt.DropAction.CopyAction

    assert told.args == [[Path("/home/ines/members.csv")]]
    assert not highlights(window)


def test_several_are_counted_and_come_in_their_order(window: QMainWindow, drop: FileDrop, qtbot: QtBot) -> None:
    data = urls("/b.csv", "/a.csv")
    enter(window, data)
    assert highlights(window)[0].accessibleDescription() == "2 files"
    with qtbot.waitSignal(drop.dropped) as told:
        let_go(window, data)
    assert told.args == [[Path("/b.csv"), Path("/a.csv")]]


def test_the_highlight_covers_the_window_and_goes_when_the_files_do(window: QMainWindow, drop: FileDrop) -> None:
    enter(window, urls("/a.csv"))
    window.resize(900, 600)
    assert highlights(window)[0].geometry() == window.centralWidget().geometry()
    QApplication.sendEvent(window.windowHandle(), QDragLeaveEvent())
    assert not highlights(window)


def test_text_is_left_to_the_fields_and_files_are_not(window: QMainWindow, drop: FileDrop, qtbot: QtBot) -> None:
    field = window.centralWidget()
    assert isinstance(field, QLineEdit)
    assert enter(window, text("ada@example.org")).isAccepted()  # by the field
    assert not highlights(window)
    let_go(window, text("ada@example.org"))
    assert field.text() == "ada@example.org"
    with qtbot.waitSignal(drop.dropped):
        dragged_to(window, "/a.csv")
    assert field.text() == "ada@example.org"


def test_a_window_that_is_not_shown_yet_takes_files_once_it_is(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    drop = file_drop_on(window)
    window.show()
    with qtbot.waitSignal(drop.dropped):
        dragged_to(window, "/a.csv")


def test_what_lies_elsewhere_is_refused_in_a_sentence(window: QMainWindow, drop: FileDrop, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(drop.dropped), qtbot.waitSignal(drop.refused) as told:
        dragged_to(window, "https://example.org/members.csv", "/a.csv")
    assert told.args == ["Only files of this computer can be dropped here: save what you dragged, then drop that."]


def test_why_it_is_of_no_use_is_said_before_it_is_dropped(window: QMainWindow, drop: FileDrop, qtbot: QtBot) -> None:
    drop.why_not = lambda: "It is closed."
    enter(window, urls("/a.csv"))
    shown = highlights(window)[0]
    assert (shown.accessibleName(), shown.accessibleDescription()) == ("Files cannot be imported now", "It is closed.")
    with qtbot.waitSignal(drop.dropped):
        let_go(window, urls("/a.csv"))
    drop.welcome_all()
    enter(window, urls("/a.csv"))
    assert highlights(window)[0].accessibleName() == "Drop to import"


def test_nothing_is_taken_while_a_dialog_waits(window: QMainWindow, drop: FileDrop, qtbot: QtBot) -> None:
    dialog = QDialog(window)
    dialog.open()
    with qtbot.assertNotEmitted(drop.dropped):
        dragged_to(window, "/a.csv")
    dialog.reject()


def test_a_window_has_one(window: QMainWindow, drop: FileDrop) -> None:
    assert file_drop_on(window) is drop


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("why_not", ["", "Nothing can be imported into the past: return to now first."])
def test_the_highlight_shows_what_lies_below_it(window: QMainWindow, scheme: theme.Scheme, why_not: str) -> None:
    theme.apply(QApplication.instance(), scheme)  # type: ignore[arg-type]
    try:
        shown = DropHighlight(window, "a" * 300 + ".csv", why_not)
        shown.setGeometry(window.rect())
        shown.show()
        picture = shown.grab().toImage()
        card = picture.pixelColor(picture.width() // 2 - 150, picture.height() // 2)
        assert card == theme.current().surface
        assert picture.pixelColor(2, 2) != card
    finally:
        theme.apply(QApplication.instance(), "system")  # type: ignore[arg-type]
