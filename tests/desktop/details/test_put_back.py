"""An edited field says what it was, and can be put back by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.desktop.details.test_form import (
    ADA,
    NEW,
    Heard,
    button,
    chips,
    form,
    heard,
    line,
    named,
    notes,
    panel,
    shown_sentences,
    type_over,
)
from whowas.desktop.details.draft import Draft
from whowas.desktop.details.form import DetailsForm
from whowas.desktop.details.panel import DetailsPanel

__all__ = ["form", "heard", "panel"]

KINDS = {
    "phone": ("Phone", "was (202) 225-3772"),
    "notes": ("Notes", "was Covers the Tuesday desk."),
    "attributes.Start date": ("Start date", "was 2024-02-01"),
    "groups": ("Groups", "was Records, Badge holders"),
}
every_kind = pytest.mark.parametrize("key", KINDS)


def edit(qtbot: QtBot, form: DetailsForm, key: str) -> None:
    if key == "groups":
        named(form, "Remove Records").setFocus()
        qtbot.mouseClick(button(form, "Remove Records"), Qt.MouseButton.LeftButton)
        return
    editor = named(form, KINDS[key][0])
    assert isinstance(editor, QLineEdit | QPlainTextEdit)
    type_over(qtbot, editor, "7")


def marked(form: DetailsForm) -> dict[str, str]:
    """Return what each marked field was, by its key."""
    return {row.key: row.was() for row in form.rows.all() if row.was()}


@every_kind
def test_an_edited_field_says_what_it_was(qtbot: QtBot, form: DetailsForm, key: str) -> None:
    assert marked(form) == {}
    edit(qtbot, form, key)
    assert marked(form) == {key: KINDS[key][1]}


@every_kind
def test_it_is_put_back_alone(qtbot: QtBot, form: DetailsForm, heard: Heard, key: str) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    edit(qtbot, form, key)
    qtbot.mouseClick(button(form, f"Put back {KINDS[key][0]}"), Qt.MouseButton.LeftButton)

    assert marked(form) == {"title": "was Clerk"}
    assert heard.drafts[-1] == form.draft() == Draft({"title": "Archivist"})
    assert line(form, "Phone").text() == ADA.values["phone"]
    assert notes(form).toPlainText() == ADA.values["notes"]
    assert line(form, "Start date").text() == ADA.attributes["Start date"]
    assert chips(form) == [*ADA.groups]
    assert heard.discards == 0


@every_kind
def test_the_cursor_is_in_the_field_that_was_put_back(qtbot: QtBot, form: DetailsForm, key: str) -> None:
    edit(qtbot, form, key)
    link = button(form, f"Put back {KINDS[key][0]}")
    link.setFocus()
    qtbot.keyClick(link, Qt.Key.Key_Space)
    row = form.rows.row(key)
    assert row is not None
    assert row.has_focus()
    assert form.draft() is None


@pytest.mark.parametrize("key", ["phone", "notes"])
def test_what_was_typed_comes_back_with_undo_in_the_field(qtbot: QtBot, form: DetailsForm, key: str) -> None:
    edit(qtbot, form, key)
    form.put_back(key)
    row = form.rows.text_row(key)
    assert row is not None
    editor = row.editor
    assert isinstance(editor, QLineEdit | QPlainTextEdit)
    editor.undo()
    assert row.text() == "7"
    assert marked(form) == {key: KINDS[key][1]}


def test_typing_the_same_again_takes_the_mark_away(qtbot: QtBot, form: DetailsForm) -> None:
    type_over(qtbot, line(form, "Title"), "Clark")
    type_over(qtbot, line(form, "Title"), "Clerk")
    assert marked(form) == {}


def test_a_field_that_was_empty_says_so(qtbot: QtBot, panel: DetailsPanel) -> None:
    panel.show_user(replace(ADA, values={**ADA.values, "phone": ""}))
    type_over(qtbot, line(panel.form, "Phone"), "7")
    assert marked(panel.form) == {"phone": "was empty"}
    panel.form.put_back("phone")
    assert line(panel.form, "Phone").text() == ""
    assert marked(panel.form) == {}


def test_nothing_of_a_new_user_was_anything(qtbot: QtBot, panel: DetailsPanel) -> None:
    panel.show_user(NEW)
    type_over(qtbot, line(panel.form, "Phone"), "7")
    assert marked(panel.form) == {}


def test_a_draft_that_is_handed_back_is_marked_and_discarding_takes_all_marks_away(panel: DetailsPanel) -> None:
    panel.show_user(NEW)
    panel.show_user(ADA, Draft({"title": "Archivist"}, ("Legal",)))
    assert marked(panel.form) == {"title": "was Clerk", "groups": KINDS["groups"][1]}
    panel.form.discard()
    assert marked(panel.form) == {}


def test_a_field_changed_meanwhile_was_what_others_made_of_it(qtbot: QtBot, panel: DetailsPanel) -> None:
    type_over(qtbot, line(panel.form, "Title"), "Archivist")
    panel.show_user(replace(ADA, version=15, values={**ADA.values, "title": "Counsel"}))
    assert marked(panel.form) == {"title": "was Counsel"}
    assert [sentence for sentence in shown_sentences(panel.form) if sentence.startswith("Meanwhile changed")]
    panel.form.put_back("title")
    assert line(panel.form, "Title").text() == "Counsel"
    assert panel.form.draft() is None
    assert not [sentence for sentence in shown_sentences(panel.form) if sentence.startswith("Meanwhile changed")]


def test_the_past_shows_no_mark_and_the_present_shows_it_again(qtbot: QtBot, panel: DetailsPanel) -> None:
    type_over(qtbot, line(panel.form, "Title"), "Archivist")
    panel.form.set_read_only(True)
    panel.show_user(replace(ADA, version=3))
    assert marked(panel.form) == {}
    panel.form.put_back("title")
    panel.form.set_read_only(False)
    panel.show_user(ADA)
    assert marked(panel.form) == {"title": "was Clerk"}


def test_the_tab_key_goes_from_the_groups_over_their_link_to_the_next_field(qtbot: QtBot, panel: DetailsPanel) -> None:
    edit(qtbot, panel.form, "groups")
    panel.form.set_custom_fields([("Room", "Room")])
    stops = [named(panel.form, name) for name in ("Remove Badge holders", "Put back Groups", "Room")]
    found, after = [], stops[0]
    while len(found) < len(stops):
        if after.focusPolicy() & Qt.FocusPolicy.TabFocus and after.isVisibleTo(panel):
            found.append(after)
        after = after.nextInFocusChain()
    assert found == stops


def test_the_form_stands_still_above_a_field_that_is_edited(qtbot: QtBot, panel: DetailsPanel) -> None:
    editor = line(panel.form, "Phone")
    before = editor.mapTo(panel, editor.rect().topLeft())
    type_over(qtbot, editor, "7")
    qtbot.wait(20)
    assert editor.mapTo(panel, editor.rect().topLeft()) == before
