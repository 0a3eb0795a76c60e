"""The last step of the assistant: what was previewed is imported, and what came of that is told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from whowas.desktop.exchange.assistant.jobs.import_job import FilesChanged, ImportAsksAgain, ImportMade, carry_out
from whowas.desktop.page.feature import PageContext
from whowas.desktop.session.job_progress import ShownProgress
from whowas.domain.errors import UncertainError, UnfinishedError, WhowasError

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.desktop.exchange.assistant.jobs.looking import Looked, Previewed
    from whowas.desktop.exchange.assistant.jobs.read_files import ReadFile
    from whowas.domain.progress import Progress


class ImportStep(QObject):
    """``made`` carries an ImportMade, ``asksAgain`` what a changed directory makes of the rows (a Previewed).

    ``filesChanged`` says in a sentence that files are not what was read any more: that is told once, and then it does
    not matter, until ``forget``. ``failed`` carries why nothing was imported. ``over`` says that there is nothing to
    go on with, as what was imported is saved, or may be.
    """

    made = Signal(object)
    asksAgain = Signal(object)
    filesChanged = Signal(str)
    failed = Signal(object)
    over = Signal()

    def __init__(self, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._progress = ShownProgress(context.window, context.session)
        self._as_read = False
        self._closed = False

    def take(self, called: str, files: Sequence[ReadFile], looked: Looked, previewed: Previewed) -> None:
        """Import what was previewed of files that are ``called`` so."""
        session, as_read = self._context.session, self._as_read

        def work(bus: Bus, progress: Progress) -> ImportMade | ImportAsksAgain | FilesChanged:
            return carry_out(session, files, looked, previewed, bus, progress, as_read=as_read)

        start = partial(session.writer.on_bus, work)
        self._progress.follow(f"Importing {called}", start, self._taken, self._not_taken)

    def forget(self) -> None:
        """Mind again whether files are what was read, as they were read anew."""
        self._as_read = False

    def close(self) -> None:
        """Tell nobody of anything any more."""
        self._closed = True

    def _taken(self, answer: ImportMade | ImportAsksAgain | FilesChanged) -> None:
        match answer:
            case ImportMade():
                # Also where the dialog was closed meanwhile: it is saved.
                self.made.emit(answer)
                self.over.emit()
            case _ if self._closed:
                return
            case ImportAsksAgain(previewed):
                self.asksAgain.emit(previewed)
            case FilesChanged(sentence):
                self._as_read = True
                self.filesChanged.emit(sentence)

    def _not_taken(self, error: WhowasError) -> None:
        if isinstance(error, UncertainError | UnfinishedError):
            self._context.messages.show_failure(error)
            self.over.emit()
        elif not self._closed:
            self.failed.emit(error)
