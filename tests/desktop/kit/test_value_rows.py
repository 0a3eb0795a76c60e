"""Values of custom fields are edited by their type; what a row says beside its value is heard and seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHelpEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QCalendarWidget, QLineEdit, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import dates, theme
from whowas.desktop.kit.date_row import DateRow
from whowas.desktop.kit.field_row import LineRow
from whowas.desktop.kit.link_row import LinkRow
from whowas.desktop.kit.pick_row import PickRow
from whowas.desktop.kit.value_rows import value_row
from whowas.domain.field_definitions import FIELD_TYPES, FieldDefinition, FieldType

CHOICE = FieldDefinition("choice", choices=("Early", "Late"))


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    dates.choose("words", "system")
    yield
    dates.choose("words", "system")


def made(qtbot: QtBot, definition: FieldDefinition) -> LineRow | PickRow:
    row = value_row("attributes.x", "Badge", definition)
    qtbot.addWidget(row)
    row.show()
    assert isinstance(row, LineRow | PickRow)
    return row


def offered(row: PickRow) -> list[str]:
    menu = QMenu()
    row._fill(menu)
    return [action.text() for action in menu.actions()]


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_every_type_holds_what_it_is_given_also_what_does_not_fit(qtbot: QtBot, kind: FieldType) -> None:
    row = made(qtbot, FieldDefinition(kind, choices=("Early",)))
    edits = QSignalSpy(row.edited)
    for text in ("2024-03-04", "of old", ""):
        row.set_text(text)
        assert row.text() == row.as_shown(text) == text
    assert edits.count() == 0
    row.put_back("yes")
    assert (row.text(), edits.count() > 0) == ("yes", True)


def test_required_is_marked_and_help_is_said(qtbot: QtBot) -> None:
    row = made(qtbot, FieldDefinition(required=True, help="On <the> door"))
    assert (row.label.text(), row.editor.accessibleName()) == ("Badge *", "Badge")
    assert row.focus_widget.accessibleDescription() == "required; On <the> door"
    assert "Required. On &lt;the&gt; door" in row.focus_widget.toolTip()
    row.set_note("That is wrong.")
    assert row.focus_widget.accessibleDescription() == "That is wrong."
    row.set_note("")
    assert row.focus_widget.accessibleDescription() == "required; On <the> door"


def test_a_choice_offers_nothing_too_unless_it_is_required(qtbot: QtBot) -> None:
    row = made(qtbot, CHOICE)
    assert isinstance(row, PickRow)
    assert (offered(row), row.box.shown) == (["No value", "Early", "Late"], "No value")
    edits = QSignalSpy(row.edited)
    row.choose("Late")
    row.choose("Late")
    assert (row.text(), row.box.shown, edits.count()) == ("Late", "Late", 1)
    needed = made(qtbot, FieldDefinition("yes or no", required=True))
    assert isinstance(needed, PickRow)
    assert offered(needed) == ["yes", "no"]
    assert (needed.box.accessibleName(), needed.box.accessibleDescription()) == ("Badge", "Choose…; required")


def test_a_choice_that_can_only_be_read_is_text(qtbot: QtBot) -> None:
    row = made(qtbot, CHOICE)
    row.set_text("Late")
    row.set_read_only(True)
    (line,) = (one for one in row.findChildren(QLineEdit) if one.isVisible())
    assert isinstance(row, PickRow)
    assert (line.text(), line.isReadOnly(), row.box.isVisible()) == ("Late", True, False)


def test_a_day_is_shown_in_the_style_and_held_as_iso(qtbot: QtBot) -> None:
    row = made(qtbot, FieldDefinition("date"))
    row.set_text("2024-03-04")
    assert (row.line.text(), row.words("2024-03-04")) == ("4 Mar 2024", "4 Mar 2024")
    row.line.selectAll()
    QTest.keyClicks(row.line, "Dec 5, 2025")
    assert row.text() == "2025-12-05"
    QTest.keyClick(row.line, Qt.Key.Key_Return)
    assert row.note.sentence() == ""


def test_an_unclear_day_is_said_once_the_field_is_left_and_kept(qtbot: QtBot) -> None:
    row = made(qtbot, FieldDefinition("date"))
    QTest.keyClicks(row.line, "3/4/2024")
    assert row.note.sentence() == ""
    row.line.editingFinished.emit()
    assert row.note.sentence() == "“3/4/2024” can be 3 April or 4 March. Write it like 2024-04-03."
    assert row.text() == "3/4/2024"
    QTest.keyClick(row.line, Qt.Key.Key_Backspace)
    assert row.note.sentence() == ""


def test_a_day_is_taken_from_the_calendar(qtbot: QtBot) -> None:
    row = made(qtbot, FieldDefinition("date"))
    assert isinstance(row, DateRow)
    row.set_text("2024-03-04")
    edits = QSignalSpy(row.edited)
    QTest.keyClick(row.line, Qt.Key.Key_F4)
    (month,) = row.findChildren(QCalendarWidget)
    assert month.selectedDate().toString(Qt.DateFormat.ISODate) == "2024-03-04"
    month.clicked.emit(month.selectedDate().addDays(1))
    assert (row.text(), edits.count() > 0) == ("2024-03-05", True)
    QApplication.processEvents()
    row.set_read_only(True)
    assert not row.button.isVisible()


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        (" https://example.org/a?b=c ", ["https://example.org/a?b=c"]),
        ("file:///etc/passwd", []),
        ("javascript:alert(1)", []),
        ("example.org", []),
        ("", []),
    ],
)
def test_only_links_of_the_web_are_opened(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, text: str, opened: list[str]
) -> None:
    seen: list[str] = []

    def note(url: QUrl) -> bool:
        seen.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", note)
    row = made(qtbot, FieldDefinition("link"))
    assert isinstance(row, LinkRow)
    row.set_text(text)
    assert row.button.isVisible() is bool(opened)
    QTest.mouseClick(row.line, Qt.MouseButton.LeftButton)
    assert seen == []
    QTest.mouseClick(row.line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    assert seen == opened
    row.set_read_only(True)
    row.button.click()
    assert seen == opened * 2


@pytest.mark.parametrize("text", ["5 Dec 2025", "2025-1-2", " 2025-01-02", "20250102", "31.12.2025", "of old"])
def test_a_value_of_old_stays_as_it_is_held_until_somebody_types(qtbot: QtBot, text: str) -> None:
    row = made(qtbot, FieldDefinition("date"))
    row.set_text(text)
    assert row.text() == row.as_shown(text) == text
    dates.choose("iso", "system")
    assert row.text() == text
    row.line.selectAll()
    QTest.keyClicks(row.line, "6 Dec 2025")
    assert row.text() == "2025-12-06"
    row.put_back(text)
    assert row.text() == text


def test_a_link_that_no_browser_could_open_has_no_button(qtbot: QtBot) -> None:
    row = made(qtbot, FieldDefinition("link"))
    assert isinstance(row, LinkRow)
    row.set_text("http://example.org:99999999")
    assert (row.link(), row.button.isVisible()) == ("", False)


def test_where_several_differ_a_choice_offers_to_leave_it_so(qtbot: QtBot) -> None:
    row = made(qtbot, CHOICE)
    assert isinstance(row, PickRow)
    row.set_placeholder("Mixed")
    assert offered(row) == ["Mixed", "Early", "Late"]  # "No value" would have done nothing


def test_what_is_chosen_in_a_menu_still_open_when_nothing_can_be_edited_is_not_taken(qtbot: QtBot) -> None:
    row = made(qtbot, CHOICE)
    assert isinstance(row, PickRow)
    row.box.open_menu()
    (menu,) = row.findChildren(QMenu)
    row.set_read_only(True)
    menu.actions()[1].trigger()
    assert row.text() == ""
    menu.close()


def test_a_day_chosen_when_nothing_can_be_edited_any_more_is_not_taken(qtbot: QtBot) -> None:
    row = made(qtbot, FieldDefinition("date"))
    assert isinstance(row, DateRow)
    row.open_calendar()
    (month,) = row.findChildren(QCalendarWidget)
    row.set_read_only(True)
    month.clicked.emit(month.selectedDate())
    assert row.text() == ""


def test_the_help_of_a_choice_is_its_tool_tip(qtbot: QtBot) -> None:
    row = made(qtbot, FieldDefinition("choice", choices=("Early",), help="When they come"))
    assert isinstance(row, PickRow)
    spot = row.box.rect().center()
    QApplication.sendEvent(row.box, QHelpEvent(QEvent.Type.ToolTip, spot, row.box.mapToGlobal(spot)))
    qtbot.waitUntil(lambda: "When they come" in QToolTip.text())
    QToolTip.hideText()


def test_a_day_is_written_anew_in_another_style_and_stays_the_same_day(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dates, "is_day_first", lambda: True)
    shown, typed = made(qtbot, FieldDefinition("date")), made(qtbot, FieldDefinition("date"))
    shown.set_text("2024-03-04")
    edits = QSignalSpy(shown.edited)
    QTest.keyClicks(typed.line, "5/3/2024")
    monkeypatch.setattr(dates, "is_day_first", lambda: None)
    assert typed.text() == "2024-03-05"
    dates.choose("iso", "system")
    theme.signals.changed.emit()
    assert [row.line.text() for row in (shown, typed)] == ["2024-03-04", "2024-03-05"]
    assert edits.count() == 0
