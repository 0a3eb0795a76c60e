"""Importing lists into a directory that is made for them: first the files, then what it is called, then the assistant.

If nothing is taken in after all, the directory is removed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from whowas.desktop.chrome.standing import IMPORTING
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.window.main_window import MainWindow
from whowas.desktop.window.opening import Place
from whowas.domain.errors import RefusedError, StoreError, WhowasError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, part_of
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.session.session import Session

NEW_DIRECTORY = {f"Whowas directories (*{folders.SUFFIX})": folders.SUFFIX}


class ImportIntoNew(QObject):
    """Leads from the welcome page to the assistant over a new directory, and back if nothing comes of it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._files: list[Path] = []
        self._target: Path | None = None
        window.equipped.connect(self._go_on)
        window.notOpened.connect(self._give_up)

    def ask(self) -> None:
        """Let the person choose files, and go on with them."""
        from whowas.desktop.exchange.commands import IMPORTABLE

        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Import a list", "", IMPORTABLE)
        if chosen:
            self.begin([Path(name) for name in chosen])

    def begin(self, paths: Sequence[Path]) -> None:
        """Look whether there is something to be imported in files and folders, and ask for a name if there is."""
        window = self._window
        window.messages.go_on()

        def failed(error: WhowasError) -> None:
            window.show_progress(0, 0)
            window.messages.show_failure(error, about=IMPORTING)

        window.runner.submit(partial(_readable, paths), self._ask_name, failed, window.show_progress)

    def _ask_name(self, paths: list[Path]) -> None:
        window = self._window
        window.show_progress(0, 0)
        if window.page is not None:  # something else was opened meanwhile
            return
        folder = folders.data()
        # Where it cannot be made, the dialog begins elsewhere.
        with suppress(OSError):
            folders.private_folder(folder)
        proposed = str(_free(folder, _name_for(paths)))
        # A directory that is there is never replaced, so nobody is asked: making it says so.
        target = ask_where_to_save(window, "New directory for the import", proposed, NEW_DIRECTORY, replacing=False)
        if target is not None:
            self._files, self._target = paths, target.absolute()
            window.open(target, create=True)

    def _give_up(self, place: Place, _error: WhowasError) -> None:
        if isinstance(place, Path) and place.absolute() == self._target:
            self._target = None

    def _go_on(self) -> None:
        """Open the assistant over the directory, if that is the one that was made."""
        from whowas.desktop.window.page_commands import PageCommands

        window, target = self._window, self._target
        page, session = window.page, window.session
        self._target = None
        if page is None or session is None or session.path != target:
            return
        commands = page.findChild(PageCommands)
        assert isinstance(commands, PageCommands)
        # Not at once: the page cannot go while the assistant over it does.
        commands.files.ended.connect(partial(QTimer.singleShot, 0, page, partial(self._look_back, target)))
        commands.files.open_files(self._files)

    def _look_back(self, target: Path) -> None:
        """Go back to the welcome page and remove the directory, if it is as empty as it was made."""
        window = self._window
        session = window.session
        if session is None or session.path != target or not _is_empty(session):
            return
        directory_id = session.log.directory_id
        told = [each for each in window.messages.standing.conditions if each.about == IMPORTING]
        window.go_to_welcome()
        if window.session is not None:  # there is a draft that cannot be kept
            return
        for condition in told:  # why nothing came of it
            window.messages.hold(condition)

        def remove(_progress: Progress) -> bool:
            from whowas.store.file.removal import remove_if_empty

            return remove_if_empty(target, directory_id)

        # Behind the job that closes it.
        window.runner.submit(remove, partial(self._removed, target))

    def _removed(self, target: Path, gone: bool) -> None:
        if gone:
            self._window.settings.remove_recent(str(target))
            if self._window.page is None:
                self._window.show_welcome()


def _is_empty(session: Session) -> bool:
    try:
        return session.log.head().position == 0
    except StoreError:  # it may hold something, and whatever is asked of it next says what is wrong
        return False


def _readable(paths: Sequence[Path], progress: Progress) -> list[Path]:
    """Return the files, if any of them can be imported. Raises RefusedError or StoreError with why the first cannot."""
    from whowas.desktop.exchange.lists_among import lists_among
    from whowas.interchange.importing.ready import require_importable

    found = lists_among(paths, progress)
    directory = next((path for path in found if path.suffix.lower() == folders.SUFFIX), None)
    if directory is not None:
        raise RefusedError("", f"“{shortened(directory.name)}” is a directory of Whowas: open it instead.")
    first: WhowasError | None = None
    for part, path in enumerate(found):
        try:
            require_importable(path, part_of(progress, part, len(found)))
        except (RefusedError, StoreError) as error:
            first = first or RefusedError("", f"“{shortened(path.name)}” was not imported. {error}")
        else:
            return found
    raise first or RefusedError("", "Nothing was chosen.")


def _name_for(paths: Sequence[Path]) -> str:
    """Return what a directory may be called that is made for files: like the first, or like the folder of several."""
    name = paths[0].stem if len(paths) == 1 else paths[0].absolute().parent.name
    return name.strip(" .") or "imported"


def _free(folder: Path, name: str) -> Path:
    """Return a path in a folder at which there is nothing yet."""
    names = (f"{name}{'' if number == 1 else f' {number}'}{folders.SUFFIX}" for number in count(1))
    return next(path for each in names if not (path := folder / each).exists())
