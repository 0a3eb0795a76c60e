"""Exporting from the window: the users shown, or the whole log, as the ending of the file says."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import assert_never

from whowas.desktop.chrome.standing import EXPORTING
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.lens import WhatIf
from whowas.domain.progress import Progress, watched
from whowas.interchange.file_format import ExportFormat, LogFormat, UsersFormat
from whowas.interchange.formats import EXPORTS, export_format_of
from whowas.interchange.writing import write_lines


class ExportCommands(PageFeature):
    """Runs exports of one session as jobs, with progress and cancel."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view = context.page.view
        self._on(context.actions.export.triggered, self.ask_export)

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
        numbers = self._view.rows().all_numbers().tolist()
        directory = self._view.index.directory_to_export(self._view.moment)
        session, users = self._session, self._session.queries.users(numbers)

        def work(progress: Progress) -> None:
            match file_format:
                case UsersFormat():
                    lines, total = file_format.write(users(), directory), len(numbers)
                case LogFormat():
                    lines, total = file_format.write(session.log, None), session.log.head().position
                case _:
                    assert_never(file_format)
            write_lines(target, watched(lines, total, progress), session.path)

        exported, failed = partial(self._exported, target), self._messages.failing(EXPORTING)
        self._progress.follow("Exporting", partial(session.queries.run, work), exported, failed)

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
