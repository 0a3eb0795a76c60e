"""Zooming into the timeline, its signs, and its tool tips."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.timeline.drawing import BASELINE
from whowas.desktop.timeline.markers import Marker
from whowas.desktop.timeline.picture import bars_of
from whowas.desktop.timeline.scale import Times, TimeScale
from whowas.desktop.timeline.slider import TimelineSlider

DAY = 86_400_000_000
NONE = Qt.KeyboardModifier.NoModifier


def days(count: int) -> Times:
    return np.arange(count, dtype=np.int64) * DAY + 1_583_244_312_000_000


@pytest.fixture
def slider(qtbot: QtBot) -> TimelineSlider:
    made = TimelineSlider()
    qtbot.addWidget(made)
    made.resize(1028, made.sizeHint().height())
    one, none = np.ones(101, dtype=np.int32), np.zeros(101, dtype=np.int32)
    made.set_history(days(101), one, none, none)
    return made


def turn(slider: TimelineSlider, notches: int, x: float, keys: Qt.KeyboardModifier) -> None:
    place = QPointF(x, 20)
    angle = QPoint(0, notches * 120)
    button, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, slider.mapToGlobal(place), QPoint(), angle, button, keys, phase, False)
    QApplication.sendEvent(slider, event)


def test_the_wheel_with_ctrl_looks_closer_at_what_is_under_the_pointer(slider: TimelineSlider) -> None:
    before = slider.value_at(514)
    turn(slider, 4, 514, Qt.KeyboardModifier.ControlModifier)
    assert abs(slider.value_at(514) - before) <= 1
    assert slider.x_of(52) - slider.x_of(51) > 40
    assert slider.value() == 101
    turn(slider, -9, 514, Qt.KeyboardModifier.ControlModifier)
    assert slider.x_of(101) == 1014


def test_the_wheel_with_shift_pans(slider: TimelineSlider) -> None:
    turn(slider, 6, 514, Qt.KeyboardModifier.ControlModifier)
    before = slider.value_at(514)
    turn(slider, -2, 514, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value_at(514) > before


def test_keys_look_closer_and_back(slider: TimelineSlider, qtbot: QtBot) -> None:
    slider.setValue(50)
    place = slider.x_of(50)
    qtbot.keyClick(slider, Qt.Key.Key_Plus)
    assert slider.x_of(51) - slider.x_of(50) == pytest.approx(15)
    assert slider.x_of(50) == pytest.approx(place)
    qtbot.keyClick(slider, Qt.Key.Key_0)
    assert slider.x_of(51) - slider.x_of(50) == pytest.approx(10)


def test_the_part_in_view_follows_the_handle(slider: TimelineSlider, qtbot: QtBot) -> None:
    slider.setValue(50)
    for _ in range(6):
        qtbot.keyClick(slider, Qt.Key.Key_Plus)
    for value in (100, 3, 0, 101):
        slider.setValue(value)
        assert 0 <= slider.x_of(value) <= slider.width(), value


def test_by_change_is_told_and_shows_all(slider: TimelineSlider, qtbot: QtBot) -> None:
    qtbot.keyClick(slider, Qt.Key.Key_Plus)
    with qtbot.waitSignal(slider.viewChanged):
        slider.set_by_change(True)
    assert slider.by_change
    assert slider.x_of(101) == 1014


def test_bars_are_divided_by_kind() -> None:
    scale = TimeScale(days(2), 0, 9)
    counts = np.array([[1, 0], [1, 97], [1, 0]], dtype=np.int32)
    (part,) = bars_of(scale, list(counts)).parts
    assert sum(part) == bars_of(scale, list(counts)).heights[0] == 40
    assert part[0] >= 1
    assert part[2] >= 1
    assert part[1] > 30


def test_what_was_created_changed_and_removed_differs_in_colour(slider: TimelineSlider) -> None:
    none = np.zeros(3, dtype=np.int32)
    seen = set()
    for kind in range(3):
        counts = [none, none, none]
        counts[kind] = none + 5
        slider.set_history(days(3), *counts)
        slider.setValue(3)
        seen.add(slider.grab().toImage().pixelColor(14 + 3, BASELINE - 2).name())
    assert len(seen) == 3


def test_a_sign_is_drawn_and_tells_what_it_stands_for(slider: TimelineSlider) -> None:
    plain = slider.grab().toImage()
    slider.set_markers([Marker(50, "bookmark", "Before <b>the merger</b>")])
    x = round(slider.x_of(50))
    marked = slider.grab().toImage()
    assert any(
        marked.pixelColor(x + dx, dy) != plain.pixelColor(x + dx, dy) for dx in range(-7, 8) for dy in range(2, 15)
    )
    assert tip(slider, QPoint(x, 6)) == tool_tip("Before <b>the merger</b>")


def test_the_pointer_is_told_what_happened_there(slider: TimelineSlider) -> None:
    slider.set_describer(lambda value: f"step {value}")
    assert tip(slider, QPoint(round(slider.x_of(50)), 30)) == "step 50"


def test_a_bar_tells_what_it_stands_for_on_either_half(slider: TimelineSlider) -> None:
    slider.set_describer(lambda value: f"step {value}")
    one, none = np.ones(5, dtype=np.int32), np.zeros(5, dtype=np.int32)
    slider.set_history(days(5), one, none, none)
    slider.set_by_change(True)
    # The third of five steps takes up the third fifth of a thousand pixels.
    assert [tip(slider, QPoint(14 + x, 30)) for x in (410, 450, 590)] == ["step 3"] * 3
    assert tip(slider, QPoint(14 + 610, 30)) == "step 4"


def test_a_bar_by_date_tells_of_a_step_in_it_and_of_one_that_counts(slider: TimelineSlider) -> None:
    slider.set_describer(lambda value: f"step {value}")
    one, none = np.ones(3, dtype=np.int32), np.zeros(3, dtype=np.int32)
    moments = np.array([0, 500_500, 1_000_000], dtype=np.int64) * 1_000_000
    slider.set_history(moments, one, none, none)
    bars = slider._drawn().bars
    begin = max(border for border in bars.borders if border <= slider.x_of(2))
    assert slider.value_at(begin) == 1
    assert tip(slider, QPoint(begin, 30)) == "step 2"
    slider.set_history(np.zeros(100, dtype=np.int64), *(np.ones(100, dtype=np.int32),) * 3)
    slider.set_stops(np.array([40, 41, 90], dtype=np.int32))
    assert tip(slider, QPoint(round(slider.x_of(40)) + 3, 30)) in {"step 40", "step 41"}


def test_keys_pan_and_look_from_further_off(slider: TimelineSlider, qtbot: QtBot) -> None:
    slider.setValue(50)
    for _ in range(3):
        qtbot.keyClick(slider, Qt.Key.Key_Plus)
    before = slider.x_of(50)
    qtbot.keyClick(slider, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value() == 50
    assert slider.x_of(50) == pytest.approx(before - 200)
    qtbot.keyClick(slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert slider.x_of(50) == pytest.approx(before)
    wide = slider.x_of(51) - slider.x_of(50)
    qtbot.keyClick(slider, Qt.Key.Key_Minus)
    assert slider.x_of(51) - slider.x_of(50) == pytest.approx(wide / 1.5)


@pytest.mark.parametrize("shown", [6, 1])
def test_an_empty_stretch_is_marked_where_it_is_drawn_short(slider: TimelineSlider, shown: int) -> None:
    one, none = np.ones(6, dtype=np.int32), np.zeros(6, dtype=np.int32)
    moments = days(1)[0] + np.array([0, 1, 2, 902, 903, 904], dtype=np.int64) * DAY
    slider.set_history(moments, one, none, none)
    slider.setValue(shown)
    x = round((slider.x_of(3) + slider.x_of(4)) / 2)
    image = slider.grab().toImage()
    assert min(image.pixelColor(x + dx, BASELINE + 4).lightness() for dx in range(-8, 9)) < 150
    assert image.pixelColor(x, BASELINE) == theme.current().surface, "the line is broken"
    slider.set_by_change(True)
    image = slider.grab().toImage()
    assert image.pixelColor(x, BASELINE) == theme.current().line


def tip(slider: TimelineSlider, place: QPoint) -> str:
    slider.show()
    QApplication.sendEvent(slider, QHelpEvent(QHelpEvent.Type.ToolTip, place, slider.mapToGlobal(place)))
    return QToolTip.text()


def test_the_dark_theme_has_its_own_colours(slider: TimelineSlider, request: pytest.FixtureRequest) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    request.addfinalizer(lambda: theme.apply(application, "light"))
    light = slider.grab().toImage().pixelColor(17, BASELINE - 2)
    theme.apply(application, "dark")
    assert slider.grab().toImage().pixelColor(17, BASELINE - 2) != light
