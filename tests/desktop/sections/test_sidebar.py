"""The sidebar: what it lists, what is selected, and that neither suffers when the numbers change."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.sections.rows import AnyIndex, SectionEntry, SidebarCells
from whowas.desktop.sections.sidebar import Sidebar

EVERYONE = SectionEntry("everyone", "Everyone", "users", 1204)
ACTIVE = SectionEntry("active", "Active", "circle-check", 1131)
DELETED = SectionEntry("deleted", "Deleted", "trash", 32)
STATUSES = [EVERYONE, ACTIVE, DELETED]
GROUPS = [
    SectionEntry(f"group:{name}", name, "hash", count) for name, count in (("Budget", 38), ("Comms", 57), ("Legal", 24))
]
MANY = [SectionEntry(f"group:{number}", f"Group {number}", "hash", number) for number in range(50)]


@pytest.fixture
def sidebar(qtbot: QtBot) -> Sidebar:
    made = Sidebar()
    qtbot.addWidget(made)
    made.set_entries(STATUSES, GROUPS)
    made.resize(made.width(), 400)
    with qtbot.waitExposed(made):
        made.show()
    return made


def lines(sidebar: Sidebar) -> list[str]:
    model = sidebar.model()
    role = Qt.ItemDataRole.AccessibleTextRole
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def centre(sidebar: Sidebar, text: str) -> QPoint:
    row = [line.split(",")[0] for line in lines(sidebar)].index(text)
    return sidebar.visualRect(sidebar.model().index(row, 0)).center()


def click(qtbot: QtBot, sidebar: Sidebar, text: str, keys: Qt.KeyboardModifier | None = None) -> None:
    modifier = keys or Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(sidebar.viewport(), Qt.MouseButton.LeftButton, modifier, centre(sidebar, text))


def current(sidebar: Sidebar) -> str:
    return str(sidebar.currentIndex().data())


def picture(sidebar: Sidebar) -> QImage:
    return sidebar.viewport().grab().toImage()


def test_everything_is_listed_under_its_title_with_its_number(sidebar: Sidebar) -> None:
    assert lines(sidebar) == [
        "Directory",
        *("Everyone, 1,204", "Active, 1,131", "Deleted, 32"),
        "Groups",
        *("Budget, 38", "Comms, 57", "Legal, 24"),
    ]


def test_without_groups_there_is_no_title_for_them(sidebar: Sidebar) -> None:
    sidebar.set_entries(STATUSES, [])
    assert "Groups" not in lines(sidebar)


def test_the_first_entry_is_selected_without_being_announced(qtbot: QtBot) -> None:
    sidebar = Sidebar()
    qtbot.addWidget(sidebar)
    assert sidebar.key is None
    with qtbot.assertNotEmitted(sidebar.selected):
        sidebar.set_entries(STATUSES, GROUPS)
    assert (sidebar.key, current(sidebar)) == ("everyone", "Everyone")


def test_a_click_selects(qtbot: QtBot, sidebar: Sidebar) -> None:
    with qtbot.waitSignal(sidebar.selected) as selected:
        click(qtbot, sidebar, "Comms")
    assert selected.args == ["group:Comms"]
    assert sidebar.key == "group:Comms"


def test_nothing_leaves_nothing_selected(qtbot: QtBot, sidebar: Sidebar) -> None:
    click(qtbot, sidebar, "Active")
    with qtbot.assertNotEmitted(sidebar.selected):
        click(qtbot, sidebar, "Active", Qt.KeyboardModifier.ControlModifier)
        click(qtbot, sidebar, "Groups")
        qtbot.mouseClick(sidebar.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 380))
    assert (sidebar.key, current(sidebar)) == ("active", "Active")
    assert len(sidebar.selectedIndexes()) == 1


def test_arrow_keys_step_over_titles(qtbot: QtBot, sidebar: Sidebar) -> None:
    seen: list[str] = []
    sidebar.selected.connect(seen.append)
    sidebar.select("deleted")
    qtbot.keyClick(sidebar, Qt.Key.Key_Down)
    qtbot.keyClick(sidebar, Qt.Key.Key_Down)
    qtbot.keyClick(sidebar, Qt.Key.Key_Up)
    qtbot.keyClick(sidebar, Qt.Key.Key_Home)
    qtbot.keyClick(sidebar, Qt.Key.Key_End)
    qtbot.keyClick(sidebar, Qt.Key.Key_PageUp)
    assert seen == ["deleted", "group:Budget", "group:Comms", "group:Budget", "everyone", "group:Legal", "everyone"]


def test_selecting_what_is_selected_says_nothing(qtbot: QtBot, sidebar: Sidebar) -> None:
    with qtbot.assertNotEmitted(sidebar.selected):
        sidebar.select("everyone")
    with qtbot.waitSignal(sidebar.selected):
        sidebar.select("active")
    assert current(sidebar) == "Active"


def test_new_numbers_are_shown_in_place(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.select("group:Comms")
    index = sidebar.currentIndex()
    before = picture(sidebar)
    model = sidebar.model()
    with (
        qtbot.assertNotEmitted(sidebar.selected),
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.waitSignal(model.dataChanged) as changed,
    ):
        sidebar.set_entries(
            [replace(EVERYONE, count=7), *STATUSES[1:]], [GROUPS[0], replace(GROUPS[1], count=8), GROUPS[2]]
        )
    assert [place.row() for place in changed.args[:2]] == [1, 6]
    assert lines(sidebar)[1] == "Everyone, 7"
    assert lines(sidebar)[6] == "Comms, 8"
    assert sidebar.currentIndex() == index
    assert picture(sidebar) != before


def test_the_same_numbers_change_nothing(qtbot: QtBot, sidebar: Sidebar) -> None:
    model = sidebar.model()
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        sidebar.set_entries(list(STATUSES), list(GROUPS))


def test_a_renamed_group_stays_selected(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.select("group:Legal")
    with qtbot.assertNotEmitted(sidebar.selected):
        sidebar.set_entries(STATUSES, [*GROUPS[:2], replace(GROUPS[2], label="Law")])
    assert current(sidebar) == "Law"


def test_other_groups_keep_selection_and_place(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.set_entries(STATUSES, MANY)
    sidebar.select("group:2")
    sidebar.verticalScrollBar().setValue(300)
    with qtbot.assertNotEmitted(sidebar.selected):
        sidebar.set_entries(STATUSES, [*MANY, SectionEntry("group:new", "New", "hash", 0)])
    assert current(sidebar) == "Group 2"
    assert sidebar.verticalScrollBar().value() == 300


def test_a_group_that_was_not_there_yet_is_selected_again_once_it_is(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.select("group:Comms")
    with qtbot.assertNotEmitted(sidebar.selected):
        sidebar.set_entries(STATUSES, [GROUPS[0]])
        assert not sidebar.selectedIndexes()
        sidebar.set_entries(STATUSES, GROUPS)
    assert (sidebar.key, current(sidebar)) == ("group:Comms", "Comms")


def test_other_numbers_do_not_lay_out_the_list_again(sidebar: Sidebar) -> None:
    measured: list[int] = []

    class Watched(SidebarCells):
        def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
            measured.append(index.row())
            return super().sizeHint(option, index)

    sidebar.setItemDelegate(Watched(sidebar.font(), sidebar))
    picture(sidebar)
    assert 0 in measured
    measured.clear()
    sidebar.set_entries([replace(entry, count=1) for entry in STATUSES], [replace(entry, count=2) for entry in GROUPS])
    sidebar.executeDelayedItemsLayout()
    # To paint them again, rows with other numbers are measured, but not the title above them.
    assert 0 not in measured


def test_following_the_slider_is_quick(sidebar: Sidebar) -> None:
    sidebar.set_entries(STATUSES, MANY)
    sidebar.hide()
    taken = []
    for count in range(30):
        statuses = [replace(entry, count=count) for entry in STATUSES]
        groups = [replace(entry, count=count) for entry in MANY]
        begun = time.thread_time()
        sidebar.set_entries(statuses, groups)
        taken.append(time.thread_time() - begun)
    assert sorted(taken)[len(taken) // 2] < 0.001


@pytest.mark.parametrize(("text", "key"), [("Legal", "group:Legal"), ("Budget", "group:Budget")])
def test_a_right_click_on_a_group_asks_for_its_menu(qtbot: QtBot, sidebar: Sidebar, text: str, key: str) -> None:
    at = centre(sidebar, text)
    with qtbot.waitSignal(sidebar.contextRequested) as asked, qtbot.assertNotEmitted(sidebar.selected):
        right_click(sidebar, at)
    assert asked.args == [key, sidebar.viewport().mapToGlobal(at)]


def right_click(sidebar: Sidebar, at: QPoint) -> None:
    place = sidebar.viewport().mapToGlobal(at)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, place)
    QApplication.sendEvent(sidebar.viewport(), event)


@pytest.mark.parametrize("text", ["Everyone", "Groups"])
def test_only_groups_have_a_menu(qtbot: QtBot, sidebar: Sidebar, text: str) -> None:
    with qtbot.assertNotEmitted(sidebar.contextRequested):
        right_click(sidebar, centre(sidebar, text))
        right_click(sidebar, QPoint(50, 380))


def test_the_menu_key_asks_for_the_menu_of_the_selected_group(qtbot: QtBot, sidebar: Sidebar) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    with qtbot.assertNotEmitted(sidebar.contextRequested):
        QApplication.sendEvent(sidebar, event)
    sidebar.select("group:Comms")
    with qtbot.waitSignal(sidebar.contextRequested) as asked:
        QApplication.sendEvent(sidebar, event)
    assert asked.args == ["group:Comms", sidebar.viewport().mapToGlobal(centre(sidebar, "Comms"))]


def test_the_selected_entry_stands_out(sidebar: Sidebar) -> None:
    tokens = theme.current()
    there = centre(sidebar, "Active") + QPoint(20, 0)
    assert picture(sidebar).pixelColor(there) == tokens.window
    sidebar.select("active")
    assert picture(sidebar).pixelColor(there) == tokens.accent_soft


def test_the_entry_under_the_pointer_is_marked(qtbot: QtBot, sidebar: Sidebar) -> None:
    there = centre(sidebar, "Active") + QPoint(20, 0)
    qtbot.mouseMove(sidebar.viewport(), there)
    assert picture(sidebar).pixelColor(there) == theme.current().pressed
    qtbot.mouseMove(sidebar.viewport(), centre(sidebar, "Groups"))
    assert picture(sidebar).pixelColor(there) == theme.current().window


def test_a_long_name_leaves_room_for_its_number(sidebar: Sidebar) -> None:
    short, long = (SectionEntry("group:x", name, "hash", 12_345) for name in ("A", "An association " * 20))
    sidebar.set_entries(STATUSES, [short])
    at = centre(sidebar, "A")
    numbers = [picture(sidebar).copy(136, at.y() - 10, 60, 20)]
    sidebar.set_entries(STATUSES, [long])
    numbers.append(picture(sidebar).copy(136, at.y() - 10, 60, 20))
    assert numbers[0] == numbers[1]


def test_screen_readers_get_names_and_numbers(sidebar: Sidebar) -> None:
    spoken = QAccessible.queryAccessibleInterface(sidebar)
    assert spoken.text(QAccessible.Text.Name) == "Directory sections"
    said = [spoken.child(place).text(QAccessible.Text.Name) for place in range(spoken.childCount())]
    assert {"Everyone, 1,204", "Budget, 38"} <= set(said)


def drag(qtbot: QtBot, sidebar: Sidebar, text: str, to: QPoint, *, let_go: bool = True) -> None:
    """Press on a group, pull it to a place and let it go there."""
    viewport, begun = sidebar.viewport(), centre(sidebar, text)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=begun)
    for at in (begun + (to - begun) / 2, to):
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            QPointF(viewport.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, move)
    if let_go:
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=to)


@pytest.mark.parametrize(
    ("text", "beside", "below", "place"),
    [("Legal", "Budget", -6, 0), ("Legal", "Comms", -6, 1), ("Budget", "Comms", 6, 1), ("Budget", "Legal", 40, 2)],
)
def test_a_group_is_dragged_to_another_place(
    qtbot: QtBot, sidebar: Sidebar, text: str, beside: str, below: int, place: int
) -> None:
    sidebar.set_ordering(True)
    with qtbot.waitSignal(sidebar.groupMoved) as moved:
        drag(qtbot, sidebar, text, centre(sidebar, beside) + QPoint(0, below))
    assert moved.args == [f"group:{text}", place]
    assert sidebar.key == f"group:{text}", "what it was pulled over is not selected"
    assert sidebar.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor


@pytest.mark.parametrize(("text", "by"), [("Comms", 2), ("Comms", 12), ("Comms", -12), ("Active", 90)])
def test_what_stays_in_its_place_or_is_no_group_is_not_moved(
    qtbot: QtBot, sidebar: Sidebar, text: str, by: int
) -> None:
    sidebar.set_ordering(True)
    with qtbot.assertNotEmitted(sidebar.groupMoved):
        drag(qtbot, sidebar, text, centre(sidebar, text) + QPoint(0, by))


def test_a_line_shows_where_it_would_go_until_escape_lets_it_stay(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.set_ordering(True)
    to, accent = centre(sidebar, "Budget") - QPoint(0, 6), theme.current().accent
    line = QPoint(sidebar.viewport().width() // 2, sidebar.visualRect(sidebar._entries.index_of("group:Budget")).top())
    assert picture(sidebar).pixelColor(line) != accent
    with qtbot.assertNotEmitted(sidebar.groupMoved):
        drag(qtbot, sidebar, "Legal", to, let_go=False)
        assert picture(sidebar).pixelColor(line) == accent
        qtbot.keyClick(sidebar, Qt.Key.Key_Escape)
        assert picture(sidebar).pixelColor(line) != accent
        qtbot.mouseRelease(sidebar.viewport(), Qt.MouseButton.LeftButton, pos=to)


def test_groups_that_change_meanwhile_let_go_of_the_dragged_one(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.set_ordering(True)
    with qtbot.assertNotEmitted(sidebar.groupMoved):
        drag(qtbot, sidebar, "Legal", centre(sidebar, "Budget"), let_go=False)
        sidebar.set_entries(STATUSES, [])
        picture(sidebar)
        qtbot.mouseRelease(sidebar.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 200))


def test_where_nothing_can_be_saved_nothing_is_dragged(qtbot: QtBot, sidebar: Sidebar) -> None:
    with qtbot.assertNotEmitted(sidebar.groupMoved):
        drag(qtbot, sidebar, "Legal", centre(sidebar, "Budget") - QPoint(0, 6))


def test_a_colour_tints_the_sign_of_its_group_and_is_told(sidebar: Sidebar) -> None:
    def colours_of_sign() -> set[str]:
        at, image = centre(sidebar, "Legal"), picture(sidebar)
        return {image.pixelColor(x, at.y() + dy).name() for x in range(16, 32) for dy in range(-8, 8)}

    blue = theme.current().group_blue.name()
    assert blue not in colours_of_sign()
    sidebar.set_entries(STATUSES, [replace(entry, colour="blue") for entry in GROUPS])
    assert blue in colours_of_sign()
    described = sidebar.model().data(
        sidebar._entries.index_of("group:Legal"), Qt.ItemDataRole.AccessibleDescriptionRole
    )
    assert described == "blue"
    sidebar.set_entries(STATUSES, [replace(entry, colour="of a newer program") for entry in GROUPS])
    assert blue not in colours_of_sign()
