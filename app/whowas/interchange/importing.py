"""Importing: a whole file as one change, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from whowas.bus import Bus
from whowas.change import Change
from whowas.domain.causation import ImportOf
from whowas.domain.commands import Command, CreateUser, DeleteUser
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.progress import Progress, unwatched
from whowas.interchange import change_log, csv_format
from whowas.interchange.report import ImportReport, Refusal

Format = Literal["changelog", "csv"]

REPORT_EVERY = 200

_Entry = change_log.Line | csv_format.Row


@dataclass(slots=True)
class _Tally:
    created: int = 0
    changed: int = 0
    deleted: int = 0
    people: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)

    def report(self, *, written: bool) -> ImportReport:
        refusals = tuple(sorted(self.refusals, key=lambda refusal: refusal.line))
        return ImportReport(self.created, self.changed, self.deleted, len(self.people), refusals, written)


def guessed_format(content: bytes) -> Format:
    """Return the format that a file's first characters show."""
    return "changelog" if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else "csv"


def import_file(
    bus: Bus,
    content: bytes,
    source: str,
    *,
    file_format: Format,
    actor: str | None = None,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress = unwatched,
) -> ImportReport:
    """Take a file in as one change and tell what became of each line.

    Nothing is written on a dry run, nor where lines are refused, unless ``skip_refused``: then the rest is taken,
    and a line whose only fault is one field is taken without that field. Raises CancelledError or StoreError.
    """
    tally = _Tally()
    entries = _entries(content, file_format, tally)
    if tally.refusals and not entries:
        return tally.report(written=False)
    with bus.change(actor=actor, causation=ImportOf(source)) as change:
        commands_for = _translator(change)
        for count, entry in enumerate(entries):
            if count % REPORT_EVERY == 0:
                progress(count, len(entries))
            _take(change, entry, commands_for, tally, skip_refused=skip_refused)
        refused = bool(tally.refusals) and not skip_refused
        if dry_run or refused:
            change.abandon()
    return tally.report(written=not dry_run and not refused)


def _entries(content: bytes, file_format: Format, tally: _Tally) -> Sequence[_Entry]:
    entries: list[_Entry] = []
    try:
        for entry in change_log.read(content.splitlines()) if file_format == "changelog" else csv_format.read(content):
            if isinstance(entry, Refusal):
                tally.refusals.append(entry)
            else:
                entries.append(entry)
    except csv_format.CsvError as error:
        tally.refusals.append(error.refusal)
        return []
    if file_format == "changelog":
        entries.sort(key=_occurred_at)
    return entries


def _occurred_at(entry: _Entry) -> int:
    return entry.occurred_at if isinstance(entry, change_log.Line) else 0


def _translator(change: Change) -> Callable[[_Entry], list[Command]]:
    seen: dict[str, int] = {}

    def commands_for(entry: _Entry) -> list[Command]:
        if isinstance(entry, change_log.Line):
            return change_log.commands_for(change, entry)
        return csv_format.commands_for(change, entry, seen)

    return commands_for


def _take(
    change: Change,
    entry: _Entry,
    commands_for: Callable[[_Entry], list[Command]],
    tally: _Tally,
    *,
    skip_refused: bool,
) -> None:
    try:
        _dispatch(change, entry, commands_for(entry), tally)
    except RefusedError as error:
        field_name = error.field.removeprefix(ATTRIBUTE_PREFIX)
        without = (
            skip_refused and field_name in entry.fields and _retried(change, entry, field_name, commands_for, tally)
        )
        tally.refusals.append(Refusal(entry.number, 0, field_name, str(error), entry.raw, without))


def _retried(
    change: Change, entry: _Entry, field_name: str, commands_for: Callable[[_Entry], list[Command]], tally: _Tally
) -> bool:
    try:
        without = entry.without(field_name)
        _dispatch(change, without, commands_for(without), tally)
    except RefusedError:
        return False
    return True


def _dispatch(change: Change, entry: _Entry, commands: list[Command], tally: _Tally) -> None:
    before = change.events
    if isinstance(entry, change_log.Line):
        change.dispatch(*commands, actor=entry.actor, occurred_at=entry.occurred_at)
    else:
        change.dispatch(*commands)
    people = {command.user_id for command in commands if hasattr(command, "user_id")}
    tally.people |= people
    if any(isinstance(command, CreateUser) for command in commands):
        tally.created += 1
    elif any(isinstance(command, DeleteUser) for command in commands):
        tally.deleted += 1
    elif change.events > before:
        tally.changed += 1
