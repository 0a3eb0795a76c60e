"""The dialog of an import that was made: what it did to whom, and both undos, through the real window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton

from tests.desktop.changes.test_changes import Changes, changes, do, pick
from tests.desktop.window.test_main_window import ADA, BEN, CHI, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.exchange.imported.dialog import MadeImportDialog
from whowas.desktop.exchange.preview.filter_chips import FilterChip
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.putting_back.undo_one_dialog import UndoThisDialog
from whowas.domain.causation import ImportOf, UndoForSome, UndoOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    EraseUser,
    JoinGroup,
    RecordListImport,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.progress import Progress, unwatched

__all__ = ["changes", "desk", "directory"]

DAN, EVE = (f"0199a3c4-0000-7000-8000-{number:012}" for number in (9, 10))
CREW = "0199a3c4-0000-7000-8000-00000000fffe"
T = TypeVar("T", bound=QDialog)

IMPORTED: Sequence[Command] = (
    DefineField("Desk"),
    CreateGroup(CREW, "Crew"),
    CreateUser(DAN, {"first_name": "Dan", "email": "dan@example.org"}),
    CreateUser(EVE, {"first_name": "Eve"}),
    UpdateUser(ADA, {"title": "Clerk"}, {"Desk": "7"}),
    JoinGroup(ADA, CREW),
    SuspendUser(BEN),
    RecordListImport("list", (CHI,)),
)


def take_in(desk: Desk, *commands: Command, apart: int = 0, source: str = "google-users.csv") -> str:
    """Import; with ``apart`` (µs) what each command did became true so long after the one before, long ago."""
    made: list[str] = []
    at = microseconds_now() + 1_000

    def work(bus: Bus, _progress: Progress) -> None:
        with bus.change(causation=ImportOf(source)) as change:
            for number, command in enumerate(commands):
                change.dispatch(command, occurred_at=at + apart * number if apart else None)
            made.append(change.id)

    assert desk.window.session is not None
    desk.window.session.writer.on_bus(work, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    desk.settle()
    return made[0]


def shown(desk: Desk, change_id: str) -> MadeImportDialog:
    desk.page.importRequested.emit(change_id)
    desk.settle()
    return one(MadeImportDialog)


def one(kind: type[T]) -> T:
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]
    assert len(found) == 1
    return found[0]


def rows(dialog: MadeImportDialog) -> list[str]:
    model = dialog.table.preview
    texts = ((model.index(row, column).data() for column in (1, 2)) for row in range(model.rowCount()))
    return [" | ".join(text) for text in texts]


def said(dialog: QDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def select(dialog: MadeImportDialog, *names: str) -> None:
    table = dialog.table
    table.clearSelection()
    flags = table.selectionModel().SelectionFlag
    for row in range(table.preview.rowCount()):
        index = table.preview.index(row, 1)
        if index.data() in names:
            table.selectionModel().select(index, flags.Select | flags.Rows)
    QApplication.processEvents()


def button(dialog: QDialog, begin: str) -> QPushButton:
    return next(found for found in dialog.findChildren(QPushButton) if found.text().startswith(begin))


def press(desk: Desk, dialog: QDialog, begin: str) -> None:
    button(dialog, begin).click()
    desk.settle()


def causes(desk: Desk) -> list[object]:
    """Why the changes were made that took something back."""
    assert desk.window.session is not None
    found = {event.change_id: event.causation for event in desk.window.session.log.read()}
    return [one for one in found.values() if isinstance(one, UndoOf | UndoForSome)]


def test_it_lists_whom_it_made_changed_and_suspended_with_what_differs(changes: Changes) -> None:
    change_id = take_in(changes.desk, *IMPORTED)
    row = next(place for place, text in enumerate(changes.rows()) if "4 users" in text)
    pick(changes.menu(row), "Show what it did…")
    changes.desk.settle()
    dialog = one(MadeImportDialog)
    QAbstractItemModelTester(dialog.table.preview, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert dialog.windowTitle() == "Import of google-users.csv"
    assert rows(dialog) == [
        "Ada | Title Clerk; Desk 7; Joined Crew",
        "Ben | Status from Active to Suspended",
        "Dan | Email dan@example.org",
        "Eve | nothing changed",
    ]
    assert " · 2 new, 1 changed, 1 suspended" in said(dialog)
    assert "ines, " in said(dialog)
    assert "It made the field “Desk”. It made the group “Crew”." in said(dialog)
    assert change_id


def test_chips_and_search_list_some_of_them(desk: Desk) -> None:
    dialog = shown(desk, take_in(desk, *IMPORTED))
    chips = {chip.text(): chip for chip in dialog.findChildren(FilterChip) if chip.isVisible()}
    assert list(chips) == ["All 4", "New 2", "Changed 1", "Suspended or deleted 1"]
    for text, names in (("New 2", ["Dan", "Eve"]), ("Suspended or deleted 1", ["Ben"]), ("All 4", [])):
        chips[text].click()
        assert not names or [row.split(" | ")[0] for row in rows(dialog)] == names
    dialog.search.setText("clerk")
    desk.qtbot.waitUntil(lambda: [row.split(" | ")[0] for row in rows(dialog)] == ["Ada"])


def test_it_is_undone_for_the_users_selected_and_then_for_the_rest(desk: Desk) -> None:
    change_id = take_in(desk, *IMPORTED)
    dialog = shown(desk, change_id)
    assert not button(dialog, "Undo for some users…").isEnabled()
    select(dialog, "Ada", "Dan")
    assert button(dialog, "Undo for 2 users…").isEnabled()
    assert "2 of 4 users selected" in said(dialog)
    press(desk, dialog, "Undo for 2 users…")
    undo = one(UndoThisDialog)
    assert undo.windowTitle() == "Undo the import google-users.csv for 2 users"
    assert "What the import did to 2 of 4 users goes back" in said(undo)
    press(desk, undo, "Undo this change")
    assert (desk.shown(ADA).title, desk.shown(ADA).attributes, desk.shown(DAN).status) == (None, {}, "deleted")
    assert (desk.shown(BEN).status, desk.shown(EVE).status) == ("suspended", "active")
    assert desk.page.view.directory.groups[CREW] == "Crew", "what it made for all of them stays"
    assert causes(desk) == [UndoForSome(change_id)]

    again = shown(desk, change_id)
    assert "It was undone for 2 users." in said(again)
    assert [row for row in rows(again) if row.endswith("undone since")] == [
        "Ada | Title Clerk; Desk 7; Joined Crew; undone since",
        "Dan | Email dan@example.org; undone since",
    ]
    press(desk, again, "Undo the whole import…")
    press(desk, one(UndoThisDialog), "Undo this change")
    assert (desk.shown(BEN).status, desk.shown(EVE).status) == ("active", "deleted")
    assert CREW not in desk.page.view.directory.groups
    assert causes(desk) == [UndoForSome(change_id), UndoOf(change_id)]
    assert "It was undone." in said(shown(desk, change_id))


def test_undoing_for_some_users_is_taken_back_and_done_again(desk: Desk) -> None:
    change_id = take_in(desk, *IMPORTED)
    dialog = shown(desk, change_id)
    select(dialog, "Ada")
    press(desk, dialog, "Undo for 1 user…")
    press(desk, one(UndoThisDialog), "Undo this change")
    desk.trigger("undo")
    desk.settle()
    assert (desk.shown(ADA).title, desk.shown(ADA).groups) == ("Clerk", desk.shown(ADA).groups | {CREW})
    desk.trigger("redo")
    desk.settle()
    assert desk.shown(ADA).title is None
    desk.trigger("undo")
    desk.trigger("undo")
    desk.settle()
    assert (desk.shown(DAN).status, desk.shown(ADA).title) == ("deleted", None), "then the import itself is next"


def test_what_was_changed_since_is_asked_about_as_ever(desk: Desk) -> None:
    change_id = take_in(desk, *IMPORTED)
    do(desk, UpdateUser(ADA, {"title": "Head"}))
    dialog = shown(desk, change_id)
    select(dialog, "Ada", "Eve")
    press(desk, dialog, "Undo for 2 users…")
    undo = one(UndoThisDialog)
    assert undo.conflicts.lines.rowCount() == 1
    press(desk, undo, "Undo this change")
    assert (desk.shown(ADA).title, desk.shown(EVE).status) == ("Head", "deleted")


def test_where_nothing_is_left_for_some_users_it_says_so(desk: Desk) -> None:
    change_id = take_in(desk, *IMPORTED)
    for _ in range(2):
        dialog = shown(desk, change_id)
        select(dialog, "Eve")
        press(desk, dialog, "Undo for 1 user…")
        if not causes(desk):
            press(desk, one(UndoThisDialog), "Undo this change")
    assert "There is nothing to take back for 1 user: nothing of that is left." in "\n".join(
        label.text() for label in desk.window.findChildren(QLabel)
    )


def test_rows_of_a_dated_import_have_their_dates(desk: Desk) -> None:
    commands = (UpdateUser(ADA, {"title": "Clerk"}), UpdateUser(ADA, {"title": "Head"}), SuspendUser(BEN))
    dialog = shown(desk, take_in(desk, *commands, apart=1_000))
    assert rows(dialog) == [
        "Ada | Title Clerk",
        "Ada | Title from Clerk to Head",
        "Ben | Status from Active to Suspended",
    ]
    assert all(dialog.table.preview.index(row, 3).data() for row in range(3)), "each has its date"
    assert " · 1 changed, 1 suspended · true since " in said(dialog)
    select(dialog, "Ada")
    assert "1 of 2 users selected" in said(dialog)
    press(desk, dialog, "Undo for 1 user…")
    press(desk, one(UndoThisDialog), "Undo this change")
    assert (desk.shown(ADA).title, desk.shown(BEN).status) == (None, "suspended")


def test_an_import_that_changed_nobody_and_one_of_somebody_erased(desk: Desk) -> None:
    nobody = shown(desk, take_in(desk, RecordListImport("list", (CHI,))))
    assert rows(nobody) == []
    assert "nobody was changed" in said(nobody)
    nobody.reject()
    change_id = take_in(desk, *IMPORTED)
    do(desk, EraseUser(EVE))
    dialog = shown(desk, change_id)
    assert len(rows(dialog)) == 3
    assert "Users who were erased since are not listed." in said(dialog)


def test_what_is_no_import_any_more_is_one_sentence(desk: Desk) -> None:
    desk.page.importRequested.emit("01890000-0000-7000-8000-00000000ffff")
    desk.settle()
    assert "There is no such import any more." in "\n".join(label.text() for label in desk.window.findChildren(QLabel))


def test_an_import_of_many_files_makes_neither_dialog_nor_menu_wide(changes: Changes) -> None:
    files = ", ".join(f"members-{year}-{month:02}.csv" for year in range(2015, 2020) for month in range(1, 13))
    change_id = take_in(changes.desk, UpdateUser(ADA, {"title": "Clerk"}), source=files)
    dialog = shown(changes.desk, change_id)
    assert dialog.minimumSizeHint().width() <= 960
    assert files.startswith(dialog.windowTitle().removeprefix("Import of ").rstrip("…"))
    row = changes.rows().index("Ada: Title changed")
    texts = [action.text() for action in changes.menu(row).actions()]
    assert max(map(len, texts)) < 100
    press(changes.desk, dialog, "Undo the whole import…")
    assert one(UndoThisDialog).minimumSizeHint().width() <= 960


def test_where_nothing_can_be_written_nothing_can_be_undone(desk: Desk) -> None:
    change_id = take_in(desk, *IMPORTED)
    assert desk.window.session is not None
    made = desk.window.session.queries.made_import(change_id, unwatched)
    dialog = MadeImportDialog(made, PreviewRows.of_rows(made.rows, unwatched), may_undo=False)
    desk.qtbot.addWidget(dialog)
    dialog.table.selectAll()
    QApplication.processEvents()
    assert not button(dialog, "Undo for 4 users…").isEnabled()
    assert not button(dialog, "Undo the whole import…").isEnabled()
