"""Taking an exported log in, into a directory that knows none of its users: the same users at every moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from operator import itemgetter

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import Causation, ImportOf, taken_back
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.events import (
    Event,
    FieldDefined,
    FieldDeleted,
    FieldDescribed,
    FieldRenamed,
    FieldRestored,
    FieldsOrdered,
    Forgotten,
    GroupCreated,
    GroupsOrdered,
    ListImported,
    MomentNamed,
    UserCreated,
    UserErased,
)
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, part_of, unwatched
from whowas.domain.streams import DirectoryStream
from whowas.interchange.entries import UnreadableError
from whowas.interchange.importing.told.differences import differences, new_fields, new_groups
from whowas.interchange.importing.told.outcome import ImportOutcome, differing
from whowas.interchange.importing.told.outcomes import Outcomes, Refusal, RowPlace
from whowas.interchange.log_conflicts import already_there, names_taken, require_no_field, require_none, values_taken
from whowas.interchange.log_lines import LoggedLine, logged_lines
from whowas.interchange.source import Source

REPORT_EVERY = 200


def import_log(
    bus: Bus,
    source: Source,
    *,
    actor: str | None = None,
    dry_run: bool = False,
    previewed: ImportOutcome | None = None,
    progress: Progress = unwatched,
) -> ImportOutcome:
    """Take in a whole exported log as one change, all of it or nothing; a row of the outcome is a user, or a refusal.

    Ids of users, actors and the moments at which things occurred stay; when they were recorded is now, and what was a
    change of its own there is part of this one. Users who were erased are left out, and so are the records of list
    imports that were undone. Raises CancelledError or StoreError.
    """
    survey, saving = _Survey(), part_of(progress, 2, 3)

    def decide(change: Change) -> ImportOutcome:
        replay = _Replay(source, survey)
        replay.take(change, part_of(progress, 1, 3))
        outcome = replay.outcome(dry_run=dry_run, previewed=previewed)
        if not outcome.written:
            change.abandon()
        return outcome

    try:
        survey.read(source, part_of(progress, 0, 3))
        if dry_run:
            return bus.try_out(decide, actor=actor, progress=saving)
        return bus.carry_out(decide, actor=actor, causation=ImportOf(source.name), whole=True, progress=saving)[0]
    except UnreadableError as error:
        replay = _Replay(source, survey)
        replay.refuse(error.line, error, column=error.column)
        return replay.outcome(dry_run=dry_run, previewed=previewed)
    except OSError as error:
        raise StoreError(f"“{shortened(source.name)}” cannot be read: {error.strerror or error}.") from error


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
                    progress(logged.ends, source.size)
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
        self.void = taken_back(reversed(causes.items())).whole


class _Replay:
    """Takes the events of a log into a change, one by one."""

    def __init__(self, source: Source, survey: _Survey) -> None:
        self._source = source
        self._survey = survey
        self._outcomes = Outcomes()
        self._created: dict[str, int] = {}
        self._named: dict[str, int] = {}
        self._left_out: list[int] = []
        self._known: dict[str, int] = {}
        self._orders: list[tuple[int, tuple[str, ...]]] = []
        self._own = DirectoryStream()
        self._events = self._begins = 0
        self._before = self._after = Directory()
        self._change_id = ""

    def take(self, change: Change, progress: Progress) -> None:
        """Let ``change`` go on with the whole log, and tell of every user, or, where it cannot, of why that is."""
        self._own, self._begins = change.directory_stream(), change.head_position
        self._before = self._own.directory
        with closing(logged_lines(self._source)) as lines:
            for count, logged in enumerate(lines):
                if count % REPORT_EVERY == 0:
                    progress(logged.ends, self._source.size)
                self._take(change, logged)
        self._order_on(change)
        self._events, self._after, self._change_id = change.events, change.directory(), change.id
        if self._known:
            self._outcomes = Outcomes()  # that its groups are there too is nothing to tell then
            self.refuse(min(self._known.values()), already_there(change, self._known))
        elif self._begins:  # what the log held together it may hold in an empty directory
            self._look_for_others(change)
        if not len(self._outcomes):
            for number, (user_id, line) in enumerate(self._created.items()):
                self._tell(number, change, user_id, line)

    def refuse(self, line: int, error: RefusedError, user_id: str = "", name: str = "", *, column: int = 1) -> None:
        """Tell why a line, and with it the log, is refused."""
        refusal = Refusal(column, error.field, str(error))
        self._outcomes.tell(None, self._place(line), "refused", user_id, name, refusal=refusal)

    def outcome(self, *, dry_run: bool, previewed: ImportOutcome | None) -> ImportOutcome:
        """Return what became of it."""
        counts, digests = self._outcomes.counts, self._outcomes.digests()
        accepted = not counts["refused"]
        again = () if previewed is None else differing(digests, previewed.digests)
        written = accepted and not dry_run and not again
        return ImportOutcome(
            rows=self._outcomes,
            counts=counts,
            suspended=0,
            deleted=0,
            events=self._events if accepted else 0,
            left_out=(),
            fields=new_fields(self._before, self._after),
            groups=new_groups(self._before, self._after),
            said=tuple(self._said()),
            readable=accepted,  # whatever is refused, there is no rest that could be taken
            accepted=accepted,
            written=written,
            header="",
            digests=digests,
            decided_again=again,
            change_id=self._change_id if written and self._events else "",
        )

    def _said(self) -> Iterator[str]:
        erased = len(self._survey.erased)
        if erased:
            users = "1 user who was erased is" if erased == 1 else f"{erased:,} users who were erased are"
            yield f"{users} left out."

    def _take(self, change: Change, logged: LoggedLine) -> None:
        event = self._taken(logged)
        begins = isinstance(event, UserCreated) and logged.stream not in self._created
        if begins and change.stream(logged.stream).version:
            self._known.setdefault(logged.stream, logged.line)
        if event is None or logged.stream in self._known:
            self._left_out.append(logged.position)
            return
        try:
            match event:
                case UserCreated():
                    self._created[logged.stream] = logged.line
                case GroupCreated(known_id) | MomentNamed(known_id):
                    require_none(self._before, known_id)
                    self._named.setdefault(known_id, logged.line)
                case FieldDefined() | FieldRenamed() | FieldDeleted() | FieldRestored() | FieldDescribed():
                    require_no_field(self._before, event)
                    self._named.setdefault(event.id if isinstance(event, FieldDefined) else event.field_id, logged.line)
                case _:
                    pass
            change.replay(event, user_id=logged.stream, actor=logged.actor, occurred_at=logged.occurred_at)
        except RefusedError as error:
            self.refuse(logged.line, error, logged.stream)

    def _taken(self, logged: LoggedLine) -> Event | None:
        """Return an event as it is taken in; None where it is not."""
        match logged.event:
            case Forgotten() | UserErased():
                return None
            case ListImported() if logged.change_id in self._survey.void:
                return None
            case MomentNamed(position=position) as event if position:
                before = bisect_right(self._left_out, position)
                # Position 0 would be before everything, and so before what occurred earlier but was recorded later.
                return replace(event, position=max(self._begins + position - before, 1))
            case GroupsOrdered(order):
                self._orders.append((logged.occurred_at, order))
                return GroupsOrdered((*self._own.as_of(logged.occurred_at).looks.order, *order))
            case FieldsOrdered(order):
                ours = self._own.as_of(logged.occurred_at).fields
                return FieldsOrdered((*ours, *(field_id for field_id in order if field_id not in ours)))
            case event:
                return event

    def _order_on(self, change: Change) -> None:
        """Have the groups that came in keep their order where those that were here already were put into one later.

        Each of both orders holds at every moment: first what was here, then what came in.
        """
        orders = sorted(self._orders, key=itemgetter(0))
        for when_us, _, event in self._own.events:
            known = bisect_right(orders, when_us, key=itemgetter(0))
            if isinstance(event, GroupsOrdered) and known:
                both = GroupsOrdered((*event.group_ids, *orders[known - 1][1]))
                change.replay(both, user_id="", actor=change.actor, occurred_at=when_us)

    def _tell(self, number: int, change: Change, user_id: str, line: int) -> None:
        user = change.user(user_id)
        if user is not None:
            changes = differences(None, user, self._after)
            self._outcomes.tell(number, self._place(line), "created", user_id, user.name, changes)

    def _look_for_others(self, change: Change) -> None:
        """Refuse what the log brings that cannot be beside what there is."""
        for user_id, line in self._created.items():
            user = change.user(user_id)
            for error in values_taken(change, user, self._created.keys()):
                self.refuse(line, error, user_id, "" if user is None else user.name)
        for known_id, line in self._named.items():
            for error in names_taken(self._before, self._after, known_id):
                self.refuse(line, error)

    def _place(self, line: int) -> RowPlace:
        return RowPlace(self._source.name, line, "")
