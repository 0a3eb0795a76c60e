"""Importing and exporting from the window: choose a file, see what it would do, do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from whowas.bus import Bus
from whowas.desktop.banner import MessageBar
from whowas.desktop.dialogs.import_preview import ImportPreviewDialog, RefusedLine
from whowas.desktop.directory_view import DirectoryView
from whowas.desktop.session import Session
from whowas.desktop.shown_progress import ShownProgress
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, watched
from whowas.interchange import csv_format, log_export
from whowas.interchange.importing import guessed_format, import_file
from whowas.interchange.report import ImportReport
from whowas.interchange.writing import write_lines
from whowas.store.file_identity import held

IMPORTABLE = "Lists and change logs (*.csv *.jsonl *.json *.txt);;All files (*)"
CSV_FILES, LOG_FILES = "Users shown, as CSV (*.csv)", "Whole event log, as JSON lines (*.jsonl)"


class ImportExport(QObject):
    """Runs imports and exports of one session as jobs, with progress and cancel."""

    def __init__(self, window: QWidget, session: Session, view: DirectoryView, messages: MessageBar) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._view = view
        self._messages = messages
        self._progress = ShownProgress(window, session)

    def ask_import(self) -> None:
        """Let the person choose a file, then show what importing it would do."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Import", "", IMPORTABLE)
        if chosen:
            self.preview(Path(chosen))

    def preview(self, source: Path) -> None:
        """Show what importing ``source`` would do."""
        if held.holds(source):
            # Reading it would cost its locks, see HeldFiles.
            self._messages.show_error(f"“{source.name}” is this directory: there is nothing to import from it.")
            return
        self._run(source, "Reading", dry_run=True, done=partial(self._offer, source))

    def ask_export(self) -> None:
        """Let the person choose where to, then write the users shown or the whole log."""
        name = f"{self._session.path.stem}{' (imagined)' if self._session.imagining else ''}.csv"
        kinds = f"{CSV_FILES};;{LOG_FILES}"
        chosen, kind = QFileDialog.getSaveFileName(self._window, "Export", name, kinds)
        if chosen:
            self.export(Path(chosen), whole_log=kind == LOG_FILES)

    def export(self, target: Path, *, whole_log: bool) -> None:
        """Write the users shown now, or the whole log, to ``target``."""
        numbers = self._view.numbers().tolist()
        # All custom fields of today: a backdated one holds values before it was defined.
        directory = replace(self._view.directory, fields=self._view.index.latest_directory().fields)
        session, users = self._session, self._session.users(numbers)

        def work(progress: Progress) -> None:
            if whole_log:
                lines, total = log_export.write(session.log), session.log.head().position
            else:
                lines, total = csv_format.write(users, directory), len(numbers)
            write_lines(target, watched(lines, total, progress), session.path)

        exported, failed = partial(self._exported, target), self._messages.show_failure
        self._progress.follow("Exporting", partial(session.run, work), exported, failed)

    def _run(self, source: Path, title: str, *, dry_run: bool, done: Callable[[ImportReport], None]) -> None:
        def work(bus: Bus, report: Progress) -> ImportReport:
            try:
                content = source.read_bytes()
            except OSError as error:
                raise StoreError(f"“{source.name}” cannot be read: {error.strerror}.") from error
            return import_file(
                bus,
                content,
                source.name,
                file_format=guessed_format(content, source.name),
                dry_run=dry_run,
                skip_refused=True,
                progress=report,
            )

        failed = self._messages.show_failure
        self._progress.follow(f"{title} {source.name}", partial(self._session.on_bus, work), done, failed)

    def _offer(self, source: Path, report: ImportReport) -> None:
        if not report.readable:
            self._messages.show_error(f"{source.name} was not imported. {report.refusals[-1]}")
            return
        refused = [RefusedLine(refusal.line, refusal.field, refusal.reason) for refusal in report.refusals]
        dialog = ImportPreviewDialog(source.name, report.summary(would=True), refused, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._go_on, source))
        dialog.open()

    def _go_on(self, source: Path) -> None:
        self._run(source, "Importing", dry_run=False, done=self._imported)

    def _imported(self, report: ImportReport) -> None:
        self._messages.show_notice(report.summary())

    def _exported(self, target: Path, _nothing: None) -> None:
        self._messages.show_notice(f"Exported to {target}.")
