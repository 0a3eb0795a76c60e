"""What others do to custom fields while somebody is typing in them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.desktop.details.test_typed_fields import do, row
from tests.desktop.window.test_main_window import ADA, Desk, desk, directory
from whowas.domain.commands import Command, DefineField, DeleteField, DescribeField, RenameField, UpdateUser

__all__ = ["desk", "directory"]


def typing(desk: Desk) -> None:
    """Begin to type in the room of Ada."""
    do(desk, DefineField("Room"), UpdateUser(ADA, {"notes": "Keep"}, {}))
    desk.select("Ada")
    desk.settle()
    row(desk, "Room").take_focus()
    type_on("12 ")


def type_on(text: str) -> None:
    if (focused := QApplication.focusWidget()) is not None:
        QTest.keyClicks(focused, text)


@pytest.mark.parametrize(
    "meanwhile",
    [DefineField("Other"), RenameField("Room", "Desk"), DescribeField("Room", "phone"), DescribeField("Room", "date")],
)
def test_whoever_types_in_a_field_goes_on_there_whatever_others_do_to_fields(desk: Desk, meanwhile: Command) -> None:
    typing(desk)
    do(desk, meanwhile)
    type_on("May 2026")
    assert row(desk, "Room").text() in ("12 May 2026", "2026-05-12")
    assert row(desk, "Room").was() == "was empty"


@pytest.mark.parametrize("meanwhile", [DeleteField("Room"), DescribeField("Room", hidden=True)])
def test_where_the_field_goes_in_which_somebody_types_nothing_is_typed_into_another(
    desk: Desk, meanwhile: Command
) -> None:
    typing(desk)
    do(desk, meanwhile)
    type_on("May 2026")
    assert desk.page.details.panel.form.draft() is None


def test_fields_that_stay_keep_what_typing_can_undo_and_the_order_of_the_tab_key(desk: Desk) -> None:
    typing(desk)
    line = row(desk, "Room").focus_widget
    do(desk, DefineField("Other"))
    assert row(desk, "Room").focus_widget is line
    assert isinstance(line, QLineEdit)
    assert line.isUndoAvailable()
    QTest.keyClick(line, Qt.Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert row(desk, "Other").has_focus()
