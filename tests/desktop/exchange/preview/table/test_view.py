"""The table of a preview: its model, painting, decisions by pointer and keyboard, what a screen reader gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QImage, QTextDocument
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QMenu, QToolTip
from pytestqt.qtbot import QtBot

from tests.desktop.exchange.preview.given_rows import (
    ADA,
    ALBA,
    BRAM,
    CORA,
    DORIT,
    FILE,
    MIKA,
    PIET,
    ROWS,
    names,
    outcome,
    preview,
    row,
)
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.exchange.preview.table.model import PreviewColumn, PreviewModel
from whowas.desktop.exchange.preview.table.view import PreviewTable
from whowas.desktop.kit import theme
from whowas.domain.errors import StoreError
from whowas.domain.progress import unwatched
from whowas.interchange.importing.given.rules import LeaveOut, NewUser, SameAs
from whowas.interchange.importing.told.outcome import RowOutcome

CHECK = Qt.ItemDataRole.CheckStateRole
CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
FAILS = QAbstractItemModelTester.FailureReportingMode.Fatal

Decided = list[tuple[Any, Any]]


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[PreviewTable]:
    made = PreviewTable(names, checks=True)
    qtbot.addWidget(made)
    made.resize(920, 488)
    made.show_rows(preview(ROWS))
    with qtbot.waitExposed(made):
        made.show()
    yield made
    QToolTip.hideText()


@pytest.fixture
def decided(table: PreviewTable) -> Decided:
    told: Decided = []
    table.preview.decided.connect(lambda key, decision: told.append((key, decision)))
    return told


def names_shown(table: PreviewTable) -> list[str]:
    model = table.preview
    return [model.index(at, PreviewColumn.USER).data() for at in range(model.rowCount())]


def at(table: PreviewTable, name: str) -> int:
    return names_shown(table).index(name)


def cell(table: PreviewTable, name: str, column: PreviewColumn) -> Any:
    return table.preview.index(at(table, name), column)


def click(table: PreviewTable, name: str, column: PreviewColumn, into: int | None = None) -> None:
    box = table.visualRect(cell(table, name, column))
    point = box.center() if into is None else QPoint(box.left() + into, box.center().y())
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if not action.isSeparator()}


def open_menu(table: PreviewTable) -> QMenu:
    (menu,) = (found for found in table.findChildren(QMenu) if found.isVisible())
    return menu


def test_the_model_keeps_to_the_rules_of_qt(qtbot: QtBot) -> None:
    model = PreviewModel(names, checks=True)
    tester = QAbstractItemModelTester(model, FAILS)
    model.show(preview(ROWS))
    model.filter("changed", "")
    model.filter(None, "osei")
    model.filter(None, "")
    model.sort(PreviewColumn.LINE, Qt.SortOrder.DescendingOrder)
    model.decide(0, LeaveOut())
    model.show_decided()
    model.show(preview(ROWS[:2]))
    model.show(preview([]))
    assert tester.model() is model
    assert model.rowCount() == 0


def test_rows_stand_as_in_the_picture(table: PreviewTable) -> None:
    assert names_shown(table) == [
        *("Ada Osei", "Alba Ferrant", "Bram Ostler", "Dorit Landau", "Mika Sand", "Piet Over", "Cora Same")
    ]


def test_a_row_tells_all_of_it_without_being_seen(table: PreviewTable) -> None:
    missing = "Status from Active to Suspended; not in this file, will be suspended"
    texts = [[table.preview.index(row, column).data() for column in PreviewColumn] for row in range(3)]
    assert texts == [
        ["Changed", "Ada Osei", "Phone from 0172 to 0199; Cost centre 4405", "", FILE, "2"],
        ["Not in this file", "Alba Ferrant", missing, "", "", "–"],
        ["New", "Bram Ostler", "Email bram@example.org; Joins Night shift", "", FILE, "14"],
    ]
    described = cell(table, "Ada Osei", PreviewColumn.USER).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert described == "Ada Osei – changed; Phone from 0172 to 0199; Cost centre 4405; google-users.csv, line 2"


def test_a_screen_reader_finds_cells_by_what_they_say(table: PreviewTable) -> None:
    spoken = QAccessible.queryAccessibleInterface(table)
    assert spoken.text(QAccessible.Text.Name) == "Rows"
    cells = [spoken.child(place) for place in range(spoken.childCount())]
    said = {found.text(QAccessible.Text.Name) for found in cells}
    assert {"User", "What changes", "Line", "Ada Osei", "Email bram@example.org; Joins Night shift", "29"} <= said


@pytest.mark.parametrize(
    ("one", "state"),
    [(ADA, CHECKED), (BRAM, CHECKED), (CORA, CHECKED), (PIET, UNCHECKED), (DORIT, None), (MIKA, None), (ALBA, None)],
    ids=lambda one: getattr(one, "name", ""),
)
def test_rows_of_files_can_be_taken_or_left_out(table: PreviewTable, one: RowOutcome, state: Qt.CheckState) -> None:
    assert cell(table, one.name, PreviewColumn.MARK).data(CHECK) == state


def test_a_click_on_the_mark_leaves_out_and_takes_again(table: PreviewTable, decided: Decided) -> None:
    click(table, "Ada Osei", PreviewColumn.MARK)
    assert decided == [((FILE, 2), LeaveOut())]
    assert cell(table, "Ada Osei", PreviewColumn.MARK).data(CHECK) == UNCHECKED
    assert cell(table, "Ada Osei", PreviewColumn.CHANGES).data() == "will be left out"
    click(table, "Ada Osei", PreviewColumn.MARK)
    assert decided[1:] == [((FILE, 2), None)]
    click(table, "Alba Ferrant", PreviewColumn.MARK)  # is in no file
    click(table, "Dorit Landau", PreviewColumn.MARK)  # is refused
    assert len(decided) == 2


def test_the_space_bar_does_the_same_to_all_selected_rows(table: PreviewTable, decided: Decided) -> None:
    table.selectAll()
    table.setCurrentIndex(cell(table, "Ada Osei", PreviewColumn.USER))
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert decided == [((FILE, line), LeaveOut()) for line in (2, 14, 20)]
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert decided[3:] == [((FILE, line), None) for line in (2, 14, 73, 20)]


def test_a_decision_is_shown_until_it_was_looked_at(table: PreviewTable) -> None:
    click(table, "Ada Osei", PreviewColumn.MARK)
    table.show_rows(preview(ROWS))  # of before: something else was decided first
    assert cell(table, "Ada Osei", PreviewColumn.CHANGES).data() == "will be left out"
    table.show_rows(preview([replace(ADA, what="left_out", changes={}), *ROWS[1:]]))
    assert cell(table, "Ada Osei", PreviewColumn.MARK).data() == "Left out"
    assert cell(table, "Ada Osei", PreviewColumn.CHANGES).data() == "left out"
    click(table, "Ada Osei", PreviewColumn.MARK)
    assert cell(table, "Ada Osei", PreviewColumn.CHANGES).data() == "will be taken"
    table.show_rows(preview(ROWS))
    assert cell(table, "Ada Osei", PreviewColumn.MARK).data() == "Changed"


def test_what_is_taken_back_before_it_was_looked_at_leaves_the_row_as_it_stands(table: PreviewTable) -> None:
    before = [table.preview.index(0, column).data() for column in PreviewColumn]
    for _ in range(2):
        click(table, "Ada Osei", PreviewColumn.MARK)
    assert [table.preview.index(0, column).data() for column in PreviewColumn] == before
    assert cell(table, "Ada Osei", PreviewColumn.MARK).data(CHECK) == CHECKED
    click(table, "Ada Osei", PreviewColumn.MARK)
    assert cell(table, "Ada Osei", PreviewColumn.CHANGES).data() == "will be left out"


def test_who_is_said_to_be_somebody_else_is_shown_so_at_once(table: PreviewTable) -> None:
    table.setCurrentIndex(cell(table, "Mika Sand", PreviewColumn.USER))
    entries(table.row_menu())["A new user"].trigger()
    table.show_rows(preview([row(70, "created", "Mika Sand") if one is MIKA else one for one in ROWS]))
    entries(table.row_menu())["Ask again who this is"].trigger()
    table.preview.decide(ROWS.index(MIKA), SameAs("u1"))
    assert cell(table, "Mika Sand", PreviewColumn.CHANGES).data() == "is Mika Sand, mika@example.org"


def test_what_was_decided_is_forgotten_when_lines_are_others(table: PreviewTable) -> None:
    click(table, "Ada Osei", PreviewColumn.MARK)
    table.preview.forget_decisions()
    assert cell(table, "Ada Osei", PreviewColumn.MARK).data(CHECK) == CHECKED


@pytest.mark.parametrize(
    ("entry", "decision"),
    [
        ("Mika Sand, mika@example.org", SameAs("u1")),
        ("Mika Sand, m.sand@example.org", SameAs("u2")),
        ("A new user", NewUser()),
        ("Leave this row out", LeaveOut()),
    ],
)
@pytest.mark.parametrize("how", ["click", "space", "enter", "menu"])
def test_who_it_is_can_be_said(table: PreviewTable, decided: Decided, entry: str, decision: object, how: str) -> None:
    table.setCurrentIndex(cell(table, "Mika Sand", PreviewColumn.USER))
    menu = None
    match how:
        case "click":
            click(table, "Mika Sand", PreviewColumn.CHANGES, into=40)
        case "space":
            QTest.keyClick(table, Qt.Key.Key_Space)
        case "enter":
            QTest.keyClick(table, Qt.Key.Key_Return)
        case _:
            menu = table.row_menu()
    menu = menu or open_menu(table)
    offered = [text for text in entries(menu) if not text.startswith("Order by")]
    assert offered == [
        *("Mika Sand, mika@example.org", "Mika Sand, m.sand@example.org", "A new user", "Leave this row out")
    ]
    entries(menu)[entry].trigger()
    menu.close()
    assert decided == [((FILE, 70), decision)]
    assert cell(table, "Mika Sand", PreviewColumn.CHANGES).data() != MIKA.reason


def test_what_was_said_of_a_row_can_be_asked_again(table: PreviewTable, decided: Decided) -> None:
    table.setCurrentIndex(cell(table, "Mika Sand", PreviewColumn.USER))
    entries(table.row_menu())["A new user"].trigger()
    table.show_rows(preview([row(70, "created", "Mika Sand") if one is MIKA else one for one in ROWS]))
    entries(table.row_menu())["Ask again who this is"].trigger()
    assert decided[1:] == [((FILE, 70), None)]
    assert cell(table, "Mika Sand", PreviewColumn.CHANGES).data() == "is to be decided again"


def test_a_menu_offers_for_several_rows_what_fits_any_of_them(table: PreviewTable, decided: Decided) -> None:
    table.selectAll()
    offered = entries(table.row_menu())
    assert [*offered] == [
        *("These rows are about new users", "Leave these rows out", "Take them again", "Order by user", "Order by line")
    ]
    offered["These rows are about new users"].trigger()
    offered["Take them again"].trigger()
    assert decided == [((FILE, 70), NewUser()), ((FILE, 73), None)]


def test_very_many_rows_are_decided_between_events(qtbot: QtBot, table: PreviewTable, decided: Decided) -> None:
    table.show_rows(preview([row(line, "changed", f"Ada {line:05d}") for line in range(1, 3_001)]))
    table.selectAll()
    entries(table.row_menu())["Leave these rows out"].trigger()
    qtbot.waitUntil(lambda: len(decided) == 3_000)
    assert decided[-1] == ((FILE, 3_000), LeaveOut())


def test_the_current_row_stays_where_it_was_on_the_screen(table: PreviewTable) -> None:
    many = [row(line, "changed", f"Ada {line:05d}") for line in range(1, 401)]
    table.show_rows(preview(many))
    table.verticalScrollBar().setValue(200 * 36 + 7)
    table.setCurrentIndex(table.preview.index(203, PreviewColumn.USER))
    before = table.rowViewportPosition(203)
    many[:50] = [replace(one, what="unchanged") for one in many[:50]]
    table.show_rows(preview(many))
    now = table.currentIndex().row()
    assert (now, names_shown(table)[now]) == (153, "Ada 00204")
    assert table.rowViewportPosition(now) == before


def test_a_click_on_a_title_orders_and_what_changes_has_no_order(table: PreviewTable) -> None:
    header = table.horizontalHeader()

    def click_title(column: PreviewColumn) -> list[str]:
        point = QPoint(header.sectionViewportPosition(column) + 20, 16)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=point)
        return names_shown(table)

    assert click_title(PreviewColumn.LINE)[:3] == ["Ada Osei", "Bram Ostler", "Cora Same"]
    assert click_title(PreviewColumn.CHANGES)[:3] == ["Ada Osei", "Bram Ostler", "Cora Same"]
    assert header.sortIndicatorSection() == PreviewColumn.LINE
    assert click_title(PreviewColumn.LINE)[:2] == ["Piet Over", "Mika Sand"]
    assert click_title(PreviewColumn.USER)[0] == "Ada Osei"
    assert click_title(PreviewColumn.USER)[0] == "Piet Over"


def test_dates_and_files_are_shown_where_there_are_several(table: PreviewTable) -> None:
    hidden = table.isColumnHidden
    assert (hidden(PreviewColumn.SINCE), hidden(PreviewColumn.FILE), hidden(PreviewColumn.LINE)) == (True, True, False)
    march = 1_552_000_000_000_000
    table.show_rows(preview([replace(ADA, occurred_at=march), replace(BRAM, file="later.csv", occurred_at=march)]))
    assert (hidden(PreviewColumn.SINCE), hidden(PreviewColumn.FILE)) == (False, False)
    assert cell(table, "Bram Ostler", PreviewColumn.SINCE).data().endswith("Mar 2019")
    assert cell(table, "Bram Ostler", PreviewColumn.FILE).data() == "later.csv"


def test_rows_of_an_import_that_was_made_have_no_checks_and_no_lines(qtbot: QtBot) -> None:
    table = PreviewTable(names, checks=False, lines=False)
    qtbot.addWidget(table)
    table.show_rows(PreviewRows.of_rows([replace(ADA, line=0, file=""), MIKA], unwatched))
    assert table.isColumnHidden(PreviewColumn.LINE)
    assert cell(table, "Ada Osei", PreviewColumn.MARK).data(CHECK) is None
    table.selectAll()
    assert [*entries(table.row_menu())] == ["Order by user", "Order by line"]


def test_a_row_that_cannot_be_read_any_more_says_why(qtbot: QtBot) -> None:
    class Broken(Sequence[RowOutcome]):
        broken = False

        def __len__(self) -> int:
            return 1

        def __getitem__(self, _at: Any) -> Any:
            if self.broken:
                raise StoreError("What was read cannot be kept on the disk: gone.")
            return ADA

        def __iter__(self) -> Iterator[RowOutcome]:
            return iter([ADA])

    table = PreviewTable(names, checks=True)
    qtbot.addWidget(table)
    rows = Broken()
    made = preview(rows)
    rows.broken = True
    table.show_rows(made)
    assert table.preview.index(0, PreviewColumn.CHANGES).data().startswith("What was read cannot be kept")


def test_a_search_goes_on_between_events_and_shows_what_it_found(
    qtbot: QtBot, table: PreviewTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whowas.desktop.exchange.preview.rows.search_text._ROWS_AT_ONCE", 1)
    monkeypatch.setattr("whowas.desktop.exchange.preview.table.searching._SLICE_S", 0)
    table.show_rows(preview(ROWS))
    table.filter(None, "osei")
    assert table.preview.searching
    table.filter(None, "night")  # ends the one before
    qtbot.waitUntil(lambda: not table.preview.searching)
    assert names_shown(table) == ["Bram Ostler"]
    table.filter("refused", "night")
    assert names_shown(table) == []
    table.show_rows(preview(ROWS[::-1]))
    table.filter(None, "night")
    qtbot.waitUntil(lambda: names_shown(table) == ["Bram Ostler"])
    table.filter(None, "")
    assert len(names_shown(table)) == len(ROWS)


HOSTILE = ["<b>x</b>&lt;img src=/tmp/x.png>", "a\nb\r\n\tc", "\u202egnp.exe", "x" * 10_000, "שלום", "\ud800", ""]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_texts_are_painted_and_told_as_text(qtbot: QtBot, scheme: str) -> None:
    rows = [
        row(line + 2, "changed", text, {"title": (text or None, text + "!"), f"attribute:{text[:90]}": (None, text)})
        for line, text in enumerate(HOSTILE)
    ]
    rows += [row(50, "similar", HOSTILE[0], perhaps=("u1",)), row(51, "refused", HOSTILE[3], reason=HOSTILE[0] * 30)]
    table = PreviewTable(lambda ids: dict.fromkeys(ids, HOSTILE[0]), checks=True)
    qtbot.addWidget(table)
    table.resize(920, 488)
    table.show_rows(preview(rows))
    colours = theme.DARK if scheme == "dark" else theme.LIGHT
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theme, "_current", colours)
        image = table.grab().toImage()
    assert has_colour(image, colours.changed.name())
    tip = table.preview.tip(0)
    assert tip.count("\n") <= 4
    table.selectRow(at(table, HOSTILE[0]))
    for action in table.row_menu().actions():
        assert "&l" not in action.text().replace("&&", "")


def has_colour(image: QImage, name: str) -> bool:
    return any(
        image.pixelColor(x, y).name() == name for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    )


def test_the_tool_tip_is_shown_as_text(qtbot: QtBot) -> None:
    table = PreviewTable(names, checks=True)
    qtbot.addWidget(table)
    table.show_rows(preview([row(2, "changed", "<b>Ada</b>", {"title": (None, "<img src=x>")})]))
    shown = QTextDocument()
    shown.setHtml(table.preview.index(0, PreviewColumn.CHANGES).data(Qt.ItemDataRole.ToolTipRole))
    assert shown.toPlainText().replace("\u2028", "\n") == (
        "<b>Ada</b> – changed\nTitle <img src=x>\ngoogle-users.csv, line 2"
    )


def test_painting_does_not_ask_the_model_for_each_cell(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noting(name: str, method: Any) -> Any:
        def called(*given: Any) -> Any:
            asked.append(name)
            return method(*given)

        return called

    for name in ("flags", "data", "columnCount"):
        monkeypatch.setattr(PreviewModel, name, noting(name, getattr(PreviewModel, name)))
    table = PreviewTable(names, checks=True)
    qtbot.addWidget(table)
    table.resize(920, 488)
    table.show_rows(preview([row(line, "changed", f"Ada {line:05d}") for line in range(1, 401)]))
    table.selectAll()
    table.grab()
    asked.clear()
    table.viewport().repaint()
    table.viewport().grab()
    assert asked == []


def test_reading_rows_for_the_screen_reads_no_others(qtbot: QtBot) -> None:
    read: list[int] = []

    class Watched(list[RowOutcome]):
        def __getitem__(self, at: Any) -> Any:
            read.append(at)
            return super().__getitem__(at)

    rows = Watched(row(line, "changed", f"Ada {line:05d}") for line in range(1, 20_001))
    made = PreviewRows.of(outcome(rows), unwatched)
    table = PreviewTable(names, checks=True)
    qtbot.addWidget(table)
    table.resize(920, 488)
    read.clear()
    table.show_rows(made)
    table.grab()
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    table.grab()
    assert 0 < len(read) <= 5 * 32
