"""The list of drafts: it leads to whoever a draft is for, and discards drafts of those who are not shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from whowas.desktop.details.draft import is_new
from whowas.desktop.details.selection_draft import is_for_several
from whowas.desktop.kit.dialogs.lines_table import Fetched
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.view import EVERYONE
from whowas.desktop.users.draft_words import DraftLine, line_for_several, line_of
from whowas.domain.fields import counted

if TYPE_CHECKING:
    from whowas.desktop.users.drafts_dialog import DraftsDialog

_UNREADABLE = "Somebody who cannot be read now"
_GONE = DraftLine("", "")
_LOST = "Somebody was erased, and with that a draft for"


class DraftCommands(PageFeature):
    """Connects the action that lists the drafts to one page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._dialog: DraftsDialog | None = None
        self._on(context.actions.drafts.triggered, self._list_drafts)
        self._page.details.draft_keeper.changed.connect(self._refresh)
        self._page.several.drafts.changed.connect(self._refresh)
        self._page.several.drafts.lost.connect(self._tell_lost)
        self._refresh()
        self._tell_lost()

    def show_draft(self, key: str) -> None:
        """Show whoever a draft is for, by its key, as of now and with the draft, also where no row shows them."""
        page = self._page
        if page.view.is_past:
            page.return_to_now()
        if is_for_several(key):
            self._show_several(key)
            return
        if is_new(key) or not page.selection.select(key):
            page.select_nobody()
        page.details.show_draft(key)

    def _show_several(self, key: str) -> None:
        page = self._page
        if (users := page.several.drafts.users(key)) is None:
            return
        page.panel.show_details()  # or somebody who looks at the changes of all would stay there
        if not page.select_users(users):
            page.clearSearchRequested.emit()
            for section in (EVERYONE, "deleted"):
                page.sidebar.select(section)
                page.view.show_section(section)
                page.select_users(users)
                if page.selection.count or page.selection.scattered:
                    break
        page.several.presenter.focus_edited()

    def _list_drafts(self) -> None:
        from whowas.desktop.users.drafts_dialog import DraftsDialog  # a start does not wait for what few look at

        self._page.keep_draft()
        dialog = self._dialog = DraftsDialog(self._window)
        dialog.chosen.connect(self.show_draft)
        dialog.discarded.connect(self._discard)
        dialog.finished.connect(self._forget_dialog)
        self._fill(dialog)
        self._open(dialog)

    def _discard(self, key: str) -> None:
        if is_for_several(key):
            self._page.several.discard_draft(key)
        else:
            self._page.details.discard_draft(key)

    def _tell_lost(self) -> None:
        """Say that drafts are gone, also those that went while the directory was opened."""
        for count in self._page.several.drafts.take_gone():
            self._messages.show_notice(f"{_LOST} {counted(count, 'user')} is gone: who they are is not known any more.")

    def _refresh(self) -> None:
        count = self._page.details.draft_keeper.count + len(self._page.several.drafts.keys)
        self._actions.drafts.setEnabled(count > 0)
        if self._dialog is not None:
            self._fill(self._dialog)

    def _fill(self, dialog: DraftsDialog) -> None:
        keys = [*self._page.drafts.keys, *self._page.several.drafts.keys]
        lines = Fetched(len(keys), lambda first, beyond: self._lines(keys[first:beyond]), _GONE)
        dialog.show_drafts(keys, lines)

    def _lines(self, keys: Sequence[str]) -> list[DraftLine]:
        return [self._line(key) for key in keys]

    def _line(self, key: str) -> DraftLine:
        kept, directory = self._page.drafts.get(key), self._page.view.index.latest_directory()
        custom = {**directory.deleted_fields, **directory.fields}
        if is_for_several(key):
            drafts = self._page.several.drafts
            return line_for_several(drafts.get(key), drafts.count(key), custom)
        if kept is None:
            return _GONE
        name = None if is_new(key) else self._name(key)
        return line_of(kept.draft, name, custom)

    def _name(self, user_id: str) -> str:
        row = self._session.reads.user_row(user_id, self._session.shown.index.now)
        return _UNREADABLE if row is None else row.user.name

    def _forget_dialog(self) -> None:
        self._dialog = None
