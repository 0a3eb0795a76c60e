"""An edited field has a bar and says what it was, with a link that asks for that."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.kit.edited_mark import was
from whowas.desktop.kit.field_row import LineRow, TextRow
from whowas.desktop.kit.notes_row import NotesRow


@pytest.fixture(params=[LineRow, NotesRow])
def row(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> TextRow:
    theme.apply(qapp, "light")
    made: TextRow = request.param("phone", "Phone")
    qtbot.addWidget(made)
    made.resize(200, 160)
    made.show()
    return made


def link_of(row: TextRow) -> QPushButton:
    (link,) = row.findChildren(QPushButton)
    return link


def colour_at_the_left(row: TextRow) -> str:
    image = row.grab().toImage()  # the rim of a field with the focus is two pixels wide
    return image.pixelColor(2, row.editor.y() + row.editor.height() // 2).name()


def test_a_marked_row_has_a_bar_and_says_what_it_was(row: TextRow) -> None:
    before = row.sizeHint().height()
    row.show_was(was("Clerk"))
    assert colour_at_the_left(row) == theme.current().accent.name()
    assert link_of(row).isVisible()
    assert (link_of(row).text(), link_of(row).accessibleName()) == ("Put back", "Put back Phone")
    assert [label.text() for label in row.findChildren(QLabel) if "was" in label.text()] == ["was Clerk"]
    assert row.sizeHint().height() - before == 20

    row.show_was("")
    assert colour_at_the_left(row) != theme.current().accent.name()
    assert not link_of(row).isVisible()
    assert row.sizeHint().height() == before


def test_the_bar_is_as_high_as_the_field_and_lets_clicks_through(row: TextRow, qtbot: QtBot) -> None:
    row.show_was(was("Clerk"))
    row.editor.setFixedHeight(70)
    (bar,) = (
        child
        for child in row.editor.children()
        if isinstance(child, QWidget) and child.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    )
    qtbot.waitUntil(lambda: bar.height() == 70)
    assert bar.width() == 3


def test_the_link_asks_for_its_field(row: TextRow, qtbot: QtBot) -> None:
    row.show_was(was("Clerk"))
    with qtbot.waitSignal(row.putBackRequested) as asked:
        qtbot.mouseClick(link_of(row), Qt.MouseButton.LeftButton)
    assert asked.args == ["phone"]


def test_the_tab_key_goes_from_the_field_to_its_link(row: TextRow) -> None:
    row.show_was(was("Clerk"))
    after = row.editor.nextInFocusChain()
    while not after.focusPolicy() & Qt.FocusPolicy.TabFocus:
        after = after.nextInFocusChain()
    assert after is link_of(row) is row.last_stop()


def test_what_it_was_is_read_out_unless_a_note_matters_more(row: TextRow) -> None:
    row.show_was(was(""))
    assert row.editor.accessibleDescription() == "was empty"
    row.set_note("That is no phone number.")
    assert row.editor.accessibleDescription() == "That is no phone number."
    row.set_note("")
    assert row.editor.accessibleDescription() == "was empty"
    row.show_was("")
    assert row.editor.accessibleDescription() == ""


def test_no_markup_is_read_in_what_it_was(row: TextRow) -> None:
    row.show_was(was("<b>Clerk</b>\nof records"))
    (words,) = (label for label in row.findChildren(QLabel) if "was" in label.text())
    assert words.text() == "was <b>Clerk</b> of records"
    assert words.textFormat() is Qt.TextFormat.PlainText


def test_the_tip_says_what_has_no_room(row: TextRow) -> None:
    (words,) = (label for label in marked(row, "x" * 2_000).findChildren(QLabel) if "was" in label.text())
    assert words.toolTip().count("x") == 995, "with “was ” and “…”, a thousand characters"
    marked(row, "Bartholomew\nvan der Berg")
    assert "was Bartholomew van der Berg" in words.toolTip()


def marked(row: TextRow, before: str) -> TextRow:
    row.show_was(was(before))
    return row
