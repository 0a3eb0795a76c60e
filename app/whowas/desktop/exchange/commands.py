"""Importing and exporting from the window: choose a file, see what it would do, do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.standing import EXPORTING, IMPORTING
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.exchange.import_preview import ImportPreviewDialog, Previewed
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.lens import WhatIf
from whowas.domain.errors import RefusedError
from whowas.domain.progress import Progress, watched
from whowas.interchange.file_format import ExportFormat, LogFormat, UsersFormat
from whowas.interchange.formats import EXPORTS, export_format_of
from whowas.interchange.importing.outcome import ImportOutcome
from whowas.interchange.importing.ready import JSON_ENDINGS, LIST_ENDINGS, FileRefusedError, Ready, Request, made_ready
from whowas.interchange.importing.rules import ImportRules
from whowas.interchange.importing.sentences import left_out, not_wholly_taken, recognised, sentence_of, summary
from whowas.interchange.source import Source
from whowas.interchange.writing import write_lines
from whowas.safekeeping.backing_up import backed_up
from whowas.safekeeping.backups import BEFORE_IMPORT
from whowas.store.file.identity import held, kept_beside

_READABLE = " ".join(f"*{suffix}" for suffix in (*LIST_ENDINGS, *JSON_ENDINGS))
IMPORTABLE = f"Lists, spreadsheets and change logs ({_READABLE});;All files (*)"
_CHANGED = "The directory was changed meanwhile, and nothing was imported. This is what it would do now"
_WHAT_IS_ASKED = Request(rules=ImportRules(skip_refused=True))

_MOST_LISTED = 10_000
"""How many refused lines the dialog lists; who has more of them reads another file than the one meant."""


ReadSources = Callable[[Progress], Sequence[Source]]
"""Reads what is to be imported, in a job. Raises StoreError, RefusedError, and CancelledError from the progress."""


@dataclass(frozen=True, slots=True)
class _Offered:
    """A file as it was when it was chosen, and what importing it would do: that is what is imported then.

    ``kept`` is where the copy of a large file lies; closing it removes that.
    """

    name: str
    ready: Ready
    kept: ExitStack
    outcome: ImportOutcome
    previewed: Previewed


class ImportExport(PageFeature):
    """Runs imports and exports of one session as jobs, with progress and cancel.

    ``ended`` comes when an import that was begun is over, whether anything was taken or not.
    """

    ended = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view = context.page.view
        self._on(context.actions.import_.triggered, self.ask_import)
        self._on(context.actions.export.triggered, self.ask_export)

    def ask_import(self) -> None:
        """Let the person choose a file, then show what importing it would do."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Import", "", IMPORTABLE)
        if chosen:
            self.preview(Path(chosen))

    def open_files(self, paths: Sequence[Path], *, plan: ImportPlan | None = None) -> None:
        """Open the assistant with files, in the order given; ``plan`` is what is said of them already.

        What cannot be taken in is told in a sentence, and changes nothing.
        """
        del plan  # there is no page yet that shows it
        if paths:
            self.preview(paths[0])

    def open_sources(self, read: ReadSources, *, called: str, plan: ImportPlan | None = None) -> None:
        """Open the assistant with what ``read`` returns, such as rows that were pasted; ``called`` is their name."""
        raise NotImplementedError

    def preview(self, source: Path) -> None:
        """Show what importing ``source`` would do."""
        if any(held.holds(file) for file in (source, *kept_beside(source))):
            # Reading it would cost its locks, see HeldFiles.
            self._messages.show_error(
                f"“{source.name}” is this directory: there is nothing to import from it.", about=IMPORTING
            )
            return

        log = self._session.log

        def work(bus: Bus, report: Progress) -> _Offered:
            kept = ExitStack()
            try:
                read = kept.enter_context(Source.read_from(source, report))
                ready = made_ready([read], _WHAT_IS_ASKED, report)
                outcome = ready.take(bus, log, dry_run=True, progress=report)
                return _Offered(read.name, ready, kept, outcome, _previewed(outcome, report))
            except FileRefusedError as error:
                kept.close()
                raise RefusedError(error.field, f"{source.name} was not imported. {error}") from error
            except BaseException:
                kept.close()
                raise

        start, failed = partial(self._session.writer.on_bus, work, writing=False), self._messages.failing(IMPORTING)
        self._progress.follow(f"Reading {source.name}", start, partial(self._offer, ""), failed)

    def ask_export(self) -> None:
        """Let the person choose where to, then write the users shown or the whole log."""
        imagined = isinstance(self._session.shown.lens, WhatIf)
        name = f"{self._session.path.stem}{' (imagined)' if imagined else ''}{EXPORTS[0].suffix}"
        endings = {f"{_titled(known)} (*{known.suffix})": known.suffix for known in EXPORTS}
        target = ask_where_to_save(self._window, "Export", name, endings)
        if target is not None:
            self.export(target)

    def export(self, target: Path) -> None:
        """Write to ``target`` what its ending says: the whole log, or else the users shown."""
        file_format = export_format_of(target.name)
        numbers = self._view.numbers().tolist()
        directory = self._view.index.directory_to_export(self._view.moment)
        session, users = self._session, self._session.queries.users(numbers)

        def work(progress: Progress) -> None:
            match file_format:
                case UsersFormat():
                    lines, total = file_format.write(users, directory), len(numbers)
                case LogFormat():
                    lines, total = file_format.write(session.log, None), session.log.head().position
                case _:
                    assert_never(file_format)
            write_lines(target, watched(lines, total, progress), session.path)

        exported, failed = partial(self._exported, target), self._messages.failing(EXPORTING)
        self._progress.follow("Exporting", partial(session.queries.run, work), exported, failed)

    def _offer(self, why: str, offered: _Offered) -> None:
        if not offered.outcome.readable:
            offered.kept.close()
            self.ended.emit()
            sentence = " ".join(sentence_of(row) for row in offered.previewed.refused[-1:])
            self._messages.show_error(f"{offered.name} was not imported. {sentence}", about=IMPORTING)
            return
        dialog = ImportPreviewDialog(offered.name, offered.previewed, self._window, why=why)
        dialog.accepted.connect(partial(self._go_on, offered))
        dialog.rejected.connect(offered.kept.close)
        dialog.rejected.connect(self.ended)
        self._open(dialog)

    def _go_on(self, offered: _Offered) -> None:
        log = self._session.log

        def work(bus: Bus, report: Progress) -> tuple[_Offered, str]:
            try:
                unmade = backed_up(log, BEFORE_IMPORT, report)
                outcome = offered.ready.take(bus, log, previewed=offered.outcome, progress=report)
                answer = replace(offered, outcome=outcome, previewed=_previewed(outcome, report))
            except BaseException:
                offered.kept.close()
                raise
            if outcome.written:
                offered.kept.close()
            return answer, unmade

        start, failed = partial(self._session.writer.on_bus, work), self._messages.failing()
        self._progress.follow(f"Importing {offered.name}", start, self._imported, failed)

    def _imported(self, outcome: tuple[_Offered, str]) -> None:
        offered, unmade = outcome
        if offered.outcome.written:
            self.ended.emit()
            self._messages.show_notice(f"{offered.previewed.summary} {unmade}".rstrip())
        else:
            # It was decided on the state of now; what that comes to is there already.
            again = len(offered.outcome.decided_again)
            lines = "1 line comes" if again == 1 else f"{again:,} lines come"
            self._offer(f"{_CHANGED}: {lines} out otherwise.", offered)

    def _exported(self, target: Path, _nothing: None) -> None:
        self._messages.show_notice(f"Exported to {target}.", about=EXPORTING)


def _titled(file_format: ExportFormat) -> str:
    """Return what the window calls that which is written in a format."""
    match file_format:
        case UsersFormat():
            return f"Users shown, as {file_format.label}"
        case LogFormat():
            return f"Whole event log, as {file_format.label}"
        case _:
            assert_never(file_format)


def _previewed(outcome: ImportOutcome, progress: Progress) -> Previewed:
    """Return what is shown of an outcome; it may be of a million rows, so that this is done in the job."""
    return Previewed(
        summary(outcome, would=not outcome.written),
        tuple(recognised(outcome)),
        tuple(islice(not_wholly_taken(outcome, progress), _MOST_LISTED)),
        left_out(outcome),
        nobody=not (outcome.events or outcome.counts["unchanged"]),
    )
