"""Playing a history by changes or by time a second, without long pauses."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from whowas.desktop.timeline.playback import Playback
from whowas.desktop.timeline.speeds import BY_CHANGE, BY_DATE, Speed

DAY = 86_400_000_000


@pytest.fixture
def slider(qtbot: QtBot) -> QSlider:
    made = QSlider()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def playback(slider: QSlider) -> Playback:
    """A step on each of ten days, then one after a year."""
    made = Playback(slider)
    made.set_history(np.array([*range(10), 375], dtype=np.int64) * DAY, 11)
    slider.setRange(0, 11)
    slider.setValue(11)
    return made


def test_from_now_it_begins_at_the_beginning(playback: Playback, slider: QSlider) -> None:
    heard: list[bool] = []
    playback.toggled.connect(heard.append)
    playback.play()
    assert (slider.value(), playback.playing, heard) == (0, True, [True])
    playback.stop()
    assert (playback.playing, heard) == (False, [True, False])


def test_by_change_every_change_takes_as_long(playback: Playback, slider: QSlider) -> None:
    playback.speed = BY_CHANGE[1]
    slider.setValue(2)
    playback.play()
    playback.advance(0.2)
    assert slider.value() == 3
    playback.advance(0.1)
    assert slider.value() == 3
    playback.advance(0.1)
    assert slider.value() == 4


def test_by_date_days_pass_and_a_year_without_changes_does_not_take_a_year(playback: Playback, slider: QSlider) -> None:
    playback.speed = BY_DATE[1]
    slider.setValue(1)
    playback.play()
    playback.advance(1.0)
    assert slider.value() == 2
    playback.advance(8.0)
    assert slider.value() == 10
    playback.advance(0.3)
    playback.advance(0.4)
    assert slider.value() == 10
    playback.advance(0.2)
    assert slider.value() == 11


def test_it_stops_at_the_end(playback: Playback, slider: QSlider) -> None:
    playback.speed = Speed("all", "all", changes=1_000)
    slider.setValue(0)
    playback.play()
    playback.advance(5.0)
    assert (slider.value(), playback.playing) == (11, False)


def test_whoever_moves_the_slider_stops_it(playback: Playback, slider: QSlider) -> None:
    slider.setValue(3)
    playback.play()
    slider.setValue(7)
    assert (playback.playing, slider.value()) == (False, 7)


def test_it_moves_by_itself(playback: Playback, slider: QSlider, qtbot: QtBot) -> None:
    playback.speed = Speed("quick", "quick", changes=500)
    slider.setValue(0)
    playback.play()
    qtbot.waitUntil(lambda: slider.value() == 11 and not playback.playing)


def test_an_empty_history_does_not_play(slider: QSlider) -> None:
    playback = Playback(slider)
    playback.play()
    assert not playback.playing


def test_only_the_stops_are_played_by_change(playback: Playback, slider: QSlider) -> None:
    values: list[int] = []
    slider.setValue(0)
    slider.valueChanged.connect(values.append)
    playback.set_stops(np.array([2, 3, 8], dtype=np.int32))
    playback.speed = BY_CHANGE[0]
    playback.play()
    for _ in range(4):
        playback.advance(1.0)
    assert (values, playback.playing) == ([2, 3, 8], False)
    playback.play()
    assert (slider.value(), playback.playing) == (0, True)


def test_only_the_stops_are_played_by_date_and_what_lies_between_takes_no_time(
    playback: Playback, slider: QSlider
) -> None:
    playback.set_stops(np.array([2, 11], dtype=np.int32))
    playback.speed = BY_DATE[1]
    slider.setValue(1)
    playback.play()
    playback.advance(0.9)
    assert slider.value() == 1
    playback.advance(0.2)
    assert slider.value() == 2
    playback.advance(0.3)
    assert slider.value() == 2
    playback.advance(0.4)
    assert slider.value() == 2
    playback.advance(0.2)
    assert (slider.value(), playback.playing) == (11, False)


def test_no_stops_do_not_play(playback: Playback, slider: QSlider) -> None:
    playback.set_stops(np.array([], dtype=np.int32))
    playback.play()
    assert (playback.playing, slider.value()) == (False, 11)


def test_other_stops_while_playing_are_played_from_there(playback: Playback, slider: QSlider) -> None:
    playback.speed = BY_CHANGE[0]
    slider.setValue(0)
    playback.play()
    playback.advance(1.0)
    playback.set_stops(np.array([5, 6], dtype=np.int32))
    playback.advance(1.0)
    assert slider.value() == 5
    playback.set_stops(None)
    playback.advance(2.0)
    assert slider.value() == 7
