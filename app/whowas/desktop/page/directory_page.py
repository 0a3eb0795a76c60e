"""The page of an open directory: sections, table, details and timeline, all showing one moment."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QItemSelection, QPoint, Signal
from PySide6.QtWidgets import QToolTip, QWidget

from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.page.answers import Answers
from whowas.desktop.page.arrangement import arrange, split
from whowas.desktop.page.empty_words import empty_words
from whowas.desktop.page.forget_erased import forget_erased
from whowas.desktop.page.moment_words import MomentShown
from whowas.desktop.page.nobody_selected import NobodyShown
from whowas.desktop.page.past_banner import PastBanner
from whowas.desktop.page.right_side import RightSide
from whowas.desktop.page.selected_users import RememberedUsers
from whowas.desktop.page.selection import Selection
from whowas.desktop.page.several_drafts import SeveralDrafts
from whowas.desktop.page.several_users import SeveralUsers
from whowas.desktop.page.what_if_banner import WhatIfBanner
from whowas.desktop.sections import entries
from whowas.desktop.sections.sidebar import Sidebar
from whowas.desktop.session.change_selection import EVERYTHING, CountedChanges
from whowas.desktop.session.lens import WhatIf
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import EVERYONE, DirectoryView
from whowas.desktop.table.columns import Column, attribute_column, standard_columns
from whowas.desktop.table.flashes import Flashes
from whowas.desktop.table.model import UsersModel
from whowas.desktop.table.view import UsersTable
from whowas.desktop.timeline.panel import TimelinePanel
from whowas.domain.directory import Directory

if TYPE_CHECKING:
    from whowas.desktop.changes.presenter import ChangesPresenter
    from whowas.desktop.details.panel import DetailsPanel
    from whowas.desktop.details.presenter import DetailsPresenter

_CHANGES = "Changes"


class DirectoryPage(QWidget):
    """Joins the views of one session; what needs a dialog or a menu is the window's.

    ``changed`` is emitted once after something else is shown, when every widget here shows it. ``selectionChanged`` and
    ``draftChanged`` are emitted for what a person selects or types, and not where that follows from what is shown.
    ``closing`` is emitted before the page goes: whoever uses something that outlives it has to let go of that.
    """

    changed = Signal()
    closing = Signal()
    selectionChanged = Signal()
    draftChanged = Signal()
    groupMenuRequested = Signal(str, QPoint)
    goToDateRequested = Signal()
    clearSearchRequested = Signal()
    nameMomentRequested = Signal()
    undoRequested = Signal(str, str)
    undoForUsersRequested = Signal(str, list)
    importRequested = Signal(str)
    whatIfRequested = Signal(list, str)

    def __init__(self, session: Session, drafts: DraftStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.view = DirectoryView(session)
        self.model = UsersModel(session.reads.rows, self._columns(), self)
        self.table = UsersTable(self)
        self.selection = Selection(session, self.view, self.table, self.model, self)
        several = SeveralDrafts(session, drafts, self)
        self.several = SeveralUsers(session, self.view, self.selection, several, self)
        self.sidebar = Sidebar(self)
        self.banner = PastBanner(self)
        self.what_if_banner = WhatIfBanner(self)
        self.timeline = TimelinePanel(self)
        self.answers = Answers(self, session, lower=self.timeline, beside=self.table)
        self._drafts = drafts
        self._details: DetailsPresenter | None = None
        self._right: RightSide | None = None
        self._changes_shown: ChangesPresenter | None = None
        self._rows_of = session.shown.index.epoch, session.shown.lens_epoch
        self.flashes = Flashes(self.table, self.model, self._is_new)
        self._shown, self._shown_now = self.view.moment, not self.view.is_past
        self._showing = False
        self._moment_shown = MomentShown(session, self.view, self.timeline, self.banner, self)
        self._lay_out()
        self._connect()
        # After the page itself, so that the timeline has grown by the time it is told which changes count.
        self.counted = CountedChanges(session, self.view)
        self.counted.found.connect(self._show_stops)
        # Last, so that one signal comes after all of it.
        self.view.changed.connect(self._emit_changed)
        self.closing.connect(self._stop_showing)
        forget_erased(self._session, self._drafts, self._details, self.several.drafts)
        self.show_view()

    @property
    def details(self) -> DetailsPresenter:
        """What the right side shows; its form is built on first use, after the window has appeared."""
        if self._details is None:
            from whowas.desktop.details.panel import DetailsPanel
            from whowas.desktop.details.presenter import DetailsPresenter

            panel = DetailsPanel()
            self._right = RightSide(panel)
            sizes = self.splitter.sizes()
            nobody = self.splitter.replaceWidget(1, self._right)
            if nobody is not None:
                nobody.deleteLater()
            self.splitter.setSizes(sizes)
            self._details = DetailsPresenter(panel, self._session, self.view, self._drafts)
            self._details.created.connect(self._show_created)
            self._details.draft_keeper.changed.connect(self._take_draft)
            self._details.everyoneWanted.connect(partial(self.sidebar.select, EVERYONE))
            self._details.clearSearchWanted.connect(self.clearSearchRequested)
            panel.history.stepActivated.connect(self.view.show_moment)
            panel.history.undoWanted.connect(self._undo_step)
            panel.history.allow_undoing(not self._session.not_now)
            panel.add_tab(_CHANGES, self._changes)
            panel.tabChosen.connect(self._show_right)
        return self._details

    @property
    def drafts(self) -> DraftStore:
        """The drafts made in this directory, but for what the form of one user holds just now."""
        return self._drafts

    @property
    def panel(self) -> DetailsPanel:
        """The widget on the right side."""
        return self.details.panel

    def keep_draft(self) -> None:
        """Write what was typed and not saved, for one user or several, to disk."""
        if self._details is not None:
            self._details.draft_keeper.keep()
        self.several.drafts.keep()

    @property
    def unkept(self) -> str:
        """Why there are drafts that are not on disk, "" where there are none."""
        return self._drafts.unkept if len(self._drafts) else ""

    def show_changes(self) -> None:
        """Bring the changes of the directory to the front, on the right side."""
        self.panel.show_tab(_CHANGES)

    def show_import(self, change_id: str) -> None:
        """Bring the changes of the directory to the front, at the last step of an import."""
        self.show_changes()
        if self._changes_shown is not None:
            self._changes_shown.show_import(change_id)

    def start_new_user(self) -> None:
        """Show the form of a user to be created."""
        self.select_nobody()
        self.details.start_new()

    def select_nobody(self) -> None:
        """Let go of everybody who is selected, also of those whom no row shows: the right side is for one user then."""
        self.table.clearSelection()
        self.selection.remember()
        self._show_right()

    def select_users(self, users: RememberedUsers) -> bool:
        """Select several users, whoever is; say whether the table shows all of them."""
        are_shown = self.selection.take(users)
        self.details.show_user(None)
        self._show_right()
        self.selectionChanged.emit()
        return are_shown

    def return_to_now(self) -> None:
        """Show the last moment, all that is known of it, and follow it."""
        self._session.shown.show_now()
        self.view.show_moment(self.view.index.now)

    def show_view(self) -> None:
        """Bring every widget to what the view says."""
        try:
            self._show_view()
        except BaseException:
            self._showing = False  # or nobody would hear of a selection or a draft until something else changes
            raise
        self._emit_changed()

    def show_as_opened(self) -> None:
        """Show in table and timeline what opening shows: everyone, now, with no search and all of the history in view.

        For a page that is closing: nobody is told, and the right side, with what is typed there, stays as it is.
        """
        view, slider = self.view, self.timeline.slider
        for told in (self, view, self.table.selectionModel()):
            told.blockSignals(True)
        if view.pinned is not None:
            view.compare_with(None)
        if view.is_past:
            self.return_to_now()
        if view.search_text:
            view.search("")
        view.show_section(EVERYONE)
        view.settle()
        self.model.forget()
        self.model.set_columns(self._columns())
        self._show_rows(view.directory)
        self.timeline.set_stops(None)
        if slider.by_change != self.timeline.begins_by_change:
            slider.set_by_change(self.timeline.begins_by_change)
        slider.show_all()
        self._moment_shown.show()

    def _stop_showing(self) -> None:
        """Follow the view no more: as the session closes it goes back to today, for nobody to see."""
        self.view.blockSignals(True)
        self.several.drafts.stop()

    def _emit_changed(self) -> None:
        self._showing = False
        self.changed.emit()

    def _show_view(self) -> None:
        self._showing = True
        view = self.view
        rows_of = view.index.epoch, self._session.shown.lens_epoch
        if rows_of != self._rows_of:
            self._shown, self._shown_now = view.moment, False  # no step leads from one read side to another
            self._rows_of = rows_of
            self.model.forget()
            forget_erased(self._session, self._drafts, self._details, self.several.drafts)
        selected = self._details.user_id if self._details is not None else None
        directory = view.directory
        self.table.set_group_colours(directory.looks.by_name(directory.groups))
        self.model.set_columns(self._columns())
        with self.flashes.watching(self._stepped_from()):
            replaced = self._show_rows(directory)
            if self.selection.remembered:
                if replaced or self.selection.count != self.selection.remembered:
                    self.selection.put_back()
            elif replaced:
                self.selection.clear_silently()
        self._shown, self._shown_now = view.moment, not view.is_past
        if self.table.viewport().underMouse():
            QToolTip.hideText()  # another row may be there by now
        self.sidebar.set_entries(*entries.entries(view.counts(), directory))
        self._moment_shown.show()
        self._mark_drafted()
        self.table.set_empty_text(*empty_words(view, self._session.shown.lens))
        if selected is not None and [user.id for user in self.selection.users(2)] != [selected]:
            self.selection.select_silently(selected)
        if self._details is not None:
            self._details.panel.history.allow_undoing(not self._session.not_now)
            self._details.refresh()
        self._show_right()

    def _show_right(self) -> None:
        """Show one user, or what several share; whoever looks at the changes of all stays there."""
        if self._right is not None:
            self.several.show_on(self._right, elsewhere=self.panel.shows_tab(_CHANGES))

    def _stepped_from(self) -> int | None:
        """Return the moment shown before, where it was one step from the one to be shown, or while playing."""
        before, moment, timeline = self._shown, self.view.moment, self.timeline
        if self._session.live is not None and self._shown_now and not self.view.is_past:
            return before if before != moment else None  # others may have changed several things
        near = timeline.slider.stop_before(moment), timeline.slider.stop_after(moment)
        return before if before != moment and (timeline.playback.playing or before in near) else None

    def _is_new(self, number: int, moment: int) -> bool:
        return self.view.index.is_new(number, moment)

    def _show_rows(self, directory: Directory) -> bool:
        comparison, pinned = self.view.compared(), self.view.pinned
        if comparison is None or pinned is None:
            return self.model.show(self.view.rows(), directory)
        return self.model.compare(comparison, directory, shown_is_earlier=self.view.moment <= pinned)

    def _lay_out(self) -> None:
        self.table.setModel(self.model)
        self.splitter = split(self.table, NobodyShown())
        arrange(self, (self.what_if_banner, self.banner), self.sidebar, self.splitter, self.timeline)

    def _connect(self) -> None:
        self.view.changed.connect(self._show_view)
        self.sidebar.selected.connect(self.view.show_section)
        self.sidebar.contextRequested.connect(self.groupMenuRequested)
        self.table.sortRequested.connect(self.view.sort_by)
        self.table.selectionModel().selectionChanged.connect(self._take_selection)
        self.timeline.slider.valueChanged.connect(self._show_value)
        self.timeline.slider.sliderReleased.connect(self.view.show_at_once)
        self.timeline.goToDate.connect(self.goToDateRequested)
        self.timeline.nameMoment.connect(self.nameMomentRequested)
        self.banner.returnToNow.connect(self.return_to_now)

    def _show_value(self, value: int) -> None:
        if self.timeline.slider.hasty:
            self.view.show_moment_soon(value)
        else:
            self.view.show_moment(value)

    def _take_selection(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        if self._showing:
            return  # rows came and went; whoever was selected before is selected again
        self.selection.remember()
        users = self.selection.users(2)
        if users and (len(users) > 1 or self.selection.remembered):
            self.details.show_user(None)
        elif users:
            self.details.show_user(users[0].id)
        self._show_right()
        self.selectionChanged.emit()

    def _mark_drafted(self) -> None:
        """Mark whoever has a draft, at now only: in the past nobody can be edited."""
        keeper = None if self._details is None else self._details.draft_keeper
        drafted = self._drafts.keys if keeper is None else keeper.drafted
        self.model.set_drafted(frozenset() if self.view.is_past else frozenset(drafted))

    def _take_draft(self) -> None:
        self._mark_drafted()
        if not self._showing:
            self.draftChanged.emit()

    def _show_stops(self) -> None:
        """Have the timeline stop at the changes that count."""
        moments = None if self.counted.wanted == EVERYTHING else self.counted.moments
        self.timeline.set_stops(None if moments is None else np.ascontiguousarray(moments[::-1]))
        if not self._showing:
            self.changed.emit()

    def _show_created(self, user_id: str) -> None:
        if not self.selection.select(user_id):
            self.sidebar.select(EVERYONE)
            self.view.show_section(EVERYONE)
            self.selection.select(user_id)

    def _undo_step(self, moment: int) -> None:
        if isinstance(self._session.shown.lens, WhatIf) or self._session.not_now:
            return  # nothing can be done to what is imagined
        if (line := self._session.reads.change_line(moment)) is not None:
            self.undoRequested.emit(line.change_id, line.text)

    def _changes(self) -> QWidget:
        from whowas.desktop.changes.presenter import ChangesPresenter

        changes = ChangesPresenter(self._session, self.view, self.counted)
        # The panel's from here on, which ends with the page.
        changes.setParent(self.panel)
        changes.userChosen.connect(self.selection.select)
        changes.undoWanted.connect(self.undoRequested)
        changes.importWanted.connect(self.importRequested)
        self._changes_shown = changes
        changes.whatIfWanted.connect(self.whatIfRequested)
        return changes.panel

    def _columns(self) -> list[Column]:
        fields = self.view.directory.shown_of(self.view.index.fields_at(self.view.moment))
        return [*standard_columns(), *(attribute_column(*field) for field in fields.items())]
