"""What the window shows of a directory: one moment, one section, one search, one sort order."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from whowas.desktop.session import Session
from whowas.domain.directory import Directory
from whowas.projections.compared import Compared, compared
from whowas.projections.steps import Int32
from whowas.projections.version_index import Counts, Mask, VersionIndex, View, all_of

EVERYONE = "everyone"
GROUP_PREFIX = "group:"


class DirectoryView(QObject):
    """The one place that answers "which rows are shown"; table, details, counts and search all follow it.

    ``changed`` is emitted after anything that may have altered the answer. A view at the last moment follows the
    directory as it grows; a view of the past stays where it is.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._index: VersionIndex = session.index
        self._past: int | None = None
        self._directory: tuple[int, Directory] | None = None
        self._section = EVERYONE
        self._column = "name"
        self._descending = False
        self._search = ""
        self._found: Mask | None = None
        self._view: View | None = None
        self._pinned: int | None = None
        self._only_differences = False
        self._compared: Compared | None = None
        self._turns = session.turns
        self._left: tuple[int | None, int | None] | None = None
        session.refreshed.connect(self._follow)

    @property
    def index(self) -> VersionIndex:
        """The snapshot that is shown."""
        return self._index

    @property
    def moment(self) -> int:
        """The moment shown: how many steps of the timeline have happened."""
        return self._index.now if self._past is None else self._past

    @property
    def is_past(self) -> bool:
        """Whether what is shown is not the present: an earlier moment, what was known once, or what is imagined."""
        return self._past is not None or self._session.instead is not None

    @property
    def section(self) -> str:
        """What the sidebar has selected."""
        return self._section

    @property
    def search_text(self) -> str:
        """What is searched for; empty when nothing is."""
        return self._search

    @property
    def sort(self) -> tuple[str, bool]:
        """The column sorted by, and whether descending."""
        return self._column, self._descending

    @property
    def directory(self) -> Directory:
        """The directory's own state at the moment shown."""
        states = self._index.directory_states(self.moment)
        if self._directory is None or self._directory[0] != states:
            self._directory = states, self._index.directory(self.moment)
        return self._directory[1]

    @property
    def pinned(self) -> int | None:
        """The moment that the one shown is compared with; None where nothing is compared."""
        return None if self._pinned is None else min(self._pinned, self._index.now)

    @property
    def only_differences(self) -> bool:
        """Whether a comparison leaves out who is the same at both moments."""
        return self._only_differences

    def compare_with(self, moment: int | None) -> None:
        """Show the moment shown against another one, whichever is the later; None ends that."""
        self._pinned = moment
        self._renew()

    def show_only_differences(self, only: bool) -> None:
        """Leave out who is the same at both moments, while comparing."""
        self._only_differences = only
        self._renew()

    def compared(self) -> Compared | None:
        """Return the comparison shown; None where nothing is compared."""
        pinned = self.pinned
        if pinned is None:
            return None
        if self._compared is None:
            index, order = self._index, self._index.orders[self._sorted_by()]
            self._compared = compared(
                index,
                order[::-1] if self._descending else order,
                passing=all_of(self._masks()),
                shown=self.moment,
                other=pinned,
                only_differences=self._only_differences,
            )
        return self._compared

    def numbers(self) -> Int32:
        """Return the row numbers shown, in their order."""
        if (comparison := self.compared()) is not None:
            return comparison.numbers
        if self._view is None:
            self._view = self._prepared()
        return self._view.at(self.moment)

    def counts(self) -> Counts:
        """Return how many users there are at the moment shown, whatever section and search."""
        return self._index.counts(self.moment)

    def occurred_at(self) -> int | None:
        """Return when the step before the moment shown occurred, in UTC microseconds; None before the first."""
        return int(self._index.steps.occurred_at[self.moment - 1]) if self.moment else None

    def show_moment(self, moment: int) -> None:
        """Show another moment, 0 to the number of steps; the last one is now."""
        past = None if moment >= self._index.now else max(0, moment)
        if past != self._past:
            self._past = past
            self._compared = None
            self.changed.emit()

    def show_section(self, section: str) -> None:
        """Show a status ("everyone", "active", "suspended", "deleted") or "group:ID"."""
        if section != self._section:
            self._section = section
            self._renew()

    def sort_by(self, column: str, descending: bool) -> None:
        """Sort by another column; the table changes once the order is there."""
        self._column, self._descending = column, descending
        self._session.sort_by(column, self._take_index)

    def search(self, text: str) -> None:
        """Show only users in whom every word of ``text`` occurs; the table changes once they are found."""
        self._search = text
        if text.strip():
            self._session.search(text, self._take_found)
        else:
            self._found = None
            self._renew()

    def _follow(self) -> None:
        if self._turns != self._session.turns:
            self._turns = self._session.turns
            self._turn()
        if self._index is self._session.index:
            self.changed.emit()  # what is open beside the table may want to look again
        else:
            self._take_index()

    def _turn(self) -> None:
        """Go to the end of what is shown instead of today's directory; back there, to what was looked at before."""
        self._found = None
        if self._session.instead is None:
            self._past, self._pinned = self._left or (None, None)
            self._left = None
        else:
            self._left = self._left or (self._past, self._pinned)
            self._past = self._pinned = None
        if self._column not in self._session.index.orders:
            self._session.sort_by(self._column, self._take_index)

    def _take_index(self) -> None:
        self._index = self._session.index
        self._directory = None
        if self._past is not None:
            self._past = min(self._past, self._index.now)
        if self._search.strip():
            self._session.search(self._search, self._take_found)
            if self._found is not None and len(self._found) <= len(self._index.numbers):
                longer = np.zeros(len(self._index.numbers), dtype=np.bool_)
                longer[: len(self._found)] = self._found
                self._found = longer
        self._renew()

    def _take_found(self, found: Mask | None, index: VersionIndex) -> None:
        if index is self._index or (found is not None and len(found) == len(self._index.numbers)):
            self._found = found
            self._renew()

    def _renew(self) -> None:
        self._view = self._compared = None
        self.changed.emit()

    def _prepared(self) -> View:
        return View(self._index, self._sorted_by(), descending=self._descending, passing=all_of(self._masks()))

    def _sorted_by(self) -> str:
        return self._column if self._column in self._index.orders else "name"

    def _masks(self) -> list[Mask]:
        masks = [self._of_section()]
        if self._found is not None and len(self._found) == len(self._index.numbers):
            masks.append(self._found)
        return masks

    def _of_section(self) -> Mask:
        match self._section:
            case "active" | "suspended" | "deleted" as status:
                return self._index.with_status(status)
            case section if section.startswith(GROUP_PREFIX):
                members = self._index.in_groups(frozenset({section.removeprefix(GROUP_PREFIX)}))
                return members & self._index.with_status("active", "suspended")
            case _:
                return self._index.with_status("active", "suspended")
