"""Importing change logs: every entry at its own moment and by its own actor, as one change, all or nothing."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import islice

import numpy as np

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import ImportOf
from whowas.domain.errors import StoreError
from whowas.domain.fields import listed, shortened
from whowas.domain.progress import Progress, unwatched
from whowas.interchange import change_log
from whowas.interchange.entries import ImportEntry, RefusedLine, UnreadableError
from whowas.interchange.importing.at_one_moment import AtOneMoment
from whowas.interchange.importing.told.differences import new_fields, new_groups
from whowas.interchange.importing.told.outcome import ImportOutcome, differing
from whowas.interchange.importing.told.outcomes import Outcomes, Refusal, RowPlace
from whowas.interchange.importing.told.spool import Spool
from whowas.interchange.source import Source

REPORT_EVERY = 50


def import_changes(
    bus: Bus,
    sources: Sequence[Source],
    *,
    actor: str | None = None,
    dry_run: bool = False,
    skip_refused: bool = False,
    previewed: ImportOutcome | None = None,
    first: int | None = None,
    progress: Progress = unwatched,
) -> ImportOutcome:
    """Take change logs in as one change, in the order of their moments, and return what became of each entry.

    What is written, and what is not, is as for ``import_files``; ``actor`` is for entries that name nobody.
    With ``first`` it is a dry run as if the files ended after so many entries.
    Raises CancelledError or StoreError.
    """
    wanted = not dry_run and first is None
    entries = _Entries()
    entries.read(sources, progress, first)

    def decide(change: Change) -> ImportOutcome:
        outcome = _taken(change, entries, previewed, progress, skip_refused=skip_refused, wanted=wanted)
        if not outcome.written:
            change.abandon()
        return outcome

    if not wanted:
        return bus.try_out(decide, actor=actor, progress=progress)
    because = ImportOf(listed(dict.fromkeys(source.name for source in sources)))
    return bus.carry_out(decide, actor=actor, causation=because, whole=True, progress=progress)[0]


def _taken(
    change: Change,
    entries: _Entries,
    previewed: ImportOutcome | None,
    progress: Progress,
    *,
    skip_refused: bool,
    wanted: bool,
) -> ImportOutcome:
    """Take the entries into a change and return what became of them; they are written if that is ``wanted``."""
    before, outcomes = change.directory(), entries.outcomes()
    taking = AtOneMoment(change, outcomes, skip_refused=skip_refused)
    done = 0
    for instant in entries.instants():
        for number in instant:
            if done % REPORT_EVERY == 0:
                progress(done, len(entries))
            done += 1
            taking.take(number, entries.file_of(number), entries.entry(number))
        taking.end()
    directory, counts, digests = change.directory(), outcomes.counts, outcomes.digests()
    accepted = not entries.broken and (skip_refused or not counts["refused"])
    again = () if previewed is None else differing(digests, previewed.digests)
    written = accepted and wanted and not again
    return ImportOutcome(
        rows=outcomes,
        counts=counts,
        suspended=0,
        deleted=taking.deleted,
        events=change.events,
        left_out=(),
        fields=new_fields(before, directory),
        groups=new_groups(before, directory),
        said=(),
        readable=not entries.broken,
        accepted=accepted,
        written=written,
        header="",
        digests=digests,
        decided_again=again,
        in_part=outcomes.without,
        change_id=change.id if written and change.events else "",
    )


class _Entries:
    """The entries of all files by number, kept until they are taken in another order; ``broken`` is as for lists.

    Lines that are refused as they are read have numbers too.
    """

    def __init__(self) -> None:
        self.broken = False
        self._spool = Spool()
        self._moments = array("q")
        self._places = array("q")
        """Where entries are in the spool; for a refused line it is the complement (~) of that."""
        self._files: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._places)

    def read(self, sources: Sequence[Source], progress: Progress, most: int | None) -> None:
        """Read all files, or ``most`` entries of them. Raises CancelledError or StoreError."""
        for source in sources:
            first = len(self)
            if most is not None and first >= most:
                break
            self._files.append((first, source.name))
            try:
                for read in islice(change_log.read_changes(source), None if most is None else most - first):
                    if len(self) % REPORT_EVERY == 0:
                        progress(len(self), 0)
                    self._keep(read)
            except UnreadableError as error:
                self._break(error.line, error.column, str(error))
            except OSError as error:
                reason = f"“{shortened(source.name)}” cannot be read: {error.strerror or error}."
                raise StoreError(reason) from error
            if len(self) == first:
                self._break(1, 1, "The file is empty.")

    def outcomes(self) -> Outcomes:
        """Return outcomes that tell of the refused lines alone. Raises StoreError."""
        outcomes = Outcomes()
        for number, place in enumerate(self._places):
            if place < 0:
                refused = RefusedLine(*self._spool.entry(~place))
                refusal = Refusal(refused.column, refused.field, refused.reason)
                at = RowPlace(self.file_of(number), refused.line, refused.raw)
                outcomes.tell(number, at, "refused", refusal=refusal)
        return outcomes

    def instants(self) -> Iterator[list[int]]:
        """Yield the numbers of entries that lie at one moment, in their order; the moments in theirs."""
        kept = np.flatnonzero(np.array(self._places, dtype=np.int64) >= 0)
        moments = np.array(self._moments, dtype=np.int64)[kept]
        order = np.argsort(moments, kind="stable")
        begin = 0
        for end in (*(np.flatnonzero(np.diff(moments[order])) + 1).tolist(), len(order)):
            if begin < end:
                yield kept[order[begin:end]].tolist()
            begin = end

    def file_of(self, number: int) -> str:
        """Return the name of the file that an entry stands in."""
        return next(name for first, name in reversed(self._files) if first <= number)

    def entry(self, number: int) -> ImportEntry:
        """Return an entry. Raises StoreError."""
        return ImportEntry(*self._spool.entry(self._places[number]))

    def _keep(self, read: ImportEntry | RefusedLine) -> None:
        place, told = len(self._spool), isinstance(read, ImportEntry)
        self._places.append(place if told else ~place)
        self._moments.append((read.occurred_at or 0) if isinstance(read, ImportEntry) else 0)
        self._spool.add(tuple(getattr(read, name) for name in (_TOLD if told else _REFUSED)))

    def _break(self, line: int, column: int, reason: str) -> None:
        self.broken = True
        self._keep(RefusedLine(line, column, "", reason, ""))


_TOLD = tuple(field.name for field in fields(ImportEntry))
_REFUSED = tuple(field.name for field in fields(RefusedLine))
