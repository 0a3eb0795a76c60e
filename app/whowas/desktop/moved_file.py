"""What the window says and offers once its file is not in its folder any more."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFont
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QPushButton, QWidget

from whowas import places
from whowas.desktop.bar import HEIGHT, Bar
from whowas.desktop.file_commands import DIRECTORY_FILES
from whowas.desktop.shown_progress import ShownProgress
from whowas.desktop.spoken import announce
from whowas.desktop.text_label import ElidedLabel
from whowas.domain.progress import Progress
from whowas.store.backup import save_copy
from whowas.store.file_identity import Whereabouts

if TYPE_CHECKING:
    from whowas.desktop.directory_page import DirectoryPage
    from whowas.desktop.main_window import MainWindow
    from whowas.desktop.session import Session


def said_of(name: str, whereabouts: Whereabouts) -> str:
    """Return what people have to know about a file that is not in place."""
    if whereabouts == "replaced":
        return f"Another file has taken the place of {name}: nothing can be saved to it."
    return f"{name} is no longer in its folder: nothing can be saved to it."


class MovedFileBanner(Bar):
    """Says where the file is not, and offers what is still there of it; it cannot be closed. Begins hidden."""

    copyWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._sentence = ElidedLabel(token="text", weight=QFont.Weight.Bold)
        button = QPushButton("Save a copy…")
        button.setToolTip("Save everything this window still has as a new directory, and go on there")
        button.clicked.connect(self.copyWanted)
        self.row.addWidget(self._sentence, 1)
        self.row.addWidget(button)
        self.dress("removed", "error", "alert")
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence, and have it spoken."""
        self._sentence.setText(sentence)
        self.setAccessibleName("Error")
        self.setAccessibleDescription(sentence)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        announce(self, sentence, urgent=True)


class MovedFile(QObject):
    """Shows the banner while the file of a session is not in place, and saves a copy of what is open."""

    def __init__(self, window: MainWindow, page: DirectoryPage, session: Session) -> None:
        super().__init__(page)
        self._window = window
        self._page = page
        self._session = session
        self._progress = ShownProgress(window, session)
        self.banner = MovedFileBanner(page)
        self.banner.copyWanted.connect(self._ask)
        layout = page.layout()
        assert isinstance(layout, QBoxLayout)
        layout.insertWidget(0, self.banner)
        session.moved.connect(self._show)
        self._show()

    def save(self, target: Path) -> None:
        """Save all that the window still has of its file to ``target``, with its drafts, and open that."""
        self._page.keep_draft()
        session = self._session

        def work(progress: Progress) -> int:
            return save_copy(session.log, target, progress)

        saved, failed = partial(self._saved, target), self._window.messages.show_failure
        self._progress.follow("Saving a copy", partial(session.run, work), saved, failed)

    def _show(self) -> None:
        where = self._session.whereabouts
        if where == "in place":
            self.banner.hide()
        else:
            self.banner.say(said_of(self._session.path.name, where))

    def _ask(self) -> None:
        path = self._session.path
        proposed = str(path.with_name(f"{path.stem} copy{path.suffix}"))
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save a copy", proposed, DIRECTORY_FILES)
        if chosen:
            target = Path(chosen)
            self.save(target if target.suffix else target.with_suffix(places.SUFFIX))

    def _saved(self, target: Path, _position: int) -> None:
        try:
            self._page.drafts.carry_to(target)
        except OSError as error:
            self._window.messages.show_error(
                f"Saved as {target}, but without your drafts: {error.strerror}. Copy them before you open it."
            )
            return
        self._window.open(target)
