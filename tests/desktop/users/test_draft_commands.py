"""The list of drafts: the status line leads to it, and it to whoever a draft is for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton, QTableView

from tests.desktop.details.test_new_users import begin, first_name
from tests.desktop.page.test_one_refresh import title
from tests.desktop.page.test_other_rows import erase_elsewhere, take_in
from tests.desktop.window.test_main_window import ADA, BEN, Desk, desk, dialog, directory, press, somebody_else
from tests.desktop.window.test_moved_file import look
from whowas.desktop.details.draft import Draft
from whowas.desktop.details.draft_store import KeptDraft
from whowas.desktop.users.draft_words import line_of
from whowas.desktop.users.drafts_dialog import DraftsDialog
from whowas.domain.commands import DeleteUser, RestoreUser, UpdateUser
from whowas.projections.tables.read_model import VersionRow

__all__ = ["desk", "directory"]


def link(desk: Desk) -> QPushButton:
    (found,) = desk.window.statusBar().findChildren(QPushButton)
    return found


def draft(desk: Desk, name: str, text: str = "Clerk") -> None:
    desk.select(name)
    title(desk).setText(text)


def opened(desk: Desk) -> DraftsDialog:
    """Follow the link in the status line."""
    desk.qtbot.mouseClick(link(desk), Qt.MouseButton.LeftButton)
    found = dialog(DraftsDialog)
    assert isinstance(found, DraftsDialog)
    return found


def table(shown: DraftsDialog) -> QTableView:
    (found,) = shown.findChildren(QTableView)
    return found


def rows(shown: DraftsDialog) -> list[tuple[str, str]]:
    model = table(shown).model()
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def click_row(desk: Desk, shown: DraftsDialog, row: int) -> None:
    view = table(shown)
    place = view.visualRect(view.model().index(row, 0)).center()
    desk.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(1, 1))


def discard_row(desk: Desk, shown: DraftsDialog, name: str) -> None:
    buttons = [one for one in shown.findChildren(QPushButton) if one.isVisible()]
    (button,) = (one for one in buttons if one.accessibleName() == f"Discard {name}")
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def edited(desk: Desk) -> str:
    """Return whose draft the form shows."""
    return desk.page.details.draft_keeper.key or "" if desk.page.details.draft_keeper.has_draft else ""


def test_the_status_line_counts_the_drafts_and_leads_to_them(desk: Desk) -> None:
    assert not link(desk).isVisible()
    assert not desk.window.actions_.drafts.isEnabled()
    draft(desk, "Ben")
    assert (link(desk).text(), link(desk).isVisible()) == ("1 draft not saved", True)
    begin(desk, "Zoe")
    assert link(desk).text() == "2 drafts not saved"
    shown = opened(desk)
    QAbstractItemModelTester(table(shown).model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert rows(shown) == [("Ben", "Title"), ("New user: Zoe", "First name")]


def test_the_status_line_keeps_its_height_as_the_link_comes(desk: Desk) -> None:
    before = desk.window.statusBar().height()
    draft(desk, "Ben")
    desk.qtbot.waitUntil(link(desk).isVisible)
    desk.settle()
    assert desk.window.statusBar().height() == desk.window.statusBar().sizeHint().height() == before


@pytest.mark.parametrize("way", ["click", "Enter", "Open"])
def test_a_row_leads_to_its_user_with_the_draft(desk: Desk, way: str) -> None:
    for name in ("Ada", "Ben"):
        draft(desk, name)
    desk.select("Chi")
    shown = opened(desk)
    table(shown).selectRow(1)
    match way:
        case "click":
            click_row(desk, shown, 1)
        case "Enter":
            desk.qtbot.keyClick(table(shown), Qt.Key.Key_Return)
        case _:
            press(shown, "Open")
    assert not shown.isVisible()
    assert (edited(desk), title(desk).text()) == (BEN, "Clerk")
    assert [user.name for user in desk.page.selection.users()] == ["Ben"]
    row = desk.page.panel.form.rows.row("title")
    assert row is not None
    assert desk.window.focusWidget() is row.editor


def test_it_leads_to_a_new_user(desk: Desk) -> None:
    for name in ("Zoe", "Yan"):
        begin(desk, name)
    desk.select("Chi")
    click_row(desk, opened(desk), 0)
    assert first_name(desk).text() == "Zoe"
    assert desk.page.selection.count == 0


@pytest.mark.parametrize("are_shown", [True, False])
@pytest.mark.parametrize("way", ["the list", "New user"])
def test_it_takes_the_place_of_several_who_are_selected(desk: Desk, are_shown: bool, way: str) -> None:
    begin(desk, "Zoe")
    desk.select("Ada", "Ben")
    assert desk.page.several.is_shown
    if not are_shown:
        desk.page.view.search("chi")
        desk.settle()
    if way == "the list":
        click_row(desk, opened(desk), 0)
    else:
        desk.trigger("new_user")
    desk.settle()
    assert not desk.page.several.is_shown
    assert desk.page.panel.form.isVisible()
    assert first_name(desk).text() == ("Zoe" if way == "the list" else "")


def test_the_draft_of_somebody_deleted_meanwhile_is_listed_and_comes_back_with_them(
    desk: Desk, directory: Path
) -> None:
    draft(desk, "Ben")
    desk.select("Ada")
    somebody_else(directory, DeleteUser(BEN))
    look(desk)
    click_row(desk, opened(desk), 0)
    desk.settle()
    assert desk.page.details.user_id == BEN
    assert link(desk).text() == "1 draft not saved"
    somebody_else(directory, RestoreUser(BEN))
    look(desk)
    assert title(desk).text() == "Clerk"
    assert edited(desk) == BEN


def test_the_draft_of_somebody_deleted_meanwhile_can_be_discarded(desk: Desk, directory: Path) -> None:
    draft(desk, "Ben")
    somebody_else(directory, DeleteUser(BEN))
    look(desk)
    discard_row(desk, opened(desk), "Ben")
    somebody_else(directory, RestoreUser(BEN))
    look(desk)
    desk.page.keep_draft()
    assert (title(desk).text(), len(desk.page.drafts), link(desk).isVisible()) == ("", 0, False)


@pytest.mark.parametrize("hidden_by", ["a search", "a section", "the past", "a comparison"])
def test_it_leads_to_a_user_whom_no_row_shows(desk: Desk, hidden_by: str) -> None:
    draft(desk, "Ben")
    desk.select("Ada")
    view = desk.page.view
    match hidden_by:
        case "a search":
            view.search("ada")
        case "a section":
            view.show_section("deleted")
        case "the past":
            view.show_moment(2)
        case _:
            view.compare_with(view.index.now - 1)
    desk.settle()
    click_row(desk, opened(desk), 0)
    desk.settle()
    assert not view.is_past
    assert (edited(desk), title(desk).text()) == (BEN, "Clerk")
    desk.trigger("save")
    assert desk.shown(BEN).title == "Clerk"


def test_discarding_leaves_the_list_open_until_nothing_is_left(desk: Desk) -> None:
    for name in ("Ada", "Ben"):
        draft(desk, name)
    begin(desk, "Zoe")
    shown = opened(desk)
    discard_row(desk, shown, "Ada")
    assert rows(shown) == [("Ben", "Title"), ("New user: Zoe", "First name")]
    assert link(desk).text() == "2 drafts not saved"
    discard_row(desk, shown, "New user: Zoe")
    assert first_name(desk).text() == ""
    desk.qtbot.keyClick(table(shown), Qt.Key.Key_Delete)
    assert not shown.isVisible()
    assert not link(desk).isVisible()
    assert len(desk.page.drafts) == 0
    desk.select("Ada")
    assert title(desk).text() == ""


def test_closing_it_changes_nothing(desk: Desk) -> None:
    draft(desk, "Ben")
    shown = opened(desk)
    press(shown, "Close")
    assert not shown.isVisible()
    assert (edited(desk), link(desk).text()) == (BEN, "1 draft not saved")


def test_the_list_follows_what_others_do(desk: Desk, directory: Path) -> None:
    for name in ("Ada", "Ben"):
        draft(desk, name)
    shown = opened(desk)
    somebody_else(directory, UpdateUser(BEN, {"first_name": "Benedict"}))
    look(desk)
    erase_elsewhere(desk, "Ada")
    take_in(desk)
    assert rows(shown) == [("Benedict", "Title")]


def test_the_menu_leads_there_as_well_and_with_the_directory_it_goes(desk: Desk) -> None:
    draft(desk, "Ben")
    desk.trigger("drafts")
    assert rows(dialog(DraftsDialog)) == [("Ben", "Title")]
    desk.window.close_directory()
    desk.runner.drain()
    assert not link(desk).isVisible()
    assert not desk.window.actions_.drafts.isEnabled()


def test_thousands_of_drafts_are_read_as_they_come_into_view(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    session = desk.window.session
    assert session is not None
    read = session.reads.user_row

    def user_row(user_id: str, moment: int) -> VersionRow | None:
        asked.append(user_id)
        return read(user_id if user_id == BEN else ADA, moment)

    monkeypatch.setattr(session.reads, "user_row", user_row)
    for number in range(2000):
        desk.page.drafts._drafts[f"0199a3c4-0000-7000-8000-1{number:011}"] = KeptDraft(Draft({"title": "Clerk"}))
    draft(desk, "Ben")
    asked.clear()
    shown = opened(desk)
    assert link(desk).text() == "2,001 drafts not saved"
    shown.grab()
    assert table(shown).model().rowCount() == 2001
    assert len(set(asked)) < 100


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "New user"),
        ({"first_name": " Zoe ", "last_name": "Adler"}, "New user: Zoe Adler"),
        ({"email": "zoe@example.org", "title": "Clerk"}, "New user: zoe@example.org"),
    ],
)
def test_a_new_user_is_called_by_what_was_typed(values: dict[str, str], told: str) -> None:
    assert line_of(Draft(values), None, {}).name == told


def test_every_kind_of_field_is_named() -> None:
    everything = Draft({"phone": "1", "notes": "x"}, ("Records",), {"Room": "B 12", "an id": "2024-01-01"})
    told = line_of(everything, "Ada", {"an id": "Start date", "another": "Key"}).edited
    assert told == "Phone, Notes, Groups, Room and Start date"
