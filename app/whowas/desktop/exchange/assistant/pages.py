"""The pages of the assistant, one import: what is said on the first one, shown on the second, and imported at last."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from whowas.desktop.exchange.assistant import words
from whowas.desktop.exchange.assistant.choosing import ChoosingColumns
from whowas.desktop.exchange.assistant.columns.page import ColumnsPage
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.assistant.import_step import ImportStep
from whowas.desktop.exchange.assistant.jobs.copies import PrivateCopies
from whowas.desktop.exchange.assistant.jobs.looking import Looked, Previewed, SeenFile, look
from whowas.desktop.exchange.assistant.jobs.read_files import ReadAll, ReadFile
from whowas.desktop.exchange.assistant.previewing import PreviewingRows, named_by
from whowas.desktop.exchange.preview.page import PreviewPage
from whowas.desktop.kit.scrim import Scrim
from whowas.desktop.page.feature import PageContext
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.latest_job import LatestJob
from whowas.domain.errors import StoreError, WhowasError

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.domain.progress import Progress


class AssistantPages(QObject):
    """``made`` carries an ImportMade, ``closed`` says that the person is done with it, or gave it up."""

    made = Signal(object)
    closed = Signal()

    def __init__(self, context: PageContext, copies: PrivateCopies, read: ReadAll, called: str) -> None:
        """``read`` reads files anew, whose ``copies`` are held as long as they are needed."""
        super().__init__(context.page)
        self._context = context
        self._session = session = context.session
        self._copies = copies
        self._read = read
        self._over = False
        self._progress = ShownProgress(context.window, session)
        self._taking = ImportStep(context, self)
        columns, preview, job = ColumnsPage(), PreviewPage(partial(named_by, session)), LatestJob()
        self._dialog = AssistantDialog(called, columns, preview, context.window)
        self._choosing = ChoosingColumns(session, self._dialog, columns, job)
        self._previewing = PreviewingRows(session, self._dialog, preview, job, self._choosing, self._progress)
        self._connect()

    def open(self, files: Sequence[ReadFile], looked: Looked, seen: Sequence[SeenFile]) -> None:
        """Show the first page, or of change logs and logs, of which nothing can be said, at once what they would do.

        ``files`` are those to be imported, ``seen`` all that there are where there are several.
        """
        Scrim(self._context.window, self._dialog)
        self._choosing.begin(files, looked, seen)
        self._dialog.open()
        if not looked.looks:
            self._dialog.show_preview(words.subtitle((), looked.plan), only=True)
            self._previewing.look()

    def close(self) -> None:
        """Close the dialog; what is on its way is dropped."""
        if not self._over:
            self._over = True
            self._previewing.stop()
            self._taking.close()
            self._dialog.done(self._dialog.DialogCode.Rejected)
            self._dialog.deleteLater()
            self.deleteLater()

    def _connect(self) -> None:
        dialog, taking = self._dialog, self._taking
        dialog.importWanted.connect(self._take)
        dialog.rejected.connect(self.closed)
        taking.made.connect(self.made)
        taking.asksAgain.connect(self._ask_again)
        taking.filesChanged.connect(self._tell_of_files)
        taking.failed.connect(dialog.notice.say_why)
        taking.over.connect(self.closed)

    def _take(self) -> None:
        choosing, previewed = self._choosing, self._previewing.previewed
        if choosing.looked is not None and previewed is not None:
            self._taking.take(choosing.called, choosing.files, choosing.looked, previewed)

    def _ask_again(self, previewed: Previewed) -> None:
        self._previewing.show(previewed)
        self._dialog.notice.say(words.decided_again(previewed.outcome), wrong=True)

    def _tell_of_files(self, sentence: str) -> None:
        self._dialog.notice.say(sentence, wrong=True, button="Read again", do=self._read_anew)

    def _read_anew(self) -> None:
        """Read the files as they are on disk now, and begin again with what was said of them."""
        session, read, plan, kept = self._session, self._read, self._choosing.plan, self._copies.begin()
        wanted = {file.source.name for file in self._choosing.files}

        def work(bus: Bus, progress: Progress) -> tuple[Sequence[ReadFile], Looked]:
            files = [file for file in read(kept, progress) if file.source.name in wanted]
            for file in files:
                if file.unread:
                    raise StoreError(file.unread)
            return files, look(session, bus, files, plan, progress, fitting=True)

        def done(found: tuple[Sequence[ReadFile], Looked]) -> None:
            if not self._over:
                self._copies.keep_only(kept)
                self._begin_again(*found)

        def failed(error: WhowasError) -> None:
            if not self._over:
                self._copies.drop(kept)
                self._dialog.notice.say_why(error)

        start = partial(session.writer.on_bus, work, writing=False)
        self._progress.follow(f"Reading {self._choosing.called}", start, done, failed)

    def _begin_again(self, files: Sequence[ReadFile], looked: Looked) -> None:
        self._taking.forget()
        self._previewing.decide_nothing()
        self._choosing.take_up(files)
        if looked.looks:
            self._previewing.go_back()
            self._choosing.show_looked(looked)
        else:
            self._choosing.show_looked(looked)
            self._previewing.look()
