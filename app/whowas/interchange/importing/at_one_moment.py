"""Taking the entries of a change log that lie at one moment: what they come to together counts, not their order.

An entry whose email or external id is somebody else's, who may give it up at the same moment, waits for the entries of
that moment; so do the later ones about the same user.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import CreateUser
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.users import User
from whowas.interchange import change_log
from whowas.interchange.entries import ImportEntry
from whowas.interchange.importing.deciding.handing_over import in_order
from whowas.interchange.importing.people.keys import UNIQUE
from whowas.interchange.importing.told.differences import differences
from whowas.interchange.importing.told.outcome import What
from whowas.interchange.importing.told.outcomes import NO_REFUSAL, Outcomes, Refusal, RowPlace

_MOMENT = "at"
"""What a line calls the moment at which it became true."""


@dataclass(frozen=True, slots=True)
class _Given:
    """An entry, by its number among all, and the file that it stands in."""

    number: int
    file: str
    entry: ImportEntry


@dataclass(frozen=True, slots=True)
class _Done:
    """What an entry came to: its user before and after, as of its moment, and the version that it met.

    That is 0 for a user whom the same import created.
    """

    user_id: str
    what: What
    before: User | None
    after: User | None
    met: int


class AtOneMoment:
    """Takes entries into a change, those of one moment up to ``end``, and tells what becomes of each."""

    def __init__(self, change: Change, outcomes: Outcomes, *, skip_refused: bool) -> None:
        self.deleted = 0
        self._created: set[str] = set()
        self._change = change
        self._outcomes = outcomes
        self._skip_refused = skip_refused
        self._waiting: list[_Given] = []
        self._who_waits: set[str] = set()

    def take(self, number: int, file: str, entry: ImportEntry) -> None:
        """Take an entry, or let it wait until ``end``."""
        given = _Given(number, file, entry)
        if entry.external_id in self._who_waits:
            self._waiting.append(given)
            return
        try:
            done = self._dispatch(entry)
        except RefusedError as error:
            if error.field in UNIQUE:
                self._waiting.append(given)
                self._who_waits.add(entry.external_id)
            else:
                self._refuse(given, error)
        else:
            self._tell(given, done)

    def end(self) -> None:
        """Take what waits, now that all entries of the moment are known."""
        waiting, self._waiting = self._waiting, []
        self._who_waits.clear()
        by_number = {given.number: given for given in waiting}
        for numbers in in_order(self._needs(waiting)):
            if len(numbers) == 1:
                self._take_alone(by_number[numbers[0]])
            else:
                self._take_circle([by_number[number] for number in numbers])

    def _needs(self, waiting: Sequence[_Given]) -> dict[int, set[int]]:
        """Return which entries wait for which: for an earlier one of the same user, or all of who is in the way."""
        owner_of = self._change.reservations.owner_of_external_id
        who = {given.number: owner_of(given.entry.external_id) or given.entry.external_id for given in waiting}
        of_user: dict[str, list[int]] = {}
        for number, user in who.items():
            of_user.setdefault(user, []).append(number)
        needs: dict[int, set[int]] = {number: set() for number in who}
        for numbers in of_user.values():
            for earlier, later in pairwise(numbers):
                needs[later].add(earlier)
        for given in waiting:
            for owner in self._in_the_way(given.entry) - {who[given.number]}:
                needs[given.number].update(of_user.get(owner, ()))
        return needs

    def _in_the_way(self, entry: ImportEntry) -> frozenset[str]:
        reservations = self._change.reservations
        email, external_id = (entry.fields.get(name) for name in ("email", "external_id"))
        owners = reservations.owners_of_email(email) if isinstance(email, str) else frozenset()
        return owners | reservations.owners_of_external_id(external_id) if isinstance(external_id, str) else owners

    def _take_circle(self, circle: Sequence[_Given]) -> None:
        """Take entries that hand values to each other, all of them or none."""
        done: list[_Done] = []
        at_fault = circle[0]
        try:
            with self._change.together():
                for given in circle:
                    at_fault = given
                    done.append(self._dispatch(given.entry))
                for contested in self._change.contested():
                    who = [each.user_id for each in done]
                    at_fault = circle[who.index(contested.user_id)]
                    raise contested.refusal()
        except RefusedError as error:
            self._tell_refused(at_fault, self._refusal(at_fault.entry, error))
            place = f"line {at_fault.entry.line}"
            reason = f"This entry and {place} exchange what only one user may have, and {place} is refused."
            for given in circle:
                if given is not at_fault:
                    self._tell_refused(given, Refusal(0, "", reason))
            return
        for given, each in zip(circle, done, strict=True):
            self._tell(given, each)

    def _take_alone(self, given: _Given) -> None:
        try:
            done = self._dispatch(given.entry)
        except RefusedError as error:
            self._refuse(given, error)
        else:
            self._tell(given, done)

    def _dispatch(self, entry: ImportEntry) -> _Done:
        asked = change_log.asked(self._change, entry)
        moment = entry.occurred_at or 0
        stream, events = self._change.stream(asked.user_id), self._change.events
        before = stream.as_of(moment) if stream.events else None
        self._change.dispatch(*asked.commands, actor=entry.actor, occurred_at=entry.occurred_at)
        created = any(isinstance(command, CreateUser) for command in asked.commands)
        what: What = "created" if created else "changed" if self._change.events > events else "unchanged"
        after = self._change.stream(asked.user_id).as_of(moment) if what != "unchanged" else before
        if created:
            self._created.add(asked.user_id)
        # New users have other ids each time, and whatever is met of them follows from other entries.
        met = 0 if asked.user_id in self._created else stream.version
        return _Done(asked.user_id, what, before, after, met)

    def _refuse(self, given: _Given, error: RefusedError) -> None:
        """Refuse an entry, or take it without the one field at fault where that is allowed."""
        refusal = self._refusal(given.entry, error)
        rest = given.entry.without(refusal.field) if self._skip_refused else None
        if rest is not None:
            with suppress(RefusedError):
                self._tell(given, self._dispatch(rest), refusal)
                return
        self._tell_refused(given, refusal)

    def _refusal(self, entry: ImportEntry, error: RefusedError) -> Refusal:
        name = error.field if error.field in entry.fields else error.field.removeprefix(ATTRIBUTE_PREFIX)
        if error.field == "occurred_at":
            name = _MOMENT
        told = entry.refusal(name, str(error))
        return Refusal(told.column, told.field, told.reason)

    def _tell_refused(self, given: _Given, refusal: Refusal) -> None:
        user_id = self._change.reservations.owner_of_external_id(given.entry.external_id)
        user = None if user_id is None else self._change.user(user_id)
        who = ("", given.entry.external_id) if user is None else (user.id, user.name)
        self._outcomes.tell(given.number, _place(given), "refused", *who, refusal=refusal)

    def _tell(self, given: _Given, done: _Done, refusal: Refusal = NO_REFUSAL) -> None:
        user = done.after or done.before
        changes = {}
        if done.after is not None and done.what != "unchanged":
            changes = differences(done.before, done.after, self._change.directory())
            self.deleted += changes.get("status", (None, None))[1] == "deleted"
        name = given.entry.external_id if user is None else user.name
        self._outcomes.tell(given.number, _place(given), done.what, done.user_id, name, changes, refusal, done.met)


def _place(given: _Given) -> RowPlace:
    return RowPlace(given.file, given.entry.line, given.entry.raw)
