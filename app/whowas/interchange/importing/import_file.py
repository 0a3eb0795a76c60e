"""Importing: a whole file as one change, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from operator import attrgetter

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import ImportOf
from whowas.domain.commands import CreateUser, DeleteUser, RestoreUser
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.progress import Progress, unwatched
from whowas.interchange.entries import ImportEntry, UnreadableError
from whowas.interchange.file_format import ImportFormat
from whowas.interchange.report import ImportReport, RefusedLine

REPORT_EVERY = 200


def import_file(
    bus: Bus,
    content: bytes,
    source: str,
    *,
    file_format: ImportFormat,
    actor: str | None = None,
    dry_run: bool = False,
    skip_refused: bool = False,
    previewed: ImportReport | None = None,
    progress: Progress = unwatched,
) -> ImportReport:
    """Take a file in as one change and report what became of each line; ``source`` is its name in the history.

    Nothing is written on a dry run, nor where lines are refused, unless ``skip_refused``: then the rest is taken,
    and a line whose only fault is one field is taken without that field. A file that cannot be read to its end is
    refused as a whole even so. Nor is anything written where it would come out otherwise than ``previewed`` by a dry
    run of the same content, because the directory was changed since. Raises CancelledError or StoreError.
    """
    reading = _Reading()
    reading.read(content, file_format)
    taking = _Taking(reading, file_format, skip_refused=skip_refused)
    wanted = not dry_run
    if reading.entries and not reading.broken:
        with bus.change(actor=actor, causation=ImportOf(source)) as change:
            taking.take_all(change, progress)
            wanted = wanted and (previewed is None or previewed.comes_out_as(taking.report(written=False)))
            if not (wanted and taking.accepted):
                change.abandon()
    return taking.report(written=taking.accepted and wanted)


@dataclass(slots=True)
class _Reading:
    """What could be read of a file; ``broken`` says that it could not be read to its end."""

    header: str = ""
    entries: list[ImportEntry] = field(default_factory=list)
    refusals: list[RefusedLine] = field(default_factory=list)
    broken: bool = False

    def read(self, content: bytes, file_format: ImportFormat) -> None:
        try:
            for read in file_format.read(content):
                match read:
                    case ImportEntry():
                        self.entries.append(read)
                    case RefusedLine():
                        self.refusals.append(read)
                    case header:
                        self.header = header
        except UnreadableError as error:
            self._break(error.line, error.column, str(error))
        if not self.entries and not self.refusals:
            self._break(1, 1, "The file is empty.")
        # Where a format has no moments, the lines stay in their order.
        self.entries.sort(key=lambda entry: entry.occurred_at or 0)

    def _break(self, line: int, column: int, reason: str) -> None:
        self.refusals.append(RefusedLine(line, column, "", reason, ""))
        self.broken = True


class _Taking:
    """Takes entries into a change one by one, and counts."""

    def __init__(self, reading: _Reading, file_format: ImportFormat, *, skip_refused: bool) -> None:
        self._reading = reading
        self._format = file_format
        self._skip_refused = skip_refused
        self._created = self._changed = self._deleted = self._events = 0
        self._lines_taken: dict[str, int] = {}
        self._outcome = blake2b(digest_size=16)

    @property
    def accepted(self) -> bool:
        return not self._reading.broken and (self._skip_refused or not self._reading.refusals)

    def take_all(self, change: Change, progress: Progress) -> None:
        entries = self._reading.entries
        for count, entry in enumerate(entries):
            if count % REPORT_EVERY == 0:
                progress(count, len(entries))
            self._take(change, entry)
        self._events = change.events

    def report(self, *, written: bool) -> ImportReport:
        return ImportReport(
            self._created,
            self._changed,
            self._deleted,
            len(self._lines_taken),
            self._events,
            tuple(sorted(self._reading.refusals, key=attrgetter("line"))),
            not self._reading.broken,
            self.accepted,
            written,
            self._reading.header,
            self._outcome.hexdigest(),
        )

    def _take(self, change: Change, entry: ImportEntry) -> None:
        try:
            self._dispatch(change, entry)
        except RefusedError as error:
            name = error.field if error.field in entry.fields else error.field.removeprefix(ATTRIBUTE_PREFIX)
            if error.field == "occurred_at":
                name = self._format.moment
            without = self._skip_refused and self._took_without(change, entry, name)
            self._reading.refusals.append(entry.refusal(name, str(error), taken_without_field=without))

    def _took_without(self, change: Change, entry: ImportEntry, name: str) -> bool:
        rest = entry.without(name)
        if rest is None:
            return False
        try:
            self._dispatch(change, rest)
        except RefusedError:
            return False
        return True

    def _dispatch(self, change: Change, entry: ImportEntry) -> None:
        asked = self._format.asked(change, entry, self._lines_taken)
        before, met = change.events, change.stream(asked.user_id).version
        change.dispatch(*asked.commands, actor=entry.actor, occurred_at=entry.occurred_at)
        # Not the ids: new users get others each time. Versions show whether a line applies to the same state again.
        self._outcome.update(b"%d %d %d\n" % (entry.line, met, change.events - before))
        self._lines_taken[asked.user_id] = entry.line
        if any(isinstance(command, CreateUser | RestoreUser) for command in asked.commands):
            self._created += 1
        elif any(isinstance(command, DeleteUser) for command in asked.commands):
            self._deleted += 1
        elif change.events > before:
            self._changed += 1
