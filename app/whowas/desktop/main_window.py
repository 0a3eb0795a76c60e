"""The main window: a welcome page, or one open directory with its menus, tool bar and status bar."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from whowas import places
from whowas.desktop import moments
from whowas.desktop.actions import actions_of, describe, fill_menus
from whowas.desktop.banner import MessageBar
from whowas.desktop.dialogs.about import AboutDialog, ShortcutsDialog
from whowas.desktop.directory_page import DirectoryPage
from whowas.desktop.draft_store import DraftStore
from whowas.desktop.jobs import JobRunner
from whowas.desktop.page_commands import PageCommands
from whowas.desktop.recent_list import RecentDirectory
from whowas.desktop.session import Session, microseconds_now
from whowas.desktop.settings import Recent, Settings
from whowas.desktop.status_bar import StatusBar
from whowas.desktop.toolbar import Toolbar
from whowas.desktop.welcome import WelcomePage
from whowas.desktop.window_place import default_size, on_screen
from whowas.domain.errors import WhowasError

FIRST_PAINT_PATIENCE_S = 0.25
"""How long the first paint waits for the directory, so that the window appears with its table in it."""

DIRECTORY_FILES = f"Whowas directories (*{places.SUFFIX});;All files (*)"


class MainWindow(QMainWindow):
    """Holds at most one session; ``start`` shows the window, ``put_away`` ends everything before exit."""

    def __init__(self, settings: Settings, runner: JobRunner, actor: str) -> None:
        super().__init__()
        self._settings = settings
        self._runner = runner
        self._actor = actor
        self._session: Session | None = None
        self._page: DirectoryPage | None = None
        self._commands: PageCommands | None = None
        self._opening: Session | None = None
        self.actions_ = actions_of(self)
        self._recent = QMenu("Open recent", self)
        self._columns = QMenu("Columns", self)
        fill_menus(self, self.actions_, self._recent, self._columns)
        self.toolbar = Toolbar(
            *(self.actions_.new_user, self.actions_.import_, self.actions_.export),
            *(self.actions_.undo, self.actions_.redo),
        )
        self.messages = MessageBar()
        self.welcome = WelcomePage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.welcome)
        self._status = StatusBar()
        self.setStatusBar(self._status)
        self._lay_out()
        self._connect()
        self._show_welcome()

    @property
    def page(self) -> DirectoryPage | None:
        """The page of the open directory, None on the welcome page."""
        return self._page

    def start(self, path: Path | None) -> None:
        """Show the window, on ``path`` if there is one."""
        if path is not None:
            self.open(path)
            deadline = time.monotonic() + FIRST_PAINT_PATIENCE_S
            while self._opening is not None and time.monotonic() < deadline:
                QGuiApplication.processEvents()
                time.sleep(0.002)
        self.show()

    def open(self, path: Path, *, create: bool = False) -> None:
        """Open a directory, or create it; what was open before is closed once that worked."""
        self.messages.clear()
        session = Session(self._runner, places.cache(), self._actor)
        self._opening = session
        self.welcome.setEnabled(False)
        session.open(
            path.absolute(),
            create=create,
            done=partial(self._opened, session),
            failed=partial(self._not_opened, path),
            reported=self._status.show_progress,
        )

    def close_directory(self) -> None:
        """Go back to the welcome page."""
        if self._page is not None and self._session is not None:
            self._settings.set_columns(self._page.table.save_state())
            self._settings.set_splitter(self._page.splitter.saveState())
            self._page.details.keep_draft()
            self._session.close()
            self._page.setParent(None)
            self._page.deleteLater()
            self._page = self._session = self._commands = None
        self._settings.set_last_directory(None)
        self._show_welcome()

    def put_away(self) -> None:
        """Remember everything for the next start and close the directory."""
        last = self._session.path if self._session is not None else None
        self._settings.set_geometry(self.saveGeometry())
        self.close_directory()
        self._settings.set_last_directory(last)
        self._settings.sync()

    def closeEvent(self, event: QCloseEvent) -> None:
        """See QWidget; drafts are kept, so nothing is asked."""
        if self._page is not None:
            self._page.details.keep_draft()
        event.accept()

    def _lay_out(self) -> None:
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.messages)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(central)
        geometry: QByteArray | None = self._settings.geometry()
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(default_size())
        on_screen(self)

    def _connect(self) -> None:
        a = self.actions_
        a.new_directory.triggered.connect(self._ask_new)
        a.open.triggered.connect(self._ask_open)
        a.sample.triggered.connect(self._open_sample)
        a.close.triggered.connect(self.close_directory)
        a.quit.triggered.connect(self.close)
        self.welcome.newRequested.connect(self._ask_new)
        self.welcome.openRequested.connect(self._ask_open)
        self.welcome.sampleRequested.connect(self._open_sample)
        self.welcome.importRequested.connect(self._ask_import_new)
        self.welcome.recentActivated.connect(self._open_recent)
        self.welcome.recentRemoved.connect(self._forget_recent)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._recent.triggered.connect(self._open_recent_action)
        self._columns.aboutToShow.connect(self._fill_columns)
        a.find.triggered.connect(self._find)
        a.shortcuts.triggered.connect(self._show_shortcuts)
        a.about.triggered.connect(self._show_about)

    def _opened(self, session: Session) -> None:
        if self._opening is not session:
            session.close()
            return
        if self._page is not None:
            self.close_directory()
        self._opening = None
        self.welcome.setEnabled(True)
        self._status.show_progress(0, 0)
        self._session = session
        drafts = DraftStore(places.state() / "drafts" / f"{session.directory_id}.json")
        self._page = DirectoryPage(session, drafts)
        columns = self._settings.columns()
        splitter = self._settings.splitter()
        if splitter is None or not self._page.splitter.restoreState(splitter):
            self._page.splitter.setSizes([10_000, self._page.panel.sizeHint().width()])
        self._commands = PageCommands(self, self._page, session, self.actions_, self.messages, self._status)
        self._page.table.restore_state(columns or {})
        self.toolbar.search.searchChanged.connect(self._page.view.search)
        self._page.table.typed.connect(self._search_for)
        session.failed.connect(self._tell)
        self._stack.addWidget(self._page)
        self._stack.setCurrentWidget(self._page)
        self.toolbar.setVisible(True)
        self._status.setVisible(True)
        self.setWindowTitle(f"{session.path.stem} — Whowas")
        self._settings.add_recent(session.path, microseconds_now())
        self._settings.set_last_directory(session.path)
        self._page.table.setFocus()

    def _not_opened(self, path: Path, error: WhowasError) -> None:
        self._opening = None
        self.welcome.setEnabled(True)
        self._status.show_progress(0, 0)
        self._tell(str(error))
        if self._page is None:
            self._show_welcome()

    def _show_welcome(self) -> None:
        self.welcome.set_recent([_recent_directory(recent) for recent in self._settings.recent()])
        self._stack.setCurrentWidget(self.welcome)
        self.toolbar.setVisible(False)
        self.toolbar.search.clear()
        self._status.setVisible(False)
        self.setWindowTitle("Whowas")
        for action in self.actions_.of_directory():
            action.setEnabled(False)
        describe(self.actions_.undo, "Nothing to undo")
        describe(self.actions_.redo, "Nothing to redo")

    def _ask_new(self) -> None:
        path = self._asked_new_path("New directory", "directory")
        if path is not None:
            self.open(path, create=True)

    def _ask_open(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Open a directory", str(self._folder()), DIRECTORY_FILES)
        if chosen:
            self.open(Path(chosen))

    def _asked_new_path(self, title: str, name: str) -> Path | None:
        folder = self._folder()
        folder.mkdir(parents=True, exist_ok=True)
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(folder / f"{name}{places.SUFFIX}"), DIRECTORY_FILES)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(places.SUFFIX)

    def _ask_import_new(self) -> None:
        path = self._asked_new_path("New directory for the import", "imported")
        if path is not None:
            self._import_next = True
            self.open(path, create=True)

    def _open_sample(self) -> None:
        """Make the sample on first use; it lies among a person's directories like any other."""

    def _open_recent(self, path: str) -> None:
        self.open(Path(path))

    def _open_recent_action(self, action: QAction) -> None:
        self.open(Path(str(action.data())))

    def _forget_recent(self, path: str) -> None:
        self._settings.remove_recent(path)
        self._show_welcome()

    def _fill_recent(self) -> None:
        self._recent.clear()
        for recent in self._settings.recent():
            self._recent.addAction(Path(recent.path).name.replace("&", "&&")).setData(recent.path)
        self._recent.setEnabled(bool(self._settings.recent()))

    def _fill_columns(self) -> None:
        if self._page is not None:
            self._page.table.fill_column_menu(self._columns)

    def _find(self) -> None:
        self.toolbar.search.setFocus()
        self.toolbar.search.selectAll()

    def _search_for(self, text: str) -> None:
        """Go on in the search field with what was typed into the table."""
        self.toolbar.search.setFocus()
        self.toolbar.search.insert(text)

    def _tell(self, sentence: str) -> None:
        self.messages.show_error(sentence)

    def _show_shortcuts(self) -> None:
        ShortcutsDialog(self.actions_.all(), self).open()

    def _show_about(self) -> None:
        AboutDialog(self).open()

    def _folder(self) -> Path:
        return self._session.path.parent if self._session is not None else places.data()


def _recent_directory(recent: Recent) -> RecentDirectory:
    path = Path(recent.path)
    opened = moments.relative(recent.opened_at, microseconds_now()) if recent.opened_at else ""
    return RecentDirectory(recent.path, path.stem, str(path.parent), opened, missing=not path.is_file())
