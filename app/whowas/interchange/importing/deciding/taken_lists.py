"""Lists that are taken together: all those of an import, or, as each of these has its own date, one dated list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from whowas.domain.progress import Progress
from whowas.interchange.importing.deciding.deciding import DecidingRows
from whowas.interchange.importing.deciding.missing import Missing, present_in
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.matching.by_decision import bind_decided, leave_out
from whowas.interchange.importing.matching.contradictions import refuse_contradictions
from whowas.interchange.importing.matching.deleted import match_deleted
from whowas.interchange.importing.matching.joining import Joining
from whowas.interchange.importing.matching.matching import Matching
from whowas.interchange.importing.matching.resembling import Resembling
from whowas.interchange.importing.matching.returning import match_returning, refuse_beginning_later
from whowas.interchange.importing.matching.rows import Rows
from whowas.interchange.importing.people.as_of import EarlierMoment, LatestMoment
from whowas.interchange.importing.people.everybody import Everybody
from whowas.interchange.importing.people.keys import TELLING, hashed, kept_owners
from whowas.interchange.importing.people.met_before import MetBefore
from whowas.interchange.importing.people.presence import Presence
from whowas.interchange.importing.told.outcomes import Outcomes
from whowas.interchange.one_change import OneChange
from whowas.store.gc_pauses import let_go


class TakenLists:
    """The rows of lists that are ``given``, and what becomes of them on a ``change``.

    ``knows_nobody`` says that the directory was in use, and that no row is about, or resembles, anybody there.
    ``merged`` and ``never_there`` are as for DecidingRows; ``met`` are the ids of all whom the lists had, or had not.
    """

    def __init__(
        self,
        change: OneChange,
        given: Sequence[ListInput],
        rules: ImportRules,
        outcomes: Outcomes,
        everybody: Callable[[], Everybody],
        progress: Progress,
    ) -> None:
        self.rows = Rows(rules, self._owners if change.head_position else None)
        self.given = given
        self.merged = self.never_there = 0
        self.knows_nobody = False
        self.met: set[str] = set()
        self._change = change
        self._rules = rules
        self._outcomes = outcomes
        self._everybody = everybody
        self._progress = progress

    def decide(self, missing: Missing, earlier: MetBefore, presence: Presence, first: int | None) -> None:
        """Decide all rows, or the ``first`` ones, and who is missing. Raises as ``import_files`` does."""
        before, was_used = self._change.events, self._change.head_position > 0
        self.rows.read(self.given, self._outcomes, self._progress, first)
        wholly = first is None
        asked = missing.asked_about(earlier.asked, self._everybody) if wholly else set()
        if presence.returns:
            presence = replace(presence, leaving=asked)
        matching = self._matched(presence, wholly=wholly)
        joining = Joining(matching)
        joining.join()
        resembling = Resembling(matching, joining, self._change, self._everybody, self._progress)
        if wholly and self._rules.similar == "refuse" and "name" not in self._rules.keys:
            resembling.refuse()
        deciding = DecidingRows(
            matching, joining, self._change, self._outcomes, self._progress, skip_refused=self._rules.skip_refused
        )
        wholly = wholly and not self.rows.broken
        if wholly and presence.dated:  # so that others can have at its date what the missing had before
            self._find_missing(missing, asked, matching, resembling)
        deciding.decide_all()
        self.merged, self.never_there = deciding.merged, deciding.never_there
        if wholly and not presence.dated:
            self._find_missing(missing, asked, matching, resembling)
        if wholly:
            known = bool(self.rows.users or resembling.users)
            self.knows_nobody = was_used and not known and len(self.rows) > self.rows.nameless
            self.met = earlier.record(self._change, self.given, before, deciding.unchanged)

    def let_go(self) -> None:
        """Free the rows, which know of this object and would otherwise stay until the garbage collector finds them."""
        let_go(self.met)
        del self.rows, self._everybody

    def _matched(self, presence: Presence, *, wholly: bool) -> Matching:
        """Find out whom each row is about."""
        matching = Matching(self.rows, self._rules.keys, self._change, self._outcomes, self._progress, presence)
        bind_decided(matching)
        matching.match()
        leave_out(matching)
        refuse_contradictions(matching)
        if wholly and self._change.head_position:
            match_deleted(matching, self._change.directory(), self._everybody)
            if presence.returns and isinstance(self._change, LatestMoment):
                match_returning(matching, self._change)
        if isinstance(self._change, EarlierMoment):
            refuse_beginning_later(matching, self._change, self._rules)
        return matching

    def _find_missing(self, missing: Missing, asked: set[str], matching: Matching, resembling: Resembling) -> None:
        present = present_in(matching, resembling.users, self._everybody) if asked else set()
        missing.find(asked, present, self.rows.nameless)

    def _owners(self, key: str, value: str) -> tuple[str, ...]:
        if key in TELLING:
            return kept_owners(self._change, key, value)
        return self._everybody().owners(key, hashed(value)) if key in self._rules.keys else ()
