"""Signs above the timeline: their positions, their texts, and stepping from one to the next."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tests.desktop.changes.test_changes import do, take_in
from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.desktop.timeline.markers import SIGN, Marker, signs_of
from whowas.desktop.timeline.scale import Times, TimeScale
from whowas.desktop.timeline.slider import TimelineSlider
from whowas.domain.commands import NameMoment

__all__ = ["desk", "directory"]

DAY = 86_400_000_000
NAMED = "0199a3c4-0000-7000-8000-0000000000aa"
BACK, ON = Qt.Key.Key_Left, Qt.Key.Key_Right
CTRL = Qt.KeyboardModifier.ControlModifier


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


def tip(slider: TimelineSlider, value: int) -> str:
    place = QPoint(round(slider.x_of(value)), 6)
    slider.show()
    QApplication.sendEvent(slider, QHelpEvent(QHelpEvent.Type.ToolTip, place, slider.mapToGlobal(place)))
    return QToolTip.text()


def drawn(slider: TimelineSlider, markers: list[Marker]) -> set[int]:
    """Where the top of the timeline differs with these signs, apart from the handle's line."""
    slider.set_markers([])
    plain = slider.grab().toImage()
    slider.set_markers(markers)
    marked = slider.grab().toImage()
    rows = range(1, SIGN + 1)
    return {x for x in range(plain.width()) if any(plain.pixel(x, y) != marked.pixel(x, y) for y in rows)}


@pytest.mark.parametrize("value", [0, 1, 50, 101])
@pytest.mark.parametrize("shown", [30, 101])
def test_a_sign_stands_wherever_there_is_a_moment(slider: TimelineSlider, value: int, shown: int) -> None:
    slider.setValue(shown)
    found = drawn(slider, [Marker(value, "bookmark", "Start")])
    x = round(slider.x_of(value))
    assert found
    assert x - SIGN <= min(found) <= max(found) <= x + SIGN
    assert tip(slider, value) == "Start"


def test_signs_of_one_place_are_one_that_tells_of_both(slider: TimelineSlider) -> None:
    slider.set_markers([Marker(50, "import", "Import of a.csv by olga"), Marker(50, "bookmark", "Merger\nas agreed")])
    assert tip(slider, 50) == "2 here:\nImport of a.csv by olga\nMerger"
    drawn(slider, [])
    both = drawn(slider, [Marker(50, "import", "a"), Marker(50, "bookmark", "b")])
    assert both == drawn(slider, [Marker(50, "bookmark", "b")])


def test_thousands_of_signs_are_no_more_than_there_is_room_for(slider: TimelineSlider) -> None:
    scale = TimeScale(days(5000), 14, 1014)
    markers = [Marker(1 + number * 7 % 5000, "import", f"Import {number}") for number in range(5000)]
    signs = signs_of(markers, scale)
    assert sum(len(sign.markers) for sign in signs) == 5000
    assert all(other.x - one.x > SIGN for one, other in pairwise(signs))
    assert signs[3].text.startswith(f"{len(signs[3].markers)} here:\n")
    assert signs[3].text.endswith(f"\nand {len(signs[3].markers) - 6} more")


def test_looking_closer_parts_signs(slider: TimelineSlider) -> None:
    slider.set_markers([Marker(50, "import", "one"), Marker(51, "import", "other")])
    assert tip(slider, 50) == "2 here:\none\nother"
    slider.setValue(50)
    for _ in range(3):
        slider.zoom(1.5)
    assert tip(slider, 50) == "one"
    assert tip(slider, 51) == "other"


def test_keys_go_from_sign_to_sign(slider: TimelineSlider) -> None:
    slider.set_markers([Marker(70, "import", "a"), Marker(20, "bookmark", "b"), Marker(20, "import", "c")])
    for key, value in ((BACK, 70), (BACK, 20), (BACK, 20), (ON, 70), (ON, 70)):
        QTest.keyClick(slider, key, CTRL)
        assert slider.value() == value


@pytest.fixture
def marked(desk: Desk) -> Desk:
    """Two steps taken in before the others, and a name for the moment after them."""
    take_in(desk)
    steps = desk.page.view.index.steps
    place = steps.key_of(4)
    do(desk, NameMoment(NAMED, "Ada is there", "as agreed", place.occurred_at, place.position))
    return desk


def test_imports_and_named_moments_have_signs(marked: Desk) -> None:
    slider = marked.page.timeline.slider
    slider.set_by_change(True)
    assert tip(slider, 2) == "Import of old & new.csv by ines"
    assert tip(slider, 4) == "Ada is there\nas agreed"


def test_signs_are_gone_to_by_keys_and_said_aloud(marked: Desk) -> None:
    slider = marked.page.timeline.slider
    QTest.keyClick(slider, BACK, CTRL)
    assert marked.page.view.moment == 4
    marked.qtbot.waitUntil(lambda: "named moment Ada is there · as agreed" in slider.accessibleDescription())
    assert "Ada: Created" in slider.accessibleDescription()
    QTest.keyClick(slider, BACK, CTRL)
    assert marked.page.view.moment == 2
    marked.qtbot.waitUntil(lambda: "Import of old & new.csv by ines" in slider.accessibleDescription())
    slider.setValue(3)
    marked.qtbot.waitUntil(lambda: "Import of" not in slider.accessibleDescription())
