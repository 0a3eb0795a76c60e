"""Which rows of a directory are shown: those of one moment, one section and one search, in one sort order."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

from whowas.desktop.session.lens import AsKnown, Now, WhatIf
from whowas.desktop.session.pinned import Pin, PinnedMoment, RowsCompared
from whowas.desktop.session.preparing import Preparable, Preparing
from whowas.desktop.session.search_texts import SearchTexts
from whowas.desktop.session.session import Session
from whowas.desktop.session.sort_order import SortOrder
from whowas.domain.directory import Directory
from whowas.domain.progress import Progress
from whowas.projections.index.counts import Counts
from whowas.projections.index.order_names import column_of
from whowas.projections.index.ranks import Ranks, RowsAt, ranked
from whowas.projections.index.steps import TimelineKey
from whowas.projections.index.version_index import DEFAULT_ORDER, Mask, VersionIndex, all_of
from whowas.projections.queries.comparison import Compared

EVERYONE = "everyone"
GROUP_PREFIX = "group:"

ROWS_LOOKED_AT = 50_000
"""So many rows are quicker looked at, all of them in each frame, than prepared."""

ROWS_RANKED_AT_ONCE = 1_500_000
"""With more rows it would take longer than a frame to find out which of them pass, in another section or order."""


class DirectoryView(QObject):
    """The one place that answers "which rows are shown"; table, details, counts and search all follow it.

    ``changed`` is emitted after anything that may have altered the answer. A view at the last moment follows the
    directory as it grows; a view of the past stays after the same step, whatever comes in before it and however much of
    the directory is known.
    """

    changed = Signal()
    layingOrder = Signal(int, int)
    """How many rows of how many are read for a sort order that is laid for the first time."""
    orderLaid = Signal()
    """It is there, or will not come."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._index: VersionIndex = session.shown.index
        self._past: TimelineKey | None = None
        self._moment = self._index.now
        self._soon: int | None = None
        self._directory: tuple[int, Directory] | None = None
        self._section = EVERYONE
        self._order = SortOrder(
            session,
            lambda: self.directory,
            reported=self.layingOrder.emit,
            laid=self._take_order,
            left=self._leave_order,
        )
        self._search = ""
        self._found: Mask | None = None
        self._hidden: frozenset[str] = frozenset()
        self._ranks: Ranks | None = None
        self._former: Ranks | None = None
        """What was shown before of the same rows, for as long as a job finds out which of them pass now."""
        self._ranking: object | None = None
        """Stands for what that job is about."""
        self._ranked_by = DEFAULT_ORDER
        """The sort order in which they are."""
        self._rows: RowsAt | None = None
        self._counts: Counts | None = None
        self._lens_epoch = session.shown.lens_epoch
        self._left: tuple[TimelineKey | None, Pin | None] | None = None
        self._search_texts = SearchTexts(session)
        self._preparing = Preparing(session, self._asked)
        self._pinned = PinnedMoment(session, self._preparing.see, self._emit_changed)
        session.shown.refreshed.connect(self._follow)

    @property
    def index(self) -> VersionIndex:
        """The snapshot that is shown."""
        return self._index

    @property
    def moment(self) -> int:
        """The moment shown: how many steps of the timeline have happened."""
        return self._moment

    @property
    def is_past(self) -> bool:
        """Whether what is shown is not the present: an earlier moment, what was known once, or what is imagined."""
        return self._past is not None or not isinstance(self._session.shown.lens, Now)

    @property
    def may_change(self) -> bool:
        """Whether what is shown can be changed now: it is the present, of a directory that can be written."""
        return not self.is_past and self._session.may_write

    @property
    def may_draft(self) -> bool:
        """Whether changes of what is shown can be prepared, also while they cannot be saved."""
        return not self.is_past and self._session.may_draft

    @property
    def section(self) -> str:
        """What the sidebar has selected."""
        return self._section

    @property
    def is_behind(self) -> bool:
        """Whether the rows shown are still those of before, because a job is finding the others."""
        return self._ranking is not None

    @property
    def search_text(self) -> str:
        """What is searched for; empty when nothing is."""
        return self._search

    @property
    def sort(self) -> tuple[str, bool]:
        """The column sorted by, and whether descending."""
        return self._order.column, self._order.descending

    @property
    def directory(self) -> Directory:
        """The directory's own state at the moment shown."""
        states = self._index.directory_states(self._moment)
        if self._directory is None or self._directory[0] != states:
            self._directory = states, self._index.directory(self._moment)
        return self._directory[1]

    @property
    def pinned(self) -> int | None:
        """The moment that the one shown is compared with; None where nothing is compared."""
        return self._pinned.moment(self._index)

    @property
    def pinned_to_now(self) -> bool:
        """Whether what is compared with is now, and follows it."""
        return self._pinned.pin == "now" and isinstance(self._session.shown.lens, Now)

    @property
    def only_differences(self) -> bool:
        """Whether a comparison leaves out who is the same at both moments."""
        return self._pinned.only_differences

    def compare_with(self, moment: int | None) -> None:
        """Show the moment shown against another one, whichever is the later; None ends that.

        The other one stays after the same step, whatever comes in before it.
        """
        self._pinned.pin = None if moment is None else self._index.steps.key_of(moment)
        self._renew()

    def compare_with_now(self) -> None:
        """Show the moment shown against the last one, also as the directory grows."""
        self._pinned.pin = "now"
        self._renew()

    def show_only_differences(self, only: bool) -> None:
        """Leave out who is the same at both moments, while comparing."""
        self._pinned.only_differences = only
        self._emit_changed()

    def compared(self) -> Compared | None:
        """Return the comparison shown; None where nothing is compared, or not yet."""
        if self._pinned.pin is None:
            return None
        rows = RowsCompared(self._index, self._sorted_by(), self._order.descending, self._passing)
        return self._pinned.against(self._moment, rows)

    def rows(self) -> RowsAt:
        """Return the rows shown, in their order; of very many those shown before, until a job has found them."""
        if (comparison := self.compared()) is not None:
            return comparison.rows
        if self._ranks is None:
            self._rank()
        if self._rows is None:
            ranks = self._ranks if self._ranks is not None else self._former
            assert ranks is not None
            self._rows = ranks.at(self._moment, descending=self._order.descending)
        return self._rows

    def settle(self) -> None:
        """Find the rows asked for at once, also very many, for a page that is closing."""
        self._former = self._ranking = self._rows = None

    def counts(self) -> Counts:
        """Return how many users there are at the moment shown, whatever section and search."""
        if self._counts is None:
            self._counts = self._index.counts(self._moment)
        return self._counts

    def occurred_at(self) -> int | None:
        """Return when the step before the moment shown occurred, in UTC microseconds; None before the first."""
        return self._index.steps.occurred_before(self._moment)

    def show_moment(self, moment: int) -> None:
        """Show another moment, 0 to the number of steps; the last one is now."""
        self._soon = None
        if self._go_to(moment):
            self.changed.emit()

    def show_moment_soon(self, moment: int) -> None:
        """Show another moment once the input that is waiting was taken in, unless that leads on to yet another."""
        if self._soon is None:
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))
        self._soon = moment

    def show_at_once(self) -> None:
        """Show what is to be shown soon."""
        if self._soon is not None:
            self.show_moment(self._soon)

    def customEvent(self, _event: QEvent) -> None:
        """See QObject; the input that was waiting has been taken in."""
        self.show_at_once()

    def show_section(self, section: str) -> None:
        """Show a status ("everyone", "active", "suspended", "deleted") or "group:ID"."""
        if section != self._section:
            self._section = section
            self._renew()

    def sort_by(self, column: str, descending: bool) -> None:
        """Sort by another column; the table changes once the order is there."""
        self._order.ask(column, descending=descending)

    def stop_sorting(self) -> None:
        """Sort as before an order that is still being laid."""
        self._order.stop()

    def search(self, text: str) -> None:
        """Show only users in whom every word of ``text`` occurs; the table changes once they are found."""
        self._search = text
        if text.strip():
            self._find()
        else:
            self._found = None
            self._renew()

    def _follow(self) -> None:
        if self._lens_epoch != self._session.shown.lens_epoch:
            self._lens_epoch = self._session.shown.lens_epoch
            self._follow_lens()
        if self._index is self._session.shown.index:
            self._emit_changed()  # what is open beside the table may want to look again
        else:
            self._take_index()
        self._order.follow_definition()

    def _follow_lens(self) -> None:
        """Go to the end of what is imagined, and from there back to what was looked at before; else stay."""
        self._found = None
        if isinstance(self._session.shown.lens, WhatIf):
            self._left = self._left or (self._past, self._pinned.pin)
            self._past = self._pinned.pin = None
        elif self._left is not None:
            (self._past, self._pinned.pin), self._left = self._left, None
        self._order.ask_again()

    def _take_order(self) -> None:
        self.orderLaid.emit()
        self._take_index()

    def _leave_order(self) -> None:
        self.orderLaid.emit()
        self._renew()

    def _take_index(self) -> None:
        self._take_soon()
        before, self._index = self._index, self._session.shown.index
        if self._index.numbers is not before.numbers:
            self._ranks = self._former = None  # a moment of now is none of theirs
        self._directory = None
        if self._past is not None:
            self._moment = self._index.steps.moment_after(self._past)
        if self._past is None or self._is_now(self._moment):
            self._past, self._moment = None, self._index.now
        if self._search.strip():
            self._find()
            if self._found is not None and len(self._found) == len(before.numbers):
                self._found = self._index.having_of(before, self._found)
        self._renew()

    def _find(self) -> None:
        text = self._search
        self._hidden = hidden = self._index.hidden_fields(self._moment)

        def take(found: Mask | None, index: VersionIndex) -> None:
            # Whoever was looked for, in which fields, and among which rows: by now all may be others.
            if (text, hidden) == (self._search, self._hidden) and index.numbers is self._index.numbers:
                self._found = found
                self._renew()

        self._session.queries.search(text, take, None if self._past is None else self._moment)

    def _renew(self) -> None:
        self._counts = None
        self._rank_anew()
        self._emit_changed()

    def _rank_anew(self) -> None:
        """Let go of the rows that pass, and of how they are sorted."""
        if self._ranks is not None:
            self._former = self._ranks
        self._ranks = self._rows = self._ranking = None
        self._ranked_by = self._sorted_by()
        self._pinned.let_go()

    def _emit_changed(self) -> None:
        self._take_soon()
        self.changed.emit()

    def _asked(self) -> list[Preparable]:
        """Return what is asked of many moments, unless there are so few rows that nobody need prepare anything."""
        asked = self._pinned.comparing or self._ranks
        if asked is None or len(self._index.numbers) < ROWS_LOOKED_AT:
            return []
        return [self._index.counting(), asked, self._search_texts]

    def _take_soon(self) -> None:
        if self._soon is not None:
            self._go_to(self._soon)
            self._soon = None

    def _go_to(self, moment: int) -> bool:
        """Go to a moment; return whether it is another one than before."""
        moment = min(max(0, moment), self._index.now)
        if moment == self._moment:
            return False
        self._past = None if self._is_now(moment) else self._index.steps.key_of(moment)
        self._moment, self._rows, self._counts = moment, None, None
        self._order.follow_definition()
        if column_of(self._ranked_by) == self._order.column and self._ranked_by != self._sorted_by():
            self._rank_anew()
        if self._search.strip() and self._index.hidden_fields(moment) != self._hidden:
            self._find()
        return True

    def _is_now(self, moment: int) -> bool:
        # The last moment of what was known once is a past one among those known today.
        return moment == self._index.now and not isinstance(self._session.shown.lens, AsKnown)

    def _rank(self) -> None:
        """Find out which rows pass: at once, or where there are very many in a job, unless others are shown by then."""
        index, column, masks = self._index, self._sorted_by(), self._masks
        section, found = self._section, self._found
        if len(index.numbers) < ROWS_RANKED_AT_ONCE or self._former is None:
            self._ranks, self._former = ranked(index, column, all_of(masks(index, section, found))), None
            self._preparing.see()
            return
        if self._ranking is not None:
            return
        asked = self._ranking = object()

        def work(_progress: Progress) -> Ranks | None:
            if self._ranking is not asked:
                return None
            return ranked(index, column, all_of(masks(index, section, found)))

        def done(ranks: Ranks | None) -> None:
            if ranks is not None and self._ranking is asked and self._session.is_open:
                self._ranks, self._former, self._ranking, self._rows = ranks, None, None, None
                self._preparing.see()
                self._emit_changed()

        self._session.queries.run_beside(work, done=done, failed=self._session.shown.report)

    def _sorted_by(self) -> str:
        return self._order.within(self._index)

    def _passing(self) -> Mask | None:
        return all_of(self._masks(self._index, self._section, self._found))

    @staticmethod
    def _masks(index: VersionIndex, section: str, found: Mask | None) -> list[Mask]:
        masks = [_of_section(index, section)]
        if found is not None and len(found) == len(index.numbers):
            masks.append(found)
        return masks


def _of_section(index: VersionIndex, section: str) -> Mask:
    match section:
        case "active" | "suspended" | "deleted" as status:
            return index.with_status(status)
        case section if section.startswith(GROUP_PREFIX):
            members = index.in_groups(frozenset({section.removeprefix(GROUP_PREFIX)}))
            return members & index.with_status("active", "suspended")
        case _:
            return index.with_status("active", "suspended")
