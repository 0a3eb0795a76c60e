"""What a comparison adds to a cell is drawn readably, or the tool tip has the full text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QToolTip

from tests.desktop.window.test_main_window import ADA, BEN, RECORDS, Desk, desk, directory
from whowas.desktop.kit import theme
from whowas.desktop.kit.line_text import CellTexts
from whowas.desktop.table.cell_painter import CellDrawing
from whowas.desktop.table.columns import CellDifference, Kind, Roles
from whowas.desktop.table.delegate import _contents
from whowas.desktop.table.difference_painter import DifferenceDrawing
from whowas.desktop.table.model import UsersModel
from whowas.domain.commands import Command, DeleteUser, LeaveGroup, SetPassword, UpdateUser

__all__ = ["desk", "directory"]

Drawn = dict[str, QRect]
"""Where each text was drawn."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Where texts are drawn from here on, of those that have room."""
    found: Drawn = {}

    def draw(texts: CellTexts, _painter: QPainter, area: QRect, text: str) -> None:
        if text and texts.width(text) <= area.width():
            found[text] = area

    monkeypatch.setattr(CellTexts, "draw", draw)
    return found


@pytest.fixture
def drawing(desk: Desk) -> DifferenceDrawing:
    font = desk.page.table.font()
    return DifferenceDrawing(font, CellDrawing(font))


def draw(drawing: DifferenceDrawing, width: int, kind: Kind, difference: CellDifference, name: str = "") -> None:
    image = QImage(width, 36, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    if name:
        drawing.draw_named(painter, image.rect(), name, difference, difference.words, theme.current())
    else:
        drawing.draw_change(painter, image.rect(), kind, difference, theme.current())
    painter.end()


INTERN = CellDifference("changed", before="Intern", after="Engineer")
MOVED = CellDifference("changed", before="A, B", after="A, C", left=("B",), joined=("C",))
CHIARA = CellDifference("added", "not yet created")


def test_old_and_new_stand_side_by_side_where_there_is_room(drawing: DifferenceDrawing, drawn: Drawn) -> None:
    draw(drawing, 200, "text", INTERN)
    assert list(drawn) == ["Intern", "→ Engineer"]
    assert drawn["Intern"].top() == drawn["→ Engineer"].top()
    assert drawn["Intern"].left() < drawn["→ Engineer"].left()


@pytest.mark.parametrize("kind", ["text", "name", "status"])
def test_in_a_narrow_column_one_stands_above_the_other(drawing: DifferenceDrawing, drawn: Drawn, kind: Kind) -> None:
    draw(drawing, 130 if kind == "name" else 92, kind, INTERN)
    assert list(drawn) == ["Intern", "→ Engineer"]
    assert drawn["Intern"].bottom() < drawn["→ Engineer"].top()
    assert drawn["→ Engineer"].bottom() < 36


def test_words_stand_beside_a_name_or_below_it(drawing: DifferenceDrawing, drawn: Drawn) -> None:
    draw(drawing, 300, "name", CHIARA, "Chiara Bianchi")
    assert drawn["Chiara Bianchi"].top() == drawn["not yet created"].top()
    draw(drawing, 162, "name", CHIARA, "Chiara Bianchi")
    assert drawn["Chiara Bianchi"].bottom() < drawn["not yet created"].top()


def test_of_groups_only_those_left_and_joined_are_drawn(drawing: DifferenceDrawing, drawn: Drawn) -> None:
    draw(drawing, 131, "groups", MOVED)
    assert list(drawn) == ["− B", "+ C"]
    drawn.clear()
    draw(drawing, 131, "groups", replace(MOVED, left=()))
    assert list(drawn) == ["+ C"]
    drawn.clear()
    draw(drawing, 131, "groups", replace(MOVED, joined=()))
    assert list(drawn) == ["− B"]


def test_what_no_column_shows_is_said_beside_the_name(desk: Desk) -> None:
    before = changed(desk, SetPassword(ADA, "$argon2id$one"), UpdateUser(ADA, {"department": "Legal"}))
    desk.page.view.compare_with(before)
    assert words(desk) == "Department and Password changed"
    desk.page.table.columns.show("department")
    assert words(desk) == ""
    desk.page.table.columns.show("department", shown=False)
    desk.page.view.show_only_differences(True)
    assert tip(desk, "name") == "Ada\nDepartment and Password changed"


def test_a_tip_tells_the_groups_in_full(desk: Desk) -> None:
    desk.page.view.compare_with(changed(desk, LeaveGroup(ADA, RECORDS)))
    assert tip(desk, "groups") == "Records → empty"


def test_who_is_only_at_the_other_moment_stays_selected(desk: Desk) -> None:
    desk.page.view.compare_with(changed(desk, DeleteUser(BEN)))
    assert desk.page.selection.select(BEN)
    desk.page.view.show_only_differences(True)
    assert [user.id for user in desk.page.selection.users()] == [BEN]


def changed(desk: Desk, *commands: Command) -> int:
    """Carry out commands; return the moment before them."""
    before = desk.page.view.index.now
    for command in commands:
        desk.commands._dispatch(lambda change, command=command: change.dispatch(command))
        desk.settle()
    return before


def test_what_is_painted_of_a_row_is_what_its_roles_say(desk: Desk) -> None:
    before = changed(desk, SetPassword(ADA, "$argon2id$one"), UpdateUser(ADA, {"title": "Counsel"}))
    model = desk.page.model
    for pinned in (None, before, 0):
        desk.page.view.compare_with(pinned)
        for row in range(model.rowCount()):
            cells = [_contents(model.index(row, place), column.kind) for place, column in enumerate(model.columns)]
            assert model.contents(row, model.columns) == cells


def test_a_row_is_asked_for_once_a_paint(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    contents, data = UsersModel.contents, UsersModel.data
    monkeypatch.setattr(UsersModel, "contents", lambda *args: asked.append(args[1]) or contents(*args))
    monkeypatch.setattr(UsersModel, "data", lambda *args: asked.append(-1) or data(*args))
    desk.page.table.viewport().grab()
    assert asked == [*desk.page.table.rows_in_view()]


def words(desk: Desk) -> str:
    """The words beside the first name, as painted."""
    table = desk.page.table
    table.grab()
    difference = table.model().index(0, 0).data(Roles.DIFFERENCE)
    return "" if difference is None else table._cells._words("name", difference)


def tip(desk: Desk, key: str) -> str:
    """What the tool tip of a cell in the first row says, in a column too narrow for it."""
    table = desk.page.table
    table.grab()
    column = [column.key for column in desk.page.model.columns].index(key)
    index, option = table.model().index(0, column), QStyleOptionViewItem()
    option.rect = QRect(0, 0, 60, 36)
    event = QHelpEvent(QEvent.Type.ToolTip, option.rect.center(), table.mapToGlobal(option.rect.center()))
    table.itemDelegate().helpEvent(event, table, option, index)
    text = QToolTip.text().removeprefix("<p style='white-space: pre-wrap'>").removesuffix("</p>")
    QToolTip.hideText()
    return text
