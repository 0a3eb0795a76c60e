"""Decisions about rows in the assistant, by pointer and keyboard, to what stands in the directory afterwards."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QMenu

from tests.desktop.exchange.assisting import columns_of, opened, preview_of, previewed, take, wait_for_jobs
from tests.desktop.window.test_main_window import Desk, desk, directory, press
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.preview.filter_chips import FilterChip
from whowas.desktop.exchange.preview.table.model import PreviewColumn

__all__ = ["desk", "directory"]


def users(desk: Desk) -> dict[str, str | None]:
    found = [desk.page.model.user(row) for row in range(desk.page.model.rowCount())]
    return {user.name: user.title for user in found if user is not None}


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "more.csv"
    path.write_text(text, encoding="utf-8")
    return path


def counted(dialog: AssistantDialog) -> list[str]:
    return [chip.text() for chip in preview_of(dialog).findChildren(FilterChip) if chip.isVisible()]


def go_to(dialog: AssistantDialog, name: str) -> int:
    table = preview_of(dialog).table
    names = [table.preview.index(row, PreviewColumn.USER).data() for row in range(table.preview.rowCount())]
    table.setCurrentIndex(table.preview.index(names.index(name), PreviewColumn.USER))
    return names.index(name)


def said(dialog: AssistantDialog, name: str) -> tuple[str, str]:
    """The mark of a row, and what changes in it."""
    model, row = preview_of(dialog).table.preview, go_to(dialog, name)
    return model.index(row, PreviewColumn.MARK).data(), model.index(row, PreviewColumn.CHANGES).data()


def test_a_row_is_left_out_by_the_space_bar_and_taken_again(desk: Desk, tmp_path: Path) -> None:
    dialog = previewed(desk, listed(tmp_path, "email,title\nada@example.org,Clerk\nben@example.org,Cook\n"))
    assert counted(dialog) == ["All 2", "Changed 2"]
    go_to(dialog, "Ben")
    QTest.keyClick(preview_of(dialog).table, Qt.Key.Key_Space)
    assert said(dialog, "Ben") == ("Left out", "will be left out")
    wait_for_jobs(desk)
    assert said(dialog, "Ben") == ("Left out", "left out")
    assert counted(dialog) == ["All 2", "Changed 1", "Left out 1"]
    go_to(dialog, "Ben")
    QTest.keyClick(preview_of(dialog).table, Qt.Key.Key_Space)
    wait_for_jobs(desk)
    assert said(dialog, "Ben") == ("Changed", "Title Cook")
    QTest.keyClick(preview_of(dialog).table, Qt.Key.Key_Space)
    wait_for_jobs(desk)
    take(desk, dialog)
    assert users(desk) == {"Ada": "Clerk", "Ben": None, "Chi": None}


def answer(dialog: AssistantDialog, name: str, entry: str) -> None:
    table = preview_of(dialog).table
    go_to(dialog, name)
    QTest.keyClick(table, Qt.Key.Key_Space)
    (menu,) = (found for found in table.findChildren(QMenu) if found.isVisible())
    (chosen,) = (action for action in menu.actions() if action.text().startswith(entry))
    chosen.trigger()
    menu.close()


def test_who_is_perhaps_the_same_is_said_to_be_somebody(desk: Desk, tmp_path: Path) -> None:
    dialog = previewed(desk, listed(tmp_path, "First name,Title\nBen,Cook\nZoe,Clerk\n"))
    assert said(dialog, "Ben")[0] == "Perhaps the same"
    answer(dialog, "Ben", "Ben, ben@example.org")
    assert said(dialog, "Ben") == ("Changed", "is Ben, ben@example.org")
    wait_for_jobs(desk)
    assert said(dialog, "Ben") == ("Changed", "Title Cook")
    take(desk, dialog)
    assert users(desk) == {"Ada": None, "Ben": "Cook", "Chi": None, "Zoe": "Clerk"}


def test_or_to_be_a_new_user(desk: Desk, tmp_path: Path) -> None:
    dialog = previewed(desk, listed(tmp_path, "First name,Title\nBen,Cook\nZoe,Clerk\n"))
    answer(dialog, "Ben", "A new user")
    wait_for_jobs(desk)
    assert said(dialog, "Ben") == ("New", "Title Cook")
    take(desk, dialog)
    assert desk.page.model.rowCount() == 5


def test_more_than_a_third_are_agreed_to_by_a_box(desk: Desk, tmp_path: Path) -> None:
    take(desk, previewed(desk, listed(tmp_path, "email,title\nada@example.org,Clerk\nben@example.org,Cook\n")))
    dialog = opened(desk, listed(tmp_path, "email,title\nada@example.org,Clerk\n"))
    columns_of(dialog).options.missingChosen.emit("suspend")
    press(dialog, "Next")
    desk.runner.drain()
    assert said(dialog, "Ben") == (
        "Not in this file",
        "Status from Active to Suspended; not in this file, would be suspended",
    )
    (box,) = (found for found in preview_of(dialog).findChildren(QCheckBox) if found.isVisible())
    box.click()
    wait_for_jobs(desk)
    assert said(dialog, "Ben")[1].endswith("will be suspended")
    assert box.isChecked()
    assert dialog.import_button.isEnabled()
    press(dialog, "Back")
    columns_of(dialog).options.missingChosen.emit("keep")
    press(dialog, "Next")
    desk.runner.drain()
    assert not box.isVisible()
