"""Typed custom fields in the form: what new users begin with, where refusals land, and what the past shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QRadioButton

from tests.desktop.window.test_main_window import ADA, Desk, desk, dialog, directory, somebody_else
from whowas.desktop.details.conflict_dialog import ConflictDialog
from whowas.desktop.details.rows import FormRows
from whowas.desktop.kit.field_row import TextRow
from whowas.desktop.kit.pick_row import PickRow
from whowas.domain.commands import Command, DefineField, DescribeField, RenameField, UpdateUser

__all__ = ["desk", "directory"]


def do(desk: Desk, *commands: Command) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(*commands))
    desk.settle()


def rows(desk: Desk) -> FormRows:
    return desk.page.details.panel.form.rows


def row(desk: Desk, field_id: str) -> TextRow:
    return rows(desk).attributes[field_id]


@pytest.fixture
def typed(desk: Desk) -> Desk:
    """A shift to choose that new users get, and a badge that everybody needs."""
    do(desk, DefineField("Shift"), DescribeField("Shift", "choice", choices=("Early", "Late"), default="Late"))
    do(desk, DefineField("Since"), DescribeField("Since", "date"))
    return desk


def test_a_new_user_begins_with_the_defaults_and_may_have_none(typed: Desk) -> None:
    form = typed.page.details.panel.form
    typed.trigger("new_user")
    typed.settle()
    assert (row(typed, "Shift").text(), form.draft()) == ("Late", None)
    rows(typed).texts["first_name"].put_back("Cyd")
    form.save()
    typed.settle()
    assert (rows(typed).texts["first_name"].text(), row(typed, "Shift").text()) == ("Cyd", "Late")
    typed.trigger("new_user")
    typed.settle()
    rows(typed).texts["first_name"].put_back("Dan")
    shift = row(typed, "Shift")
    assert isinstance(shift, PickRow)
    shift.choose("")
    form.save()
    typed.settle()
    assert (form.form.values["first_name"], form.form.attributes["Shift"]) == ("Dan", "")


def test_a_required_field_is_refused_beside_it(typed: Desk) -> None:
    do(typed, DefineField("Badge"))
    do(typed, UpdateUser(ADA, {}, {"Badge": "7"}))
    do(typed, DescribeField("Badge", required=True))
    typed.select("Ada")
    typed.settle()
    row(typed, "Badge").put_back("")
    typed.page.details.panel.form.save()
    typed.settle()
    assert row(typed, "Badge").note.sentence() == "Badge cannot be empty: it is required of everybody."
    assert row(typed, "Badge").label.text() == "Badge *"
    assert typed.shown(ADA).attributes["Badge"] == "7"


def test_what_is_no_day_is_refused_beside_the_field_and_a_day_is_saved_as_it_is_held(typed: Desk) -> None:
    typed.select("Ada")
    typed.settle()
    form = typed.page.details.panel.form
    row(typed, "Since").put_back("soon")
    form.save()
    typed.settle()
    assert row(typed, "Since").note.is_error()
    assert (row(typed, "Since").text(), "Since" in typed.shown(ADA).attributes) == ("soon", False)
    row(typed, "Since").put_back("2024-03-04")
    assert row(typed, "Since").was() == "was empty"
    form.save()
    typed.settle()
    assert typed.shown(ADA).attributes["Since"] == "2024-03-04"
    row(typed, "Since").put_back("2024-03-05")
    assert row(typed, "Since").was() == "was 4 Mar 2024"


def test_a_moment_shows_fields_as_they_were_called_and_edited_then(typed: Desk) -> None:
    do(typed, RenameField("Shift", "Turn"))
    do(typed, DescribeField("Shift", "text", choices=()))
    typed.select("Ada")
    typed.settle()
    assert (row(typed, "Shift").label.text(), isinstance(row(typed, "Shift"), PickRow)) == ("Turn", False)
    view = typed.page.view
    view.show_moment(view.index.now - 2)
    typed.settle()
    shift = row(typed, "Shift")
    assert isinstance(shift, PickRow)
    assert (shift.label.text(), shift.box.isVisibleTo(shift)) == ("Shift", False)


def test_days_that_two_people_changed_are_told_as_the_settings_write_them(typed: Desk, directory: Path) -> None:
    typed.select("Ada")
    typed.settle()
    row(typed, "Since").put_back("2024-03-04")
    somebody_else(directory, UpdateUser(ADA, {}, {"Since": "2024-05-06"}))
    typed.trigger("save")
    asked = dialog(ConflictDialog)
    assert [one.text() for one in asked.findChildren(QRadioButton)] == ["4 Mar 2024", "6 May 2024"]
    asked.reject()
    typed.settle()
    note = row(typed, "Since").note.sentence()
    assert note == "Meanwhile changed to “6 May 2024”. Saving puts yours in its place."
