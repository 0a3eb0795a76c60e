"""The list of drafts: it leads to whoever a draft is for, and discards drafts of those who are not shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from whowas.desktop.details.draft import is_new
from whowas.desktop.kit.dialogs.lines_table import Fetched
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.users.draft_words import DraftLine, line_of

if TYPE_CHECKING:
    from whowas.desktop.users.drafts_dialog import DraftsDialog

_UNREADABLE = "Somebody who cannot be read now"
_GONE = DraftLine("", "")


class DraftCommands(PageFeature):
    """Connects the action that lists the drafts to one page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._dialog: DraftsDialog | None = None
        self._on(context.actions.drafts.triggered, self._list_drafts)
        self._page.details.draft_keeper.changed.connect(self._refresh)
        self._refresh()

    def show_draft(self, key: str) -> None:
        """Show whoever a draft is for, by its key, as of now and with the draft, also where no row shows them."""
        page = self._page
        if page.view.is_past:
            page.return_to_now()
        if is_new(key) or not page.selection.select(key):
            page.select_nobody()
        page.details.show_draft(key)

    def _list_drafts(self) -> None:
        from whowas.desktop.users.drafts_dialog import DraftsDialog  # a start does not wait for what few look at

        self._page.keep_draft()
        dialog = self._dialog = DraftsDialog(self._window)
        dialog.chosen.connect(self.show_draft)
        dialog.discarded.connect(self._page.details.discard_draft)
        dialog.finished.connect(self._forget_dialog)
        self._fill(dialog)
        self._open(dialog)

    def _refresh(self) -> None:
        self._actions.drafts.setEnabled(self._page.details.draft_keeper.count > 0)
        if self._dialog is not None:
            self._fill(self._dialog)

    def _fill(self, dialog: DraftsDialog) -> None:
        keys = list(self._page.drafts.keys)
        lines = Fetched(len(keys), lambda first, beyond: self._lines(keys[first:beyond]), _GONE)
        dialog.show_drafts(keys, lines)

    def _lines(self, keys: Sequence[str]) -> list[DraftLine]:
        return [self._line(key) for key in keys]

    def _line(self, key: str) -> DraftLine:
        kept, directory = self._page.drafts.get(key), self._page.view.index.latest_directory()
        if kept is None:
            return _GONE
        name = None if is_new(key) else self._name(key)
        return line_of(kept.draft, name, {**directory.deleted_fields, **directory.fields})

    def _name(self, user_id: str) -> str:
        row = self._session.reads.user_row(user_id, self._session.shown.index.now)
        return _UNREADABLE if row is None else row.user.name

    def _forget_dialog(self) -> None:
        self._dialog = None
