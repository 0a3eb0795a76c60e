"""Makes everything that can be done with an open page, and keeps actions and status line up with it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtWidgets import QMenu

from whowas.desktop.bulk.commands import BulkCommands
from whowas.desktop.chrome.standing import Shown
from whowas.desktop.comparing.commands import CompareCommands
from whowas.desktop.exchange.commands import ImportExport
from whowas.desktop.exchange.dropped_files import DroppedFiles
from whowas.desktop.exchange.import_again import ImportAgain
from whowas.desktop.exchange.imported.commands import MadeImports
from whowas.desktop.exchange.pasted_rows import PastedRows
from whowas.desktop.fields.commands import FieldCommands
from whowas.desktop.groups.menu import GroupMenu
from whowas.desktop.keeping.seen_strip import SeenHistoryStrip
from whowas.desktop.keeping.verify_commands import VerifyCommands
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.page.new_day import NewDay
from whowas.desktop.page.sorting_progress import SortingProgress
from whowas.desktop.putting_back.commands import PutBackCommands
from whowas.desktop.putting_back.undo_redo import UndoCommands
from whowas.desktop.session.lens import AsKnown, Now, WhatIf
from whowas.desktop.time_travel.as_known_switch import ClockSwitch
from whowas.desktop.time_travel.change_filter_menu import TimelineFilter
from whowas.desktop.time_travel.commands import TimeCommands
from whowas.desktop.time_travel.field_history import FieldHistory
from whowas.desktop.users.commands import UserCommands
from whowas.desktop.users.copy_rows import CopyRows
from whowas.desktop.users.draft_commands import DraftCommands
from whowas.desktop.users.drag_rows import DragRows
from whowas.desktop.users.edit_in_form import EditInForm
from whowas.desktop.users.selection_commands import SelectionCommands
from whowas.desktop.what_if.commands import WhatIfCommands


class PageCommands(PageFeature):
    """Makes everything that can be done with a page, and says how it stands with its directory."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.files = ImportExport(context)
        ImportAgain(context, self.files)
        MadeImports(context)
        PastedRows(context, self.files, DroppedFiles(context, self.files))
        SortingProgress(context)
        CompareCommands(context)
        UserCommands(context)
        self._copying = CopyRows(context)
        DragRows(context, self._copying)
        EditInForm(context)
        SelectionCommands(context)
        BulkCommands(context)
        DraftCommands(context)
        GroupMenu(context)
        FieldCommands(context)
        self._put_back = PutBackCommands(context)
        UndoCommands(context)
        self._what_if = WhatIfCommands(context)
        ClockSwitch(context)
        TimeCommands(context)
        self._field_history = FieldHistory(context)
        self._filter = TimelineFilter(context)
        page = context.page
        page.changed.connect(self.refresh)
        # Of the keeper, which tells of every change once, also of those that follow from what is shown.
        page.details.draft_keeper.changed.connect(self._show_drafts)
        page.several.drafts.changed.connect(self._show_drafts)
        page.several.draftChanged.connect(self._show_drafts)
        page.table.contextRequested.connect(self._user_menu)
        NewDay(self).began.connect(self._show_new_day)
        self.refresh()
        self._show_drafts()
        SeenHistoryStrip(context)
        self.verifying = VerifyCommands(context)

    def refresh(self) -> None:
        """Bring actions and status line to what the page shows."""
        view, a = self._page.view, self._actions
        for action in (a.export, a.close, a.find, a.verify):
            action.setEnabled(True)
        a.import_.setEnabled(view.may_change)
        users, recorded = view.counts().everyone, self._session.shown.changes_recorded
        self._messages.count(users, view.index.now, recorded, self._shown())

    def _shown(self) -> Shown:
        match self._session.shown.lens:
            case WhatIf():
                return "imagined"
            case AsKnown():
                return "known"
            case Now():
                return "past" if self._page.view.is_past else "now"

    def _show_new_day(self) -> None:
        self._page.show_view()
        self._page.update()

    def _show_drafts(self) -> None:
        keeper, several = self._page.details.draft_keeper, self._page.several
        count, refused = keeper.count + len(several.drafts.keys), keeper.refused or several.refused
        self._messages.set_drafts(count, refused=refused, unkept=keeper.unkept)

    def _user_menu(self, cell: QModelIndex, place: QPoint) -> None:
        a = self._actions
        menu = QMenu(self._window)
        menu.addActions([*a.in_bulk()])
        menu.addSeparator()
        menu.addActions([a.set_password, a.suspend, a.reactivate, a.delete, a.restore, a.erase])
        self._copying.add_to(menu, cell)
        self._field_history.add_to(menu, cell)
        menu.addSeparator()
        self._filter.add_to(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
