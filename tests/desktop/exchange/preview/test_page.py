"""The second page of the assistant: its chips, its search, and what stands above the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from tests.desktop.exchange.preview.given_rows import ADA, ALBA, CORA, FILE, ROWS, TOO_MANY, names, preview
from whowas.desktop.exchange.preview.filter_chips import FilterChip
from whowas.desktop.exchange.preview.page import PreviewPage
from whowas.desktop.exchange.preview.table.model import PreviewColumn
from whowas.interchange.importing.given.rules import LeaveOut


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[PreviewPage]:
    made = PreviewPage(names)
    qtbot.addWidget(made)
    made.resize(920, 560)
    with qtbot.waitExposed(made):
        made.show()
    return made


def chips(page: PreviewPage) -> dict[str, FilterChip]:
    return {chip.text(): chip for chip in page.findChildren(FilterChip) if chip.isVisible()}


def shown(page: PreviewPage) -> list[str]:
    model = page.table.preview
    return [model.index(at, PreviewColumn.USER).data() for at in range(model.rowCount())]


def said(page: PreviewPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_kinds_of_which_there_are_any_are_offered_with_their_counts(page: PreviewPage) -> None:
    page.show_rows(preview([*ROWS, ADA]), looking=False, total=0)
    assert [*chips(page)] == [
        *("All 8", "New 1", "Changed 2", "Unchanged 1", "Not in this file 1", "Refused 1", "Perhaps the same 1"),
        "Left out 1",
    ]
    page.show_rows(preview([CORA]), looking=False, total=0)
    assert [*chips(page)] == ["All 1", "Unchanged 1"]
    page.show_rows(preview([]), looking=False, total=0)
    assert [*chips(page)] == ["All 0"]


def test_a_chip_filters_and_arrow_keys_choose_the_next(page: PreviewPage) -> None:
    page.show_rows(preview(ROWS), looking=False, total=0)
    QTest.mouseClick(chips(page)["New 1"], Qt.MouseButton.LeftButton)
    assert shown(page) == ["Bram Ostler"]
    chips(page)["New 1"].setFocus()
    QTest.keyClick(chips(page)["New 1"], Qt.Key.Key_Right)
    assert shown(page) == ["Ada Osei"]
    assert [text for text, chip in chips(page).items() if chip.isChecked()] == ["Changed 1"]


def test_the_filter_stays_over_a_new_look_and_ends_with_the_last_of_its_rows(page: PreviewPage) -> None:
    page.show_rows(preview(ROWS), looking=False, total=0)
    chips(page)["Left out 1"].setChecked(True)
    page.show_rows(preview(ROWS), looking=False, total=0)
    assert shown(page) == ["Piet Over"]
    page.show_rows(preview([ADA, CORA]), looking=False, total=0)
    assert shown(page) == ["Ada Osei", "Cora Same"]
    assert chips(page)["All 2"].isChecked()


def test_chips_are_choices_of_one_for_a_screen_reader(page: PreviewPage) -> None:
    page.show_rows(preview(ROWS), looking=False, total=0)
    for text, chip in chips(page).items():
        spoken = QAccessible.queryAccessibleInterface(chip)
        assert (spoken.text(QAccessible.Text.Name), spoken.role()) == (text, QAccessible.Role.RadioButton)


def test_rows_are_searched_while_typing(qtbot: QtBot, page: PreviewPage) -> None:
    page.show_rows(preview(ROWS), looking=False, total=0)
    QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.search.hasFocus)
    QTest.keyClicks(page.search, "night")
    qtbot.waitUntil(lambda: shown(page) == ["Bram Ostler"])
    QTest.keyClicks(page.search, "mare")
    qtbot.waitUntil(lambda: shown(page) == [])
    assert "Nothing found" in said(page)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(shown(page)) == len(ROWS)


def test_new_fields_and_groups_and_what_was_recognised_are_said(page: PreviewPage) -> None:
    told = {"fields": ("Cost centre",), "groups": ("Night shift", "Records"), "said": ("It is a list of Google.",)}
    page.show_rows(preview(ROWS, **told), looking=False, total=0)
    assert "New field Cost centre. New groups Night shift and Records. It is a list of Google." in said(page)
    page.show_rows(preview(ROWS), looking=False, total=0)
    assert "New field" not in said(page)


def test_what_does_not_fit_on_a_line_is_shown_by_a_button(page: PreviewPage) -> None:
    page.show_rows(
        preview(ROWS, said=tuple(f"This is sentence {number}." for number in range(30))), looking=False, total=0
    )
    (more,) = (button for button in page.findChildren(QPushButton) if button.isVisible())
    low = page.table.y()
    more.click()
    page.layout().activate()
    assert more.text() == "Less"
    assert page.table.y() > low


def test_it_says_that_the_first_rows_are_not_all(page: PreviewPage) -> None:
    page.show_rows(preview(ROWS), looking=True, total=100_000)
    assert "These are the first 7 rows; the other 99,993 are being looked at…" in said(page)
    page.show_rows(preview(ROWS), looking=False, total=0)
    assert "being looked at" not in said(page)


def box(page: PreviewPage) -> QCheckBox | None:
    return next((found for found in page.findChildren(QCheckBox) if found.isVisible()), None)


def test_too_many_who_are_missing_are_agreed_to_and_taken_back(page: PreviewPage) -> None:
    agreed: list[bool] = []
    page.agreed.connect(agreed.append)
    page.show_rows(preview([ADA, ALBA, TOO_MANY], accepted=False), looking=False, total=0)
    assert TOO_MANY.reason in said(page)
    asked = box(page)
    assert asked is not None
    assert asked.text() == "Suspend them all the same"
    asked.click()
    page.show_rows(preview([ADA, ALBA]), looking=False, total=0)
    assert box(page) is asked
    assert asked.isChecked()
    asked.click()
    assert agreed == [True, False]
    page.show_rows(preview([ADA]), looking=False, total=0)
    assert box(page) is None


def test_what_was_agreed_to_stays_while_the_first_rows_are_shown(page: PreviewPage) -> None:
    page.show_rows(preview([ADA, ALBA, TOO_MANY], accepted=False), looking=False, total=0)
    asked = box(page)
    assert asked is not None
    asked.click()
    page.show_rows(preview([ADA]), looking=True, total=2)
    assert box(page) is None
    page.show_rows(preview([ADA, ALBA]), looking=False, total=0)
    assert box(page) is asked
    assert asked.isChecked()


def test_what_was_agreed_to_is_told_of_as_many_as_are_missing_now(page: PreviewPage) -> None:
    page.show_rows(preview([ADA, ALBA, TOO_MANY], accepted=False), looking=False, total=0)
    asked = box(page)
    assert asked is not None
    asked.click()
    for gone, sentence in (
        ([ALBA], "1 user who is not in the list will be suspended."),
        ([ALBA, replace(ALBA, user_id="another")], "2 users who are not in the list will be suspended."),
        ([replace(ALBA, changes={"status": ("active", "deleted")})], "1 user who is not in the list will be deleted."),
    ):
        page.show_rows(preview([ADA, *gone]), looking=False, total=0)
        assert sentence in said(page)


def test_what_was_agreed_to_is_not_forgotten_while_it_is_about_nobody(page: PreviewPage) -> None:
    page.show_rows(preview([ADA, ALBA, TOO_MANY], accepted=False), looking=False, total=0)
    asked = box(page)
    assert asked is not None
    asked.click()
    nameless = replace(TOO_MANY, reason="1 row cannot be read far enough.", advice="")
    for between in (preview([ADA]), preview([ADA, ALBA, nameless], accepted=False)):
        page.show_rows(between, looking=False, total=0)
        assert box(page) is None
        page.show_rows(preview([ADA, ALBA]), looking=False, total=0)
        assert box(page) is asked
        assert asked.isChecked(), "the import is asked for with it still"


def test_what_was_agreed_to_is_forgotten_with_the_decisions(page: PreviewPage) -> None:
    page.show_rows(preview([ADA, ALBA, TOO_MANY], accepted=False), looking=False, total=0)
    asked = box(page)
    assert asked is not None
    asked.click()
    page.forget_decisions()
    page.show_rows(preview([ADA, ALBA]), looking=False, total=0)
    assert box(page) is None


def test_of_many_dated_lists_the_first_that_stop_the_import_are_named(page: PreviewPage) -> None:
    stops = [replace(TOO_MANY, file=f"2019-{month:02d}.csv") for month in range(1, 13)]
    page.show_rows(preview([ADA, ALBA, *stops], accepted=False), looking=False, total=0)
    assert f"2019-01.csv: {TOO_MANY.reason}" in said(page)
    assert "2019-04.csv" not in said(page)
    assert "It is so of 9 more lists." in said(page)


def test_what_nobody_can_agree_to_has_no_box(page: PreviewPage) -> None:
    stop = type(TOO_MANY)("", 0, "refused", reason="2 rows cannot be read far enough.")
    page.show_rows(preview([ADA, ALBA, stop], accepted=False), looking=False, total=0)
    assert stop.reason in said(page)
    assert box(page) is None


def test_decisions_are_handed_on(page: PreviewPage) -> None:
    decided: list[Any] = []
    page.decided.connect(lambda key, decision: decided.append((key, decision)))
    page.show_rows(preview(ROWS), looking=False, total=0)
    page.table.setCurrentIndex(page.table.preview.index(0, PreviewColumn.USER))
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert decided == [((FILE, 2), LeaveOut())]


@pytest.mark.parametrize("width", [480, 700, *range(900, 930, 3), 1_400])
def test_nothing_is_cut_off_at_any_width(qtbot: QtBot, page: PreviewPage, width: int) -> None:
    page.show_rows(preview(ROWS), looking=False, total=0)
    page.resize(width, 560)
    page.layout().activate()
    qtbot.wait(1)
    for chip in chips(page).values():
        right = chip.mapTo(page, chip.rect().topRight()).x()
        assert right < page.search.x()
        assert chip.width() == chip.sizeHint().width()
    lowest = max(chip.mapTo(page, chip.rect().bottomLeft()).y() for chip in chips(page).values())
    assert page.table.y() == lowest + 1 + 12


def test_an_import_without_rows_says_so(page: PreviewPage) -> None:
    page.show_rows(preview([]), looking=False, total=0)
    assert "There is nothing in the file to be imported." in said(page)


def test_enter_on_a_row_does_not_import(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    page, button = PreviewPage(names), QPushButton("Import")
    column = QVBoxLayout(dialog)
    column.addWidget(page)
    column.addWidget(button)
    button.setDefault(True)
    pressed: list[bool] = []
    button.clicked.connect(pressed.append)
    page.show_rows(preview(ROWS), looking=False, total=0)
    with qtbot.waitExposed(dialog):
        dialog.show()
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.preview.index(0, PreviewColumn.USER))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert pressed == []


def test_the_tab_key_goes_from_chips_to_search_to_rows(qtbot: QtBot, page: PreviewPage) -> None:
    page.show_rows(preview(ROWS), looking=False, total=0)
    page.activateWindow()
    chips(page)["All 7"].setFocus()
    reached = []
    for _ in range(2):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        reached.append(page.focusWidget())
    assert reached == [page.search, page.table]
    assert page.table.currentIndex().row() == 0


def test_how_many_rows_are_shown_is_said_when_it_changes(page: PreviewPage, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    where = "whowas.desktop.exchange.preview.filtered_rows.announce"
    monkeypatch.setattr(where, lambda _widget, sentence: heard.append(sentence))
    page.show_rows(preview(ROWS), looking=False, total=0)
    page.show_rows(preview(ROWS), looking=False, total=0)
    chips(page)["New 1"].setChecked(True)
    assert heard == ["7 rows", "1 row"]
