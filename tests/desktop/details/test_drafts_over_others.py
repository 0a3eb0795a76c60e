"""A draft that is shown again never overwrites what others changed meanwhile: the person is asked, or it stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from tests.desktop.window.test_main_window import (
    ADA,
    BEN,
    CHI,
    RECORDS,
    Desk,
    desk,
    dialog,
    directory,
    press,
    somebody_else,
)
from tests.desktop.window.test_moved_file import look
from whowas.desktop.details.conflict_dialog import ConflictDialog
from whowas.domain.commands import CreateGroup, JoinGroup, RenameGroup, UpdateUser

__all__ = ["desk", "directory"]

PILOTS = "0199a3c4-0000-7000-8000-00000000fffe"


def type_title(desk: Desk, text: str) -> None:
    editor = desk.page.panel.form.rows.texts["title"].editor
    assert isinstance(editor, QLineEdit)
    editor.setText(text)


def add_group(desk: Desk, name: str) -> None:
    """Add a group in the form, after those that are there."""
    row = desk.page.panel.form.rows.groups
    row.set_groups((*row.groups(), name))
    row.edited.emit()
    assert desk.page.details.draft_keeper.has_draft


def groups_of_ada(desk: Desk) -> list[str]:
    return sorted(desk.page.view.index.latest_directory().names_of(desk.shown(ADA).groups))


@pytest.mark.parametrize("meanwhile", ["nothing", "news", "the past", "chosen in the past"])
def test_a_draft_handed_back_is_asked_about_whatever_is_shown_meanwhile(
    desk: Desk, directory: Path, meanwhile: str
) -> None:
    desk.select("Ben")
    type_title(desk, "Clerk")
    desk.select("Ada")
    somebody_else(directory, UpdateUser(BEN, {"title": "Counsel"}))
    look(desk)
    if meanwhile == "chosen in the past":
        desk.page.view.show_moment(desk.page.view.index.now - 1)
    desk.select("Ben")
    if meanwhile == "news":
        somebody_else(directory, UpdateUser(CHI, {"phone": "1"}))
        look(desk)
    if meanwhile == "the past":
        desk.page.view.show_moment(desk.page.view.index.now - 1)
    desk.trigger("return_to_now")
    desk.trigger("save")
    assert desk.shown(BEN).title == "Counsel", "nothing is saved before the answer"
    press(dialog(ConflictDialog), "Save these")
    desk.runner.drain()
    assert desk.shown(BEN).title == "Clerk"
    assert not desk.page.details.draft_keeper.has_draft


def test_what_is_typed_after_a_draft_handed_back_was_saved_is_no_conflict_with_oneself(desk: Desk) -> None:
    desk.select("Ben")
    type_title(desk, "Clerk")
    desk.select("Ada")
    desk.select("Ben")
    desk.window.actions_.save.trigger()
    type_title(desk, "Counsel")
    desk.runner.drain()
    desk.trigger("save")
    assert desk.shown(BEN).title == "Counsel"


def test_joining_a_group_takes_nobody_out_of_the_one_somebody_else_put_them_in(desk: Desk, directory: Path) -> None:
    somebody_else(directory, CreateGroup(PILOTS, "Pilots"))
    look(desk)
    desk.select("Ada")
    add_group(desk, "Choir")
    somebody_else(directory, JoinGroup(ADA, PILOTS))
    desk.trigger("save")
    assert groups_of_ada(desk) == ["Choir", "Pilots", "Records"]


@pytest.mark.parametrize("chosen_in_the_past", [False, True])
def test_a_group_renamed_while_a_draft_waits_keeps_its_members(
    desk: Desk, directory: Path, chosen_in_the_past: bool
) -> None:
    desk.select("Ada")
    add_group(desk, "Choir")
    desk.select("Ben")
    somebody_else(directory, RenameGroup(RECORDS, "Archive"))
    look(desk)
    if chosen_in_the_past:
        desk.page.view.show_moment(desk.page.view.index.now - 1)
    desk.select("Ada")
    desk.page.keep_draft()
    desk.trigger("return_to_now")
    desk.trigger("save")
    assert groups_of_ada(desk) == ["Archive", "Choir"]
    assert sorted(desk.page.view.index.latest_directory().groups.values()) == ["Archive", "Choir"]
