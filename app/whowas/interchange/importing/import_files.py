"""Importing lists: every row of the files as one change, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import CLOCKS_APART, Change
from whowas.domain.causation import ImportOf
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, listed, shortened
from whowas.domain.progress import Progress, part_of, unwatched
from whowas.interchange.importing.deciding.missing import Missing, no_group
from whowas.interchange.importing.deciding.taken_lists import TakenLists
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.matching.decided_rows import refused_decision
from whowas.interchange.importing.people.as_of import EarlierMoment, LatestMoment
from whowas.interchange.importing.people.ever_held import EverHeld, HeldNow
from whowas.interchange.importing.people.everybody import Everybody, EverybodyNow, EverybodyThen
from whowas.interchange.importing.people.keys import TELLING, held_keys
from whowas.interchange.importing.people.later_changes import day
from whowas.interchange.importing.people.met_before import MetBefore
from whowas.interchange.importing.people.presence import UNDATED, Presence
from whowas.interchange.importing.remarks.same_lists import same_lists
from whowas.interchange.importing.remarks.strange_lists import strange_lists
from whowas.interchange.importing.told.differences import new_fields, new_groups
from whowas.interchange.importing.told.outcome import ImportOutcome, differing
from whowas.interchange.importing.told.outcomes import Outcomes
from whowas.interchange.one_change import OneChange
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
    at. Then nobody is missing, and what only the whole log tells is left out, unless a key asked for needs it. A row
    that is created here may turn out similar to somebody, or be about somebody who is deleted, or, in a list older than
    the end of the log, about somebody with another email or external id by now. Whatever other rows have a say in is
    provisional too: values that change hands, rows about one user, new fields and groups, all counts.

    Dated lists are given in the order of their dates and taken one after the other, each into the directory as of its
    date, with its own missing users; only the differences become events, which occur at that date. They count as one
    source, whatever their titles. What contradicts a change that the directory knows from later is refused.
    Raises CancelledError, StoreError, or RefusedError where the rules cannot be kept, as for a group there is not.
    """
    names = {given.source.name for given in inputs}
    for file, line in sorted(rules.decisions):
        if file not in names:
            raise refused_decision(file, line)
    wanted = not dry_run and first is None

    def decide(change: Change) -> ImportOutcome:
        importing = _Importing(change, log, inputs, rules, progress)
        try:
            importing.decide(first)
            outcome = importing.outcome(previewed, wanted=wanted)
        finally:
            importing.let_go()
        if not outcome.written:
            change.abandon()
        return outcome

    if not wanted:
        return bus.try_out(decide, actor=actor, progress=progress)
    because = ImportOf(_named(inputs))
    return bus.carry_out(decide, actor=actor, causation=because, whole=True, progress=progress)[0]


