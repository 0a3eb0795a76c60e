"""A start shows the list that the last one kept, and the real one in its place once that is there."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import ADA, BEN, CHI, Desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.first_screen.model import KeptRows
from whowas.desktop.first_screen.page import CATCHING_UP, FirstPage
from whowas.desktop.first_screen.timeline import PictureOfTimeline
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.page.nobody_selected import NobodyShown
from whowas.desktop.table.view import UsersTable
from whowas.domain.commands import Command, DeleteUser, UpdateUser
from whowas.erasure import erase
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog
from whowas.system import folders

__all__ = ["directory"]


class Starts:
    """Starts and ends windows over one directory, each of which remembers what the one before did."""

    def __init__(self, qtbot: QtBot, folder: Path, directory: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.directory = directory
        self._desks: list[Desk] = []

    def start(self) -> Desk:
        """Start a window, as far as it gets before anything of the directory was opened."""
        desk = Desk(self.qtbot, self.folder / "config")
        self._desks.append(desk)
        desk.window.start(self.directory)
        return desk

    def fill(self, desk: Desk) -> None:
        """Open the directory."""
        desk.qtbot.waitUntil(desk.equipped)
        desk.settle()

    def end(self, desk: Desk) -> None:
        """Quit."""
        desk.window.put_away()
        desk.runner.drain()

    def end_all(self) -> None:
        for desk in self._desks:
            self.end(desk)

    def once(self) -> None:
        """Start, fill and quit."""
        desk = self.start()
        # Qt puts a window that was as large as the screen back as one that is a little smaller.
        desk.window.resize(760, 700)
        self.fill(desk)
        self.end(desk)

    def kept(self) -> list[Path]:
        """Return the files in which a screen is kept."""
        return list(folders.cache().glob(f"*/{folders.FIRST_SCREEN}"))

    def elsewhere(self, *commands: Command) -> None:
        """Change the directory as another process would."""
        with closing(EventLog.open(self.directory)) as log:
            bus = Bus(log, clock=microseconds_now, actor="olu")
            for command in commands:
                bus.dispatch(command)


@pytest.fixture
def starts(qtbot: QtBot, tmp_path: Path, directory: Path) -> Iterator[Starts]:
    starts = Starts(qtbot, tmp_path, directory)
    yield starts
    starts.end_all()


def _first(desk: Desk) -> FirstPage | None:
    page = desk.window.findChild(QStackedWidget).currentWidget()
    return page if isinstance(page, FirstPage) else None


def _shown(desk: Desk) -> FirstPage:
    first = _first(desk)
    assert first is not None
    return first


def _timeline(desk: Desk) -> PictureOfTimeline:
    first = _shown(desk)
    desk.qtbot.waitUntil(lambda: first.timeline is not None)
    assert first.timeline is not None
    return first.timeline


def _status(desk: Desk) -> str:
    """Return what the line at the bottom says, as one text."""
    return " ".join(label.text() for label in desk.window.statusBar().findChildren(QLabel) if label.text())


def _texts(page: FirstPage) -> list[list[object]]:
    model = page.table.model()
    shown = [model.index(0, number).column() for number in range(7) if not page.table.isColumnHidden(number)]
    return [[model.index(row, column).data() for column in shown] for row in range(model.rowCount())]


def test_the_list_is_there_before_anything_is_opened(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    assert desk.runner.idle
    first = _shown(desk)
    assert [row[0] for row in _texts(first)] == ["Ada", "Ben", "Chi"]
    assert desk.window.page is None
    assert not desk.enabled()
    starts.fill(desk)
    assert _first(desk) is None
    assert desk.names() == ["Ada", "Ben", "Chi"]


def test_it_looks_like_the_real_one(starts: Starts) -> None:
    desk = starts.start()
    starts.fill(desk)
    desk.window.resize(desk.window.width() - 10, desk.window.height())  # as wide as the screen it would not come back
    starts.end(desk)
    desk = starts.start()
    desk.qtbot.waitExposed(desk.window)
    timeline = _timeline(desk)
    desk.qtbot.waitUntil(timeline.isVisible)
    before = _shown(desk).grab().toImage()
    after: list[QImage] = []
    desk.window.findChild(QStackedWidget).currentChanged.connect(lambda: after.append(desk.page.grab().toImage()))
    starts.fill(desk)
    assert after[0].size() == before.size()
    assert _differing(before, after[0]) == 0


def test_the_words_beside_it_stay_where_they_are(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    desk.window.resize(1100, 700)
    _timeline(desk)
    before = _middle(_shown(desk).findChild(NobodyShown), desk)
    starts.fill(desk)
    (words,) = (label for label in desk.page.panel.findChildren(TextLabel) if label.text().startswith("Select a user"))
    assert (_middle(words, desk) - before).manhattanLength() <= 2, before


def _middle(label: QWidget, desk: Desk) -> QPoint:
    return label.mapTo(desk.window, label.contentsRect().center())


def test_a_screen_reader_finds_the_same_table_and_no_timeline(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    first = _shown(desk)
    kept = _told(first.table)
    assert kept[0] == (QAccessible.Role.Table, "Users")
    assert (QAccessible.Role.Cell, "Ben") in kept
    picture = _timeline(desk)
    assert QAccessible.Role.Slider not in [role for role, _ in _told(picture)]
    starts.fill(desk)
    assert _told(desk.page.table) == kept


def test_nothing_in_it_can_be_edited(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    model = _shown(desk).table.model()
    assert isinstance(model, KeptRows)
    index = model.index(0, 1)
    assert not model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not model.setData(index, "other@example.org")
    assert not desk.enabled()


def test_who_was_selected_meanwhile_stays_selected(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    _shown(desk).table.selectRow(1)
    starts.fill(desk)
    assert [user.id for user in desk.page.selection.users()] == [BEN]
    assert desk.page.details.user_id == BEN


def test_all_who_were_selected_meanwhile_stay_selected(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    QTest.keyClick(_shown(desk).table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    starts.fill(desk)
    assert [user.id for user in desk.page.selection.users()] == [ADA, BEN, CHI]


def test_the_menu_that_was_asked_for_meanwhile_comes(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    _ask_for_menu(_shown(desk).table)
    assert QApplication.activePopupWidget() is None
    starts.fill(desk)
    assert _menu_shown()[0] == "Add to group…"
    assert [user.id for user in desk.page.selection.users()] == [BEN]


def test_the_menu_comes_that_was_asked_for_before_it_could_be_shown(starts: Starts) -> None:
    desk = starts.start()
    desk.qtbot.waitUntil(lambda: desk.window.page is not None or desk.runner.drain() is not None)
    assert not desk.window.is_equipped
    assert desk.page.cursor().shape() is Qt.CursorShape.BusyCursor
    _ask_for_menu(desk.page.table)
    assert QApplication.activePopupWidget() is None
    starts.fill(desk)
    assert _menu_shown()[0] == "Add to group…"
    assert desk.page.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_the_menu_that_was_asked_for_of_another_user_does_not_come(starts: Starts) -> None:
    desk = starts.start()
    desk.qtbot.waitUntil(lambda: desk.window.page is not None or desk.runner.drain() is not None)
    _ask_for_menu(desk.page.table)
    desk.page.table.selectRow(0)
    starts.fill(desk)
    assert QApplication.activePopupWidget() is None


def _ask_for_menu(table: UsersTable) -> None:
    table.selectRow(1)
    place = QPoint(5, 5)
    QApplication.sendEvent(table.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, place))


def _menu_shown() -> list[str]:
    """Return the lines of the menu that is open, and close it."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    lines = [action.text().replace("&", "") for action in menu.actions()]
    menu.close()
    return lines


