"""Importing lists: every row of the files as one change, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import ImportOf
from whowas.domain.commands import RecordListImport
from whowas.domain.fields import ATTRIBUTE_PREFIX, listed
from whowas.domain.progress import Progress, unwatched
from whowas.interchange.importing.by_decision import bind_decided, leave_out
from whowas.interchange.importing.contradictions import refuse_contradictions
from whowas.interchange.importing.decided import refused_decision
from whowas.interchange.importing.deciding import Deciding
from whowas.interchange.importing.deleted import match_deleted
from whowas.interchange.importing.differences import new_fields, new_groups
from whowas.interchange.importing.everybody import Everybody
from whowas.interchange.importing.joining import Joining
from whowas.interchange.importing.keys import TELLING, hashed, kept_owners
from whowas.interchange.importing.list_input import ListInput, source_of
from whowas.interchange.importing.matching import Matching
from whowas.interchange.importing.missing import Missing, present_in
from whowas.interchange.importing.outcome import ImportOutcome, differing
from whowas.interchange.importing.outcomes import Outcomes
from whowas.interchange.importing.resembling import Resembling
from whowas.interchange.importing.rows import Rows
from whowas.interchange.importing.rules import ImportRules
from whowas.store.event_log import EventLog


def import_files(
    bus: Bus,
    log: EventLog,
    inputs: Sequence[ListInput],
    rules: ImportRules,
    *,
    actor: str | None = None,
    dry_run: bool = False,
    previewed: ImportOutcome | None = None,
    first: int | None = None,
    progress: Progress = unwatched,
) -> ImportOutcome:
    """Take lists in as one change and return what became of each row, and of who is in none of them.

    Nothing is written on a dry run, nor where rows are refused, unless the rules skip them: then the rest is taken, and
    a row whose only fault is one field, neither the status nor a key, is taken without that field. A file that cannot
    be read to its end is never taken. Nor is anything written where rows come out otherwise than ``previewed`` by a dry
    run of the same inputs and rules, because the directory was changed since: ``decided_again`` tells which.

    With ``first`` it is a dry run as if the files ended after so many rows, to be shown until all of them are looked
    at. Then nobody is missing, and what only the whole log tells is left out unless a key asked for needs it: a row
    that is created here may turn out similar to somebody, or be about somebody who is deleted. Whatever other rows
    have a say in is provisional too: values that change hands, rows about one user, new fields and groups, all counts.
    Raises CancelledError, StoreError, or RefusedError where the rules cannot be kept, as for a group there is not.
    """
    names = {given.source.name for given in inputs}
    for file, line in sorted(rules.decisions):
        if file not in names:
            raise refused_decision(file, line)
    with bus.change(actor=actor, causation=ImportOf(_named(inputs)), progress=progress) as change:
        importing = _Importing(change, log, inputs, rules, progress)
        importing.decide(first)
        outcome = importing.outcome(previewed, wanted=not dry_run and first is None)
        if not outcome.written:
            change.abandon()
    return outcome


class _Importing:
    """One import within its change."""

    def __init__(
        self, change: Change, log: EventLog, inputs: Sequence[ListInput], rules: ImportRules, progress: Progress
    ) -> None:
        self._change = change
        self._log = log
        self._inputs = inputs
        self._rules = rules
        self._progress = progress
        self._outcomes = Outcomes()
        self._rows = Rows(rules, self._owners if change.head_position else None)
        self._directory = change.directory()
        self._sources = tuple(dict.fromkeys(source_of(given) for given in inputs))
        self._missing = Missing(change, rules, self._outcomes, progress)
        self._merged = 0

    def decide(self, first: int | None) -> None:
        self._rows.read(self._inputs, self._outcomes, self._progress, first)
        wholly = first is None
        asked = self._missing.asked_about(self._sources, lambda: self._everybody) if wholly else set()
        matching = Matching(self._rows, self._rules.keys, self._change, self._outcomes, self._progress)
        bind_decided(matching)
        matching.match()
        leave_out(matching)
        refuse_contradictions(matching)
        if wholly and self._change.head_position:
            match_deleted(matching, self._directory, lambda: self._everybody)
        joining = Joining(matching)
        joining.join()
        resembling = Resembling(matching, joining, self._change, lambda: self._everybody, self._progress)
        if wholly and self._rules.similar == "refuse" and "name" not in self._rules.keys:
            resembling.refuse()
        deciding = Deciding(
            matching, joining, self._change, self._outcomes, self._progress, skip_refused=self._rules.skip_refused
        )
        deciding.decide_all()
        self._merged = deciding.merged
        if wholly and not self._rows.broken:
            present = present_in(matching, resembling.users, lambda: self._everybody) if asked else set()
            self._missing.find(asked, present, self._rows.nameless)
            self._record(deciding.unchanged)

    def outcome(self, previewed: ImportOutcome | None, *, wanted: bool) -> ImportOutcome:
        """Return what became of everything; it is written if that is ``wanted`` and nothing stands against it."""
        counts, missing = self._outcomes.counts, self._missing
        refused = counts["refused"] + counts["similar"]
        accepted = not (self._rows.broken or missing.refused) and (self._rules.skip_refused or not refused)
        digests = self._outcomes.digests()
        again = () if previewed is None else differing(digests, previewed.digests)
        now = self._change.directory()
        return ImportOutcome(
            rows=self._outcomes,
            counts=counts,
            suspended=missing.done if self._rules.missing == "suspend" else 0,
            deleted=missing.done if self._rules.missing == "delete" else 0,
            events=self._change.events,
            left_out=tuple(dict.fromkeys(title for given in self._inputs for title in given.mapping.left_out)),
            fields=new_fields(self._directory, now),
            groups=new_groups(self._directory, now),
            said=self._said(),
            readable=not self._rows.broken,
            accepted=accepted,
            written=wanted and accepted and not again,
            header=self._rows.header,
            digests=digests,
            decided_again=again,
            in_part=self._outcomes.without,
            advice={fact: advice for given in self._inputs for fact, advice in given.mapping.advice.items()},
        )

    def _said(self) -> tuple[str, ...]:
        said = dict.fromkeys(sentence for given in self._inputs for sentence in given.mapping.said)
        if self._merged:
            rows = "1 row says" if self._merged == 1 else f"{self._merged:,} rows say"
            said[f"{rows} of a user what another row says too."] = None
        return tuple(said)

    @cached_property
    def _everybody(self) -> Everybody:
        asked = tuple(key for key in self._rules.keys if key.startswith(ATTRIBUTE_PREFIX))
        return Everybody(self._change, self._log, ("name", *asked), self._progress)

    def _owners(self, key: str, value: str) -> tuple[str, ...]:
        if key in TELLING:
            return kept_owners(self._change, key, value)
        return self._everybody.owners(key, hashed(value)) if key in self._rules.keys else ()

    def _record(self, unchanged: set[str]) -> None:
        """Let the directory remember of what source the list is, and who was met unchanged for the first time.

        Raises CancelledError.
        """
        events = self._change.events
        for source in self._sources:
            self._progress(0, 0)
            matched = unchanged - self._change.users_of_source(source)
            self._progress(0, 0)
            if events or matched:
                self._change.dispatch(RecordListImport(source, tuple(sorted(matched))))


def _named(inputs: Sequence[ListInput]) -> str:
    return listed(dict.fromkeys(given.source.name for given in inputs))
