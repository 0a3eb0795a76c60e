"""Dragging the timeline: waiting events are handled once, the handle stays in view, and stops are respected."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.desktop.changes.test_changes import take_in
from tests.desktop.conftest import fail
from tests.desktop.time_travel.test_change_filter_menu import choose
from tests.desktop.window.test_main_window import BEN, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.timeline.drawing import BASELINE
from whowas.desktop.timeline.slider import TimelineSlider
from whowas.domain.commands import UpdateUser
from whowas.domain.progress import Progress

__all__ = ["desk", "directory"]

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
MOVE = QEvent.Type.MouseMove
PATIENCE_MS = 30_000


def mouse(slider: TimelineSlider, kind: QEvent.Type, x: float) -> QMouseEvent:
    place = QPointF(x, BASELINE)
    button = Qt.MouseButton.NoButton if kind == MOVE else LEFT
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
    return QMouseEvent(kind, place, slider.mapToGlobal(place), button, held, NONE)


def press(slider: TimelineSlider, x: float) -> None:
    QApplication.sendEvent(slider, mouse(slider, QEvent.Type.MouseButtonPress, x))


def release(slider: TimelineSlider, x: float) -> None:
    QApplication.sendEvent(slider, mouse(slider, QEvent.Type.MouseButtonRelease, x))


def long_history(desk: Desk) -> TimelineSlider:
    """Lay out many steps by change."""

    def work(bus: Bus, _progress: Progress) -> None:
        for number in range(35):
            bus.dispatch(UpdateUser(BEN, {"title": f"title {number}"}))

    assert desk.window.session is not None
    desk.window.session.writer.on_bus(work, done=lambda _: None, failed=fail)
    desk.settle()
    slider = desk.page.timeline.slider
    slider.set_by_change(True)
    return slider


def moments_shown(desk: Desk) -> list[int]:
    """Record the moments of the view as it changes."""
    seen: list[int] = []
    desk.page.view.changed.connect(lambda: seen.append(desk.page.view.moment))
    return seen


def wheel(slider: TimelineSlider, notches: int) -> QWheelEvent:
    place = QPointF(300, 20)
    phase = Qt.ScrollPhase.NoScrollPhase
    angle = QPoint(0, notches * 120)
    return QWheelEvent(place, slider.mapToGlobal(place), QPoint(), angle, Qt.MouseButton.NoButton, NONE, phase, False)


def test_what_waits_of_a_drag_is_shown_once_at_its_end(desk: Desk) -> None:
    slider = long_history(desk)
    press(slider, slider.x_of(40))
    seen = moments_shown(desk)
    for value in range(39, 9, -1):
        QCoreApplication.postEvent(slider, mouse(slider, MOVE, slider.x_of(value)))
    desk.qtbot.waitUntil(lambda: bool(seen))
    assert seen == [10]
    assert slider.value() == 10
    release(slider, slider.x_of(10))
    assert seen == [10]


def test_a_drag_that_ends_is_shown_at_once(desk: Desk) -> None:
    slider = long_history(desk)
    press(slider, slider.x_of(40))
    QApplication.sendEvent(slider, mouse(slider, MOVE, slider.x_of(3)))
    assert desk.page.view.moment == 40, "more may be waiting"
    release(slider, slider.x_of(3))
    assert desk.page.view.moment == 3
    assert desk.names() == ["Ada", "Ben"]


def test_what_comes_in_during_a_drag_does_not_take_the_handle_back(desk: Desk) -> None:
    slider = long_history(desk)
    press(slider, slider.x_of(40))
    QApplication.sendEvent(slider, mouse(slider, MOVE, slider.x_of(3)))
    when = int(desk.page.view.index.steps.occurred_at[2])
    take_in(desk)
    assert desk.page.view.occurred_at() == when
    assert slider.value() == desk.page.view.moment == 5


def test_a_wheel_and_a_held_key_are_coalesced_too(desk: Desk) -> None:
    slider = long_history(desk)
    seen = moments_shown(desk)
    for _ in range(5):
        QCoreApplication.postEvent(slider, wheel(slider, -1))
    for _ in range(5):
        QCoreApplication.postEvent(slider, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Left, NONE, "", True))
    desk.qtbot.waitUntil(lambda: bool(seen))
    assert (seen, slider.value()) == ([30], 30)


def test_a_key_and_an_assistive_program_are_answered_at_once(desk: Desk) -> None:
    slider = long_history(desk)
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert desk.page.view.moment == 39
    slider.setValue(7)
    assert desk.page.view.moment == 7


def test_a_drag_beyond_the_edge_of_a_part_scrolls_and_the_handle_stays_in_view(desk: Desk) -> None:
    slider = long_history(desk)
    slider.setValue(10)
    for _ in range(4):
        QTest.keyClick(slider, Qt.Key.Key_Plus)
    right = slider.width() - TimelineSlider.MARGIN
    last_in_view = slider.value_at(right)
    assert last_in_view < 30
    press(slider, slider.x_of(10))
    QApplication.sendEvent(slider, mouse(slider, MOVE, slider.width() + 400))
    assert slider.x_of(slider.value()) <= right + 1
    desk.qtbot.waitUntil(lambda: slider.value() == 40, timeout=PATIENCE_MS)
    assert slider.x_of(40) <= right + 1
    QApplication.sendEvent(slider, mouse(slider, MOVE, -300))
    desk.qtbot.waitUntil(lambda: slider.value() == 0, timeout=PATIENCE_MS)
    release(slider, -300)
    assert 0 <= slider.x_of(0) < TimelineSlider.MARGIN
    QTest.qWait(100)
    assert slider.value() == 0


def test_the_handle_is_in_view_after_a_drag_that_nothing_scrolled(desk: Desk) -> None:
    slider = long_history(desk)
    slider.setValue(3)
    for _ in range(4):
        QTest.keyClick(slider, Qt.Key.Key_Plus)
    press(slider, slider.x_of(3))
    QApplication.sendEvent(slider, mouse(slider, MOVE, slider.width() + 400))
    release(slider, slider.width() + 400)
    assert slider.value() > 3
    assert 0 <= slider.x_of(slider.value()) <= slider.width()


def test_the_wheel_keeps_to_what_counts(desk: Desk) -> None:
    choose(desk, "Kind", "Added")
    slider = desk.page.timeline.slider
    slider.setValue(3)
    for notches, value in ((-1, 2), (-1, 2), (1, 3), (2, 4), (-2, 2)):
        QApplication.sendEvent(slider, wheel(slider, notches))
        assert slider.value() == value
