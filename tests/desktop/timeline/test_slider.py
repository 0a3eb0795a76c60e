"""The timeline: pixels and steps, following the head, keys, painting and accessibility."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.timeline.axis import ticks
from whowas.desktop.timeline.drawing import BASELINE
from whowas.desktop.timeline.scale import Times, TimeScale, bar_heights
from whowas.desktop.timeline.slider import TimelineSlider

DAY = 86_400_000_000
START = int(datetime(2020, 3, 3, 14, 5, 12, tzinfo=UTC).timestamp()) * 1_000_000
WIDTH = 1028
LEFT, RIGHT = 14, 1014


def days(*numbers: float) -> Times:
    return np.array([START + int(number * DAY) for number in numbers], dtype=np.int64)


@pytest.fixture
def slider(qtbot: QtBot) -> TimelineSlider:
    made = TimelineSlider()
    qtbot.addWidget(made)
    made.resize(WIDTH, made.sizeHint().height())
    return made


def show(slider: TimelineSlider, moments: Times, events: int = 1) -> None:
    counts = np.full(len(moments), events, dtype=np.uint32)
    none = np.zeros(len(moments), dtype=np.uint32)
    slider.set_history(moments, counts, none, none)


def drag(qtbot: QtBot, slider: TimelineSlider, *places: int) -> None:
    first, *rest = (QPoint(x, BASELINE) for x in places)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=first)
    for place in rest:
        qtbot.mouseMove(slider, place)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=rest[-1] if rest else first)


def painted(slider: TimelineSlider) -> QImage:
    return slider.grab().toImage()


def bars_in(slider: TimelineSlider, colour: QColor) -> set[int]:
    """The x of every pixel just above the baseline that has the colour."""
    image = painted(slider)
    return {x for x in range(image.width()) if image.pixelColor(x, BASELINE - 2) == colour}


def colours(slider: TimelineSlider) -> tuple[QColor, QColor]:
    """What a bar looks like that has happened, and one that has not."""
    before = slider.value()
    slider.setValue(slider.maximum())
    happened = painted(slider).pixelColor(LEFT + 3, BASELINE - 2)
    slider.setValue(0)
    to_come = painted(slider).pixelColor(LEFT + 3, BASELINE - 2)
    slider.setValue(before)
    return happened, to_come


def test_a_pixel_means_the_step_at_its_date(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days(0, 1, 3.5, 6, 8, 10))
    for x, value in ((5, 0), (LEFT, 1), (LEFT + 99, 1), (LEFT + 100, 2), (LEFT + 500, 3), (LEFT + 805, 5), (RIGHT, 6)):
        # From far away: near the handle, a click takes hold of it instead.
        slider.setValue(0 if x > WIDTH // 2 else 6)
        drag(qtbot, slider, x)
        assert slider.value() == value, x


def test_the_ends_are_reached_by_dragging_beyond_them(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days(0, 1, 10))
    drag(qtbot, slider, 500, 0)
    assert slider.value() == 0
    drag(qtbot, slider, 500, WIDTH - 1)
    assert slider.value() == 3


def test_dragging_says_what_a_slider_says(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days(*range(11)))
    heard: list[object] = []
    slider.sliderPressed.connect(lambda: heard.append("pressed"))
    slider.sliderMoved.connect(lambda value: heard.append(("moved", value)))
    slider.valueChanged.connect(lambda value: heard.append(("value", value)))
    slider.sliderReleased.connect(lambda: heard.append("released"))
    drag(qtbot, slider, LEFT + 500, LEFT + 501, LEFT + 305)
    assert heard == ["pressed", ("moved", 6), ("value", 6), ("moved", 4), ("value", 4), "released"]
    assert not slider.isSliderDown()


def test_a_handle_taken_beside_its_middle_does_not_jump(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days(*range(1001)))
    slider.setValue(501)
    handle = LEFT + 500
    drag(qtbot, slider, handle + 6)
    assert slider.value() == 501
    drag(qtbot, slider, handle + 6, handle + 16)
    assert slider.value() == 511


def test_only_the_left_button_drags(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days(0, 5, 10))
    qtbot.mouseClick(slider, Qt.MouseButton.RightButton, pos=QPoint(500, BASELINE))
    assert slider.value() == 3


@given(gaps=st.lists(st.integers(0, 400), min_size=2, max_size=40), width=st.integers(200, 2000))
def test_clicking_where_a_step_is_drawn_reaches_it(gaps: list[int], width: int) -> None:
    moments = START + np.cumsum(np.array(gaps, dtype=np.int64)) * DAY
    scale = TimeScale(moments, 14.0, width - 14.0)
    shown = [scale.x_of(value) for value in range(len(moments) + 1)]
    assert shown == sorted(shown)
    assert scale.value_at(0) == 0
    assert scale.value_at(width) == len(moments)
    reached = [scale.value_at(x) for x in range(width)]
    assert reached == sorted(reached)
    for value in range(len(moments) + 1):
        found = scale.value_at(round(shown[value]))
        assert found >= value
        # The values that are skipped are at the same pixel.
        assert scale.x_of(found) - shown[value] <= 1


def test_an_empty_history_has_one_place_and_no_handle(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days())
    assert (slider.minimum(), slider.maximum(), slider.value()) == (0, 0, 0)
    drag(qtbot, slider, 500, 20)
    assert slider.value() == 0
    image = painted(slider)
    assert all(image.pixelColor(x, 10) == theme.current().surface for x in range(image.width()))


def test_one_step_has_a_before_and_a_now(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days(0))
    assert (slider.maximum(), slider.value()) == (1, 1)
    drag(qtbot, slider, 3)
    assert slider.value() == 0
    drag(qtbot, slider, RIGHT)
    assert slider.value() == 1


def test_steps_of_one_instant_are_spread_evenly(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days(*[0] * 10))
    for value in range(11):
        drag(qtbot, slider, round(slider.x_of(value)))
        assert slider.value() == value
    places = [slider.x_of(value) for value in range(1, 11)]
    assert {round(b - a) for a, b in pairwise(places)} == {100}


def test_now_is_followed_and_the_past_is_not(slider: TimelineSlider) -> None:
    show(slider, days(0, 1))
    values: list[int] = []
    slider.valueChanged.connect(values.append)
    show(slider, days(0, 1, 2))
    assert (slider.maximum(), slider.value(), values) == (3, 3, [3])
    slider.setValue(1)
    values.clear()
    show(slider, days(0, 1, 2, 3))
    assert (slider.maximum(), slider.value(), values) == (4, 1, [])
    show(slider, days(0, 1, 2, 3))
    assert values == []


def test_a_shorter_history_ends_where_it_ends(slider: TimelineSlider) -> None:
    show(slider, days(0, 1, 2, 3))
    values: list[int] = []
    slider.valueChanged.connect(values.append)
    show(slider, days(0, 1))
    assert (slider.value(), values) == (2, [2])


def test_lengths_must_agree(slider: TimelineSlider) -> None:
    counts = np.ones(2, dtype=np.uint32)
    with pytest.raises(ValueError, match="every step"):
        slider.set_history(days(0, 1, 2), counts, counts, counts)


def test_keys_step_page_and_jump(slider: TimelineSlider, qtbot: QtBot) -> None:
    show(slider, days(*range(200)))
    for key, value in (
        (Qt.Key.Key_Left, 199),
        (Qt.Key.Key_PageDown, 179),
        (Qt.Key.Key_PageUp, 199),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_End, 200),
    ):
        qtbot.keyClick(slider, key)
        assert slider.value() == value, key


def test_the_wheel_goes_one_step_a_notch_and_adds_up_parts(slider: TimelineSlider) -> None:
    show(slider, days(*range(20)))

    def turn(amount: int) -> None:
        place = QPointF(500, 40)
        event = QWheelEvent(
            place,
            slider.mapToGlobal(place),
            QPoint(),
            QPoint(0, amount),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(slider, event)

    turn(-120)
    assert slider.value() == 19
    for _ in range(3):
        turn(-40)
    assert slider.value() == 18
    turn(240)
    assert slider.value() == 20


def test_what_has_happened_is_vivid_and_what_has_not_is_pale(slider: TimelineSlider) -> None:
    show(slider, days(*np.linspace(0, 10, 500)))
    happened, to_come = colours(slider)
    assert happened != to_come
    assert not bars_in(slider, to_come)
    slider.setValue(250)
    handle = slider.x_of(250)
    knob = 12
    assert max(bars_in(slider, happened)) <= handle + knob
    assert min(bars_in(slider, to_come)) >= handle - knob
    assert painted(slider).pixelColor(round(handle), 2) == theme.current().past


def test_the_picture_follows_the_theme_and_the_size(slider: TimelineSlider, request: pytest.FixtureRequest) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    request.addfinalizer(lambda: theme.apply(application, "light"))
    theme.apply(application, "light")
    show(slider, days(*range(50)))
    light = painted(slider)
    theme.apply(application, "dark")
    assert painted(slider).pixelColor(3, 70) == theme.DARK.surface != light.pixelColor(3, 70)
    slider.resize(WIDTH // 2, slider.height())
    assert painted(slider).size() == QSize(WIDTH // 2, slider.height())
    assert slider.x_of(slider.maximum()) == WIDTH // 2 - TimelineSlider.MARGIN


def test_single_edits_stay_visible_beside_a_huge_import() -> None:
    heights = bar_heights(np.array([0, 1, 2, 100_000, 100]), lowest=4, highest=40)
    assert heights[0] == 0
    assert heights[1] >= 4
    assert heights[1] <= heights[2] < heights[4] < heights[3] == 40


def test_every_event_is_in_one_bin() -> None:
    moments = days(0, 0, 0.5, 2, 2, 4, 6, 8, 10)
    borders = TimeScale(moments, 0, 100).bins(7)
    assert borders[0] == 0
    assert borders[-1] == 9
    assert np.diff(borders).tolist() == [3, 2, 1, 0, 1, 1, 1]


@pytest.mark.parametrize(
    "span",
    [
        timedelta(milliseconds=1),
        timedelta(seconds=2),
        timedelta(seconds=40),
        timedelta(minutes=3),
        timedelta(hours=2),
        timedelta(hours=30),
        timedelta(days=3),
        timedelta(days=40),
        timedelta(days=400),
        timedelta(days=365 * 14),
        timedelta(days=365 * 300),
    ],
    ids=str,
)
@pytest.mark.parametrize("width", [240, 700, 1360, 3840])
def test_labels_neither_touch_nor_leave_the_axis(span: timedelta, width: int) -> None:
    moments = np.array([START, START + int(span.total_seconds() * 1e6)], dtype=np.int64)
    left, right = 14.0, width - 14.0

    def width_of(text: str) -> float:
        return 6.2 * len(text)

    found = [tick for tick in ticks(TimeScale(moments, left, right), width_of) if tick.text]
    assert found
    assert found[0].label_x >= left
    assert found[-1].label_x + width_of(found[-1].text) <= right or len(found) == 1
    for one, next_ in pairwise(found):
        assert next_.label_x - (one.label_x + width_of(one.text)) >= 12
    assert len(found) <= width / 60


def test_labels_suit_the_span(monkeypatch: pytest.MonkeyPatch) -> None:
    def labels(*moments: datetime) -> list[str]:
        array = np.array([int(moment.timestamp() * 1e6) for moment in moments], dtype=np.int64)
        return [tick.text for tick in ticks(TimeScale(array, 0, 1000), lambda text: 6.0 * len(text)) if tick.text]

    years = labels(datetime(2012, 9, 27), datetime(2026, 6, 11))  # noqa: DTZ001 (the axis is local)
    assert years == ["2012", "2014", "2016", "2018", "2020", "2022", "2024", "2026"]
    months = labels(datetime(2020, 11, 3), datetime(2021, 6, 11))  # noqa: DTZ001
    assert months[:4] == ["Nov 2020", "Dec", "2021", "Feb"]
    hours = labels(datetime(2020, 3, 3, 20), datetime(2020, 3, 4, 9))  # noqa: DTZ001
    assert hours[:3] == ["3 Mar 2020 21:00", "4 Mar 00:00", "03:00"]
    instant = labels(datetime(2020, 3, 3, 14, 5, 12))  # noqa: DTZ001
    assert instant == ["3 Mar 2020 14:05:12"]


def test_a_screen_reader_finds_a_slider_it_can_set(slider: TimelineSlider) -> None:
    show(slider, days(*range(10)))
    values: list[int] = []
    slider.valueChanged.connect(values.append)
    slider.set_description("3 March 2020, Ada Osei created")
    spoken = QAccessible.queryAccessibleInterface(slider)
    assert spoken.role() == QAccessible.Role.Slider
    assert spoken.text(QAccessible.Text.Name) == "Timeline"
    assert spoken.text(QAccessible.Text.Description) == "3 March 2020, Ada Osei created"
    number = spoken.valueInterface()
    assert (number.minimumValue(), number.maximumValue(), number.currentValue()) == (0, 10, 10)
    number.setCurrentValue(4)
    assert (slider.value(), values) == (4, [4])


def test_a_drag_through_a_million_steps_draws_nothing_anew(slider: TimelineSlider, qtbot: QtBot) -> None:
    random = np.random.default_rng(7)
    show(slider, np.sort(START + random.integers(0, 5000 * DAY, 1_000_000)))
    slider.resize(1920, slider.height())
    slider.show()
    assert slider.value() == 1_000_000
    drag(qtbot, slider, 1900, 1500)
    painted(slider)
    picture = slider._picture
    assert picture is not None
    drawn = picture.happened, picture.to_come
    drag(qtbot, slider, 1400, 1000, 960)
    painted(slider)
    assert slider._picture is picture
    assert (picture.happened, picture.to_come) == drawn
    assert abs(slider.value() - 500_000) < 10_000
