"""Importing and exporting from the window: choose a file, see what it would do, do it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.standing import EXPORTING, IMPORTING
from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.exchange.import_preview import ImportPreviewDialog, RefusedLine
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.lens import WhatIf
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, watched
from whowas.interchange import csv_format, log_export
from whowas.interchange.importing import guessed_format, import_file
from whowas.interchange.report import ImportReport
from whowas.interchange.writing import write_lines
from whowas.store.file.identity import held, kept_beside

IMPORTABLE = "Lists and change logs (*.csv *.jsonl *.json *.txt);;All files (*)"
_LOG = ".jsonl"
_ENDINGS = {"Users shown, as CSV (*.csv)": ".csv", "Whole event log, as JSON lines (*.jsonl)": _LOG}
_CHANGED = "The directory was changed meanwhile, and nothing was imported. This is what it would do now."


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was read, once: what was looked at is what is taken, whatever becomes of the file."""

    name: str
    content: bytes


class ImportExport(QObject):
    """Runs imports and exports of one session as jobs, with progress and cancel."""

    def __init__(self, window: QWidget, session: Session, view: DirectoryView, messages: StandingShown) -> None:
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
        if any(held.holds(file) for file in (source, *kept_beside(source))):
            # Reading it would cost its locks, see HeldFiles.
            self._messages.show_error(
                f"“{source.name}” is this directory: there is nothing to import from it.", about=IMPORTING
            )
            return

        def work(bus: Bus, report: Progress) -> tuple[_Read, ImportReport]:
            try:
                read = _Read(source.name, source.read_bytes())
            except OSError as error:
                raise StoreError(f"“{source.name}” cannot be read: {error.strerror or error}.") from error
            return read, _taken(bus, read, None, report)

        start, failed = partial(self._session.writer.on_bus, work, writing=False), self._messages.failing(IMPORTING)
        self._progress.follow(f"Reading {source.name}", start, partial(self._offer, ""), failed)

    def ask_export(self) -> None:
        """Let the person choose where to, then write the users shown or the whole log."""
        imagined = isinstance(self._session.shown.lens, WhatIf)
        name = f"{self._session.path.stem}{' (imagined)' if imagined else ''}.csv"
        target = ask_where_to_save(self._window, "Export", name, _ENDINGS)
        if target is not None:
            self.export(target)

    def export(self, target: Path) -> None:
        """Write what the ending of ``target`` says to it: the whole log as JSON lines, otherwise the users shown."""
        whole_log = target.suffix.lower() == _LOG
        numbers = self._view.numbers().tolist()
        directory = self._view.index.directory_to_export(self._view.moment)
        session, users = self._session, self._session.queries.users(numbers)

        def work(progress: Progress) -> None:
            if whole_log:
                lines, total = log_export.write(session.log), session.log.head().position
            else:
                lines, total = csv_format.write(users, directory), len(numbers)
            write_lines(target, watched(lines, total, progress), session.path)

        exported, failed = partial(self._exported, target), self._messages.failing(EXPORTING)
        self._progress.follow("Exporting", partial(session.queries.run, work), exported, failed)

    def _offer(self, why: str, found: tuple[_Read, ImportReport]) -> None:
        read, report = found
        if not report.readable:
            self._messages.show_error(f"{read.name} was not imported. {report.refusals[-1]}", about=IMPORTING)
            return
        refused = [RefusedLine(refusal.line, refusal.field, refusal.reason) for refusal in report.refusals]
        dialog = ImportPreviewDialog(read.name, report.summary(would=True), refused, self._window, why=why)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._go_on, read, report))
        dialog.open()

    def _go_on(self, read: _Read, previewed: ImportReport) -> None:
        def work(bus: Bus, report: Progress) -> ImportReport:
            return _taken(bus, read, previewed, report)

        start, failed = partial(self._session.writer.on_bus, work), self._messages.failing()
        self._progress.follow(f"Importing {read.name}", start, partial(self._imported, read), failed)

    def _imported(self, read: _Read, report: ImportReport) -> None:
        if report.written:
            self._messages.show_notice(report.summary())
        else:
            # It was decided on the state of now; what that comes to is there already.
            self._offer(_CHANGED, (read, report))

    def _exported(self, target: Path, _nothing: None) -> None:
        self._messages.show_notice(f"Exported to {target}.", about=EXPORTING)


def _taken(bus: Bus, read: _Read, previewed: ImportReport | None, progress: Progress) -> ImportReport:
    """Take in what was previewed; see what that would do where nothing was."""
    return import_file(
        bus,
        read.content,
        read.name,
        file_format=guessed_format(read.content, read.name),
        dry_run=previewed is None,
        skip_refused=True,
        previewed=previewed,
        progress=progress,
    )
