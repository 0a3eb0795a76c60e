"""Tabs over the details: a page adds one by its title and by what makes its widget."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import Desk, directory
from whowas.desktop.details.draft import UserForm
from whowas.desktop.details.panel import DetailsPanel

__all__ = ["directory"]


@pytest.fixture
def panel(qtbot: QtBot) -> DetailsPanel:
    made = DetailsPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, directory: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


def titles(panel: DetailsPanel) -> list[str]:
    (tabs,) = panel.findChildren(QTabBar)
    return [tabs.tabText(index) for index in range(tabs.count())]


def test_the_tabs_lie_on_top_at_once_where_nobody_is_selected(panel: DetailsPanel) -> None:
    (tabs,) = panel.findChildren(QTabBar)
    below_name = tabs.mapTo(panel, QPoint()).y()
    panel.show_user(None)
    # While nothing of the event loop was done yet, which may paint first.
    assert tabs.mapTo(panel, QPoint()).y() == 0 < below_name


def test_a_tab_is_made_when_it_is_chosen_for_the_first_time(panel: DetailsPanel) -> None:
    made: list[QLabel] = []

    def make() -> QWidget:
        made.append(QLabel("Photo"))
        return made[-1]

    panel.add_tab("Photo", make)
    assert titles(panel) == ["Details", "History", "Photo"]
    assert made == []
    for _ in range(2):
        panel.show_tab("Photo")
        assert [label.isVisible() for label in made] == [True]
        panel.show_details()
        assert [label.isVisible() for label in made] == [False]


def test_a_tab_that_was_added_stays_in_front_whoever_is_selected(panel: DetailsPanel) -> None:
    label = QLabel("Photo")
    panel.add_tab("Photo", lambda: label)
    panel.show_tab("Photo")
    panel.show_user(UserForm("x", 1, {"email": "x@example.org"}))
    panel.show_user(None)
    assert label.isVisible()
    panel.show_user(UserForm(None))
    assert not label.isVisible(), "the form of a new user is to be filled in"


def test_the_page_has_the_changes_of_all_behind_its_third_tab(desk: Desk) -> None:
    assert titles(desk.page.panel) == ["Details", "History", "Changes"]
