"""The main window: a welcome page, or one open directory with its menus, tool bar and status bar."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from whowas.desktop.chrome.actions import actions_of, describe
from whowas.desktop.chrome.menus import Menus
from whowas.desktop.chrome.message_bar import MessageBars
from whowas.desktop.chrome.standing import LOOKING, OPENING
from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.chrome.status_bar import StatusBar
from whowas.desktop.chrome.toolbar import Toolbar
from whowas.desktop.kit import dates
from whowas.desktop.kit.plain_text import title
from whowas.desktop.session.jobs import JobRunner
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window.first_list import FirstList
from whowas.desktop.window.motion import Motion
from whowas.desktop.window.opening import Opening, Place, SignIn, is_shared, named_path
from whowas.desktop.window.placement import place_window
from whowas.desktop.window.preload import import_writing
from whowas.domain.errors import WhowasError

if TYPE_CHECKING:
    from pathlib import Path

    from whowas.desktop.page.directory_page import DirectoryPage
    from whowas.desktop.session.session import Session
    from whowas.desktop.window.page_within import PageWithin
    from whowas.desktop.window.welcome import WelcomePage

EQUIP_AFTER_MS = 40
"""How long after a page was opened it gets what its first paint does not need: commands, and the details form."""

APPEARED_AT_LATEST_MS = 500
"""A window that is not painted, because it starts minimised, waits so long before it opens its directory."""


class MainWindow(QMainWindow):
    """Holds at most one session; ``start`` shows the window, ``put_away`` ends everything before exit.

    It knows none of the commands, which listen to it: ``pageShown`` tells that a page was opened and painted, and is
    to be equipped with what can be done with it; ``equipped`` that this was done. ``appeared`` tells once that the
    window is on the screen, or would be if it were not minimised. ``openingBegun`` carries
    the Place of a directory that is being opened, ``notOpened`` that of one that could not be, and the WhowasError that
    says why. ``welcomeMade`` and ``welcomeShown``
    carry the WelcomePage, which is made once.
    """

    appeared = Signal()
    openingBegun = Signal(object)
    pageShown = Signal()
    notOpened = Signal(object, object)
    equipped = Signal()
    welcomeMade = Signal(object)
    welcomeShown = Signal(object)

    def __init__(self, settings: Settings, runner: JobRunner, actor: str) -> None:
        super().__init__()
        self._settings = settings
        self._runner = runner
        self._opening = Opening(runner, actor, self)
        self._within: PageWithin | None = None
        self._guarded = False
        self._has_appeared = False
        self._waiting: Place | None = None
        self.actions_ = actions_of(self)
        self.menus = Menus(self, self.actions_)
        self.toolbar = Toolbar(
            *(self.actions_.new_user, self.actions_.import_, self.actions_.export),
            *(self.actions_.undo, self.actions_.redo),
        )
        self._bars = MessageBars()
        self._welcome: WelcomePage | None = None
        self._stack = QStackedWidget()
        self._status = StatusBar()
        self.setStatusBar(self._status)
        self.messages = StandingShown(self._bars, self._status, self)
        self._first = FirstList(self._stack, settings, runner, self.messages, self.toolbar.search)
        self._lay_out()
        self._connect()
        self._show_nothing()

    @property
    def session(self) -> Session | None:
        """The open directory, None on the welcome page."""
        return None if self._within is None else self._within.session

    @property
    def settings(self) -> Settings:
        """What is remembered between starts."""
        return self._settings

    @property
    def runner(self) -> JobRunner:
        """Where long work runs."""
        return self._runner

    def act_as(self, actor: str) -> None:
        """Make changes by another name from now on, in whatever is open or will be."""
        self._opening.act_as(actor)
        if self._within is not None:
            self._within.session.act_as(actor)

    @property
    def is_equipped(self) -> bool:
        """Whether the menus can do something to an open directory; not before the window has appeared."""
        return self._within is not None and self._within.is_equipped

    @property
    def page(self) -> DirectoryPage | None:
        """The page of the open directory, None on the welcome page."""
        return None if self._within is None else self._within.page

    def start(self, place: Place | None) -> None:
        """Show the window at once, then fill it: with the directory at ``place``, or with the welcome page."""
        if place is None:
            self.show_welcome()
        else:
            self._show_directory_named(named_path(place))
            self._first.show(place)
            self._waiting = place
        self.show()

    def open(self, place: Place, *, create: bool = False, sign_in: SignIn | None = None) -> None:
        """Open a directory, or create it; what was open before is closed once that worked.

        ``sign_in`` is what the person typed for a server. One may be silent for long: what is open goes on meanwhile,
        and whether it may go is asked then.
        """
        if not is_shared(place) and not self._may_leave():
            return
        self.messages.go_on()
        goes_on = self._within is not None and is_shared(place)
        self._stack.setEnabled(self._first.stands_for(place) or goes_on)
        self._opening.begin(place, create=create, sign_in=sign_in)
        self.openingBegun.emit(place)

    def open_address(self, address: str) -> None:
        """Open a directory on a server; a password that stands in the address is not remembered beyond this program."""
        from whowas.desktop.session.bare_address import without_password

        bare, password = without_password(address)
        self.open(bare, sign_in=SignIn(password=password) if password else None)

    def stop_opening(self) -> None:
        """Open nothing any more, and go on with what was there before."""
        self._opening.stop()
        self._end_opening()
        if self._within is None:
            self._show_nothing()
            self.show_welcome()

    @property
    def opening(self) -> Opening:
        """What opens directories, and says how far that is."""
        return self._opening

    def _appear(self) -> None:
        self._fill()
        if not self._has_appeared:
            self._has_appeared = True
            self.appeared.emit()

    def _fill(self) -> None:
        """Open the directory that waits for the window to be there, unless another was opened meanwhile."""
        place, self._waiting = self._waiting, None
        if place is not None and self._opening.place is None and self._within is None:
            self.open(place)

    def close_directory(self) -> None:
        """Close what is open, if anything."""
        if self._within is not None:
            self._within.close(self._first.keep)
            self._within = None
            self._show_nothing()
        self._settings.set_last_directory(None)

    def go_to_welcome(self) -> None:
        """Close the directory and welcome."""
        if not self._may_leave():
            return
        self.close_directory()
        self.show_welcome()

    def ask_recent(self) -> None:
        """Close the directory and welcome, with the keyboard on the directory opened last."""
        self.go_to_welcome()
        if self._welcome is not None:
            self._welcome.choose_recent()

    def put_away(self) -> None:
        """Remember everything for the next start and close the directory."""
        # What is still being opened is what somebody was about to work with.
        last = self._opening.place or self._waiting or (None if self._within is None else self._within.session.place)
        self._waiting = None
        self._opening.stop()
        self._settings.set_geometry(self.saveGeometry())
        self.close_directory()
        self._settings.set_last_directory(last)
        self._settings.sync()

    def closeEvent(self, event: QCloseEvent) -> None:
        """See QWidget; drafts are kept, so nothing is asked where they can be."""
        event.setAccepted(self._may_leave())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(APPEARED_AT_LATEST_MS, self, self._appear)

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QWidget; the first paint is over when the event loop comes back."""
        super().paintEvent(event)
        if self._waiting is not None or not self._has_appeared:
            self._first.once_painted(self._appear)

    def _lay_out(self) -> None:
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self._bars)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(central)
        place_window(self, self._settings.geometry())

    def _connect(self) -> None:
        a = self.actions_
        self._opening.opened.connect(self._opened)
        self._opening.failed.connect(self._not_opened)
        self._opening.progressed.connect(self._show_opening)
        a.close.triggered.connect(self.go_to_welcome)
        a.quit.triggered.connect(self.close)
        self.menus.columns.aboutToShow.connect(self._fill_columns)
        a.find.triggered.connect(self._find)
        self.toolbar.search.refused.connect(partial(self.messages.show_error, about=LOOKING))
        a.drafts.enabledChanged.connect(self._status.drafts.setEnabled)
        self._status.drafts.clicked.connect(a.drafts.trigger)
        self._motion = Motion(a.flash, self.menus.view, self._settings)
        self.appeared.connect(self._motion.look_soon)

    def _opened(self, session: Session) -> None:
        from whowas.desktop.window.page_within import PageWithin
        from whowas.safekeeping.backup_places import is_backup

        self._end_opening()
        if is_shared(session.place) and not self._may_leave():
            session.close()
            return
        if self._within is not None:
            self.close_directory()
        self._within = within = PageWithin(session, self._settings, self.toolbar, self.messages, self)
        within.equipping.connect(self._equip)
        within.equipped.connect(self.equipped)
        within.page.flashes.wanted = self._motion.wanted
        QTimer.singleShot(EQUIP_AFTER_MS, within, partial(self._runner.submit, import_writing, within.load_equipment))
        self._stack.addWidget(within.page)
        self._stack.setCurrentWidget(within.page)
        self._show_directory_named(session.path)
        if not is_backup(session.path):  # which goes by itself one day
            self._settings.add_recent(session.place, dates.microseconds_now())
        self._settings.set_last_directory(session.place)
        if self.focusWidget() is not self.toolbar.search:  # where somebody may be typing already
            within.page.table.setFocus()
        self._first.give_way_to(within.page)
        within.tell_conditions()

    def _not_opened(self, place: Place, error: WhowasError, was_last: bool) -> None:
        if was_last:
            self._end_opening()
            if self._within is None:
                self._show_nothing()
                self.show_welcome()
        self.messages.show_failure(error, about=OPENING)
        self.notOpened.emit(place, error)

    def _end_opening(self) -> None:
        self._stack.setEnabled(True)
        self.show_progress(0, 0)

    def _may_leave(self) -> bool:
        if self._within is None:
            return True
        from whowas.desktop.window.leaving import may_leave

        return may_leave(self, self._within.page)

    def _equip(self) -> None:
        from whowas.desktop.kit.editing_keys import EditingKeys

        if not self._guarded:  # before that no action has anything to do
            self._guarded = True
            EditingKeys(self, self.actions_.undo, self.actions_.redo)
        self.pageShown.emit()

    def show_progress(self, done: int, total: int) -> None:
        """Show how far opening is; (0, 0) ends it."""
        self._status.show_progress(done, total)

    def _show_opening(self, done: int, total: int) -> None:
        # The first time it is long, in a window that has nothing else to say yet.
        self._status.show_progress(done, total, "Reading the history…")

    def show_welcome(self) -> None:
        """Show the welcome page with the directories opened last."""
        self._first.let_go()
        if self._welcome is None:
            from whowas.desktop.window.welcome import WelcomePage

            self._welcome = WelcomePage()
            self._stack.addWidget(self._welcome)
            self.welcomeMade.emit(self._welcome)
        self.welcomeShown.emit(self._welcome)
        self._stack.setCurrentWidget(self._welcome)

    def _show_directory_named(self, path: Path) -> None:
        self.toolbar.setVisible(True)
        self.actions_.find.setEnabled(True)
        self._status.setVisible(True)
        self.setWindowTitle(title(f"{path.stem} — Whowas"))

    def _show_nothing(self) -> None:
        self.messages.begin()
        self.toolbar.setVisible(False)
        self.toolbar.search.clear()
        self._status.setVisible(False)
        self.setWindowTitle("Whowas")
        for action in self.actions_.of_directory():
            action.setEnabled(False)
        describe(self.actions_.undo, "Nothing to undo")
        describe(self.actions_.redo, "Nothing to redo")

    def _fill_columns(self) -> None:
        if self._within is not None:
            self._within.page.table.fill_column_menu(self.menus.columns)

    def _find(self) -> None:
        self.toolbar.search.setFocus()
        self.toolbar.search.selectAll()
