"""What goes on between choosing files and having them imported: reading them, choosing among several, the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from whowas.desktop.chrome.standing import IMPORTING
from whowas.desktop.exchange.assistant.jobs.copies import PrivateCopies
from whowas.desktop.exchange.assistant.jobs.read_files import ReadAll, ReadFile, called
from whowas.desktop.exchange.assistant.loading import PARTS, load_for_jobs
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.kit.loading_parts import LoadingParts
from whowas.desktop.page.feature import PageContext
from whowas.desktop.session.job_progress import ShownProgress
from whowas.domain.errors import CancelledError, RefusedError, StoreError, WhowasError
from whowas.interchange.importing.dates.list_dates import dated

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus
    from whowas.desktop.exchange.assistant.files.dialog import FilesDialog
    from whowas.desktop.exchange.assistant.jobs.looking import Looked, SeenFile
    from whowas.desktop.exchange.assistant.pages import AssistantPages
    from whowas.domain.progress import Progress

    _Read = tuple[Sequence[ReadFile], Looked | list[SeenFile]]


class ImportConversation(QObject):
    """One import, from reading its files on. ``made`` carries an ImportMade; ``ended`` comes once, in any case.

    The files lie in private copies until then.
    """

    made = Signal(object)
    ended = Signal()

    def __init__(self, context: PageContext, read: ReadAll, names: Sequence[str], plan: ImportPlan | None) -> None:
        """``names`` are those of what ``read`` reads; ``plan`` is what is known about it already."""
        super().__init__(context.page)
        self._context = context
        self._session = context.session
        self._read = read
        self._called = called(names)
        self._was_not_imported = f"{self._called} {'was' if len(names) == 1 else 'were'} not imported."
        self._recalls = plan is None
        self._plan = plan or ImportPlan()
        self._copies = PrivateCopies(context.session.queries)
        self._progress = ShownProgress(context.window, context.session)
        self._loading = LoadingParts(PARTS, self)
        self._files: FilesDialog | None = None
        self._pages: AssistantPages | None = None
        self._seen: Sequence[SeenFile] = ()
        self._over = False
        context.page.closing.connect(self.end)

    def begin(self) -> None:
        """Read the files, and show them."""
        session, read, plan, recalls = self._session, self._read, self._plan, self._recalls
        kept = self._copies.begin()
        # The pages are made while the files are read; what comes of reading them waits for that.
        session.queries.run(load_for_jobs, done=self._load_pages, failed=self._refuse)

        def work(bus: Bus, progress: Progress) -> _Read:
            from whowas.desktop.exchange.assistant.jobs.looking import look, see_files

            progress(0, 0)
            files = read(kept, progress)
            if len(files) > 1:
                return files, see_files(files, plan.request(), progress)
            for file in files:
                if file.unread:
                    raise StoreError(file.unread)
            return files, look(session, bus, files, plan, progress, recalls=recalls, fitting=True)

        start = partial(session.writer.on_bus, work, writing=False)
        self._progress.follow(f"Reading {self._called}", start, self._read_once, self._refuse)

    def _load_pages(self, _loaded: None) -> None:
        if not self._over:
            self._loading.then(self._make_pages)

    def _make_pages(self) -> None:
        if not self._over:
            self._made_pages()

    def _made_pages(self) -> AssistantPages:
        from whowas.desktop.exchange.assistant.pages import AssistantPages

        if self._pages is None:
            self._pages = AssistantPages(self._context, self._copies, self._read, self._called)
            self._pages.made.connect(self.made)
            self._pages.closed.connect(self.end)
        return self._pages

    def end(self) -> None:
        """Let everything go, whatever is on its way."""
        if self._over:
            return
        self._over = True
        if self._files is not None:
            self._files.done(self._files.DialogCode.Rejected)
        if self._pages is not None:
            self._pages.close()
        self._files = self._pages = None
        self._copies.drop_all()
        self.ended.emit()
        self.deleteLater()

    def _read_once(self, read: _Read) -> None:
        self._loading.then(partial(self._begun, read))

    def _begun(self, read: _Read) -> None:
        if self._over:
            return
        from whowas.desktop.exchange.assistant.jobs.looking import Looked

        files, found = read
        if isinstance(found, Looked):
            self._open(files, found)
        elif _all_clear(found):
            self._seen = found
            self._take(files, {})
        elif all(seen.wrong for seen in found):
            self._say(
                f"None of the {len(found):,} files can be imported. {found[0].file.source.name}: {found[0].wrong}"
            )
            self.end()
        else:
            self._ask(found)

    def _ask(self, found: Sequence[SeenFile]) -> None:
        """Let the person see which files there are, and say when each list was true."""
        from whowas.desktop.exchange.assistant.files.dialog import FilesDialog
        from whowas.desktop.kit.scrim import Scrim

        self._seen = found
        dialog = self._files = FilesDialog(found, self._plan.moments, self._context.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.goesOn.connect(self._take)
        dialog.rejected.connect(self.end)
        Scrim(self._context.window, dialog)
        dialog.open()

    def _take(self, files: Sequence[ReadFile], moments: Mapping[str, int]) -> None:
        """Go on with some of the files, and with when each was true."""
        session, recalls = self._session, self._recalls
        plan = replace(self._plan, moments=dict(moments))

        def work(bus: Bus, progress: Progress) -> tuple[Sequence[ReadFile], Looked]:
            from whowas.desktop.exchange.assistant.jobs.looking import look

            return files, look(session, bus, files, plan, progress, recalls=recalls, fitting=True)

        start = partial(session.writer.on_bus, work, writing=False)
        title = f"Reading {called([file.source.name for file in files])}"
        self._progress.follow(title, start, self._taken, self._not_taken)

    def _taken(self, read: tuple[Sequence[ReadFile], Looked]) -> None:
        if self._over:
            return
        if self._files is not None:
            dialog, self._files = self._files, None
            dialog.rejected.disconnect(self.end)
            dialog.accept()
        self._open(*read)

    def _not_taken(self, error: WhowasError) -> None:
        if self._files is None:
            self._refuse(error)
        elif not isinstance(error, CancelledError):
            self._files.say(str(error))

    def _open(self, files: Sequence[ReadFile], looked: Looked) -> None:
        self._made_pages().open(files, looked, self._seen)

    def _refuse(self, error: WhowasError) -> None:
        if self._over:
            return
        if not isinstance(error, CancelledError):
            self._say(f"{self._was_not_imported} {error}")
        self.end()

    def _say(self, sentence: str) -> None:
        self._context.messages.show_error(sentence, about=IMPORTING)


def _all_clear(files: Sequence[SeenFile]) -> bool:
    """Say whether nothing has to be asked about several files: all can be taken, and their names say their dates."""
    if any(seen.wrong for seen in files):
        return False
    if all(seen.rows is None for seen in files):
        return True
    try:
        dated(seen.file.source.name for seen in files)
    except RefusedError:
        return False
    return True
