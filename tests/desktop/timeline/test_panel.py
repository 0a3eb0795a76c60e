"""The controls above the timeline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.timeline.panel import TimelinePanel
from whowas.desktop.timeline.scale import Counts, Times


@dataclass(frozen=True)
class Steps:
    occurred_at: Times
    created: Counts
    changed: Counts
    removed: Counts


def steps(count: int) -> Steps:
    none = np.zeros(count, dtype=np.int32)
    return Steps(np.arange(count, dtype=np.int64) * 60_000_000, none + 1, none, none)


@pytest.fixture
def panel(qtbot: QtBot) -> TimelinePanel:
    made = TimelinePanel()
    qtbot.addWidget(made)
    made.resize(1000, made.sizeHint().height())
    made.show()
    made.set_history(steps(4), 4)
    return made


def button(panel: TimelinePanel, name: str) -> QToolButton:
    (found,) = (
        one
        for one in panel.findChildren(QToolButton)
        if QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) == name
    )
    return found


def usable(panel: TimelinePanel) -> list[bool]:
    names = ("First moment", "Previous change", "Next change", "Last moment")
    return [button(panel, name).isEnabled() for name in names]


def test_buttons_step_and_jump(panel: TimelinePanel, qtbot: QtBot) -> None:
    values: list[int] = []
    panel.slider.valueChanged.connect(values.append)
    for name in ("Previous change", "Previous change", "Next change", "First moment", "Last moment"):
        button(panel, name).click()
    assert values == [3, 2, 3, 0, 4]


def test_buttons_that_lead_nowhere_cannot_be_used(panel: TimelinePanel) -> None:
    assert usable(panel) == [True, True, False, False]
    panel.slider.setValue(2)
    assert usable(panel) == [True] * 4
    panel.slider.setValue(0)
    assert usable(panel) == [False, False, True, True]
    panel.set_history(steps(0), 0)
    assert usable(panel) == [False] * 4
    assert not button(panel, "Go to date…").isEnabled()


def test_the_keyboard_stays_near_when_its_button_leads_nowhere_any_more(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    panel.slider.setValue(1)
    previous = button(panel, "Previous change")
    previous.setFocus()
    qtbot.keyClick(previous, Qt.Key.Key_Space)
    assert panel.slider.value() == 0
    assert panel.focusWidget() is panel.slider
    qtbot.keyClick(panel.slider, Qt.Key.Key_Right)
    assert panel.slider.value() == 1


def test_the_shown_moment_is_set_along_with_the_history(panel: TimelinePanel) -> None:
    values: list[int] = []
    panel.slider.valueChanged.connect(values.append)
    longer = steps(6)
    panel.set_history(longer, 6)
    assert (panel.slider.maximum(), values) == (6, [6])
    panel.set_history(longer, 2)
    panel.set_history(steps(7), 2)
    assert (panel.slider.maximum(), panel.slider.value(), values) == (7, 2, [6, 2])


def test_the_label_stands_in_the_middle_and_is_amber_in_the_past(panel: TimelinePanel) -> None:
    panel.set_label("Now · change 4", past=False)
    label = next(one for one in panel.findChildren(TextLabel) if one.text() == "Now · change 4")
    assert label.palette().windowText().color() == theme.current().text
    panel.set_label("3 Mar 2020 14:05:12 · change 1 of 4", past=True)
    assert label.text() == "3 Mar 2020 14:05:12 · change 1 of 4"
    assert label.palette().windowText().color() == theme.current().past_text
    panel.resize(1200, panel.height())
    panel.layout().activate()
    left = panel.filter.geometry().right()
    right = button(panel, "Name this moment").geometry().left()
    assert abs(label.geometry().center().x() - (left + right) / 2) <= 1


def test_asking_for_a_date(panel: TimelinePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.goToDate, timeout=1000):
        button(panel, "Go to date…").click()


def speeds(panel: TimelinePanel) -> dict[str, bool]:
    """The speeds there are to choose from, and which of them is marked."""
    return {action.text(): action.isChecked() for action in panel.controls.speed.menu().actions()}


def test_the_speed_is_chosen_from_a_menu_that_marks_it(panel: TimelinePanel) -> None:
    assert [text for text, marked in speeds(panel).items() if marked] == ["1 day / s"]
    assert button(panel, "Speed: 1 day / s").text() == "1 day / s"
    next(action for action in panel.controls.speed.menu().actions() if action.text() == "1 week / s").trigger()
    assert panel.playback.speed.microseconds == 7 * 86_400_000_000
    assert [text for text, marked in speeds(panel).items() if marked] == ["1 week / s"]
    assert button(panel, "Speed: 1 week / s").text() == "1 week / s"


def test_another_scale_has_other_speeds(panel: TimelinePanel) -> None:
    scale = button(panel, "By change")
    scale.click()
    assert panel.slider.by_change
    assert [text for text, marked in speeds(panel).items() if marked] == ["5 changes / s"]
    assert panel.playback.speed.changes == 5
    assert scale.text() == "By date"
    scale.click()
    assert not panel.slider.by_change
    assert [text for text, marked in speeds(panel).items() if marked] == ["1 day / s"]
    assert panel.playback.speed.microseconds == 86_400_000_000


def test_playing_goes_on_when_steps_come_in_before_the_moment_shown(panel: TimelinePanel) -> None:
    panel.slider.setValue(1)
    panel.play_or_stop()
    panel.set_history(steps(6), 3)
    assert panel.playback.playing
    assert panel.slider.value() == 3
    panel.set_history(steps(7), 3)
    assert panel.playback.playing
    panel.slider.setValue(2)
    assert not panel.playback.playing
