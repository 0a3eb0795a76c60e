"""What can be done with a page ends with it, though the window's actions and menus stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import Desk, directory
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.lens import AsKnown

__all__ = ["directory"]


class Bell(PageFeature):
    """Rings whenever somebody asks for the history to be verified."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.rung = 0
        self._on(context.actions.verify.triggered, self._ring)

    def _ring(self) -> None:
        self.rung += 1


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, directory: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


def test_it_lets_go_of_an_action_as_the_page_closes(desk: Desk) -> None:
    window, session, page = desk.window, desk.window.session, desk.page
    assert session is not None
    bell = Bell(PageContext(window, page, session, window.actions_, window.menus, window.messages))
    window.actions_.verify.trigger()
    assert bell.rung == 1
    page.closing.emit()
    window.actions_.verify.trigger()
    assert bell.rung == 1


def test_menus_of_a_closed_page_are_empty(desk: Desk) -> None:
    menus = desk.window.menus
    assert menus.compare.actions()
    assert menus.counted.actions()
    menus.named.aboutToShow.emit()
    assert menus.named.actions()
    desk.window.go_to_welcome()
    assert not [*menus.compare.actions(), *menus.counted.actions(), *menus.named.actions()]
    assert not menus.compare.isEnabled()
    assert not menus.counted.isEnabled()


def test_every_feature_lets_go_of_the_window(desk: Desk) -> None:
    features = desk.page.findChildren(PageFeature)
    assert any(feature._connections for feature in features)
    desk.page.closing.emit()
    assert [type(feature).__name__ for feature in features if feature._connections] == []


def test_menus_of_a_page_that_closes_in_the_past_stay_empty(desk: Desk) -> None:
    """Closing goes back from what was known once to today, which nobody is to see any more."""
    menus = desk.window.menus
    desk.page.view.show_moment(2)
    desk.trigger("as_known")
    assert desk.window.session is not None
    assert isinstance(desk.window.session.shown.lens, AsKnown)
    shown: list[str] = []
    desk.page.changed.connect(lambda: shown.append("changed"))
    desk.window.go_to_welcome()
    assert not [*menus.compare.actions(), *menus.counted.actions(), *menus.named.actions()]
    assert not shown


def test_another_page_is_commanded_as_the_first_was(desk: Desk, directory: Path) -> None:
    first = desk.page
    desk.open(directory)
    desk.qtbot.waitUntil(desk.equipped)
    assert desk.page is not first
    desk.select("Ada")
    desk.trigger("suspend")
    assert "reactivate" in desk.enabled()
    assert "suspend" not in desk.enabled()
