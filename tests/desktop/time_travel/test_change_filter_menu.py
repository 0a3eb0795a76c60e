"""Which changes count: chosen above the timeline or in the changes list, drawn, stepped along and listed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.desktop.changes.test_changes import DAN, Changes, do, offered, pick, take_in
from tests.desktop.window.test_main_window import ADA, BEN, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.session import change_selection
from whowas.desktop.time_travel.change_filter_menu import ACTORS_OFFERED
from whowas.desktop.timeline.speeds import BY_CHANGE
from whowas.domain.commands import CreateUser, DeleteUser, SuspendUser, UpdateUser
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.change_filter import ChangeFilter, matching_moments
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import ReadModel

__all__ = ["desk", "directory"]

# The steps of the directory: 1 a group, 2 Ada, 3 Ben, 4 Chi, 5 Ada joins the group.


def menu_of(desk: Desk) -> QMenu:
    """Open the menu of the button above the timeline, as far as a test may."""
    menu = desk.page.timeline.filter.menu()
    menu.aboutToShow.emit()
    desk.settle()
    return menu


def choose(desk: Desk, *path: str) -> None:
    menu = menu_of(desk)
    for text in path[:-1]:
        menu = submenu(menu, text)
    pick(menu, path[-1])
    desk.page.timeline.filter.menu().aboutToHide.emit()
    desk.settle()


def submenu(menu: QMenu, text: str) -> QMenu:
    return next(one for one in menu.findChildren(QMenu) if one.title() == text)


def checked(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isChecked()]


def bars(desk: Desk) -> int:
    """How many bars the timeline has."""
    slider = desk.page.timeline.slider
    slider.grab()
    return sum(height > 0 for height in slider._drawn().bars.heights)


def stops(desk: Desk) -> list[int]:
    """Step from the beginning as far as the button goes."""
    slider, visited = desk.page.timeline.slider, []
    slider.setValue(0)
    while desk.window.actions_.next.isEnabled():
        desk.window.actions_.next.trigger()
        visited.append(slider.value())
    return visited


@pytest.fixture
def by_change(desk: Desk) -> Desk:
    desk.page.timeline.slider.set_by_change(True)
    return desk


def test_at_first_all_changes_count(by_change: Desk) -> None:
    assert by_change.page.timeline.filter.text() == "All changes"
    assert checked(menu_of(by_change)) == ["All changes"]
    assert stops(by_change) == [1, 2, 3, 4, 5]
    assert bars(by_change) == 5


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        (("Kind", "Added"), [2, 3, 4]),
        (("Kind", "Removed"), [7]),
        (("Field", "Groups"), [5]),
        (("Field", "Status"), [2, 3, 4, 6, 7]),
        (("Field", "Phone"), []),
        (("Actor", "ines"), [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_kind_field_and_actor(by_change: Desk, path: tuple[str, str], counted: list[int]) -> None:
    do(by_change, SuspendUser(BEN))
    do(by_change, DeleteUser(ADA))
    choose(by_change, *path)
    button = by_change.page.timeline.filter
    assert button.text() == f"{len(counted)} of 7 changes"
    assert button.property("active")
    assert bars(by_change) == len(counted)
    assert stops(by_change) == counted
    assert checked(submenu(menu_of(by_change), path[0])) == [path[1]]
    choose(by_change, "All changes")
    assert stops(by_change) == [1, 2, 3, 4, 5, 6, 7]


def test_the_selected_users(by_change: Desk) -> None:
    by_change.page.table.selectRow(0)
    choose(by_change, "Only of Ada")
    assert stops(by_change) == [2, 5]
    assert by_change.page.timeline.filter.toolTip() == "Only changes that count are shown: Ada"
    choose(by_change, "Kind", "Changed")
    assert stops(by_change) == [5]
    assert "Only of Ada" in checked(menu_of(by_change))
    choose(by_change, "Only of Ada")
    assert stops(by_change) == [1, 5]


def test_the_selected_users_and_what_was_chosen_before_have_to_hold_together(by_change: Desk) -> None:
    do(by_change, UpdateUser(ADA, {"title": "Clerk"}))
    choose(by_change, "Kind", "Changed")
    by_change.page.table.selectRow(0)
    choose(by_change, "Only of Ada")
    assert stops(by_change) == [5, 6]
    choose(by_change, "Field", "Title")
    by_change.page.table.selectRow(1)
    choose(by_change, "Only of Ben")
    assert stops(by_change) == []
    assert by_change.page.timeline.filter.toolTip() == "Only changes that count are shown: Ben, changed, Title"


def test_an_open_menu_stays_as_it_is_while_actors_are_found(by_change: Desk, qtbot: QtBot) -> None:
    take_in(by_change)
    menu = by_change.page.timeline.filter.menu()
    menu.popup(QPoint(5, 5))
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    entries, active = menu.actions(), menu.activeAction()
    assert active is not None
    by_change.settle()
    assert menu.actions() == entries
    assert menu.activeAction() is active
    assert offered(submenu(menu, "Actor")) == ["Any actor", "ines", "olga", "paul"]

    do(by_change, UpdateUser(BEN, {"title": "Clerk"}))
    by_change.page.counted.want(ChangeFilter(kind="added"))
    by_change.settle()
    assert menu.actions() == entries
    menu.close()
    by_change.settle()
    assert checked(submenu(menu, "Kind")) == ["Added"]


def test_an_open_menu_of_actors_stays_as_it_is(by_change: Desk, qtbot: QtBot) -> None:
    menu = menu_of(by_change)
    actors = submenu(menu, "Actor")
    actors.popup(QPoint(5, 5))
    entries = actors.actions()
    take_in(by_change)
    assert actors.actions() == entries
    actors.close()
    menu.popup(QPoint(5, 5))
    assert offered(actors) == ["Any actor", "ines", "olga", "paul"]
    menu.close()


def test_of_a_great_many_actors_the_menu_offers_some_and_the_list_all(by_change: Desk) -> None:
    def work(bus: Bus, _progress: Progress) -> None:
        with bus.change() as change:
            change.dispatch(CreateUser(DAN, {"first_name": "Dan"}), occurred_at=1_000)
            for number in range(60):
                title = {"title": f"T{number}"}
                change.dispatch(UpdateUser(DAN, title), occurred_at=2_000 + number, actor=f"actor {number:02}")

    session = by_change.window.session
    assert session is not None
    session.writer.on_bus(work, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    by_change.settle()
    changes = Changes(by_change)
    changes.choose("Actor", "actor 59")
    choices = offered(submenu(menu_of(by_change), "Actor"))
    assert len(changes.offered("Actor")) == 62
    assert choices[0] == "Any actor"
    assert choices[-2:] == ["actor 59", "All 61, in the changes list…"]
    assert len(choices) == ACTORS_OFFERED + 3
    by_change.page.panel.show_details()
    choose(by_change, "Actor", choices[-1])
    assert changes.list.isVisible()
    assert changes.panel.wanted.actor == "actor 59"


def test_several_users_from_the_tables_menu(by_change: Desk) -> None:
    by_change.page.table.selectRow(0)
    by_change.page.table.selectAll()
    menu = QMenu()
    by_change.commands._filter.add_to(menu)
    pick(menu, "Only changes of 3 users")
    by_change.settle()
    assert stops(by_change) == [2, 3, 4, 5]


def test_the_tables_menu_offers_it_for_a_selection(desk: Desk) -> None:
    menu = QMenu()
    desk.commands._filter.add_to(menu)
    assert offered(menu) == []
    desk.page.table.selectRow(1)
    desk.page.table.contextRequested.emit(QModelIndex(), QPoint(5, 5))
    shown = desk.window.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
    assert "Only changes of Ben" in offered(shown)
    shown.close()


def test_the_list_and_the_timeline_show_the_same(by_change: Desk) -> None:
    changes = Changes(by_change)
    changes.choose("Kind", "Added")
    assert stops(by_change) == [2, 3, 4]
    assert changes.summary() == "3 of 5 changes"
    choose(by_change, "Field", "Groups")
    assert changes.summary() == "Groups · 0 of 5 changes"
    choose(by_change, "Kind", "Any kind")
    by_change.page.return_to_now()
    assert changes.rows() == ["Ada: Added to group"]
    changes.type("ben")
    assert stops(by_change) == []
    choose(by_change, "All changes")
    assert changes.summary() == "5 changes"
    assert by_change.page.timeline.filter.text() == "All changes"


def test_the_list_opened_later_shows_what_counts_already(by_change: Desk) -> None:
    choose(by_change, "Actor", "ines")
    choose(by_change, "Kind", "Added")
    changes = Changes(by_change)
    by_change.page.return_to_now()
    assert changes.summary() == "3 of 5 changes"
    assert changes.panel.wanted.actor == "ines"
    assert len(changes.rows()) == 3


def test_what_happens_meanwhile_counts_or_does_not(by_change: Desk) -> None:
    choose(by_change, "Field", "Title")
    assert by_change.page.timeline.filter.text() == "0 of 5 changes"
    do(by_change, UpdateUser(BEN, {"title": "Clerk"}))
    do(by_change, UpdateUser(BEN, {"phone": "1"}))
    assert by_change.page.timeline.filter.text() == "1 of 7 changes"
    assert stops(by_change) == [6]


def test_of_a_save_only_what_it_added_is_looked_at(by_change: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(by_change, "Field", "Title")
    looked_at: list[int | None] = []

    def watched(
        read_model: ReadModel, index: VersionIndex, wanted: ChangeFilter, known: VersionIndex | None = None
    ) -> Int32:
        looked_at.append(None if known is None else index.now - known.now)
        return matching_moments(read_model, index, wanted, known)

    monkeypatch.setattr(change_selection, "matching_moments", watched)
    do(by_change, UpdateUser(BEN, {"title": "Clerk"}))
    do(by_change, UpdateUser(BEN, {"title": "Head"}))
    assert looked_at == [1, 1]
    take_in(by_change)
    assert looked_at == [1, 1, None], "steps that come between others move them"
    assert stops(by_change) == [2, 8, 9]


def test_steps_that_come_between_move_what_counts(by_change: Desk) -> None:
    choose(by_change, "Kind", "Added")
    take_in(by_change)
    assert stops(by_change) == [1, 4, 5, 6]
    choose(by_change, "Actor", "olga")
    assert stops(by_change) == [1]


def test_arrow_keys_stop_where_it_counts_and_dragging_anywhere(by_change: Desk, qtbot: QtBot) -> None:
    slider = by_change.page.timeline.slider
    choose(by_change, "Kind", "Added")
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert slider.value() == 4
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert slider.value() == 3
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 4
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 4
    slider.setValue(1)
    assert by_change.page.view.moment == 1
    assert not by_change.window.actions_.previous.isEnabled()
    assert by_change.window.actions_.next.isEnabled()


def test_play_plays_what_counts(by_change: Desk) -> None:
    choose(by_change, "Kind", "Added")
    values: list[int] = []
    by_change.page.timeline.slider.setValue(0)
    by_change.page.timeline.slider.valueChanged.connect(values.append)
    playback = by_change.page.timeline.playback
    playback.speed = BY_CHANGE[0]
    playback.play()
    for _ in range(20):
        playback.advance(0.6)
    assert (values, playback.playing) == ([2, 3, 4], False)


def test_a_name_with_an_ampersand_is_no_mnemonic(by_change: Desk) -> None:
    do(by_change, UpdateUser(ADA, {"first_name": "A&B"}))
    by_change.page.table.selectRow(0)
    assert "Only of A&&B" in offered(menu_of(by_change))


def test_all_changes_stays_ticked_where_it_is_pressed_again(desk: Desk) -> None:
    """A screen reader presses entries of a menu without opening it."""
    menu = menu_of(desk)
    assert checked(menu) == ["All changes"]
    pick(menu, "All changes")
    desk.settle()
    assert checked(menu) == ["All changes"]
