"""The table of users: its columns and their saved layout, painting, and accessibility."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from tests.desktop.fake_users import FakeUsers, Person
from whowas.desktop.kit import theme
from whowas.desktop.kit.line_text import initials
from whowas.desktop.table.cell_painter import CellDrawing
from whowas.desktop.table.column_layout import layout_from_json, shared_out
from whowas.desktop.table.columns import Column, attribute_column, standard_columns
from whowas.desktop.table.view import UsersTable

ADA = Person("Ada Osei", "ada.osei@example.org", ("Records", "Badge holders"))
BEN = Person("Ben Ruiz", "ben.ruiz@example.org", ("Budget",), "suspended")
EVA = Person("Eva Roth", "eva.roth@example.org", (), "deleted")
SHOWN_AT_FIRST = ["name", "email", "phone", "title", "groups", "status"]


@pytest.fixture
def model() -> FakeUsers:
    return FakeUsers(ADA, BEN, EVA)


@pytest.fixture
def table(qtbot: QtBot, model: FakeUsers) -> Iterator[UsersTable]:
    made = UsersTable()
    qtbot.addWidget(made)
    made.setModel(model)
    made.resize(842, 400)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    QToolTip.hideText()


def shown(table: UsersTable) -> list[str]:
    return [column.key for column in table.columns.shown()]


def on_screen(table: UsersTable) -> list[str]:
    """The titles that stand in the header, from left to right."""
    header = table.horizontalHeader()
    sections = sorted(range(header.count()), key=header.visualIndex)
    title = table.model().headerData
    return [title(section, Qt.Orientation.Horizontal) for section in sections if not header.isSectionHidden(section)]


def widths(table: UsersTable) -> dict[str, int]:
    return {column.key: table.columnWidth(place) for place, column in enumerate(standard_columns())}


def header_point(table: UsersTable, key: str, *, edge: bool = False) -> QPoint:
    section = [column.key for column in standard_columns()].index(key)
    header = table.horizontalHeader()
    width = header.sectionSize(section) if edge else 40
    return QPoint(header.sectionViewportPosition(section) + width - 1, header.height() // 2)


def picture(table: UsersTable) -> QImage:
    return table.viewport().grab().toImage()


# --- columns


def test_the_first_columns_fill_the_table(table: UsersTable) -> None:
    assert shown(table) == SHOWN_AT_FIRST
    assert on_screen(table) == ["Name", "Email", "Phone", "Title", "Groups", "Status"]
    assert table.horizontalHeader().length() == table.viewport().width()


@pytest.mark.parametrize("width", [760, 842, 1402])
def test_columns_share_out_the_width_there_is(table: UsersTable, width: int) -> None:
    table.resize(width, 400)
    assert table.horizontalHeader().length() == table.viewport().width() == width
    assert not table.horizontalScrollBar().isVisible()


def test_too_many_columns_are_scrolled_rather_than_squeezed(qtbot: QtBot, table: UsersTable) -> None:
    for column in standard_columns():
        table.columns.show(column.key)
    assert widths(table) == {column.key: column.width for column in standard_columns()}
    qtbot.waitUntil(table.horizontalScrollBar().isVisible)


@given(
    columns=st.lists(
        st.builds(
            Column,
            st.uuids().map(str),
            st.just("x"),
            st.integers(48, 400),
            st.sampled_from(["name", "text", "groups", "status"]),
        ),
        max_size=12,
    ),
    available=st.integers(0, 5000),
)
def test_shared_out_widths_fill_the_table_or_are_the_columns_own(columns: list[Column], available: int) -> None:
    widths = shared_out(columns, available)
    own = [column.width for column in columns]
    assert widths == own or sum(widths) == available
    if sum(own) <= available:
        assert all(width >= least for width, least in zip(widths, own, strict=True))
    else:
        assert all(width >= 0.8 * least for width, least in zip(widths, own, strict=True))


def test_a_column_is_hidden_and_shown(table: UsersTable) -> None:
    table.columns.show("phone", shown=False)
    table.columns.show("department")
    assert on_screen(table) == ["Name", "Email", "Title", "Department", "Groups", "Status"]
    assert table.horizontalHeader().length() == table.viewport().width()


def test_the_name_cannot_be_hidden(table: UsersTable) -> None:
    table.columns.show("name", shown=False)
    assert shown(table) == SHOWN_AT_FIRST


def test_columns_move_among_those_shown(table: UsersTable) -> None:
    table.columns.move("groups", -1)
    assert on_screen(table) == ["Name", "Email", "Phone", "Groups", "Title", "Status"]
    table.columns.move("groups", 99)
    assert on_screen(table) == ["Name", "Email", "Phone", "Title", "Status", "Groups"]
    table.columns.move("name", -1)
    assert on_screen(table)[0] == "Name"
    table.columns.move("no such column", 1)
    assert on_screen(table) == ["Name", "Email", "Phone", "Title", "Status", "Groups"]


def test_dragging_a_section_is_remembered(table: UsersTable) -> None:
    table.horizontalHeader().moveSection(1, 0)
    assert shown(table)[:2] == ["email", "name"]
    assert table.save_state()["order"][:2] == ["email", "name"]


def drag_edge(qtbot: QtBot, table: UsersTable, key: str, by: int) -> None:
    header, start = table.horizontalHeader(), header_point(table, key, edge=True)
    qtbot.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(header.viewport(), start + QPoint(by // 2, 0))
    qtbot.mouseMove(header.viewport(), start + QPoint(by, 0))
    qtbot.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(by, 0))


def test_dragging_an_edge_fixes_the_widths(qtbot: QtBot, table: UsersTable) -> None:
    table.resize(1000, 400)
    before = widths(table)
    drag_edge(qtbot, table, "name", 50)
    assert widths(table) == before | {"name": before["name"] + 50}
    table.resize(1200, 400)
    wide = widths(table)
    assert wide == before | {"name": before["name"] + 50, "status": wide["status"]}
    assert table.horizontalHeader().length() == table.viewport().width()
    drag_edge(qtbot, table, "email", -30)
    table.resize(842, 400)
    assert widths(table) == before | {"name": before["name"] + 50, "email": before["email"] - 30}


def test_clicking_a_title_fixes_no_widths(qtbot: QtBot, table: UsersTable) -> None:
    header = table.horizontalHeader()
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header_point(table, "email"))
    assert table.save_state()["widths"] == {}


def test_resetting_forgets_all_choices_but_the_sort_order(table: UsersTable) -> None:
    table.columns.show("notes")
    table.columns.move("status", -3)
    table.columns.sort_by("email", descending=True)
    table.columns.reset()
    assert shown(table) == SHOWN_AT_FIRST
    assert table.columns.sorted_by() == ("email", True)


def test_resetting_shares_the_width_out_again(qtbot: QtBot, table: UsersTable) -> None:
    before = widths(table)
    drag_edge(qtbot, table, "name", 50)
    table.columns.reset()
    assert widths(table) == before


# --- what is remembered


def test_columns_come_back_as_they_were(qtbot: QtBot, table: UsersTable) -> None:
    table.columns.show("phone", shown=False)
    table.columns.show("notes")
    table.columns.move("status", -4)
    table.columns.sort_by("title", descending=True)
    table.horizontalHeader().resizeSection(0, 222)
    table.horizontalHeader().resizedByHand.emit([0])
    state = json.loads(json.dumps(table.save_state()))

    other = UsersTable()
    qtbot.addWidget(other)
    other.setModel(FakeUsers(ADA))
    other.resize(842, 400)
    with qtbot.waitSignal(other.sortRequested) as asked:
        other.restore_state(state)
    assert asked.args == ["title", True]
    assert on_screen(other) == on_screen(table)
    assert widths(other)["name"] == 222
    assert other.save_state() == table.save_state()


def test_a_state_can_be_restored_before_there_is_a_model(qtbot: QtBot, table: UsersTable, model: FakeUsers) -> None:
    table.columns.show("email", shown=False)
    other = UsersTable()
    qtbot.addWidget(other)
    other.restore_state(table.save_state())
    other.setModel(FakeUsers(ADA))
    assert on_screen(other) == on_screen(table)


def test_columns_of_another_directory_keep_their_place(table: UsersTable, model: FakeUsers) -> None:
    badge, desk = attribute_column("badge"), attribute_column("desk")
    model.show(ADA, columns=(*standard_columns(), badge, desk))
    for column in (badge, desk):
        table.columns.show(column.key)
        table.columns.move(column.key, -4)
    there = shown(table)
    assert there[1:4] != ["email", "phone", "title"]
    model.show(ADA, columns=standard_columns())
    assert shown(table) == SHOWN_AT_FIRST
    table.columns.move("status", -1)
    table.restore_state(json.loads(json.dumps(table.save_state())))
    model.show(ADA, columns=(*standard_columns(), badge, desk))
    there[there.index("groups") : there.index("status") + 1] = ["status", "groups"]
    assert shown(table) == there


def test_new_columns_are_hidden_and_disturb_nothing(table: UsersTable, model: FakeUsers) -> None:
    table.columns.move("status", -2)
    before = on_screen(table)
    model.show(ADA, columns=(*standard_columns(), attribute_column("badge")))
    assert on_screen(table) == before


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"order": 5, "shown": [], "widths": "wide", "sort": None},
        {"order": [1, "email"], "shown": {"phone": "no"}, "widths": {"name": True}, "sort": {"column": 3}},
        {"sort": ["name", True]},
    ],
)
def test_a_state_somebody_spoilt_changes_nothing(table: UsersTable, state: dict[str, Any]) -> None:
    table.restore_state(state)
    assert set(shown(table)) == set(SHOWN_AT_FIRST)
    assert table.columns.sorted_by() == ("name", False)
    assert widths(table)["name"] >= 48


def test_widths_out_of_any_proportion_are_tamed() -> None:
    layout = layout_from_json({"widths": {"name": 1, "email": 10**9}})
    assert layout.widths == {"name": 48, "email": 4000}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_state_is_too_strange_to_read(value: Any) -> None:
    for state in ({"order": value}, {"shown": value}, {"widths": value}, {"sort": value}):
        json.dumps(layout_from_json(state).to_json())


# --- sorting


def test_a_click_on_a_title_asks_for_its_order_and_another_for_the_reverse(qtbot: QtBot, table: UsersTable) -> None:
    header = table.horizontalHeader()
    for expected in (["email", False], ["email", True], ["email", False]):
        with qtbot.waitSignal(table.sortRequested) as asked:
            qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header_point(table, "email"))
        assert asked.args == expected
    assert table.columns.sorted_by() == ("email", False)


def test_the_column_sorted_by_carries_the_arrow(qtbot: QtBot, table: UsersTable) -> None:
    table.columns.sort_by("title", descending=True)
    header = table.horizontalHeader()
    assert header.sortIndicatorSection() == 3
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    down = header.grab().toImage()
    table.columns.sort_by("title")
    up = header.grab().toImage()
    differing = [x for x in range(up.width()) if any(up.pixel(x, y) != down.pixel(x, y) for y in range(up.height()))]
    left = header.sectionViewportPosition(3)
    assert left < min(differing)
    assert max(differing) < left + header.sectionSize(3)


def test_the_same_order_is_not_asked_for_again(qtbot: QtBot, table: UsersTable) -> None:
    with qtbot.assertNotEmitted(table.sortRequested):
        table.columns.sort_by("name")
        table.restore_state(table.save_state())


# --- menu


def actions(menu: QMenu) -> dict[str, QAction]:
    """Every entry of a menu and its submenus, by the path of texts that leads there."""
    found: dict[str, QAction] = {}
    for action in menu.actions():
        if action.menu() is None:
            found[action.text()] = action
        else:
            submenu = action.menu()
            assert isinstance(submenu, QMenu)
            found |= {f"{action.text()}/{name}": entry for name, entry in actions(submenu).items()}
    return found


@pytest.fixture
def menu(qtbot: QtBot, table: UsersTable) -> QMenu:
    made = QMenu()
    qtbot.addWidget(made)
    table.fill_column_menu(made)
    return made


def test_the_menu_shows_what_is_shown(menu: QMenu) -> None:
    entries = actions(menu)
    checked = [name for name, action in entries.items() if action.isChecked()]
    assert checked == ["Name", "Email", "Phone", "Title", "Groups", "Status", "Sort by/Name (ascending)"]
    assert not entries["Name"].isEnabled()
    assert not entries["Notes"].isChecked()


def test_the_menu_chooses_sorts_moves_and_resets(table: UsersTable, menu: QMenu) -> None:
    entries = actions(menu)
    entries["Notes"].trigger()
    entries["Phone"].trigger()
    entries["Move left/Groups"].trigger()
    entries["Sort by/Email"].trigger()
    assert on_screen(table) == ["Name", "Email", "Groups", "Title", "Status", "Notes"]
    assert table.columns.sorted_by() == ("email", False)
    table.fill_column_menu(menu)
    entries = actions(menu)
    assert not entries["Phone"].isChecked()
    entries["Sort by/Email (ascending)"].trigger()
    assert table.columns.sorted_by() == ("email", True)
    entries["Reset columns"].trigger()
    assert shown(table) == SHOWN_AT_FIRST


def test_a_field_with_an_ampersand_is_no_mnemonic(table: UsersTable, model: FakeUsers, menu: QMenu) -> None:
    model.show(ADA, columns=(*standard_columns(), attribute_column("R&D")))
    table.fill_column_menu(menu)
    assert "R&&D" in actions(menu)


def test_the_header_opens_the_menu(qtbot: QtBot, table: UsersTable) -> None:
    table.horizontalHeader().customContextMenuRequested.emit(QPoint(5, 5))
    menus = table.findChildren(QMenu)
    assert any(menu.isVisible() for menu in menus)
    for menu in menus:
        menu.close()


# --- rows


def test_rows_are_of_one_height_and_never_measured(qtbot: QtBot) -> None:
    many = FakeUsers(*(Person(f"User {number}") for number in range(50_000)))
    table = UsersTable()
    qtbot.addWidget(table)
    table.setModel(many)
    table.resize(842, 400)
    with qtbot.waitExposed(table):
        table.show()
    table.horizontalHeader().sectionHandleDoubleClicked.emit(0)
    assert table.rowHeight(0) == table.rowHeight(49_999) == 36
    assert len(many.asked) < 50


def test_a_double_click_on_an_edge_fits_what_is_in_view(qtbot: QtBot, table: UsersTable, model: FakeUsers) -> None:
    model.show(Person("Wilhelmina-Alexandrina Featherstonehaugh-Cholmondeley"))
    before = widths(table)["name"]
    header = table.horizontalHeader()
    position = header_point(table, "name", edge=True)
    qtbot.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=position)
    qtbot.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=position)
    qtbot.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=position)
    assert widths(table)["name"] > before + 100


def select(table: UsersTable, row: int) -> None:
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(table.model().index(row, 0), flags.Select | flags.Rows)


def test_selected_rows_are_told_in_their_order_and_once(table: UsersTable) -> None:
    table.selectRow(2)
    select(table, 0)
    assert table.selected_spans() == [range(1), range(2, 3)]
    table.selectAll()
    assert table.selected_spans() == [range(3)]
    table.clearSelection()
    assert table.selected_spans() == []


class _CountedCells(FakeUsers):
    """Counts how often it is asked whether a cell can be selected, which Qt asks of each cell that it lists."""

    looked_at = 0

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        self.looked_at += 1
        return super().flags(index)


@pytest.fixture
def _screen_reader(qapp: QApplication) -> Iterator[None]:
    """Let Qt believe that a screen reader listens."""
    was_active = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(was_active)


@pytest.mark.usefixtures("_screen_reader")
def test_selecting_everybody_lists_nobody_for_a_screen_reader(qtbot: QtBot) -> None:
    many = _CountedCells(*(Person(f"User {number}") for number in range(2_000)))
    table = UsersTable()
    qtbot.addWidget(table)
    table.setModel(many)
    with qtbot.waitExposed(table):
        table.show()
    many.looked_at = 0
    table.selectAll()
    table.clearSelection()
    assert not table.selected_spans()
    assert many.looked_at < 1_000


def test_typing_is_handed_on_and_searches_no_rows(qtbot: QtBot, table: UsersTable, model: FakeUsers) -> None:
    model.asked.clear()
    table.setUpdatesEnabled(False)
    with qtbot.waitSignal(table.typed) as typed:
        qtbot.keyClick(table, Qt.Key.Key_B)
    assert typed.args == ["b"]
    assert not model.asked


def test_an_empty_table_says_why(table: UsersTable, model: FakeUsers) -> None:
    table.set_empty_text("No users yet", "Add the first with <b>New user</b>.")
    assert not table._notice.isVisible()
    model.show()
    assert table._notice.isVisible()
    assert table._notice.geometry() == table.viewport().geometry()
    texts = [label.text() for label in (table._notice._title, table._notice._sentence)]
    assert texts == ["No users yet", "Add the first with <b>New user</b>."]
    model.beginInsertRows(model.index(-1, -1), 0, 0)
    model.people.append(ADA)
    model.endInsertRows()
    assert not table._notice.isVisible()
    model.beginRemoveRows(model.index(-1, -1), 0, 0)
    model.people.clear()
    model.endRemoveRows()
    assert table._notice.isVisible()


# --- painting


def row_image(table: UsersTable, row: int, key: str) -> QImage:
    section = [column.key for column in standard_columns()].index(key)
    index = table.model().index(row, section)
    return picture(table).copy(table.visualRect(index))


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_each_status_has_its_dot(table: UsersTable) -> None:
    tokens = theme.current()
    for row, token in ((0, tokens.active_dot), (1, tokens.suspended_dot), (2, tokens.faint)):
        assert token.name() in colours(row_image(table, row, "status"))


def test_a_selected_row_is_of_another_ground_from_end_to_end(table: UsersTable) -> None:
    soft = theme.current().accent_soft
    y = table.rowViewportPosition(1) + 3
    assert picture(table).pixelColor(830, y) == theme.current().surface
    table.selectRow(1)
    image = picture(table)
    assert {image.pixelColor(x, y).name() for x in (1, 200, 600, 830)} == {soft.name()}
    assert image.pixelColor(830, y - 36) == theme.current().surface


def test_the_row_under_the_pointer_is_marked(qtbot: QtBot, table: UsersTable) -> None:
    y = table.rowViewportPosition(1) + 3
    qtbot.mouseMove(table.viewport(), QPoint(300, y))
    assert picture(table).pixelColor(830, y) == theme.current().hover
    qtbot.mouseMove(table.viewport(), QPoint(300, y + 36))
    assert picture(table).pixelColor(830, y) == theme.current().surface
    table.leaveEvent(QEvent(QEvent.Type.Leave))
    assert picture(table).pixelColor(830, y + 36) == theme.current().surface


def test_the_keyboards_row_is_marked_once_keys_are_used(qtbot: QtBot, table: UsersTable) -> None:
    accent = theme.current().accent
    table.activateWindow()
    table.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(table.hasFocus)
    table.selectRow(0)
    assert picture(table).pixelColor(700, 0) != accent
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert picture(table).pixelColor(700, 36) == accent
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 40))
    assert picture(table).pixelColor(700, 36) != accent


def test_a_change_of_text_is_painted(table: UsersTable, model: FakeUsers) -> None:
    before = row_image(table, 0, "email")
    model.people[0] = Person("Ada Osei", "ada@elsewhere.example")
    model.dataChanged.emit(model.index(0, 0), model.index(0, model.columnCount() - 1))
    assert row_image(table, 0, "email") != before


def test_markup_in_a_field_is_text(table: UsersTable, model: FakeUsers) -> None:
    model.show(Person("<b>Ada</b>"))
    marked = row_image(table, 0, "name")
    model.show(Person("Ada"))
    assert row_image(table, 0, "name") != marked


@pytest.mark.parametrize(
    "name",
    ["محمد عبد الله", "👩🏽‍🚀 Astro", "é́́́́́́" * 20, "x" * 10_000, "two\nlines\tand a tab", "\u202eevil", "", "—"],
    ids=["rtl", "emoji", "marks", "long", "lines", "override", "empty", "no letter"],
)
def test_a_strange_name_stays_in_its_cell(table: UsersTable, model: FakeUsers, name: str) -> None:
    model.show(Person("Above"), Person("", "x"), Person("Below"))
    clean = picture(table)
    model.show(Person("Above"), Person(name, "x"), Person("Below"))
    drawn = picture(table)
    cell = table.visualRect(model.index(1, 0))
    outside = [
        (x, y)
        for x in range(0, drawn.width(), 2)
        for y in range(drawn.height())
        if not cell.contains(x, y) and drawn.pixel(x, y) != clean.pixel(x, y)
    ]
    assert not outside


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Osei", "AO"),
        ("Ada", "A"),
        ("Ada Maria van der Berg", "AB"),
        ("élodie ñandú", "ÉÑ"),
        ("e\u0301lodie", "E\u0301"),
        ("👩🏽‍🚀 Astro Naut", "AN"),
        ("<b>O'Neil</b> (Ben)", "BB"),
        ("𝒜da Osei", "𝒜O"),
        ("李 小龙", "李小"),
        ("ßeta", "SS"),
        ("", ""),
        ("— !", ""),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


@given(st.text(max_size=40))
def test_initials_are_short_whatever_the_name(name: str) -> None:
    assert initials(name) == initials(name).upper()
    assert sum(character.isalnum() for character in initials(name)) <= 6


def test_chips_that_do_not_fit_are_counted(table: UsersTable) -> None:
    drawing = CellDrawing(table.font())
    groups = ("Records", "Badge holders", "Front office", "Systems")
    whole = drawing.width("groups", "", groups)
    assert drawing.chips(groups, whole).more == ""
    assert [name for name, _, _ in drawing.chips(groups, whole).fitting] == list(groups)
    some = drawing.chips(groups, whole // 2)
    assert some.more == f"+{4 - len(some.fitting)}"
    assert 0 < len(some.fitting) < 4
    one = drawing.chips(("An exceedingly long name of a group", "B"), 120)
    assert (len(one.fitting), one.more) == (1, "+1")
    assert drawing.chips(groups, 10) == type(some)((), "+4")


@given(names=st.lists(st.text(min_size=1, max_size=12), max_size=8), room=st.integers(0, 600))
def test_chips_never_leave_their_cell_nor_lose_a_group(names: list[str], room: int) -> None:
    drawing = CHIPS.setdefault("drawing", CellDrawing(UsersTable().font()))
    chips = drawing.chips(tuple(names), room)
    ends = [offset + width for _, offset, width in chips.fitting]
    assert all(end <= room for end in ends)
    assert ends == sorted(ends)
    assert len(chips.fitting) + int(chips.more or 0) == len(names)
    if chips.fitting and chips.more:
        assert ends[-1] + 4 + drawing._small.width(chips.more) <= room


CHIPS: dict[str, CellDrawing] = {}


def test_a_shortened_text_is_told_in_full(qtbot: QtBot, table: UsersTable, model: FakeUsers) -> None:
    model.show(Person("<i>A name</i> much too long for any column that there is, let alone this one"), Person("Ada"))
    texts = []
    for row in (0, 1):
        index = model.index(row, 0)
        option = QStyleOptionViewItem()
        option.rect = table.visualRect(index)
        at = table.viewport().mapToGlobal(option.rect.center())
        event = QHelpEvent(QEvent.Type.ToolTip, option.rect.center(), at)
        assert table.itemDelegate().helpEvent(event, table, option, index)
        texts.append(QToolTip.text())
    assert "&lt;i&gt;A name&lt;/i&gt; much too long" in texts[0]
    qtbot.waitUntil(lambda: not QToolTip.isVisible() or QToolTip.text() == "")


def test_painting_again_draws_nothing_anew(table: UsersTable, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(table)
    drawn: list[object] = []
    monkeypatch.setattr(CellDrawing, "draw", lambda *_args, **_named: drawn.append(1))
    picture(table)
    assert not drawn
    theme.signals.changed.emit()
    picture(table)
    assert drawn


def test_no_more_pictures_are_kept_than_a_few_screenfuls(qtbot: QtBot) -> None:
    table = UsersTable()
    qtbot.addWidget(table)
    table.setModel(FakeUsers(*(Person(f"User {number}", f"{number}@example.org") for number in range(2000))))
    table.resize(842, 400)
    for row in range(0, 2000, 10):
        table.scrollTo(table.model().index(row, 0))
        picture(table)
    assert len(table._cells._pictures._pictures) <= 3 * len(standard_columns()) * (table.viewport().height() // 36 + 2)


# --- accessibility


def test_screen_readers_get_names_and_texts(table: UsersTable) -> None:
    assert table.accessibleName() == "Users"
    spoken = QAccessible.queryAccessibleInterface(table)
    assert spoken.text(QAccessible.Text.Name) == "Users"
    said = [spoken.child(place).text(QAccessible.Text.Name) for place in range(spoken.childCount())]
    assert {"Name", "Email", "Ada Osei", "Records, Badge holders", "Suspended", "Eva Roth", "Deleted"} <= set(said)
