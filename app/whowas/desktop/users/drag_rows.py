"""Dragging the selected rows: out of the window as text, or onto a group of the sidebar, which the users then join."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QApplication

from whowas.corrections.bulk_edit import BulkOutcome
from whowas.desktop.chrome.standing import COPYING
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.bulk_edits import bulk_edit, selected_users
from whowas.desktop.session.queries import OTHERS
from whowas.desktop.session.view import GROUP_PREFIX
from whowas.desktop.table.copied_text import CopiedText
from whowas.desktop.users.copy_rows import CopyRows
from whowas.desktop.users.dragged_rows import LARGEST, DraggedRows, OnlyOn, drag_picture
from whowas.desktop.users.forming import Forming
from whowas.domain.commands import JoinGroup, UserCommand
from whowas.domain.done_sentences import STAYED, joined
from whowas.domain.fields import counted, shortened
from whowas.domain.users import User
from whowas.projections.tables.epoch import Epoch

_TOO_MUCH = "That is too much text to be dragged. Copy the rows instead, and paste them there."


class DragRows(PageFeature):
    """Begins a drag of whoever is selected; what is dropped on a group is one change, with one undo."""

    def __init__(self, context: PageContext, copying: CopyRows) -> None:
        super().__init__(context)
        self._copying = copying
        self._dragged: tuple[Epoch, list[int]] | None = None
        page = context.page
        page.table.dragWanted.connect(self._drag_soon)
        page.sidebar.takes_users = self._takes
        page.sidebar.usersDropped.connect(self._drop)

    def _drag_soon(self) -> None:
        # Not while the table takes in the mouse: it need not be there any more when the drag is over.
        QTimer.singleShot(0, self, self._drag)

    def _drag(self) -> None:
        spans, page = self._page.table.selected_spans(), self._page
        count = sum(map(len, spans))
        if not count or not QGuiApplication.mouseButtons():
            return
        self._dragged = page.view.index.epoch, page.selection.numbers().tolist()
        forming = Forming(self._session.queries, self._copying.forming(spans))
        drag = QDrag(self._window)  # which stays, whatever becomes of the page meanwhile
        drag.setMimeData(DraggedRows(count, partial(self._formed, forming, count)))
        drag.setPixmap(drag_picture(self._called(count), page.table.devicePixelRatioF()))
        application, only = QApplication.instance(), OnlyOn(page.sidebar.viewport())
        assert application is not None
        application.installEventFilter(only)
        outcome = drag.exec(Qt.DropAction.CopyAction)
        application.removeEventFilter(only)
        if outcome == Qt.DropAction.IgnoreAction or not self._session.is_open or self._dragged is None:
            # It was dropped nowhere, or on a group; another program may still ask for the text, but not of a page that
            # was closed meanwhile.
            forming.cancel()

    def _called(self, count: int) -> str:
        users = self._page.selection.users(2)
        return users[0].name if count == 1 and users else counted(count, "user")

    def _formed(self, forming: Forming, count: int) -> CopiedText | None:
        """Return what another program takes."""
        if not self._session.is_open:
            return None
        failed = partial(self._messages.show_failure, about=COPYING)
        title = f"Copying {counted(count, 'row')}"
        forming.wait(self._progress, title, failed, lambda loop: self._page.closing.connect(loop.quit))
        if forming.text is not None and forming.text.plain.size() > LARGEST:
            self._messages.show_error(_TOO_MUCH, about=COPYING)
            return None
        return forming.text

    def _takes(self, key: str) -> bool:
        return key.startswith(GROUP_PREFIX) and self._page.view.may_change

    def _drop(self, key: str) -> None:
        view, dragged, self._dragged = self._page.view, self._dragged, None
        group_id = key.removeprefix(GROUP_PREFIX)
        group = view.directory.groups.get(group_id)
        if dragged is None or group is None:
            return
        epoch, numbers = dragged
        if epoch != view.index.epoch:
            self._messages.show_error(OTHERS)
            return
        selected = selected_users(self._session, numbers)
        start = bulk_edit(self._session, selected, lambda _change: partial(_joining, group_id))
        title = f"Adding {counted(len(numbers), 'user')} to {shortened(group)}"
        self._progress.follow(title, start, partial(self._joined, group), self._messages.failing())

    def _joined(self, group: str, outcome: BulkOutcome) -> None:
        called = shortened(group)
        if outcome.change_id:
            self._answer(outcome.change_id, partial(joined, group=called, stayed=outcome.users - outcome.changed))
        else:
            self._messages.show_notice(f"Nobody joined {called}: whoever was dropped there is {STAYED}.")


def _joining(group_id: str, user: User) -> Sequence[UserCommand]:
    return [] if user.status == "deleted" else [JoinGroup(user.id, group_id)]
