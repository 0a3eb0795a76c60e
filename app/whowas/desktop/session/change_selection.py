"""Which changes the timeline and the changes list show: all of them, or those that match a filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from whowas.desktop.session.lens import WhatIf
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.domain.text_folding import folded
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.change_filter import (
    ChangeFilter,
    ChangeKind,
    UserSet,
    actors,
    goes_on,
    matching_moments,
)
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import ReadModel

ALL_CHANGES = "All changes"


EVERYTHING = ChangeFilter()

ANY_ACTOR = "Any actor"

KINDS: Mapping[ChangeKind | None, str] = {
    None: "Any kind",
    "added": "Added",
    "changed": "Changed",
    "removed": "Removed",
    "imported": "Imports",
}
"""What people call a kind of change."""


_Found = tuple[Int32, VersionIndex]
"""The moments of the steps that count, newest first, and the index they are of."""


class CountedChanges(QObject):
    """The timeline draws these changes and stops at them, and the changes list lists them.

    ``wantedChanged`` says that others are asked for, ``found`` that they were found, ``actorsFound`` that more people
    were found who did something.
    """

    wantedChanged = Signal()
    found = Signal()
    actorsFound = Signal()

    def __init__(self, session: Session, view: DirectoryView) -> None:
        super().__init__()
        self._session = session
        self._view = view
        self._index: VersionIndex = view.index
        self._lens_epoch = session.shown.lens_epoch
        self._imagined = isinstance(session.shown.lens, WhatIf)
        self._wanted = EVERYTHING
        self._called = ""
        self._moments: Int32 | None = None
        self._found_for = EVERYTHING
        self._found_in: VersionIndex | None = None
        self._actors: tuple[str, ...] = ()
        self._actors_of: VersionIndex | None = None
        self._actors_sought: VersionIndex | None = None
        view.changed.connect(self._follow)

    @property
    def wanted(self) -> ChangeFilter:
        """What is asked for."""
        return self._wanted

    @property
    def called(self) -> str:
        """What people call the users or the one change asked for; empty where neither is."""
        return self._called

    @property
    def moments(self) -> Int32 | None:
        """The moments of the steps that count, newest first; None while the first of them are looked for.

        While others are looked for, they are those found before.
        """
        if self._moments is None and self._wanted == EVERYTHING:
            self._found_for = EVERYTHING
            self._moments = self._index.steps.newest_first()
        return self._moments

    @property
    def found_for(self) -> ChangeFilter:
        """What ``moments`` are the answer to: what is asked for, or still what was before."""
        return self._found_for

    @property
    def actors(self) -> tuple[str, ...]:
        """Everybody known to have done something, by name, see ``want_actors``; the same object until more are."""
        return self._actors

    def want(self, wanted: ChangeFilter, called: str = "") -> None:
        """Have other changes count; ``called`` says in words which users, or which one change."""
        if wanted == self._wanted:
            return
        self._wanted, self._called = wanted, called
        self.wantedChanged.emit()
        self._look()

    def want_actors(self) -> None:
        """Find out who did something, from now on."""
        if self._actors_sought is not self._index:
            self._actors_sought = self._index
            self._session.queries.find(partial(self._find_actors, self._actors_of), self._take_actors)

    def _follow(self) -> None:
        index = self._view.index
        if index is self._index:
            return
        erased = index.epoch.erasure_count != self._index.epoch.erasure_count
        shown = self._session.shown
        if index.epoch != self._index.epoch or shown.lens_epoch != self._lens_epoch:
            self._moments = self._found_in = self._actors_of = None
        self._index, self._lens_epoch = index, shown.lens_epoch
        before, self._imagined = self._imagined, isinstance(shown.lens, WhatIf)
        if self._wanted.users and (erased or before or self._imagined):
            # The same numbers may be other users there.
            self.want(replace(self._wanted, users=UserSet()))
        else:
            self._look()
        if self._actors_sought is not None:
            self.want_actors()

    def _look(self) -> None:
        if self._wanted == EVERYTHING:
            self._moments = None
            self.found.emit()
        else:
            self._session.queries.find(
                partial(self._find, self._wanted, self._known()), partial(self._take, self._wanted)
            )

    def _known(self) -> _Found | None:
        """Return what was found of what is asked for in an earlier index."""
        if self._moments is None or self._found_in is None or self._found_for is not self._wanted:
            return None
        return self._moments, self._found_in

    def _find(
        self, wanted: ChangeFilter, known: _Found | None, read_model: ReadModel, index: VersionIndex
    ) -> _Found | None:
        """Answer as a job, unless something else is wanted by now; look only at what came since, if that will do."""
        if wanted is not self._wanted:
            return None
        if known is None or not goes_on(known[1], index, wanted):
            return matching_moments(read_model, index, wanted), index
        later = matching_moments(read_model, index, wanted, known[1])
        return np.concatenate((later, known[0])), index

    def _take(self, wanted: ChangeFilter, found: _Found | None) -> None:
        if found is not None and found[1] is self._index and wanted is self._wanted:
            (self._moments, self._found_in), self._found_for = found, wanted
            self.found.emit()

    def _find_actors(
        self, known: VersionIndex | None, read_model: ReadModel, index: VersionIndex
    ) -> tuple[tuple[str, ...], VersionIndex]:
        found = {*self._actors, *actors(read_model, index, known)}
        return tuple(sorted(found, key=folded)), index

    def _take_actors(self, found: tuple[tuple[str, ...], VersionIndex]) -> None:
        more = found[0] != self._actors
        # What was found on another read side is no beginning for this one.
        self._actors_of = found[1] if found[1] is self._index else None
        if more:
            self._actors = found[0]
            self.actorsFound.emit()
