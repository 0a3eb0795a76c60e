"""Showing what an import did, from wherever it is asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.chrome.standing import LOOKING
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.lens import WhatIf
from whowas.domain.causation import ImportOf, change_name
from whowas.domain.progress import Progress, part_of

if TYPE_CHECKING:
    from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
    from whowas.interchange.importing.made_import import MadeImport


class MadeImports(PageFeature):
    """Reads an import as a job, shows it, and leads from there to undoing it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        context.page.importRequested.connect(self.show_import)

    def show_import(self, change_id: str) -> None:
        """Show what the import of that change did."""
        queries = self._session.queries

        def work(progress: Progress) -> tuple[MadeImport, PreviewRows]:
            from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows

            made = queries.made_import(change_id, part_of(progress, 0, 2))
            return made, PreviewRows.of_rows(made.rows, part_of(progress, 1, 2))

        failed = self._messages.failing(LOOKING)
        self._progress.follow("Reading the import", partial(queries.run, work), self._show, failed)

    def _show(self, found: tuple[MadeImport, PreviewRows]) -> None:
        from whowas.desktop.exchange.imported.dialog import MadeImportDialog

        made, rows = found
        imagined = isinstance(self._session.shown.lens, WhatIf)
        dialog = MadeImportDialog(made, rows, self._window, may_undo=not (imagined or self._session.not_now))
        dialog.undoWanted.connect(partial(self._undo, made))
        self._open(dialog)

    def _undo(self, made: MadeImport, user_ids: list[str] | None) -> None:
        if user_ids is None:
            self._page.undoRequested.emit(made.change_id, change_name(ImportOf(made.source)))
        else:
            self._page.undoForUsersRequested.emit(made.change_id, user_ids)