class _Importing:
    """One import within its change."""

    def __init__(
        self, change: Change, log: EventLog, inputs: Sequence[ListInput], rules: ImportRules, progress: Progress
    ) -> None:
        self._change = change
        self._log = log
        self._inputs = inputs
        self._rules = replace(rules, keys=held_keys(rules.keys, change.directory()))
        self._progress = progress
        self._outcomes = Outcomes()
        self._directory = change.directory()
        self._earlier = MetBefore(change, inputs, progress)
        self._taken: list[TakenLists] = []
        self._missing: list[Missing] = []

    def decide(self, first: int | None) -> None:
        if any(given.occurred_at is not None for given in self._inputs):
            self._take_in_order(first)
        else:
            missing = Missing(self._change, self._rules, self._outcomes, self._progress)
            self._take(self._change, self._inputs, missing, lambda: self._everybody, UNDATED, first, self._progress)

    def _take_in_order(self, first: int | None) -> None:
        """Take dated lists one after the other, each into the directory as of its date."""
        moments = _dates(self._inputs, self._change.recorded_at)
        ends_at, suspended = self._log.ends_at(), frozenset[str]()
        ever = self._ever(first)
        for part, (given, moment) in enumerate(zip(self._inputs, moments, strict=True)):
            left = None if first is None else first - len(self._outcomes)
            if left is not None and left <= 0:
                break
            progress = part_of(self._progress, part, len(self._inputs))
            view = (LatestMoment if moment >= ends_at else EarlierMoment)(self._change, moment, ever)
            everybody = EverybodyThen(view, progress).itself
            self._outcomes.begin(moment)
            missing = Missing(view, self._rules, self._outcomes, progress, given.source.name)
            presence = Presence(returns=self._rules.missing == "delete", suspended=suspended, dated=True)
            taking = self._take(view, (given,), missing, everybody, presence, left, progress)
            suspended = suspended - taking.met | missing.suspended
        known = self._change.directory().group_named(self._rules.among) is not None
        if first is None and not known and not any(missing.knows_group for missing in self._missing):
            raise no_group(self._rules.among)

    def _take(
        self,
        change: OneChange,
        given: Sequence[ListInput],
        missing: Missing,
        everybody: Callable[[], Everybody],
        presence: Presence,
        first: int | None,
        progress: Progress,
    ) -> TakenLists:
        taking = TakenLists(change, given, self._rules, self._outcomes, everybody, progress)
        self._taken.append(taking)
        self._missing.append(missing)
        taking.decide(missing, self._earlier, presence, first)
        return taking

    def outcome(self, previewed: ImportOutcome | None, *, wanted: bool) -> ImportOutcome:
        """Return what became of everything; it is written if that is ``wanted`` and nothing stands against it."""
        counts, done = self._outcomes.counts, sum(missing.done for missing in self._missing)
        refused = counts["refused"] + counts["similar"]
        readable = not any(taking.rows.broken for taking in self._taken)
        agreed = not any(missing.refused for missing in self._missing)
        accepted = readable and agreed and (self._rules.skip_refused or not refused)
        digests = self._outcomes.digests()
        again = () if previewed is None else differing(digests, previewed.digests)
        written = wanted and accepted and not again
        now = self._change.directory()
        return ImportOutcome(
            rows=self._outcomes,
            counts=counts,
            suspended=done if self._rules.missing == "suspend" else 0,
            deleted=done if self._rules.missing == "delete" else 0,
            events=self._change.events,
            left_out=tuple(dict.fromkeys(title for given in self._inputs for title in given.mapping.left_out)),
            fields=new_fields(self._directory, now),
            groups=new_groups(self._directory, now),
            said=self._said(),
            readable=readable,
            accepted=accepted,
            written=written,
            header=next((taking.rows.header for taking in self._taken if taking.rows.header), ""),
            digests=digests,
            decided_again=again,
            in_part=self._outcomes.without,
            advice={fact: advice for given in self._inputs for fact, advice in given.mapping.advice.items()},
            change_id=self._change.id if written and self._change.events else "",
        )

    def let_go(self) -> None:
        """Free what was read of the rows, here and now; to be called at the end, whatever happened.

        Else it would wait for the garbage collector, which frees it all at once in whichever thread is to be collected.
        """
        for taking in self._taken:
            taking.let_go()
        self._taken.clear()

    def _said(self) -> tuple[str, ...]:
        said = dict.fromkeys(sentence for given in self._inputs for sentence in given.mapping.said)
        if merged := sum(taking.merged for taking in self._taken):
            rows = "1 row says" if merged == 1 else f"{merged:,} rows say"
            said[f"{rows} of a user what another row says too."] = None
        if unknown := sum(taking.never_there for taking in self._taken):
            rows = "1 row says" if unknown == 1 else f"{unknown:,} rows say"
            said[f"{rows} that somebody is deleted of whom nothing was known before: nobody is made of that."] = None
        said.update(dict.fromkeys(strange_lists(self._taken, self._log.begins_at())))
        if self._inputs and self._inputs[0].occurred_at is not None:
            said.update(dict.fromkeys(same_lists(self._inputs, self._progress)))
        return tuple(said)

    def _ever(self, first: int | None) -> EverHeld:
        if first is not None and not {*self._rules.keys}.difference(TELLING):
            return HeldNow(self._change, self._log, self._progress)
        return EverHeld(self._change, self._log, ("name", *self._custom_keys), self._progress)

    @property
    def _custom_keys(self) -> tuple[str, ...]:
        return tuple(key for key in self._rules.keys if key.startswith(ATTRIBUTE_PREFIX))

    @cached_property
    def _everybody(self) -> Everybody:
        return EverybodyNow(self._change, self._log, ("name", *self._custom_keys), self._progress)


def _dates(inputs: Sequence[ListInput], recorded_at: int) -> list[int]:
    """Return when each list was true (UTC µs). Raises RefusedError for one that is to be true in the future."""
    moments = [given.occurred_at for given in inputs if given.occurred_at is not None]
    assert len(moments) == len(inputs), "either all lists are dated or none"
    assert all(earlier < later for earlier, later in pairwise(moments)), "lists come in the order of their dates"
    if moments[-1] > recorded_at + CLOCKS_APART:
        reason = f"“{shortened(inputs[-1].source.name)}” is dated {day(moments[-1])}, which lies in the future."
        raise RefusedError("occurred_at", reason)
    return moments


def _named(inputs: Sequence[ListInput]) -> str:
    return listed(dict.fromkeys(given.source.name for given in inputs))
