"""Dragging rows: as text for other programs, formed when it is taken; onto a group, which is one change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

import whowas.desktop.users.drag_rows as dragging
from tests.desktop.page.test_answers import said
from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, desk, directory
from whowas.desktop.sections.rows import SidebarModel
from whowas.desktop.session.jobs import Stage
from whowas.desktop.table.copied_text import CopiedText
from whowas.desktop.users.dragged_rows import DraggedRows

__all__ = ["desk", "directory"]

BUTTON, KEYS, COPY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
GROUP = f"group:{RECORDS}"


class Drags:
    """Stands for QDrag: what is dragged, and what is done before it is over."""

    def __init__(self) -> None:
        self.data: QMimeData | None = None
        self.picture: QPixmap | None = None
        self.outcome = COPY
        self.meanwhile: Callable[[QMimeData], None] = lambda _data: None

    def __call__(self, source: QWidget) -> Drags:
        self._source = source
        return self

    def setMimeData(self, data: QMimeData) -> None:
        self.data = data

    def setPixmap(self, picture: QPixmap) -> None:
        self.picture = picture

    def exec(self, actions: Qt.DropAction) -> Qt.DropAction:
        assert actions == COPY
        assert self.data is not None
        self.meanwhile(self.data)
        # Or Qt would go on with whatever takes it, which is gone by the next test.
        QApplication.sendEvent(self._source, QDragLeaveEvent())
        return self.outcome


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> Drags:
    drags = Drags()
    monkeypatch.setattr(dragging, "QDrag", drags)
    return drags


def drag(desk: Desk) -> None:
    """Press on the first selected row, and move on until a drag begins."""
    drag_row(desk, desk.page.table.selected_spans()[0].start)


def drag_row(desk: Desk, row: int) -> None:
    """Press on a row, move on until a drag begins, and let go."""
    viewport = desk.page.table.viewport()
    at = desk.page.table.visualRect(desk.page.model.index(row, 0)).center()
    QTest.mousePress(viewport, BUTTON, KEYS, at)
    for step in range(1, 6):
        there = QPointF(at - QPoint(10 * step, 0))
        where = QPointF(viewport.mapToGlobal(there))
        QApplication.sendEvent(
            viewport, QMouseEvent(QEvent.Type.MouseMove, there, where, Qt.MouseButton.NoButton, BUTTON, KEYS)
        )
    QApplication.processEvents()
    if isValid(viewport):
        QTest.mouseRelease(viewport, BUTTON, KEYS, at)


def place(desk: Desk, key: str) -> QPoint:
    model = desk.page.sidebar.model()
    assert isinstance(model, SidebarModel)
    return desk.page.sidebar.visualRect(model.index_of(key)).center()


def move_over(desk: Desk, key: str, data: QMimeData) -> bool:
    """Move what is dragged over an entry of the sidebar; say whether it can be dropped there."""
    target, at = desk.page.sidebar.viewport(), place(desk, key)
    entered = QDragEnterEvent(at, COPY, data, BUTTON, KEYS)
    QApplication.sendEvent(target, entered)
    if not entered.isAccepted():
        return False
    event = QDragMoveEvent(at, COPY, data, BUTTON, KEYS)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def let_go(desk: Desk, key: str, data: QMimeData) -> None:
    event = QDropEvent(QPointF(place(desk, key)), COPY, data, BUTTON, KEYS)
    QApplication.sendEvent(desk.page.sidebar.viewport(), event)


def drop_on(desk: Desk, drags: Drags, key: str) -> None:
    def drop(data: QMimeData) -> None:
        if move_over(desk, key, data):
            let_go(desk, key, data)

    drags.meanwhile = drop
    drag(desk)
    desk.runner.drain()


def told(desk: Desk) -> str:
    return desk.window.messages.message()


def groups(desk: Desk) -> list[set[str]]:
    return [set(desk.shown(user).groups) for user in (ADA, BEN, CHI)]


def highlighted(desk: Desk) -> str | None:
    return desk.page.sidebar._cells.target


def test_a_drag_begins_before_any_row_is_read(desk: Desk, drags: Drags) -> None:
    desk.select("Ada", "Chi")
    jobs = len(desk.runner.jobs)
    drag(desk)
    assert drags.data is not None
    assert drags.data.formats() == ["text/plain", "text/html"]
    assert (drags.data.hasText(), drags.data.hasHtml(), drags.data.urls()) == (True, True, [])
    assert len(desk.runner.jobs) == jobs + 1, "in which the text is formed"
    QTimer.singleShot(0, desk.runner.drain)
    assert drags.data.text().splitlines()[1:] == [
        "Ada\tada@example.org\t\t\tRecords\tActive",
        "Chi\tchi@example.org\t\t\t\tActive",
    ]
    assert "<td>chi@example.org</td>" in drags.data.html()
    assert [user.name for user in desk.page.selection.users()] == ["Ada", "Chi"]


def test_a_row_that_is_not_selected_is_dragged_too(desk: Desk, drags: Drags) -> None:
    drag_row(desk, desk.names().index("Ben"))
    assert drags.data is not None
    assert [user.name for user in desk.page.selection.users()] == ["Ben"]
    assert drags.picture is not None
    assert not drags.picture.isNull()


def test_rows_that_cannot_be_formed_any_more_drop_nothing(desk: Desk, drags: Drags) -> None:
    desk.select("Ada")
    drag(desk)
    assert drags.data is not None
    QTimer.singleShot(0, lambda: (desk.runner.jobs[-1].cancel(), desk.runner.drain()))
    assert drags.data.text() == ""
    assert drags.data.html() == ""


def test_what_was_formed_during_the_drag_is_taken_at_once(desk: Desk, drags: Drags) -> None:
    drags.meanwhile = lambda _data: desk.runner.drain()
    desk.select("Ben")
    drag(desk)
    assert drags.data is not None
    assert drags.data.text().splitlines()[1:] == ["Ben\tben@example.org\t\t\t\tActive"]


def test_nothing_more_is_formed_for_a_drag_that_came_to_nothing(desk: Desk, drags: Drags) -> None:
    drags.outcome = Qt.DropAction.IgnoreAction
    desk.select("Ben")
    drag(desk)
    assert desk.runner.jobs[-1].stage is Stage.CANCELLED
    desk.runner.drain()
    assert told(desk) == ""


def test_what_breaks_the_connection_to_the_screen_is_not_dragged(
    desk: Desk, drags: Drags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dragging, "LARGEST", 10)
    desk.select("Ada")
    drag(desk)
    assert drags.data is not None
    QTimer.singleShot(0, desk.runner.drain)
    assert drags.data.text() == ""
    assert told(desk) == "That is too much text to be dragged. Copy the rows instead, and paste them there."


def test_of_very_many_rows_there_is_only_text() -> None:
    many = DraggedRows(100_000, lambda: CopiedText(QByteArray(b"Name\n"), QByteArray(b"<table>")))
    assert many.formats() == ["text/plain"]
    assert (many.text(), many.html()) == ("Name\n", "")


def test_users_dropped_on_a_group_join_it_as_one_change_with_one_undo(desk: Desk, drags: Drags) -> None:
    assert desk.window.session is not None
    before = desk.page.view.index.now
    desk.select("Ada", "Ben", "Chi")
    drop_on(desk, drags, GROUP)
    assert groups(desk) == [{RECORDS}] * 3
    assert desk.page.view.index.now == before + 1
    assert said(desk) == "Added 2 users to Records; 1 other is in it already, or deleted · Undo"
    desk.trigger("undo")
    desk.settle()
    assert groups(desk) == [{RECORDS}, set(), set()]


def test_only_a_group_is_highlighted_and_takes_them(desk: Desk, drags: Drags) -> None:
    seen: dict[str, tuple[bool, str | None]] = {}

    def look(data: QMimeData) -> None:
        for key in ("everyone", "active", GROUP, "deleted"):
            seen[key] = move_over(desk, key, data), highlighted(desk)

    drags.meanwhile = look
    desk.select("Ben")
    drag(desk)
    assert seen == {
        "everyone": (False, None),
        "active": (False, None),
        GROUP: (True, GROUP),
        "deleted": (False, None),
    }
    assert groups(desk) == [{RECORDS}, set(), set()]


def test_a_highlight_goes_with_the_drag(desk: Desk, drags: Drags) -> None:
    def leave(data: QMimeData) -> None:
        move_over(desk, GROUP, data)
        before = desk.page.sidebar.viewport().grab().toImage()
        QApplication.sendEvent(desk.page.sidebar.viewport(), QDragLeaveEvent())
        assert desk.page.sidebar.viewport().grab().toImage() != before

    drags.meanwhile = leave
    desk.select("Ben")
    drag(desk)
    assert highlighted(desk) is None


def test_in_the_past_no_group_takes_anybody(desk: Desk, drags: Drags) -> None:
    desk.page.view.show_moment(3)
    desk.select("Ben")
    drop_on(desk, drags, GROUP)
    assert highlighted(desk) is None
    assert groups(desk) == [{RECORDS}, set(), set()]


def test_nor_where_nothing_can_be_written(desk: Desk, drags: Drags) -> None:
    assert desk.window.session is not None
    desk.window.session.log.refuse_writing("It is kept as it is.")
    desk.select("Ben")
    drop_on(desk, drags, GROUP)
    assert groups(desk) == [{RECORDS}, set(), set()]


def test_text_of_other_programs_is_no_user(desk: Desk) -> None:
    data = QMimeData()
    data.setText("Ada")
    assert not move_over(desk, GROUP, data)


def test_a_text_field_of_the_window_takes_no_rows(desk: Desk, drags: Drags) -> None:
    field = desk.window.toolbar.search
    accepted: list[bool] = []

    def over_the_field(data: QMimeData) -> None:
        event = QDragEnterEvent(field.rect().center(), COPY, data, BUTTON, KEYS)
        QApplication.sendEvent(field, event)
        accepted.append(event.isAccepted())
        QApplication.sendEvent(field, QDropEvent(QPointF(field.rect().center()), COPY, data, BUTTON, KEYS))

    drags.meanwhile = over_the_field
    desk.select("Ben")
    drag(desk)
    assert accepted == [False]
    assert field.text() == ""


def test_those_who_are_in_it_already_change_nothing(desk: Desk, drags: Drags) -> None:
    before = desk.page.view.index.now
    desk.select("Ada")
    drop_on(desk, drags, GROUP)
    assert desk.page.view.index.now == before
    assert told(desk) == "Nobody joined Records: whoever was dropped there is in it already, or deleted."


def test_whoever_was_selected_as_the_drag_began_joins(desk: Desk, drags: Drags) -> None:
    def drop(data: QMimeData) -> None:
        desk.select("Chi")
        move_over(desk, GROUP, data)
        let_go(desk, GROUP, data)

    drags.meanwhile = drop
    desk.select("Ben")
    drag(desk)
    desk.runner.drain()
    assert groups(desk) == [{RECORDS}, {RECORDS}, set()]


def test_a_drop_on_another_entry_than_the_highlighted_one_is_none(desk: Desk, drags: Drags) -> None:
    def drop(data: QMimeData) -> None:
        move_over(desk, GROUP, data)
        move_over(desk, "active", data)
        let_go(desk, "active", data)

    drags.meanwhile = drop
    desk.select("Ben")
    drag(desk)
    desk.runner.drain()
    assert groups(desk) == [{RECORDS}, set(), set()]


def test_a_page_that_is_closed_during_a_drag_is_left_alone(desk: Desk, drags: Drags) -> None:
    page = desk.page

    def close(data: QMimeData) -> None:
        desk.trigger("close")
        desk.settle()
        assert desk.window.page is None
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not isValid(page)
        assert data.data("text/plain").isEmpty()

    drags.meanwhile = close
    desk.select("Ada", "Ben")
    drag(desk)
    assert desk.window.messages.message() == ""
