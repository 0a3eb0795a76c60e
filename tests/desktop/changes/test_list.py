"""The list of the directory's changes: keys, clicks, following and painting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.fake_changes import FakeChanges, newest_first
from whowas.desktop.changes.list import ChangeDelegate, ChangesList
from whowas.desktop.changes.model import ChangesModel
from whowas.desktop.kit import dates, theme

MILLION = 1_000_000


class Shown:
    """A list, its model and the signals it emitted."""

    def __init__(self, qtbot: QtBot, steps: int) -> None:
        self.qtbot = qtbot
        self.source = FakeChanges()
        self.model = ChangesModel(self.source)
        self.list = ChangesList(self.model)
        qtbot.addWidget(self.list)
        self.asked: list[object] = []
        self.list.momentChosen.connect(self.asked.append)
        self.list.userChosen.connect(self.asked.append)
        self.model.show(*newest_first(steps))
        self.at(steps)
        self.list.resize(300, 10 * ChangeDelegate.HEIGHT)
        self.list.show()

    def at(self, moment: int, *, past: bool = False) -> None:
        self.model.show_moment(moment)
        self.list.show_past(past)
        self.list.follow()

    def go(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row, 0))

    def key(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(self.list, key)

    def click(self, row: int, x: int = 100) -> None:
        point = QPoint(x, self.list.visualRect(self.model.index(row, 0)).center().y())
        self.qtbot.mouseClick(self.list.viewport(), Qt.MouseButton.LeftButton, pos=point)

    @property
    def row(self) -> int:
        return self.list.currentIndex().row()

    def picture(self, row: int) -> QImage:
        QApplication.processEvents()
        return self.list.viewport().grab(self.list.visualRect(self.model.index(row, 0))).toImage()


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot, 21)


def test_it_is_read_aloud(shown: Shown) -> None:
    spoken = QAccessible.queryAccessibleInterface(shown.list)
    assert spoken.text(QAccessible.Text.Name) == "Changes"
    names = [spoken.child(place).text(QAccessible.Text.Name) for place in range(spoken.childCount())]
    (row,) = (name for name in names if name.startswith("Step 20, Title → Clerk, ines, "))
    assert row.endswith(", folded")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_ask_for_the_moment_once(shown: Shown, key: Qt.Key) -> None:
    shown.key(Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert shown.asked == []
    shown.key(key)
    assert shown.asked == [19]


def test_the_time_of_day_is_said_whenever_it_was(shown: Shown) -> None:
    local = dates.local(20 * 60_000_000)
    assert f"1 Jan 1970 {local:%H:%M}" in str(shown.model.index(1, 0).data())
    now = dates.microseconds_now()
    assert dates.timed(now, now) == dates.relative(now, now)


def test_home_and_end_go_to_the_ends(shown: Shown) -> None:
    shown.key(Qt.Key.Key_End)
    assert shown.row == 20
    shown.key(Qt.Key.Key_Home)
    assert shown.row == 0


def test_a_click_asks_for_the_moment_once(shown: Shown) -> None:
    shown.click(3)
    assert shown.asked == [18]
    shown.click(0, x=shown.list.viewport().width() - 5)
    assert shown.asked == [18, 21]


def test_keys_unfold_and_fold(shown: Shown) -> None:
    shown.key(Qt.Key.Key_Right)
    assert shown.model.rowCount() == 21
    shown.go(1)
    shown.key(Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert (shown.model.rowCount(), shown.row) == (41, 3)
    shown.key(Qt.Key.Key_Left)
    assert (shown.model.rowCount(), shown.row) == (21, 1)
    assert shown.asked == []


def test_the_chevron_unfolds_and_folds(shown: Shown) -> None:
    edge = shown.list.viewport().width() - 5
    shown.click(1, x=edge)
    assert shown.model.rowCount() == 41
    shown.click(1, x=edge)
    assert shown.model.rowCount() == 21
    assert shown.asked == []


def test_a_user_below_a_line_is_asked_for_after_the_moment(shown: Shown) -> None:
    shown.model.unfold(1)
    shown.go(4)
    shown.key(Qt.Key.Key_Return)
    assert shown.asked == [20, "id 3"]
    shown.at(20, past=True)
    assert shown.row == 4


def test_it_stands_where_the_slider_stands(shown: Shown) -> None:
    shown.at(5, past=True)
    assert shown.row == 16
    rect = shown.list.visualRect(shown.model.index(16, 0))
    assert shown.list.viewport().rect().contains(rect)
    shown.at(0, past=True)
    assert shown.row == -1
    shown.at(21)
    assert shown.row == 0


def test_what_is_typed_is_handed_on_and_nothing_read_for_it(qtbot: QtBot) -> None:
    shown = Shown(qtbot, MILLION)
    typed: list[str] = []
    shown.list.typed.connect(typed.append)
    before = len(shown.source.lines_read)
    qtbot.keyClick(shown.list, "s")
    assert typed == ["s"]
    assert len(shown.source.lines_read) == before


def test_a_million_steps_scroll_like_ten(qtbot: QtBot) -> None:
    shown = Shown(qtbot, MILLION)
    QApplication.processEvents()
    for moment in range(MILLION // 2, MILLION // 2 + 20_000, 1_000):
        shown.at(moment, past=True)
        shown.picture(shown.row)
    # Each must read only what is visible; the limit is far above that, and far below reading everything.
    assert len(shown.source.lines_read) < 21 * 3 * 16


def test_what_lies_in_the_future_is_paler_and_says_so(shown: Shown) -> None:
    def darkest(image: QImage) -> int:
        return min(image.pixelColor(x, y).lightness() for x in range(44, 120) for y in range(8, 25))

    shown.at(20)
    happened = darkest(shown.picture(2))
    later = darkest(shown.picture(0))
    assert later > happened + 40
    assert ", later" in str(shown.model.index(0, 0).data())


def test_the_last_that_has_happened_is_marked_amber_in_the_past(shown: Shown) -> None:
    tokens = theme.current()
    middle = ChangeDelegate.HEIGHT // 2
    assert shown.picture(0).pixelColor(1, middle) == tokens.accent
    shown.at(20, past=True)
    assert shown.picture(1).pixelColor(1, middle) == tokens.past
    assert shown.picture(0).pixelColor(1, middle) != tokens.accent


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
@pytest.mark.parametrize("past", [False, True])
def test_nothing_shows_behind_the_round_corners_of_the_row_one_stands_at(
    shown: Shown, colours: theme.Theme, past: bool
) -> None:
    shown.list.setStyleSheet(theme.stylesheet(colours))
    shown.at(20, past=past)
    assert shown.list.selectionModel().isSelected(shown.list.currentIndex())
    picture = shown.picture(1)
    right, bottom = picture.width() - 1, picture.height() - 1
    corners = [
        (0, 0),
        (0, 3),
        (right, 0),
        (right, 3),
        (0, bottom),
        (right, bottom),
        (right // 2, 0),
        (right, bottom - 3),
    ]
    ground = shown.picture(5).pixelColor(0, 0).name()
    assert {picture.pixelColor(*corner).name() for corner in corners} == {ground}


def test_a_menu_is_asked_for_at_its_row(shown: Shown) -> None:
    rows: list[int] = []
    shown.list.contextRequested.connect(lambda row, _place: rows.append(row))
    reason = QContextMenuEvent.Reason
    place = shown.list.visualRect(shown.model.index(2, 0)).center()
    QApplication.sendEvent(shown.list.viewport(), QContextMenuEvent(reason.Mouse, place, place))
    shown.go(5)
    QApplication.sendEvent(shown.list.viewport(), QContextMenuEvent(reason.Keyboard, QPoint(0, 0), QPoint(0, 0)))
    assert rows == [2, 5]


def test_rows_that_cannot_be_read_are_left_empty(shown: Shown) -> None:
    shown.source.reading = False
    shown.model.show(*newest_first(21), forget=True)
    shown.picture(0)
    shown.click(0)
    shown.key(Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert shown.asked == []
