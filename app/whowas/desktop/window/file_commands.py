"""New, open, sample, recent: which directory the window shows."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction

from whowas.desktop.chrome.standing import IMPORTING, OPENING, SET_ASIDE, Condition, Severity
from whowas.desktop.kit import dates
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.plain_text import add_entry
from whowas.desktop.settings.stored import Recent, place_of
from whowas.desktop.window.main_window import EQUIP_AFTER_MS, MainWindow
from whowas.desktop.window.opening import Place, is_shared, named_path
from whowas.domain.errors import WhowasError
from whowas.domain.progress import Progress
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.window.import_new import ImportIntoNew
    from whowas.desktop.window.recent_list import RecentDirectory
    from whowas.desktop.window.shared_opening import SharedOpening
    from whowas.desktop.window.welcome import WelcomePage

NEW_DIRECTORY = {f"Whowas directories (*{folders.SUFFIX})": folders.SUFFIX}
DIRECTORY_FILES = f"Whowas directories (*{folders.SUFFIX} *{folders.TEAM_SUFFIX});;All files (*)"


class FileCommands(QObject):
    """Connects the file actions, and the welcome page once there is one, to the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._import_new: ImportIntoNew | None = None
        self._shared_opening: SharedOpening | None = None
        self._awaits_team_files = False
        self._set_aside: Path | None = None
        a = window.actions_
        a.new_directory.triggered.connect(self._ask_new)
        a.open.triggered.connect(self._ask_open)
        a.open_shared.triggered.connect(self._ask_shared)
        a.sample.triggered.connect(self._open_sample)
        window.menus.recent.aboutToShow.connect(self._fill_recent)
        window.menus.recent.triggered.connect(self._open_recent_action)
        window.welcomeMade.connect(self._serve)
        window.welcomeShown.connect(self._offer_recent)
        window.equipped.connect(self._tell_set_aside)
        window.equipped.connect(self._await_team_files)
        window.openingBegun.connect(self._follow_opening)
        window.notOpened.connect(self._see_to_shared)

    def _serve(self, welcome: WelcomePage) -> None:
        """Do what the welcome page asks for, and take what is dropped on it."""
        welcome.newRequested.connect(self._ask_new)
        welcome.openRequested.connect(self._ask_open)
        welcome.sampleRequested.connect(self._open_sample)
        welcome.importRequested.connect(self._ask_import_new)
        QTimer.singleShot(EQUIP_AFTER_MS, self, self._await_drops)
        welcome.recentActivated.connect(self._open_recent)
        welcome.recentRemoved.connect(self._forget_recent)

    def _offer_recent(self, welcome: WelcomePage) -> None:
        """List the directories opened last."""
        welcome.set_recent([_recent_directory(recent) for recent in self._window.settings.recent()])

    def _ask_new(self) -> None:
        path = self._asked_new_path("New directory", "directory")
        if path is not None:
            self._window.open(path, create=True)

    def _ask_open(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # no start waits for that

        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open a directory", str(self._folder()), DIRECTORY_FILES)
        if chosen:
            self._window.open(Path(chosen))

    def _ask_shared(self) -> None:
        self._sharing().ask(self._folder())

    def _follow_opening(self, place: Place) -> None:
        if is_shared(place):
            self._sharing().begun(place)

    def _see_to_shared(self, place: Place, error: WhowasError) -> None:
        if is_shared(place):
            self._sharing().failed(place, error)

    def _sharing(self) -> SharedOpening:
        if self._shared_opening is None:
            from whowas.desktop.window.shared_opening import SharedOpening

            self._shared_opening = SharedOpening(self._window)
        return self._shared_opening

    def _ask_import_new(self) -> None:
        self._importing().ask()

    def _await_drops(self) -> None:
        """Take what is dropped; only now, after the window was painted."""
        from whowas.desktop.kit.file_drop import file_drop_on

        drop = file_drop_on(self._window)
        drop.dropped.connect(self._take_dropped)
        drop.refused.connect(self._refuse_dropped)
        self._await_team_files()

    def _await_team_files(self) -> None:
        """Open team files that are dropped, whatever is shown; asked for on each page, and done once."""
        if not self._awaits_team_files:
            from whowas.desktop.kit.file_drop import file_drop_on

            self._awaits_team_files = True
            file_drop_on(self._window).opened.connect(self._window.open)

    def _take_dropped(self, paths: list[Path]) -> None:
        """Import what is dropped on the welcome page; a page of a directory sees to it itself."""
        if self._window.page is None:
            self._importing().begin(paths)

    def _refuse_dropped(self, sentence: str) -> None:
        if self._window.page is None:
            self._window.messages.show_error(sentence, about=IMPORTING)

    def _importing(self) -> ImportIntoNew:
        if self._import_new is None:
            from whowas.desktop.window.import_new import ImportIntoNew

            self._import_new = ImportIntoNew(self._window)
        return self._import_new

    def _asked_new_path(self, title: str, name: str) -> Path | None:
        from whowas.desktop.kit.save_as import ask_where_to_save

        folder = self._folder()
        # Where it cannot be made, the dialog begins elsewhere.
        with suppress(OSError):
            folders.private_folder(folder)
        proposed = str(folder / f"{name}{folders.SUFFIX}")
        # A directory that is there is never replaced, so nobody is asked: making it says so.
        return ask_where_to_save(self._window, title, proposed, NEW_DIRECTORY, replacing=False)

    def _open_sample(self) -> None:
        """Open the sample among a person's own directories, made on first use."""
        path = _sample_path()

        def work(progress: Progress) -> Path:
            from whowas.sample import make_sample
            from whowas.store.file.publish import TakenError

            if not path.exists():
                # Where it cannot be made, the sample says so.
                with suppress(OSError):
                    folders.private_folder(path.parent)
                with suppress(TakenError):  # another window has made it meanwhile
                    self._set_aside = make_sample(path, progress=progress)
            return path

        window = self._window

        def failed(error: WhowasError) -> None:
            window.show_progress(0, 0)
            window.messages.show_failure(error, about=OPENING)

        window.messages.go_on()
        window.runner.submit(work, window.open, failed, window.show_progress)

    def _tell_set_aside(self) -> None:
        """Tell of the log that another file had left where the sample was made."""
        set_aside, self._set_aside = self._set_aside, None
        session = self._window.session
        if set_aside is not None and session is not None and session.path == _sample_path():
            from whowas.store.event_log import set_aside_notice

            self._window.messages.hold(Condition(SET_ASIDE, Severity.CALM, set_aside_notice(set_aside)))

    def _open_recent(self, place: str) -> None:
        self._window.open(place_of(place))

    def _open_recent_action(self, action: QAction) -> None:
        self._window.open(place_of(str(action.data())))

    def _forget_recent(self, path: str) -> None:
        self._window.settings.remove_recent(path)
        self._window.show_welcome()

    def _fill_recent(self) -> None:
        menu, recent = self._window.menus.recent, self._window.settings.recent()
        menu.clear()
        for known in recent:
            place = place_of(known.path)
            entry = add_entry(menu, place if isinstance(place, str) else place.name)
            entry.setData(known.path)
            if is_shared(place):
                entry.setIcon(icon("server"))

    def _folder(self) -> Path:
        session = self._window.session
        return session.path.parent if session is not None else folders.data()


def _sample_path() -> Path:
    return folders.data() / f"sample{folders.SUFFIX}"


def _recent_directory(recent: Recent) -> RecentDirectory:
    from whowas.desktop.window.recent_list import RecentDirectory

    place = place_of(recent.path)
    opened = dates.relative(recent.opened_at, dates.microseconds_now()) if recent.opened_at else ""
    shared, name = is_shared(place), named_path(place).stem
    if isinstance(place, str):
        return RecentDirectory(recent.path, name, place, opened, shared=shared)
    return RecentDirectory(recent.path, name, str(place.parent), opened, missing=not place.is_file(), shared=shared)
