"""Importing again what was imported last into a directory: the same file as it is now, by the same rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from whowas.desktop.chrome.actions import describe
from whowas.desktop.chrome.standing import IMPORTING
from whowas.desktop.exchange.commands import IMPORTABLE, ImportExport
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.interchange.importing.remembered import LastImport

NEVER = "Nothing was imported into this directory yet"


class ImportAgain(PageFeature):
    """Proposes the file of the last import, and opens the assistant with it as the person left it then."""

    def __init__(self, context: PageContext, files: ImportExport) -> None:
        super().__init__(context)
        self._files = files
        self._last: LastImport | None = None
        self._on(context.actions.import_again.triggered, self.ask)
        self._page.changed.connect(self.refresh)
        files.ended.connect(self._recall_if_changed)
        self._changes = 0
        self.refresh()
        self._recall()

    def refresh(self) -> None:
        """Bring the action to what is shown and remembered."""
        action, last = self._actions.import_again, self._last
        action.setEnabled(last is not None and self._page.view.may_change)
        describe(action, NEVER if last is None else f"Take in {_called(last)} as it is now, by the rules of last time")

    def ask(self) -> None:
        """Let the person choose the file, the last one unless they want another, and open the assistant."""
        from whowas.desktop.exchange.assistant.plan import ImportPlan

        last = self._last
        if last is None:
            return
        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Import again", last.paths[0], IMPORTABLE)
        plan = ImportPlan(last.how, last.chosen, replace(last.rules, skip_refused=True))
        if chosen:
            self._files.open_files([Path(name) for name in chosen], plan=plan)

    def _recall_if_changed(self) -> None:
        if self._session.shown.changes_recorded != self._changes:
            self._recall()

    def _recall(self) -> None:
        """Find out in a job what was imported last."""
        self._changes = self._session.shown.changes_recorded
        directory = str(self._session.path)

        def work(_progress: Progress) -> LastImport | None:
            from whowas.interchange.importing.remembered import last_import

            last = last_import(directory)
            return last if last is not None and last.paths else None

        self._session.queries.run(work, done=self._show, failed=self._messages.failing(IMPORTING))

    def _show(self, last: LastImport | None) -> None:
        if self._session.is_open:
            self._last = last
            self.refresh()


def _called(last: LastImport) -> str:
    first = f"“{shortened(Path(last.paths[0]).name)}”"
    return first if len(last.paths) == 1 else f"{first} and {len(last.paths) - 1:,} more"
