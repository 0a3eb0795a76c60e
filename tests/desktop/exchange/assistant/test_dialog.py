"""The window of the assistant: where it stands, how large it is, and what it looks like after a change of theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton, QWidget

from tests.desktop.exchange.assisting import opened, preview_of, previewed
from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.desktop.exchange.assistant.columns.page import HAS_TO_BE_SAID
from whowas.desktop.kit import theme

__all__ = ["desk", "directory"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "more.csv"
    path.write_text("email,title\nada@example.org,Clerk\n")
    return path


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp, "light")
    yield qapp
    theme.apply(qapp, "light")


@pytest.mark.parametrize("size", [(1020, 740), (900, 560)])
def test_it_stands_in_the_middle_of_the_window_and_within_it(desk: Desk, source: Path, size: tuple[int, int]) -> None:
    desk.window.resize(*size)
    desk.window.move(10, 20)
    dialog, window = opened(desk, source), desk.window.geometry()
    assert dialog.height() == min(680, window.height() - 60, dialog.screen().availableGeometry().height() - 60)
    offset = dialog.geometry().center() - window.center()
    assert abs(offset.y()) <= 2
    assert abs(offset.x()) <= 2 or dialog.x() == 0, "what is left of the screen is out of reach"


def test_the_active_step_stays_marked_in_another_theme(desk: Desk, source: Path, app: QApplication) -> None:
    dialog = previewed(desk, source)
    theme.apply(app, "dark")
    weights = {label.text(): label.font().weight() for label in dialog.steps.findChildren(QLabel)}
    assert weights["Preview"] == QFont.Weight.DemiBold
    assert weights["Columns"] == QFont.Weight.Normal


def test_of_a_single_list_nothing_is_said_of_dated_ones(desk: Desk, source: Path) -> None:
    dialog = opened(desk, source)
    assert HAS_TO_BE_SAID not in [label.text() for label in dialog.findChildren(QLabel)]


def test_tab_goes_through_all_of_the_preview(desk: Desk, source: Path) -> None:
    dialog = previewed(desk, source)
    page = preview_of(dialog)
    desk.qtbot.waitUntil(page.table.hasFocus)
    passed: list[QWidget] = []
    while (focused := QApplication.focusWidget()) is not None and focused not in passed:
        passed.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert page.search in passed
    assert [one for one in passed if isinstance(one, QRadioButton)], "the chips"
    order = [passed.index(one) for one in (page.table, dialog.back, dialog.import_button)]
    assert order == sorted(order)
