"""Taking an exported log in, into a directory that knows none of its users: the same users at every moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import Causation, ImportOf, taken_back
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import (
    DirectoryEvent,
    Event,
    Forgotten,
    GroupCreated,
    ListImported,
    MomentNamed,
    UserCreated,
    UserErased,
)
from whowas.domain.progress import Progress, unwatched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.importing.outcome import WHATS, ImportOutcome, RowOutcome
from whowas.interchange.log_conflicts import names_taken, require_new, require_none, values_taken
from whowas.interchange.log_lines import LoggedLine, logged_lines
from whowas.interchange.source import Source

REPORT_EVERY = 200


def import_log(
    bus: Bus, source: Source, *, actor: str | None = None, dry_run: bool = False, progress: Progress = unwatched
) -> ImportOutcome:
    """Take in a whole exported log as one change, all of it or nothing; a row of the outcome is a user, or a refusal.

    Ids of users, actors and the moments at which things occurred stay; when they were recorded is now, and what was a
    change of its own there is part of this one. Users who were erased are left out, and so are the records of list
    imports that were undone. Raises CancelledError, StoreError or OSError.
    """
    survey = _Survey()
    try:
        survey.read(source, progress)
    except UnreadableError as error:
        place = RowOutcome(source.name, error.line, "refused", column=error.column, reason=str(error))
        return _Replay(source, survey).outcome([place], readable=False)
    replay = _Replay(source, survey)
    with bus.change(actor=actor, causation=ImportOf(source.name)) as change:
        refused = replay.take(change, progress)
        written = not refused and not dry_run
        if not written:
            change.abandon()
    return replay.outcome(refused, written=written)


@dataclass(slots=True)
class _Survey:
    """What has to be known of a whole log before its first event is taken in."""

    erased: set[str] = field(default_factory=set)
    void: set[str] = field(default_factory=set)

    def read(self, source: Source, progress: Progress) -> None:
        """Check every line. Raises UnreadableError, CancelledError or OSError."""
        gone: dict[str, int] = {}
        causes: dict[str, Causation] = {}
        line = 0
        with closing(logged_lines(source)) as lines:
            for count, logged in enumerate(lines):
                if count % REPORT_EVERY == 0:
                    progress(logged.ends, 2 * source.size)
                line = logged.line
                if isinstance(logged.event, UserErased):
                    self.erased.add(logged.stream)
                elif isinstance(logged.event, Forgotten):
                    gone.setdefault(logged.stream, logged.line)
                if logged.causation is not None and not isinstance(logged.causation, ImportOf):
                    causes[logged.change_id] = logged.causation
        if not line:
            raise UnreadableError(1, 1, "The file is empty.")
        for stream, first in gone.items():
            if stream not in self.erased:
                raise UnreadableError(first, 1, "What this event holds is missing, though its user was not erased.")
        self.void = taken_back(reversed(causes.items()))


class _Replay:
    """Takes the events of a log into a change, one by one."""

    def __init__(self, source: Source, survey: _Survey) -> None:
        self._source = source
        self._survey = survey
        self._refused: list[RowOutcome] = []
        self._created: dict[str, int] = {}
        self._left_out: list[int] = []
        self._met: set[str] = set()
        self._named: dict[str, int] = {}
        self._rows: list[RowOutcome] = []
        self._events = self._begins = 0
        self._before = self._after = Directory()

    def take(self, change: Change, progress: Progress) -> list[RowOutcome]:
        """Let ``change`` go on with the whole log, and return why that cannot be, where it cannot."""
        self._before, self._begins = change.directory(), change.head_position
        with closing(logged_lines(self._source)) as lines:
            for count, logged in enumerate(lines):
                if count % REPORT_EVERY == 0:
                    progress(self._source.size + logged.ends, 2 * self._source.size)
                self._take(change, logged)
        self._events, self._after = change.events, change.directory()
        self._rows = [self._row(change, user_id, line) for user_id, line in self._created.items()]
        return [*self._refused, *self._contested(change)]

    def outcome(self, refused: list[RowOutcome], *, readable: bool = True, written: bool = False) -> ImportOutcome:
        """Return what became of it."""
        rows = refused or self._rows
        counts = dict.fromkeys(WHATS, 0) | {rows[0].what: len(rows)} if rows else dict.fromkeys(WHATS, 0)
        groups = [name for key, name in self._after.groups.items() if key not in self._before.groups]
        fields = [name for name in self._after.fields if name not in self._before.fields]
        return ImportOutcome(
            rows=rows,
            counts=counts,
            suspended=0,
            deleted=0,
            events=0 if refused else self._events,
            left_out=(),
            fields=() if refused else tuple(fields),
            groups=() if refused else tuple(sorted(groups)),
            said=() if refused else tuple(self._said()),
            readable=readable,
            accepted=not refused,
            written=written,
            header="",
        )

    def _said(self) -> Iterator[str]:
        erased = len(self._survey.erased)
        if erased:
            users = "1 user who was erased is" if erased == 1 else f"{erased:,} users who were erased are"
            yield f"{users} left out."

    def _take(self, change: Change, logged: LoggedLine) -> None:
        event = self._taken(logged)
        if event is None or (logged.stream in self._met and not isinstance(event, DirectoryEvent)):
            self._left_out.append(logged.position)
            return
        try:
            match event:
                case UserCreated():
                    require_new(change.stream(logged.stream))
                    self._created[logged.stream] = logged.line
                case GroupCreated(known_id) | MomentNamed(known_id):
                    require_none(self._before, known_id)
                    self._named.setdefault(known_id, logged.line)
                case _:
                    pass
            change.replay(event, user_id=logged.stream, actor=logged.actor, occurred_at=logged.occurred_at)
        except RefusedError as error:
            self._met.add(logged.stream)
            self._refused.append(self._refusal(logged.line, error, logged.stream))

    def _taken(self, logged: LoggedLine) -> Event | None:
        """Return an event as it is taken in; None where it is not."""
        match logged.event:
            case Forgotten() | UserErased():
                return None
            case ListImported() if logged.change_id in self._survey.void:
                return None
            case MomentNamed(position=position) as event if position:
                return replace(event, position=self._begins + position - bisect_right(self._left_out, position))
            case event:
                return event

    def _refusal(self, line: int, error: RefusedError, user_id: str = "", name: str = "") -> RowOutcome:
        return RowOutcome(
            self._source.name, line, "refused", user_id, name, field=error.field, reason=str(error), column=1
        )

    def _row(self, change: Change, user_id: str, line: int) -> RowOutcome:
        user = change.user(user_id)
        return RowOutcome(self._source.name, line, "created", user_id, user.name if user is not None else "")

    def _contested(self, change: Change) -> Iterator[RowOutcome]:
        """Yield what the log brings that cannot be beside what there is."""
        if not self._begins:
            return  # what the log held together it may hold here
        for user_id, line in self._created.items():
            user = change.user(user_id)
            for error in values_taken(change, user, self._created.keys()):
                yield self._refusal(line, error, user_id, "" if user is None else user.name)
        for known_id, line in self._named.items():
            for error in names_taken(self._before, self._after, known_id):
                yield self._refusal(line, error)
