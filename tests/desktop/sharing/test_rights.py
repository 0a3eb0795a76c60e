"""The table of accounts: one ring a row, by keys and mouse, by a screen reader, and only for whom it may be."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from whowas.desktop.sharing.rights.model import CHOICES, FIRST_CHOICE, AccountLine, RightsModel
from whowas.desktop.sharing.rights.view import RightsView

LINES = [AccountLine("ines", "admin", "You", fixed=True), AccountLine("ada", None), AccountLine("kit", "reader")]


@pytest.fixture
def view(qtbot: QtBot) -> RightsView:
    model = RightsModel(shows_notes="Now")
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.show(LINES)
    view = RightsView("Members", model)
    model.setParent(view)
    qtbot.addWidget(view)
    view.resize(720, 300)
    view.show()
    view.setFocus()
    return view


def checked(model: RightsModel, row: int) -> list[int]:
    """The columns that are checked in a row."""
    role = Qt.ItemDataRole.CheckStateRole
    columns = range(model.columnCount())
    return [column for column in columns if model.index(row, column).data(role) == Qt.CheckState.Checked]


def test_every_row_has_one_choice(view: RightsView) -> None:
    model = view.rights_model()
    assert [checked(model, row) for row in range(3)] == [[4], [1], [2]]
    assert model.changes == {}


def test_a_click_chooses_and_is_told_once(view: RightsView) -> None:
    model, told = view.rights_model(), list[int]()
    model.chosen.connect(lambda: told.append(1))
    middle = view.visualRect(model.index(1, 3)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert (model.changes, len(told)) == ({"ada": "editor"}, 1)
    assert checked(model, 1) == [3]


def test_the_keyboard_goes_to_a_ring_and_chooses_it(view: RightsView) -> None:
    model = view.rights_model()
    view.setCurrentIndex(model.index(1, FIRST_CHOICE))
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert model.changes == {"ada": "reader", "kit": None}


def test_a_screen_reader_hears_whose_right_it_is_and_can_check_it(view: RightsView) -> None:
    model = view.rights_model()
    index = model.index(2, FIRST_CHOICE + CHOICES.index("admin"))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "kit: Admin"
    assert index.flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert model.changes == {"kit": "admin"}


def test_what_is_fixed_or_only_shown_stays(view: RightsView) -> None:
    model = view.rights_model()
    model.choose(0, "reader")
    model.set_editable(False)
    model.choose(1, "editor")
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(model.index(2, FIRST_CHOICE)).center()
    )
    assert model.changes == {}
    assert not model.index(1, FIRST_CHOICE).flags() & Qt.ItemFlag.ItemIsUserCheckable


def test_what_was_chosen_stays_when_accounts_are_listed_anew(view: RightsView) -> None:
    model = view.rights_model()
    model.choose(1, "editor")
    model.show([*LINES, AccountLine("lene", None)], model.rights)
    assert model.changes == {"ada": "editor"}
    assert model.rights == {"ines": "admin", "ada": "editor", "kit": "reader", "lene": None}


def test_typing_goes_to_an_account_and_stays_in_the_column(view: RightsView) -> None:
    view.setCurrentIndex(view.model().index(0, FIRST_CHOICE + 2))
    QTest.keyClicks(view, "ki")
    index = view.currentIndex()
    assert (index.row(), index.column()) == (2, FIRST_CHOICE + 2)
