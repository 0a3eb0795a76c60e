"""Connects the changes list to the session and the moment shown: lists, filters, follows and moves the slider."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QMenu

from whowas.desktop.changes.model import ChangesModel
from whowas.desktop.changes.panel import ChangesPanel
from whowas.desktop.kit.plain_text import add_entry
from whowas.desktop.session.change_selection import EVERYTHING, CountedChanges
from whowas.desktop.session.lens import WhatIf
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.domain.fields import label, shortened
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.change_filter import ChangeFilter, matching_moments
from whowas.projections.queries.change_lines import ChangeLine, UserLine, change_lines, rows_of_step, user_lines
from whowas.projections.queries.change_titles import change_titles
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import ReadModel

SOURCE_SHOWN = 60
"""How many characters of the names of files a menu shows; an import may be of many."""

ROWS_TAKEN = 1_000
"""How many rows of a selection are used; far fewer changes can be left out together."""


class ChangesPresenter(QObject):
    """``userChosen(user_id)`` asks for the user of a row below an unfolded step.

    ``undoWanted(change id, description)`` asks to undo a change, ``whatIfWanted(change ids, description)`` for a
    what-if without some, and ``importWanted(change id)`` to show what an import did. Nothing is read or searched for
    while the panel is hidden.
    """

    userChosen = Signal(str)
    undoWanted = Signal(str, str)
    whatIfWanted = Signal(list, str)
    importWanted = Signal(str)

    def __init__(self, session: Session, view: DirectoryView, counted: CountedChanges) -> None:
        super().__init__()
        self._session = session
        self._view = view
        self._index: VersionIndex = view.index
        self._counted = counted
        self._listed: Int32 | None = None
        self._rows_of = view.index.epoch, session.shown.lens_epoch
        self._followed: tuple[int, int | None, ChangeFilter] | None = None
        self._sought: tuple[ChangeFilter, int] | None = None
        # After the table is painted, so that this list does not slow the slider down.
        self._follow_soon = QTimer(self, singleShot=True, interval=0)
        self._follow_soon.timeout.connect(self._follow)
        self.model = ChangesModel(self, self)
        self.panel = ChangesPanel(self.model)
        view.changed.connect(self.refresh)
        self.panel.appeared.connect(self.refresh)
        self.panel.filterChanged.connect(self._want)
        counted.wantedChanged.connect(self._show_wanted)
        counted.found.connect(self.refresh)
        counted.actorsFound.connect(self._show_actors)
        self._show_wanted()
        self.panel.list.momentChosen.connect(view.show_moment)
        self.panel.list.userChosen.connect(self.userChosen)
        self.panel.list.contextRequested.connect(self._show_menu)

    def lines(self, moments: Sequence[int]) -> list[ChangeLine]:
        """See ChangeSource."""
        return self._session.reads.ask(lambda read_model: change_lines(read_model, self._index, moments)) or []

    def rows_of(self, moment: int) -> Int32:
        """See ChangeSource."""
        return rows_of_step(self._index, moment)

    def users(self, moment: int, numbers: Sequence[int]) -> list[UserLine]:
        """See ChangeSource."""
        return self._session.reads.ask(lambda read_model: user_lines(read_model, self._index, moment, numbers)) or []

    def refresh(self) -> None:
        """Show new steps, and the moment shown."""
        if not self.panel.isVisible():
            return
        if self._rows_of[1] != self._session.shown.lens_epoch:
            # Lines of one read side cannot be read from another.
            nothing = np.zeros(0, dtype=np.int32)
            self._index, self._listed = self._view.index, None
            self._rows_of = self._index.epoch, self._session.shown.lens_epoch
            self.model.show(nothing, nothing, forget=True)
        self._counted.want_actors()
        self._show_actors()
        moments = self._counted.moments
        # While the changes that count are searched for, the list stays, and is read from the old index.
        if moments is not None:
            self._index = self._view.index
            if moments is not self._listed:
                with self.panel.list.undisturbed():
                    self._list(moments)
                self._follow()
            else:
                self._follow_soon.start()

    def show_import(self, change_id: str) -> None:
        """Go to the last step of an import; one of several steps is listed alone."""

        def steps(read_model: ReadModel, index: VersionIndex) -> tuple[str, list[int]]:
            moments = matching_moments(read_model, index, ChangeFilter(change_id=change_id))
            called = change_titles(read_model, index, [change_id]).get(change_id, "")
            return called, index.steps.numbers[moments - 1].tolist()

        def found(steps: tuple[str, list[int]]) -> None:
            called, numbers = steps
            if numbers:
                alone = len(numbers) > 1
                wanted = ChangeFilter(change_id=change_id) if alone else EVERYTHING
                self._sought = wanted, numbers[0]
                self._counted.want(wanted, called if alone else "")
                self.refresh()

        self._session.queries.find(steps, found)

    def _show_actors(self) -> None:
        self.panel.set_actors(self._counted.actors)

    def _want(self) -> None:
        wanted = self.panel.wanted
        self._sought = None
        self._counted.want(wanted, self._counted.called if wanted.change_id or wanted.users else "")

    def _show_wanted(self) -> None:
        field = self._counted.wanted.field
        names = self._index.latest_directory().names
        called = "" if field is None else names.get(field) or label(field)
        self.panel.show_filter(self._counted.wanted, self._counted.called, called)

    def _list(self, moments: Int32) -> None:
        numbers = self._index.steps.numbers
        rows_of = self._index.epoch, self._session.shown.lens_epoch
        listed = numbers[::-1] if len(moments) == len(numbers) else numbers[moments - 1]
        self.model.show(moments, listed, forget=rows_of != self._rows_of)
        # The moment of now grows with the list, and the view follows it.
        self.model.show_moment(self._view.moment)
        self.panel.set_counts(len(moments), self._index.now)
        self._listed, self._rows_of = moments, rows_of

    def _follow(self) -> None:
        """Go to the slider's step, but only if it moved or the filter changed, so that people keep their line."""
        self._follow_soon.stop()
        if self._listed is None or self._index is not self._view.index:
            return  # the changes that count are still being searched for
        self.model.show_moment(self._view.moment)
        self.panel.list.show_past(self._view.is_past)
        moment, last = self._view.moment, None
        if self._view.is_past:
            last = int(self._index.steps.numbers[moment - 1]) if moment else 0
        followed = self._session.shown.lens_epoch, last, self._counted.found_for
        if followed != self._followed:
            self._followed = followed
            self.panel.list.follow()
        if self._sought is not None and self._sought[0] == self._counted.found_for:
            row = self.model.row_of_step(self._sought[1])
            self._sought = None
            if row is not None:
                self.panel.list.go_to(row)

    def _show_menu(self, row: int, point: QPoint) -> None:
        line = self.model.line(row)
        if line is None:
            return
        menu = QMenu(self.panel)
        rows = self.panel.list.selected_rows(ROWS_TAKEN)
        if row in rows and not self._session.read_only:
            several = [line for selected in rows if (line := self.model.line(selected)) is not None]
            change_ids = list(dict.fromkeys(line.change_id for line in several))
            text = f"What if not these {len(change_ids):,} changes…"
            called = f"these {len(change_ids):,} changes"
            menu.addAction(text).triggered.connect(partial(self.whatIfWanted.emit, change_ids, called))
            menu.addSeparator()
        menu.addAction("Show this moment").triggered.connect(partial(self._view.show_moment, line.moment))
        alone = ChangeFilter(change_id=line.change_id)
        source = shortened(line.source or "", SOURCE_SHOWN)
        if source:
            only = add_entry(menu, f"List only the import of {source}")
            only.triggered.connect(partial(self._counted.want, alone, line.change))
            menu.addAction("Show what it did…").triggered.connect(partial(self.importWanted.emit, line.change_id))
        elif line.in_parts:
            only = menu.addAction("List only this change")
            only.triggered.connect(partial(self._counted.want, alone, "One change"))
        menu.addSeparator()
        undo = add_entry(menu, f"Undo the import of {source}…" if source else "Undo this change")
        undo.triggered.connect(partial(self.undoWanted.emit, line.change_id, line.text))
        undo.setEnabled(not isinstance(self._session.shown.lens, WhatIf) and not self._session.not_now)
        what_if = menu.addAction("What if not…")
        what_if.triggered.connect(partial(self.whatIfWanted.emit, [line.change_id], line.change))
        what_if.setEnabled(not self._session.read_only)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)
