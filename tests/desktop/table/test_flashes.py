"""Cells light up when the slider goes past a step that changed them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCommonStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from tests.desktop.changes.test_changes import do
from tests.desktop.window.test_main_window import ADA, BEN, Desk, desk, directory
from whowas.desktop.kit import theme
from whowas.desktop.table.flashes import FLASH_MS
from whowas.desktop.timeline.speeds import Speed
from whowas.desktop.window.assembly import assembled
from whowas.domain.commands import UpdateUser

__all__ = ["desk", "directory"]

# The steps of the directory: 1 a group, 2 Ada, 3 Ben, 4 Chi, 5 Ada joins the group.


def lit(desk: Desk) -> dict[str, set[str]]:
    """Which columns of whom are lit, and as what, as the table paints them."""
    cells: dict[str, set[str]] = {}
    names = {user.id: user.name for user in map(desk.page.model.user, range(desk.page.model.rowCount())) if user}
    for (user_id, key), ground in desk.page.table._cells.lit.items():
        cells.setdefault(f"{names[user_id]} {ground}", set()).add(key)
    return cells


def ground_of(desk: Desk, row: int, key: str) -> QColor:
    """The colour in the corner of a cell."""
    table = desk.page.table
    column = [column.key for column in desk.page.model.columns].index(key)
    area = table.visualRect(desk.page.model.index(row, column))
    return table.viewport().grab(area).toImage().pixelColor(2, 2)


def everything(desk: Desk) -> set[str]:
    return {column.key for column in desk.page.model.columns}


def test_a_step_lights_up_the_cells_it_changed_and_no_others(desk: Desk) -> None:
    desk.window.resize(1600, 800)
    slider = desk.page.timeline.slider
    slider.setValue(4)
    slider.setValue(5)
    assert lit(desk) == {"Ada changed": {"groups"}}
    assert ground_of(desk, 0, "groups") == theme.current().changed
    assert ground_of(desk, 0, "email") == theme.current().surface
    assert ground_of(desk, 1, "groups") == theme.current().surface


def test_back_as_well(desk: Desk) -> None:
    desk.page.timeline.to_previous()
    assert lit(desk) == {"Ada changed": {"groups"}}


def test_whoever_is_created_lights_up_altogether(desk: Desk) -> None:
    desk.page.timeline.slider.setValue(2)
    desk.page.timeline.to_next()
    assert lit(desk) == {"Ben added": everything(desk)}
    assert ground_of(desk, 1, "name") == theme.current().added


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0

    def elapsed(self) -> int:
        return self.now


def test_each_goes_out_after_its_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(desk.page.flashes, "_clock", clock)
    desk.window.resize(1600, 800)
    desk.page.timeline.to_previous()
    clock.now = FLASH_MS // 2
    desk.page.timeline.to_previous()
    desk.page.timeline.to_next()
    clock.now = FLASH_MS
    desk.page.flashes._go_out()
    assert lit(desk) == {"Chi added": everything(desk)}
    assert ground_of(desk, 0, "groups") == theme.current().surface
    clock.now = 2 * FLASH_MS
    desk.qtbot.waitUntil(lambda: not lit(desk))


def test_a_jump_lights_up_nothing(desk: Desk) -> None:
    desk.page.timeline.slider.setValue(1)
    desk.page.timeline.slider.setValue(4)
    assert not lit(desk)


def test_while_playing_whatever_is_passed_lights_up(desk: Desk) -> None:
    desk.page.timeline.slider.setValue(2)
    desk.page.timeline.playback.speed = Speed("two", "two", changes=2)
    desk.page.timeline.playback.play()
    desk.page.timeline.playback.advance(1.0)
    assert lit(desk) == {"Ben added": everything(desk), "Chi added": everything(desk)}


def test_an_edit_lights_up_too(desk: Desk) -> None:
    do(desk, UpdateUser(BEN, {"title": "Clerk"}), UpdateUser(ADA, {"phone": "1"}))
    assert lit(desk) == {"Ben changed": {"title"}, "Ada changed": {"phone"}}


def test_it_can_be_turned_off_for_good(desk: Desk) -> None:
    desk.window.menus.view.aboutToShow.emit()
    assert desk.window.actions_.flash.isChecked()
    desk.window.actions_.flash.trigger()
    desk.page.timeline.to_previous()
    assert not lit(desk)
    assert desk.settings.flashes() is False
    other = assembled(desk.settings, desk.runner, actor="ines")
    desk.qtbot.addWidget(other)
    other.menus.view.aboutToShow.emit()
    assert not other.actions_.flash.isChecked()


class Still(QCommonStyle):
    """The style of a desktop with animations switched off."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803 - as Qt calls it
    ) -> int:
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, option, widget, returnData)


def test_under_reduced_motion_nothing_does_unless_it_is_wanted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QApplication, "style", Still)
    still = assembled(desk.settings, desk.runner, actor="ines")
    desk.qtbot.addWidget(still)
    still.menus.view.aboutToShow.emit()
    assert not still.actions_.flash.isChecked()
    desk.settings.set_flashes(True)
    wanted = assembled(desk.settings, desk.runner, actor="ines")
    desk.qtbot.addWidget(wanted)
    wanted.menus.view.aboutToShow.emit()
    assert wanted.actions_.flash.isChecked()


def test_a_desktop_that_wants_no_motion_from_now_on_is_followed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QApplication, "style", Still)
    desk.page.timeline.to_previous()
    assert not lit(desk)
    desk.window.menus.view.aboutToShow.emit()
    assert not desk.window.actions_.flash.isChecked()
    assert desk.settings.flashes() is None, "the person has not chosen"
    monkeypatch.undo()
    desk.page.timeline.to_next()
    assert lit(desk)
    desk.window.menus.view.aboutToShow.emit()
    assert desk.window.actions_.flash.isChecked()
