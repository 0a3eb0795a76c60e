"""Opening a directory that was just moved to a server, and saying where its team file is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from whowas.desktop.chrome.standing import OPENING, Condition, Severity
from whowas.desktop.sharing.assistant.jobs import MovedToServer
from whowas.desktop.window.main_window import MainWindow
from whowas.desktop.window.opening import Place, SignIn
from whowas.domain.errors import WhowasError

if TYPE_CHECKING:
    from whowas.desktop.page.directory_page import DirectoryPage

SHOW = "Show in folder"


class MovedDirectory(QObject):
    """Opens it once it is made, tells of it when it is open, and is gone then."""

    def __init__(self, window: MainWindow, moved: MovedToServer) -> None:
        super().__init__(window)
        self._window = window
        self._moved = moved
        self._team_file: Path = moved.created.team_file
        self._drafts = None if window.page is None else window.page.drafts
        window.equipped.connect(self._tell)
        window.notOpened.connect(self._tell_not_opened)
        window.open(self._team_file, sign_in=SignIn(moved.account, moved.password))

    def _tell(self) -> None:
        window, page = self._window, self._window.page
        if page is None or window.session is None or window.session.path != self._team_file:
            return
        self._carry_drafts(page)
        name, host = self._team_file.stem, self._moved.created.address.host or ""
        where = "On this computer everybody" if host.startswith("/") else "Everybody"
        sentence = f"{name} is shared. {where} opens it by {self._team_file.name}."
        page.answers.say(sentence, SHOW, self._show_folder)
        if self._moved.left:
            window.messages.hold(Condition(OPENING, Severity.CALM, self._moved.left, passing=True))
        self.deleteLater()

    def _tell_not_opened(self, place: Place, error: WhowasError) -> None:
        if place == self._team_file:
            told = f"The directory is shared now, by {self._team_file}, but cannot be shown from there: {error}"
            self._window.messages.show_error(told, about=OPENING)
            if self._window.session is not None:
                self._window.session.file.look()  # which tells that nothing can be saved to what is shown still
            self.deleteLater()

    def _carry_drafts(self, page: DirectoryPage) -> None:
        """Let what was not saved before be there as well; it also stays with the file that was left behind."""
        if self._drafts is None:
            return
        with suppress(OSError):  # the status line says why drafts are not on disk
            page.drafts.take_from(self._drafts)
        self._window.messages.set_drafts(len(page.drafts), refused=False, unkept=page.drafts.unkept)

    def _show_folder(self) -> None:
        folder = self._team_file.parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            told = f"Nothing here can show folders. The team file is {self._team_file}."
            self._window.messages.hold(Condition(OPENING, Severity.CALM, told, passing=True))