def test_of_a_list_that_changed_the_same_users_stay_selected(starts: Starts) -> None:
    starts.once()
    starts.elsewhere(UpdateUser(ADA, {"first_name": "Zoe"}))
    desk = starts.start()
    table = _shown(desk).table
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    starts.fill(desk)
    assert {user.id for user in desk.page.selection.users()} == {ADA, BEN}


def test_of_several_selected_nobody_stays_selected_where_one_went(starts: Starts) -> None:
    starts.once()
    starts.elsewhere(DeleteUser(ADA))
    desk = starts.start()
    _shown(desk).table.selectAll()
    starts.fill(desk)
    assert desk.page.selection.count == 0


@pytest.mark.parametrize("in_list", [False, True])
def test_what_is_typed_meanwhile_is_searched_for(starts: Starts, in_list: bool) -> None:
    starts.once()
    desk = starts.start()
    desk.window.actions_.find.trigger()
    search = desk.window.toolbar.search
    assert desk.window.focusWidget() is search
    QTest.keyClicks(_shown(desk).table if in_list else search, "ben")
    QTest.keyClick(search, Qt.Key.Key_Return)  # the search is over before anybody could be found
    starts.fill(desk)
    assert desk.names() == ["Ben"]
    assert search.text() == "ben"
    assert desk.window.focusWidget() is search


def test_what_was_typed_for_one_directory_is_not_searched_for_in_another(starts: Starts, tmp_path: Path) -> None:
    starts.once()
    desk = starts.start()
    QTest.keyClicks(_shown(desk).table, "ben")
    EventLog.create(tmp_path / "guests.whowas").close()
    desk.window.open(tmp_path / "guests.whowas")
    starts.fill(desk)
    assert desk.window.toolbar.search.text() == desk.page.view.search_text == ""


