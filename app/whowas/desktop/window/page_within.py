"""The page of an open directory within the window: joined with the tool bar, the status and what is remembered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.chrome.toolbar import Toolbar
from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.kit.loading_parts import LoadingParts
from whowas.desktop.page.arrangement import restore_edge
from whowas.desktop.page.directory_page import DirectoryPage
from whowas.desktop.session.session import Session
from whowas.desktop.settings.in_force import begin_timeline
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window.asked_early import AskedEarly
from whowas.desktop.window.opening_notice import conditions_on_opening
from whowas.desktop.window.preload import EQUIPMENT_PARTS
from whowas.system import folders


class PageWithin(QObject):
    """Makes the ``page`` of a session that was just opened, with ``equip`` what can be done with it; ``close`` ends it.

    ``equipping`` asks for that, ``equipped`` says that it was done, and ``is_equipped`` whether.
    """

    equipping = Signal()
    equipped = Signal()

    def __init__(
        self, session: Session, settings: Settings, toolbar: Toolbar, messages: StandingShown, window: QWidget
    ) -> None:
        super().__init__(window)
        self.session = session
        self.page = DirectoryPage(session, DraftStore(folders.drafts(session.log.directory_id), session.log))
        self.is_equipped = False
        self._early = AskedEarly(self.page)
        self._settings = settings
        self._search = toolbar.search
        self._messages = messages
        self._window = window
        self._is_open = True
        self._restore()
        self._join_search()
        self._join_messages()

    def tell_conditions(self) -> None:
        """Say what people have to know about the directory."""
        for condition in conditions_on_opening(self.session):
            self._messages.hold(condition)

    def load_equipment(self, _loaded: None) -> None:
        """Have the page equipped now that what commands need is imported, as soon as what shows them is too."""
        if not self._is_open:  # it was closed while that was imported, and may be deleted
            return
        parts = LoadingParts(EQUIPMENT_PARTS, self)
        parts.then(self._make_details)
        parts.then(self.equip)
        parts.then(self._make_selected)

    def _make_details(self) -> None:
        """Have the right side made, before what acts on it and apart from that, as both take a while."""
        if self._is_open:
            self.page.details  # noqa: B018 (made on first use)

    def _make_selected(self) -> None:
        """Have made what the right side shows of several users: the first who are selected are not to wait for it."""
        if self._is_open:
            self.page.several.presenter  # noqa: B018 (made on first use)

    def equip(self) -> None:
        """Have the page equipped, unless it was or is closed."""
        if self._is_open and not self.is_equipped:
            self.equipping.emit()
            self.is_equipped = True
            self._early.ask_again()
            self.equipped.emit()

    def close(self, keep: Callable[[DirectoryPage, Session], None]) -> None:
        """Remember how the page looks, ``keep`` what the next start shows first, and close the directory."""
        self._settings.set_columns(self.page.table.save_state())
        self._settings.set_splitter(self.page.splitter.saveState())
        self.page.keep_draft()
        for dialog in self._window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()  # what it asks about is about to go
        self._is_open = False
        self.page.closing.emit()
        keep(self.page, self.session)
        self._search.searchChanged.disconnect(self.page.view.search)
        self.session.writer.saving.disconnect(self._messages.set_saving)
        self.session.close()
        self.page.setParent(None)
        self.page.deleteLater()
        self.deleteLater()

    def _restore(self) -> None:
        restore_edge(self.page.splitter, self._settings.splitter())
        self.page.table.restore_state(self._settings.columns() or {})
        begin_timeline(self.page.timeline, self._settings.preferences)

    def _join_search(self) -> None:
        self._search.searchChanged.connect(self.page.view.search)
        self.page.table.typed.connect(self._search.go_on_with)
        self.page.clearSearchRequested.connect(self._search.clear)
        if self._search.text():
            self.page.view.search(self._search.text())  # typed while the directory was being opened

    def _join_messages(self) -> None:
        session, messages = self.session, self._messages
        messages.open(session.path.name)
        # Nothing that was kept of the directory may stand any longer below its page.
        users, recorded = self.page.view.counts().everyone, session.shown.changes_recorded
        messages.count(users, self.page.view.index.now, recorded, "now")
        messages.set_drafts(len(self.page.drafts), refused=False, unkept="")
        session.shown.failed.connect(messages.cannot_read)
        session.shown.recovered.connect(messages.can_read)
        session.begun.connect(messages.go_on)
        session.writer.saving.connect(messages.set_saving)
