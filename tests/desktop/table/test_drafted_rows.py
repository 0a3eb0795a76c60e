"""A row whose user has a draft that is not saved shows it behind the name, as long as there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.desktop.page.test_one_refresh import title
from tests.desktop.page.test_other_rows import erase_elsewhere, take_in
from tests.desktop.window.test_main_window import BEN, Desk, desk, directory, somebody_else
from tests.desktop.window.test_moved_file import look
from whowas.desktop.kit import theme
from whowas.desktop.table.cell_painter import RIGHT, CellDrawing, name_left
from whowas.desktop.table.columns import Roles
from whowas.desktop.table.delegate import _contents
from whowas.desktop.table.draft_mark import DRAFTED, DraftMark
from whowas.domain.commands import UpdateUser

__all__ = ["desk", "directory"]


def marked(desk: Desk) -> list[str]:
    """Return the names in the rows that are marked, asked for in each of the ways that they are asked for."""
    model = desk.page.model
    rows = range(model.rowCount())
    by_role = [str(model.index(row, 0).data()) for row in rows if model.index(row, 0).data(Roles.DRAFTED)]
    spoken = Qt.ItemDataRole.AccessibleDescriptionRole
    told = [str(model.index(row, 0).data()) for row in rows if model.index(row, 0).data(spoken) == "draft not saved"]
    painted = [cells[0][1] for row in rows if (cells := model.contents(row, model.columns)) and cells[0][2] == DRAFTED]
    assert by_role == told == painted
    for row in rows:
        cells = [_contents(model.index(row, place), column.kind) for place, column in enumerate(model.columns)]
        assert model.contents(row, model.columns) == cells
    return by_role


def test_a_row_is_marked_as_soon_as_something_is_typed_and_until_it_is_discarded(desk: Desk) -> None:
    assert marked(desk) == []
    desk.select("Ben")
    title(desk).setText("Clerk")
    assert marked(desk) == ["Ben"]
    desk.select("Ada")
    title(desk).setText("Clerk")
    assert marked(desk) == ["Ada", "Ben"]
    desk.trigger("discard")
    assert marked(desk) == ["Ben"]
    desk.select("Ben")
    title(desk).setText("")
    assert marked(desk) == []


def test_a_saved_draft_leaves_no_mark(desk: Desk) -> None:
    desk.select("Ben")
    title(desk).setText("Clerk")
    desk.trigger("save")
    assert marked(desk) == []


def test_a_draft_that_others_save_as_well_is_none_any_more(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    title(desk).setText("Clerk")
    somebody_else(directory, UpdateUser(BEN, {"title": "Clerk"}))
    look(desk)
    assert marked(desk) == []


def test_drafts_of_another_day_are_marked_as_soon_as_the_directory_is_shown(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    title(desk).setText("Clerk")
    desk.select("Ada")
    desk.open(directory)
    assert marked(desk) == ["Ben"]


def test_the_past_and_a_comparison_show_no_marks(desk: Desk) -> None:
    desk.select("Ben")
    title(desk).setText("Clerk")
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    assert marked(desk) == []
    desk.trigger("return_to_now")
    assert marked(desk) == ["Ben"]
    desk.page.view.compare_with(desk.page.view.index.now - 1)
    desk.runner.drain()
    assert marked(desk) == []


def test_whoever_is_erased_elsewhere_leaves_no_mark(desk: Desk) -> None:
    for name in ("Ada", "Ben"):
        desk.select(name)
        title(desk).setText("Clerk")
    erase_elsewhere(desk, "Ben")
    take_in(desk)
    assert marked(desk) == ["Ada"]


def test_only_the_cells_of_a_draft_that_came_or_went_are_told_of(desk: Desk) -> None:
    told: list[object] = []
    desk.select("Ben")
    desk.page.model.dataChanged.connect(lambda first, last, roles: told.append((first.row(), last.row())))
    title(desk).setText("C")
    title(desk).setText("Cl")
    title(desk).setText("Clerk")
    assert len(told) == 1, "further letters change no mark"


@pytest.mark.parametrize(("room", "on_one_line"), [(240, True), (120, False)])
def test_the_name_stays_whole_where_the_mark_does_not_fit_behind_it(
    qapp: QApplication, room: int, on_one_line: bool
) -> None:
    cell = QRect(0, 0, room, 36)
    image = QImage(cell.size(), QImage.Format.Format_RGB32)
    tokens = theme.current()
    image.fill(tokens.surface)
    drawing, painter = CellDrawing(QFont()), QPainter(image)
    drawing.draw(painter, cell, "name", "Lene Abb", DRAFTED, tokens, selected=False)
    painter.end()
    accented = {
        (x, y)
        for x in range(name_left(), room - RIGHT)
        for y in range(36)
        if _is_near(image.pixelColor(x, y), tokens.accent)
    }
    assert accented, "there is a mark"
    assert (min(y for _, y in accented) < 18) is on_one_line
    assert (drawing.width("name", "Lene Abb", DRAFTED) <= room) is on_one_line
    name = drawing.width("name", "Lene Abb", ())
    assert drawing.width("name", "Lene Abb", DRAFTED) == name + DraftMark(QFont()).width


def _is_near(one: QColor, other: QColor) -> bool:
    return all(
        abs(a - b) < 60 for a, b in ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    )