def test_columns_order_and_edge_stay_as_they_were_put_meanwhile(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    first = _shown(desk)
    first.table.columns.show("phone", shown=False)
    first.table.columns.sort_by("email", descending=True)
    first.splitter.setSizes([300, 400])
    sizes = first.splitter.sizes()
    starts.fill(desk)
    assert desk.names() == ["Chi", "Ben", "Ada"]
    assert desk.page.table.isColumnHidden(2)
    assert desk.page.splitter.sizes() == sizes


def test_the_keyboard_stays_where_it_was(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    desk.qtbot.waitUntil(_shown(desk).table.hasFocus)
    QTest.keyClick(_shown(desk).table, Qt.Key.Key_Down)
    starts.fill(desk)
    assert desk.window.focusWidget() is desk.page.table
    assert desk.page.table.by_keyboard


def test_what_changed_meanwhile_is_caught_up_with(starts: Starts) -> None:
    starts.once()
    starts.elsewhere(UpdateUser(ADA, {"first_name": "Adaeze"}))
    desk = starts.start()
    first = _shown(desk)
    assert _texts(first)[0][0] == "Ada"
    picture = _timeline(desk)
    assert picture.label == CATCHING_UP
    told: list[str] = []
    desk.window.findChild(QStackedWidget).currentChanged.connect(lambda: told.append(_status(desk)))
    assert "3 users then" in _status(desk)
    starts.fill(desk)
    assert desk.names()[0] == "Adaeze"
    assert "3 users 6 changes" in told[0]


def test_of_a_window_that_has_not_caught_up_nothing_is_kept_as_the_present(starts: Starts) -> None:
    """Another window has written, and has brought the tables that both share up to that."""
    desk = starts.start()
    starts.fill(desk)
    starts.elsewhere(UpdateUser(ADA, {"first_name": "Zoe"}), DeleteUser(BEN))
    with closing(EventLog.open(starts.directory)) as log, closing(ReadSide(log, folders.cache())) as side:
        side.catch_up()
    starts.end(desk)
    assert not starts.kept()
    starts.once()
    assert [row[0] for row in _texts(_shown(starts.start()))] == ["Chi", "Zoe"]


def test_a_window_whose_cache_was_removed_goes_on(starts: Starts) -> None:
    desk = starts.start()
    starts.fill(desk)
    shutil.rmtree(folders.cache())
    starts.elsewhere(DeleteUser(BEN))
    desk.page.table.columns.sort_by("email", descending=True)
    desk.window.session.file.wake()  # type: ignore[union-attr]
    desk.runner.drain()
    assert desk.names() == ["Chi", "Ada"]
    starts.end(desk)
    again = starts.start()
    starts.fill(again)
    assert again.names() == ["Chi", "Ada"]


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_jumped_between_two_starts_alters_no_list(
    starts: Starts, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """It is the head of the log that tells what is behind; files may be of the future, or very old."""
    starts.once()
    (kept,) = starts.kept()
    jumped = time.time_ns() + days * 86_400 * 1_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: jumped)
    os.utime(kept, ns=(jumped - days * 2 * 86_400 * 10**9,) * 2)
    desk = starts.start()
    assert [row[0] for row in _texts(_shown(desk))] == ["Ada", "Ben", "Chi"]
    assert _timeline(desk).label != CATCHING_UP
    starts.end(desk)
    starts.elsewhere(DeleteUser(BEN))
    desk = starts.start()
    assert _timeline(desk).label == CATCHING_UP
    starts.fill(desk)
    assert desk.names() == ["Ada", "Chi"]
    starts.end(desk)
    assert [row[0] for row in _texts(_shown(starts.start()))] == ["Ada", "Chi"]


def test_nobody_is_shown_who_was_erased_by_another_process(starts: Starts, tmp_path: Path) -> None:
    starts.once()
    assert len(starts.kept()) == 1
    with closing(EventLog.open(starts.directory)) as log:
        bus = Bus(log, clock=microseconds_now, actor="olu")
        erase(bus, log, ADA, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=())
    assert not starts.kept()
    assert _first(starts.start()) is None


def test_nobody_is_shown_whose_erasure_was_interrupted(starts: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or whom a window kept that was killed before it saw: the file is as it was, and the log says so."""
    starts.once()
    (kept,) = starts.kept()
    content = kept.read_bytes()
    with closing(EventLog.open(starts.directory)) as log:
        bus = Bus(log, clock=microseconds_now, actor="olu")
        erase(bus, log, ADA, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=())
    folders.private_folder(kept.parent)
    kept.write_bytes(content)
    kept.chmod(0o600)
    assert _first(starts.start()) is None
    assert not kept.exists()


def test_a_window_that_closes_in_the_past_keeps_the_present(starts: Starts) -> None:
    desk = starts.start()
    starts.fill(desk)
    desk.window.toolbar.search.setText("ben")
    desk.page.view.search("ben")
    desk.runner.drain()
    desk.page.view.show_moment(2)
    starts.end(desk)
    assert [row[0] for row in _texts(_shown(starts.start()))] == ["Ada", "Ben", "Chi"]


def test_of_very_many_who_are_found_by_a_job_everybody_is_kept(starts: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whowas.desktop.session.view.ROWS_RANKED_AT_ONCE", 0)
    starts.elsewhere(DeleteUser(BEN))
    desk = starts.start()
    starts.fill(desk)
    desk.page.view.show_section("deleted")
    desk.runner.drain()
    assert desk.names() == ["Ben"]
    starts.end(desk)
    page = _first(starts.start())
    assert page is None or [row[0] for row in _texts(page)] == ["Ada", "Chi"]


def test_the_order_and_the_columns_are_those_of_the_last_time(starts: Starts) -> None:
    desk = starts.start()
    starts.fill(desk)
    desk.page.table.columns.sort_by("email", descending=True)
    desk.page.table.columns.show("phone", shown=False)
    desk.runner.drain()
    starts.end(desk)
    first = _shown(starts.start())
    assert [row[0] for row in _texts(first)] == ["Chi", "Ben", "Ada"]
    assert first.table.isColumnHidden(2)


@pytest.mark.parametrize("state", [{"sort": {"column": "email", "descending": True}}, {"shown": {"notes": True}}])
def test_one_of_another_order_or_of_other_columns_is_not_shown(starts: Starts, state: dict[str, object]) -> None:
    starts.once()
    desk = Desk(starts.qtbot, starts.folder / "config")
    desk.settings.set_columns(state)
    desk.settings.sync()
    assert _first(starts.start()) is None
    starts.end(desk)


def test_a_full_disk_leaves_what_was_kept_before(starts: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    starts.once()
    (kept,) = starts.kept()
    before = kept.read_bytes()
    starts.elsewhere(UpdateUser(ADA, {"first_name": "Adaeze"}))
    desk = starts.start()
    starts.fill(desk)

    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("whowas.desktop.first_screen.keeping.write_whole", full)
        starts.end(desk)
    assert kept.read_bytes() == before


def test_of_a_shared_directory_it_is_what_follows_the_server(starts: Starts, tmp_path: Path) -> None:
    starts.once()
    desk = Desk(starts.qtbot, tmp_path / "config")
    team = tmp_path / "staff.whowas-team"
    team.write_text("no server answers here")
    desk.settings.set_followed(team, starts.directory)
    desk.window.start(team)
    assert [row[0] for row in _texts(_shown(desk))] == ["Ada", "Ben", "Chi"]
    desk.qtbot.waitUntil(lambda: not desk.runner.idle)
    desk.runner.drain()
    desk.qtbot.waitUntil(lambda: _first(desk) is None)  # nothing could be opened
    other = tmp_path / "guests.whowas-team"
    assert desk.settings.followed(other) is None
    starts.end(desk)


def test_another_directory_opened_meanwhile_takes_its_place(starts: Starts, tmp_path: Path) -> None:
    starts.once()
    desk = starts.start()
    EventLog.create(tmp_path / "guests.whowas").close()
    desk.window.open(tmp_path / "guests.whowas")
    assert _first(desk) is None
    starts.fill(desk)
    assert desk.names() == []


def test_a_directory_that_cannot_be_opened_is_not_shown_on(starts: Starts) -> None:
    starts.once()
    desk = starts.start()
    _shown(desk)
    starts.directory.write_bytes(b"no directory any more")
    desk.qtbot.waitUntil(lambda: not desk.runner.idle)
    desk.runner.drain()
    desk.qtbot.waitUntil(lambda: _first(desk) is None and not desk.equipped())
    assert "staff.whowas" in desk.window.messages.message()


def _told(widget: QWidget) -> list[tuple[QAccessible.Role, str]]:
    """Return the roles and names of a widget and what is in it, as screen readers get them."""
    told = QAccessible.queryAccessibleInterface(widget)
    parts = [told, *map(told.child, range(told.childCount()))]
    return [(part.role(), part.text(QAccessible.Text.Name)) for part in parts if part is not None]


def _differing(one: QImage, other: QImage) -> int:
    across, down = range(0, one.width(), 2), range(one.height())
    return sum(one.pixel(x, y) != other.pixel(x, y) for y in down for x in across)
