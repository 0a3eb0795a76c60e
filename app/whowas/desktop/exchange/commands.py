"""Importing from the window: files, or whatever else is read, go to the assistant; what was done is told at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from whowas.desktop.chrome.standing import IMPORTING
from whowas.desktop.exchange.export_commands import ExportCommands
from whowas.desktop.exchange.why_not_now import why_not_now
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.progress import Progress
from whowas.interchange.importing.ready import JSON_ENDINGS, LIST_ENDINGS
from whowas.interchange.source import Source
from whowas.store.file.identity import held, kept_beside
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.exchange.assistant.conversation import ImportConversation
    from whowas.desktop.exchange.assistant.jobs.import_job import ImportMade
    from whowas.desktop.exchange.assistant.jobs.read_files import ReadAll, ReadFile
    from whowas.desktop.exchange.assistant.plan import ImportPlan

_READABLE = " ".join(f"*{suffix}" for suffix in (*LIST_ENDINGS, *JSON_ENDINGS))
IMPORTABLE = f"Lists, spreadsheets and change logs ({_READABLE});;All files (*)"

ReadSources = Callable[[Progress], Sequence[Source]]
"""Reads what is to be imported, in a job. Raises StoreError, RefusedError, and CancelledError from the progress."""


class ImportExport(PageFeature):
    """Opens the assistant, once at a time, and says what it came to; ``exports`` is the other way round.

    ``ended`` comes when an import that was asked for is over, whether anything was taken or not.
    """

    ended = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.exports = ExportCommands(context)
        self._context = context
        self._conversation: ImportConversation | None = None
        self._on(context.actions.import_.triggered, self.ask_import)

    def ask_import(self) -> None:
        """Let the person choose files, then open the assistant with them."""
        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Import", "", IMPORTABLE)
        self.open_files([Path(name) for name in chosen])

    def open_files(self, paths: Sequence[Path], *, plan: ImportPlan | None = None) -> None:
        """Open the assistant with files, in the order given; ``plan`` is what is said of them already.

        What cannot be taken in is told in a sentence, and changes nothing.
        """
        from whowas.desktop.exchange.assistant.jobs.read_files import read_files

        refused = next((sentence for path in paths if (sentence := self._why_not(path))), "")
        if refused:
            self._refuse(refused)
        elif paths:
            self._begin(partial(read_files, list(paths)), [path.name for path in paths], plan)

    def open_sources(self, read: ReadSources, *, called: str, plan: ImportPlan | None = None) -> None:
        """Open the assistant with what ``read`` returns, such as rows that were pasted; ``called`` is their name."""
        from whowas.desktop.exchange.assistant.jobs.read_files import ReadFile

        def read_all(_kept: ExitStack, progress: Progress) -> list[ReadFile]:
            return [ReadFile(source) for source in read(progress)]

        self._begin(read_all, [called], plan)

    def _why_not(self, path: Path) -> str:
        if any(held.holds(file) for file in (path, *kept_beside(path))):
            # Reading it would cost its locks, see HeldFiles.
            return f"“{path.name}” is this directory: there is nothing to import from it."
        if path.suffix.lower() == folders.SUFFIX:
            return f"“{path.name}” is a directory of Whowas: open it, as a directory is not imported into another one."
        return ""

    def _begin(self, read: ReadAll, names: Sequence[str], plan: ImportPlan | None) -> None:
        from whowas.desktop.exchange.assistant.conversation import ImportConversation

        why_not = why_not_now(self._session, self._page.view)
        if why_not:
            self._refuse(why_not)
        elif self._conversation is None:
            self._conversation = conversation = ImportConversation(self._context, read, names, plan)
            conversation.made.connect(self._tell)
            conversation.ended.connect(self._end)
            conversation.begin()

    def _refuse(self, sentence: str) -> None:
        self._messages.show_error(sentence, about=IMPORTING)
        self.ended.emit()

    def _end(self) -> None:
        self._conversation = None
        self.ended.emit()

    def _tell(self, made: ImportMade) -> None:
        """Say what was imported, and show it among the changes."""
        from whowas.desktop.exchange.assistant import words
        from whowas.desktop.exchange.assistant.jobs.read_files import called

        names = [source.name for source in made.previewed.ready.sources]
        sentence = words.imported(made.previewed.rows, called(names))
        if made.unmade:
            self._messages.show_notice(made.unmade)
        else:
            self._messages.succeed()
        self._page.show_import(made.outcome.change_id)
        self._page.answers.done(made.outcome.change_id, sentence)
