"""What the menus do to an open directory."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from whowas.command_bus.unit_of_work import Change
from whowas.desktop.chrome.actions import Actions
from whowas.desktop.chrome.menus import Menus
from whowas.desktop.chrome.standing import VERIFYING, Damaged, Shown, Verified
from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.comparing.commands import CompareCommands
from whowas.desktop.exchange.commands import ImportExport
from whowas.desktop.page.directory_page import DirectoryPage
from whowas.desktop.page.new_day import NewDay
from whowas.desktop.putting_back.commands import PutBackCommands
from whowas.desktop.putting_back.undo_redo import UndoCommands
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.lens import AsKnown, Now, WhatIf
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import GROUP_PREFIX
from whowas.desktop.time_travel.as_known_switch import ClockSwitch
from whowas.desktop.time_travel.change_filter_menu import TimelineFilter
from whowas.desktop.time_travel.commands import TimeCommands
from whowas.desktop.time_travel.field_history import FieldHistory
from whowas.desktop.users.commands import UserCommands
from whowas.desktop.what_if.commands import WhatIfCommands
from whowas.domain.commands import Command, DeleteGroup, RenameGroup
from whowas.domain.errors import StoreError
from whowas.store.chain import Damage

VERIFIED_UNASKED = 50_000
"""Logs of up to so many events are verified without being asked; longer ones when the person says so."""


class PageCommands(QObject):
    """Connects the actions to one page and its session; lives as long as the page."""

    def __init__(
        self,
        window: QWidget,
        page: DirectoryPage,
        session: Session,
        actions: Actions,
        menus: Menus,
        messages: StandingShown,
    ) -> None:
        super().__init__(page)
        self._window = window
        self._page = page
        self._session = session
        self._actions = actions
        self._messages = messages
        self._progress = ShownProgress(window, session)
        self.files = ImportExport(window, session, page.view, messages)
        self._compare = CompareCommands(window, page, session, menus.compare, messages)
        self._users = UserCommands(window, page, session, actions, messages)
        self._put_back = PutBackCommands(window, page, session, actions, messages)
        self._undo = UndoCommands(window, page, session, actions, messages, self._put_back)
        self._what_if = WhatIfCommands(window, page, session, actions, messages)
        self._clocks = ClockSwitch(window, page, session, actions, messages)
        self._time = TimeCommands(window, page, session, actions, menus.named, self._dispatch)
        self._field_history = FieldHistory(window, page, session)
        self._filter = TimelineFilter(page, menus.counted)
        self._connect()
        self.refresh()
        self._show_drafts()
        self._verify_unasked()

    def retire(self) -> None:
        """Let go of the window's actions, which outlive the page."""
        for action, slot in self._connections:
            action.triggered.disconnect(slot)
        self._users.retire()
        self._time.retire()
        self._clocks.retire()
        self._compare.retire()
        self._filter.retire()
        self._put_back.retire()
        self._undo.retire()
        self._what_if.retire()

    def refresh(self) -> None:
        """Bring actions and status line to what the page shows."""
        view, a = self._page.view, self._actions
        past = view.is_past
        for action in (a.import_, a.export, a.close, a.find, a.verify):
            action.setEnabled(True)
        a.import_.setEnabled(not past)
        self._users.refresh()
        self._time.refresh()
        self._put_back.refresh()
        self._undo.refresh()
        self._what_if.refresh()
        users, recorded = sum(view.counts().by_status.values()), self._session.shown.changes_recorded
        self._messages.count(users, view.index.now, recorded, self._shown())

    def _connect(self) -> None:
        a, page = self._actions, self._page
        connections: list[tuple[QAction, Callable[[], None]]] = [
            (a.verify, self._verify_asked),
            (a.import_, self.files.ask_import),
            (a.export, self.files.ask_export),
        ]
        for action, slot in connections:
            action.triggered.connect(slot)
        self._connections = connections
        page.view.changed.connect(self.refresh)
        page.details.draftChanged.connect(self._show_drafts)
        NewDay(self).began.connect(self._show_new_day)
        page.groupMenuRequested.connect(self._group_menu)
        page.table.contextRequested.connect(self._user_menu)

    def _dispatch(self, decide: Callable[[Change], None]) -> None:
        self._session.writer.change(decide, done=self._done, failed=self._messages.failing())

    def _shown(self) -> Shown:
        match self._session.shown.lens:
            case WhatIf():
                return "imagined"
            case AsKnown():
                return "known"
            case Now():
                return "past" if self._page.view.is_past else "now"

    def _show_new_day(self) -> None:
        self._page.show_view()
        self._page.update()

    def _show_drafts(self) -> None:
        details = self._page.details
        self._messages.set_drafts(details.drafts, refused=details.refused, unkept=details.unkept)

    def _done(self, _nothing: None = None) -> None:
        if self._session.is_open:
            self._messages.succeed()

    def _verify_unasked(self) -> None:
        try:
            position = self._session.log.head().position
        except StoreError as error:
            self._messages.failing(VERIFYING)(error)
            return
        if position <= VERIFIED_UNASKED:
            self._verify(asked=False)

    def _verify_asked(self) -> None:
        self._verify(asked=True)

    def _verify(self, *, asked: bool) -> None:
        done, failed = (
            partial(self._verified, asked, self._session.shown.changes_recorded),
            self._messages.failing(VERIFYING),
        )
        if asked:
            self._progress.follow("Verifying history", self._session.queries.verify, done, failed)
        else:
            self._session.queries.verify(done=done, failed=failed)

    def _verified(self, asked: bool, changes: int, damage: Damage | None) -> None:
        if not self._session.is_open:
            return
        if damage is not None:
            sentence = (
                f"The history of this directory was tampered with or damaged: at position {damage.position:,}, "
                f"{damage.reason}. Compare it with a backup before you go on."
            )
            self._messages.set_history(Damaged(sentence))
            return
        self._messages.set_history(Verified(changes))
        if asked:
            told = "History verified: every recorded change is as it was written."
            self._messages.show_notice(told, about=VERIFYING)

    def _user_menu(self, cell: QModelIndex, place: QPoint) -> None:
        a = self._actions
        menu = QMenu(self._window)
        menu.addActions([a.set_password, a.suspend, a.reactivate, a.delete, a.restore, a.erase])
        self._field_history.add_to(menu, cell)
        menu.addSeparator()
        self._filter.add_to(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _group_menu(self, key: str, place: QPoint) -> None:
        group_id = key.removeprefix(GROUP_PREFIX)
        name = self._page.view.directory.groups.get(group_id)
        if not key.startswith(GROUP_PREFIX) or name is None or self._page.view.is_past:
            return
        menu = QMenu(self._window)
        rename, delete = menu.addAction("Rename group…"), menu.addAction("Delete group")
        chosen = menu.exec(place)
        menu.deleteLater()
        if chosen is rename:
            new_name, agreed = QInputDialog.getText(self._window, "Rename group", "Name", text=name)
            if agreed:
                self._dispatch(partial(_dispatch_one, RenameGroup(group_id, new_name)))
        elif chosen is delete:
            self._dispatch(partial(_dispatch_one, DeleteGroup(group_id)))


def _dispatch_one(command: Command, change: Change) -> None:
    change.dispatch(command)
