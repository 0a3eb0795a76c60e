"""The lines of a dialog: any number of them, fetched when they become visible, some with check boxes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from whowas.desktop.kit.dialogs.change_preview import Line
from whowas.desktop.kit.dialogs.lines_table import FETCHED_AT_ONCE, Fetched, LinesView
from whowas.desktop.kit.plain_text import wrapped_tip

MILLION = 1_000_000


@pytest.fixture
def view(qtbot: QtBot) -> LinesView:
    view = LinesView("What would change", ("Who", "What", "Now", "Would be"), (100, 100, 100))
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    return view


def shown(view: LinesView, row: int) -> list[object]:
    return [view.lines.index(row, column).data() for column in range(4)]


def test_a_million_lines_scroll_and_only_what_is_seen_is_made(view: LinesView, qtbot: QtBot) -> None:
    asked: list[tuple[int, int]] = []

    def fetch(first: int, beyond: int) -> Sequence[Line]:
        asked.append((first, beyond))
        return [Line(f"N{place}", "Title", "a", "b") for place in range(first, beyond)]

    view.lines.show(Fetched(MILLION, fetch, Line("…")))
    qtbot.waitUntil(lambda: view.rowAt(0) == 0)
    view.scrollToBottom()
    view.grab()
    assert view.lines.rowCount() == MILLION
    assert view.rowAt(view.viewport().height() - 1) == MILLION - 1
    assert shown(view, MILLION - 1) == [f"N{MILLION - 1}", "Title", "a", "b"]
    assert sum(beyond - first for first, beyond in asked) <= 4 * FETCHED_AT_ONCE


def test_what_cannot_be_fetched_just_now_is_asked_for_again() -> None:
    answers: list[Sequence[str] | None] = [None, ["a", "b"]]
    fetched = Fetched(2, lambda _first, _beyond: answers.pop(0), "…")
    assert (fetched[1], fetched[0], fetched[1]) == ("…", "a", "b")
    assert fetched[:] == ["a", "b"]
    with pytest.raises(IndexError):
        fetched[2]


def test_one_text_goes_across_wherever_it_stands(view: LinesView) -> None:
    lines = [Line(f"N{place}", "Title", "a", "b") for place in range(100)]
    view.lines.show([*lines, Line("Could not have been: Dan: Title changed")])
    assert view.columnSpan(0, 0) == 1
    view.scrollToBottom()
    assert (view.columnSpan(99, 0), view.columnSpan(100, 0)) == (1, 4)
    view.lines.show(lines)
    view.scrollToBottom()
    assert view.columnSpan(99, 0) == 1


def test_texts_are_one_line_and_no_markup(view: LinesView) -> None:
    view.lines.show([Line("Ada", "Notes", "<b>a</b>\nb", "")])
    index = view.lines.index(0, 2)
    assert index.data() == "<b>a</b> b"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == wrapped_tip("<b>a</b> b")


def test_boxes_are_ticked_by_the_space_bar_but_only_where_there_are_any(view: LinesView, qtbot: QtBot) -> None:
    lines = [Line("Ada", what, "a", "b") for what in ("Title", "Email", "Password")]
    view.lines.show(lines, ["title", None, "password"], {"password"})
    assert view.lines.chosen() == ["title"]
    for row in range(3):
        view.setCurrentIndex(view.lines.index(row, 2))
        qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.lines.chosen() == ["password"]
    assert view.lines.index(1, 0).data(Qt.ItemDataRole.CheckStateRole) is None
    assert not view.lines.setData(view.lines.index(1, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
