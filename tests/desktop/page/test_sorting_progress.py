"""A sort order that takes long to lay: how far it is shows, and one can go back to the order before."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.page.sorting_progress import SortingProgress
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, unwatched
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.read_side import ReadSide

__all__ = ["desk", "directory"]


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_sort_order_that_takes_long(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    shown = desk.page.findChild(SortingProgress)
    assert shown is not None
    shown._timer.setInterval(0)
    lay = ReadSide.sorted_by
    dialogs: list[ProgressDialog] = []

    def slowly(side: ReadSide, column: str, progress: Progress = unwatched) -> VersionIndex:
        progress(500, 1_000)
        qtbot.waitUntil(lambda: bool(desk.window.findChildren(ProgressDialog)))
        dialogs.extend(desk.window.findChildren(ProgressDialog))
        if cancelled:
            dialogs[0].reject()
        progress(501, 1_000)
        return lay(side, column, progress)

    monkeypatch.setattr(ReadSide, "sorted_by", slowly)
    desk.page.table.columns.sort_by("title", descending=True)
    desk.settle()
    assert [dialog.isVisible() for dialog in dialogs] == [False], "it is over"
    expected = ("name", False) if cancelled else ("title", True)
    assert desk.page.view.sort == desk.page.table.columns.sorted_by() == expected
    assert ("title" in desk.page.view.index.orders) != cancelled


def test_another_order_takes_the_place_of_one_that_is_being_laid(desk: Desk) -> None:
    desk.page.table.columns.sort_by("title")
    desk.page.table.columns.sort_by("email")
    desk.settle()
    assert desk.page.view.sort == ("email", False)
    assert [*desk.page.view.index.orders] == ["name", "email"]
    assert not desk.window.findChildren(ProgressDialog)


def test_the_header_tells_how_the_list_is_sorted_where_another_order_cannot_be_laid(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("The disk failed.")

    monkeypatch.setattr(ReadSide, "sorted_by", fail)
    desk.page.table.columns.sort_by("title", descending=True)
    desk.settle()
    assert desk.page.view.sort == desk.page.table.columns.sorted_by() == ("name", False)
