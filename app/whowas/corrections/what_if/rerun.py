"""Imagining a directory without some of its changes: what was recorded after them is decided again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import attrgetter

from whowas.command_bus.uniqueness import ContestedValue
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.what_if.beginning import Beginning, own_stream, user_events
from whowas.corrections.what_if.deciding import decide_change
from whowas.corrections.what_if.differences import (
    field_differences,
    group_differences,
    moment_differences,
    unseen_differences,
    user_differences,
)
from whowas.corrections.what_if.imagined_log import ImaginedLog
from whowas.corrections.what_if.outcome import GroupDifference, WhatIfOutcome
from whowas.corrections.what_if.refusals import RefusedCommand, refusals_in_words
from whowas.domain.definitions_back import definitions_back, field_order_back
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import Event, Forgotten, UserErased
from whowas.domain.looks_back import looks_back
from whowas.domain.progress import Progress, unwatched
from whowas.domain.streams import fold
from whowas.domain.unique import reserved, unique_fields
from whowas.domain.users import User
from whowas.store.event_log import EventLog
from whowas.store.gc_pauses import freeze_existing, gc_paused, let_go
from whowas.store.recorded_event import RecordedEvent

CHANGES_AT_ONCE = 50
"""How many changes can be taken out together: making it so names each of them in every event."""

REPORT_EVERY = 500


def imagine(log: EventLog, without: Collection[str], progress: Progress = unwatched) -> WhatIfOutcome:
    """Return the directory as it would be without the changes of those ids; nothing is written.

    Each later command is decided again, at its moment and in the order of the log. A command that is refused is left
    out and listed, and the rest of its change goes on, even of one that was all or nothing when it was made.
    The result may be large: the garbage collector leaves it out until ``unfreeze``, see ``store.gc_pauses``.
    Progress counts events of the log. Raises RefusedError where there is no such change, or it erased
    somebody; CancelledError or StoreError.
    """
    asked = frozenset(without)
    if len(asked) > CHANGES_AT_ONCE:
        raise RefusedError("changes", f"At most {CHANGES_AT_ONCE} changes can be taken out at once.")
    head = log.head().position
    rerun = _Rerun(log, asked)
    with gc_paused():
        try:
            with closing(log.read(through=head)) as events:
                for change_id, change in groupby(_watched(events, head, progress), attrgetter("change_id")):
                    rerun.take(change_id, change)
            if rerun.found != asked:
                raise RefusedError("changes", "There is no such change in this directory.")
            outcome = rerun.outcome(head, lambda: progress(head, head))
        finally:
            rerun.close()
        freeze_existing()
    return outcome


def _watched(events: Iterable[RecordedEvent], total: int, progress: Progress) -> Iterator[RecordedEvent]:
    for done, recorded in enumerate(events):
        if done % REPORT_EVERY == 0:
            progress(done, total)
        yield recorded


class _Rerun:
    """The log once more, from its beginning: as it was up to the first change left out, and decided from there on."""

    def __init__(self, log: EventLog, without: frozenset[str]) -> None:
        self.found: set[str] = set()
        self._log = log
        self._without = without
        self._beginning = Beginning(log.directory_id)
        self._kept = 0
        self._decided: list[RecordedEvent] = []
        self._change: Change | None = None
        self._recorded: dict[str, list[tuple[int, Event]]] = {}
        self._refusals: list[RefusedCommand] = []

    def take(self, change_id: str, events: Iterable[RecordedEvent]) -> None:
        """Go on with the next change of the log, without whoever was erased since: there is nothing left to decide.

        Raises RefusedError where erasing somebody is to be left out.
        """
        if change_id in self._without:
            self.found.add(change_id)
            self._imagined()
            for recorded in events:
                if isinstance(recorded.event, UserErased):
                    raise RefusedError("changes", "Erasing is for ever: nobody can know how it would be without it.")
                if not isinstance(recorded.event, Forgotten):
                    self._note(recorded)
        elif self._change is None:
            for recorded in events:
                if not isinstance(recorded.event, Forgotten | UserErased):
                    self._beginning.take(recorded)
                self._kept = recorded.position
        else:
            known = [recorded for recorded in events if not isinstance(recorded.event, Forgotten | UserErased)]
            self._decide(self._change, known)

    def outcome(self, head: int, interrupt: Callable[[], None]) -> WhatIfOutcome:
        """Return what came out when the log has been taken in to its end, which is ``head``.

        ``interrupt`` is called now and then, as this takes as long as deciding does where much was refused.
        """
        change = self._imagined()
        now, would_be = self._directory_now(), change.directory()
        groups = group_differences(now, would_be)
        users_now, users = self._users_now(groups), self._users(change)
        return WhatIfOutcome(
            without=tuple(sorted(self.found)),
            head=head,
            directory_now=now,
            users=users,
            directory=would_be,
            log=ImaginedLog(self._log, self._kept, head, self._decided),
            refused=refusals_in_words(self._refusals, self._recorded, {**now.deleted_groups, **now.names}, interrupt),
            user_differences=user_differences(users_now, now, users, would_be),
            group_differences=tuple(groups),
            moment_differences=tuple(moment_differences(now, would_be)),
            looks=tuple(looks_back(would_be, now, now)),
            fields=tuple(
                name
                for field_id, name in now.fields.items()
                if field_id not in would_be.fields and field_id not in would_be.deleted_fields
            ),
            field_differences=tuple(field_differences(now, would_be)),
            described=tuple(definitions_back(would_be, now, now)),
            field_order=tuple(field_order_back(would_be, now, now)),
            unseen=tuple(unseen_differences(users_now, now, users, would_be)),
        )

    def stood(self, contested: ContestedValue) -> bool:
        """See ``Truth``."""
        fields = unique_fields(self._directory_now())
        keys = {
            reserved(contested.field, self._in_truth(one), fields) for one in (contested.user_id, *contested.others)
        }
        return len(keys) == 1 and None not in keys

    def of_deleted(self, recorded: RecordedEvent) -> bool:
        """See ``Truth``."""
        known = self._recorded[recorded.stream][: recorded.version - 1]
        past = [(when_us, event) for when_us, event in known if when_us <= recorded.occurred_at]
        user = fold(None, (event for _, event in user_events(past)))
        return user is not None and user.status == "deleted"

    def close(self) -> None:
        """Forget what only the rerun needed."""
        let_go(self._recorded, self._refusals)
        self._beginning.close()
        if self._change is not None:
            let_go(self._change.cache().users)

    def _users(self, change: Change) -> dict[str, User]:
        users = dict(self._beginning.users)
        for user_id in self._touched():
            user = change.user(user_id)
            if user is not None:
                users[user_id] = user
        return users

    def _users_now(self, groups: Iterable[GroupDifference]) -> dict[str, User]:
        """Return who may differ from what they would be, as they are."""
        # Who was not touched has other memberships all the same where a group would have begun, or ended.
        shown_once = {difference.group_id for difference in groups if None in (difference.now, difference.would_be)}
        now = {user_id: user for user_id, user in self._beginning.users.items() if user.groups & shown_once}
        for user_id in self._touched():
            user = fold(None, (event for _, event in user_events(self._recorded[user_id])))
            if user is not None:
                now[user_id] = user
        return now

    def _touched(self) -> list[str]:
        return [stream for stream in self._recorded if stream != self._beginning.directory_id]

    def _imagined(self) -> Change:
        if self._change is None:
            self._beginning.settle()
            self._change = Change(self._beginning, "", 0, as_recorded=True)
        return self._change

    def _note(self, recorded: RecordedEvent) -> None:
        events = self._recorded.get(recorded.stream)
        if events is None:
            events = self._recorded[recorded.stream] = list(self._beginning.stream_events(recorded.stream))
        events.append((recorded.occurred_at, recorded.event))

    def _decide(self, change: Change, events: list[RecordedEvent]) -> None:
        for recorded in events:
            self._note(recorded)
        decided = decide_change(change, events, self)
        self._decided.extend(decided.events)
        self._refusals.extend(decided.refused)

    def _in_truth(self, user_id: str) -> User | None:
        events = self._recorded.get(user_id) or self._beginning.stream_events(user_id)
        return fold(None, (event for _, event in user_events(events)))

    def _directory_now(self) -> Directory:
        recorded = self._recorded.get(self._beginning.directory_id)
        return self._beginning.directory if recorded is None else own_stream(recorded).directory
