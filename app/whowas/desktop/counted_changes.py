"""Which changes count: all of them, or those that somebody is looking for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from whowas.desktop.directory_view import DirectoryView
from whowas.desktop.session import Session
from whowas.projections.change_filter import ChangeFilter, ChangeKind, actors, matching_moments
from whowas.projections.read_model import ReadModel
from whowas.projections.steps import Int32
from whowas.projections.version_index import VersionIndex

EVERYTHING = ChangeFilter()

KINDS: Mapping[ChangeKind | None, str] = {
    None: "Any kind",
    "added": "Added",
    "changed": "Changed",
    "removed": "Removed",
}
"""What people call a kind of change."""


class CountedChanges(QObject):
    """The timeline draws these changes and stops at them, and the changes list lists them.

    ``wantedChanged`` tells that others are asked for, ``found`` that they, or more people who did something, are known.
    """

    wantedChanged = Signal()
    found = Signal()

    def __init__(self, session: Session, view: DirectoryView) -> None:
        super().__init__()
        self._session = session
        self._view = view
        self._index: VersionIndex = view.index
        self._turns = session.turns
        self._wanted = EVERYTHING
        self._called = ""
        self._moments: Int32 | None = None
        self._found_for = EVERYTHING
        self._actors: set[str] = set()
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
            self._moments = np.arange(self._index.now, 0, -1, dtype=np.int32)
        return self._moments

    @property
    def found_for(self) -> ChangeFilter:
        """What ``moments`` are the answer to: what is asked for, or still what was before."""
        return self._found_for

    @property
    def actors(self) -> frozenset[str]:
        """Everybody known to have done something, see ``want_actors``."""
        return frozenset(self._actors)

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
            self._session.find(partial(self._find_actors, self._actors_of), self._take_actors)

    def _follow(self) -> None:
        index = self._view.index
        if index is self._index:
            return
        if index.generation != self._index.generation or self._session.turns != self._turns:
            self._moments = self._actors_of = None
        self._index, self._turns = index, self._session.turns
        self._look()
        if self._actors_sought is not None:
            self.want_actors()

    def _look(self) -> None:
        if self._wanted == EVERYTHING:
            self._moments = None
            self.found.emit()
        else:
            self._session.find(partial(self._find, self._wanted), partial(self._take, self._wanted))

    def _find(
        self, wanted: ChangeFilter, read_model: ReadModel, index: VersionIndex
    ) -> tuple[Int32, VersionIndex] | None:
        """Answer as a job, unless something else is wanted by now."""
        return (matching_moments(read_model, index, wanted), index) if wanted is self._wanted else None

    def _take(self, wanted: ChangeFilter, found: tuple[Int32, VersionIndex] | None) -> None:
        if found is not None and found[1] is self._index and wanted is self._wanted:
            self._moments, self._found_for = found[0], wanted
            self.found.emit()

    def _find_actors(
        self, known: VersionIndex | None, read_model: ReadModel, index: VersionIndex
    ) -> tuple[set[str], VersionIndex]:
        return actors(read_model, index, known), index

    def _take_actors(self, found: tuple[set[str], VersionIndex]) -> None:
        self._actors |= found[0]
        self._actors_of = found[1]
        self.found.emit()
