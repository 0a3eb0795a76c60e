"""A segmented control: by mouse, by keyboard, and as a screen reader is told of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.kit.segments import Segments


class Bench(QWidget):
    """A control between two fields, and what it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.after = QLineEdit(), QLineEdit()
        self.segments = Segments("Blank cells")
        self.segments.add("keep", "Leave as they are")
        self.segments.add("clear", "Clear & forget")
        self.segments.add("ask", "Ask", "calendar")
        row = QHBoxLayout(self)
        for widget in (self.before, self.segments, self.after):
            row.addWidget(widget)
        QWidget.setTabOrder(self.before, self.segments.buttons()[0])
        QWidget.setTabOrder(self.segments.buttons()[-1], self.after)
        self.chosen: list[str] = []
        self.pressed: list[str] = []
        self.segments.chosen.connect(self.chosen.append)
        self.segments.pressed.connect(self.pressed.append)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def ticked(bench: Bench) -> list[str]:
    return [button.accessibleName() for button in bench.segments.buttons() if button.isChecked()]


def test_none_is_chosen_until_somebody_chooses(bench: Bench) -> None:
    assert bench.segments.current() is None
    assert ticked(bench) == []


def test_a_click_chooses_and_tells_so_once(qtbot: QtBot, bench: Bench) -> None:
    button = bench.segments.button("clear")
    for _ in range(2):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert ticked(bench) == ["Clear & forget"]
    assert bench.chosen == ["clear"]
    assert bench.pressed == ["clear", "clear"]


def test_what_the_program_chooses_is_not_told(bench: Bench) -> None:
    bench.segments.choose("ask")
    assert bench.segments.current() == "ask"
    bench.segments.choose(None)
    assert (bench.segments.current(), bench.chosen, bench.pressed) == (None, [], [])


def test_tab_stops_once_at_the_chosen_one_and_arrows_move(qtbot: QtBot, bench: Bench) -> None:
    bench.segments.choose("clear")
    bench.before.setFocus()
    qtbot.keyClick(bench.before, Qt.Key.Key_Tab)
    assert bench.segments.button("clear").hasFocus()
    qtbot.keyClick(bench.segments.button("clear"), Qt.Key.Key_Right)
    assert bench.segments.button("ask").hasFocus()
    qtbot.keyClick(bench.segments.button("ask"), Qt.Key.Key_Right)
    assert bench.segments.button("ask").hasFocus(), "it ends there"
    for _ in range(2):
        qtbot.keyClick(bench.focusWidget(), Qt.Key.Key_Left)
    assert (ticked(bench), bench.chosen) == (["Leave as they are"], ["ask", "clear", "keep"])
    assert bench.pressed == []
    qtbot.keyClick(bench.segments.button("keep"), Qt.Key.Key_Tab)
    assert bench.after.hasFocus()


def test_space_chooses_where_nothing_is_chosen(qtbot: QtBot, bench: Bench) -> None:
    bench.before.setFocus()
    qtbot.keyClick(bench.before, Qt.Key.Key_Tab)
    qtbot.keyClick(bench.segments.button("keep"), Qt.Key.Key_Space)
    assert bench.chosen == ["keep"]


def test_segments_that_are_away_are_no_stops(qtbot: QtBot, bench: Bench) -> None:
    bench.segments.choose("keep")
    bench.segments.show_only(["keep", "ask"])
    qtbot.keyClick(bench.segments.button("keep"), Qt.Key.Key_Right)
    assert bench.segments.current() == "ask"


def test_a_screen_reader_hears_buttons_that_are_checked_or_not(bench: Bench) -> None:
    bench.segments.choose("clear")
    for key, name in (("keep", "Leave as they are"), ("clear", "Clear & forget")):
        told = QAccessible.queryAccessibleInterface(bench.segments.button(key))
        assert told.text(QAccessible.Text.Name) == name
        assert told.state().checkable
        assert told.state().checked == (key == "clear")


def test_neighbours_share_an_edge_and_nothing_is_cut_off(bench: Bench) -> None:
    first, second, third = (button.geometry() for button in bench.segments.buttons())
    assert (first.right(), second.right()) == (second.left(), third.left())
    assert third.right() < bench.segments.width()
