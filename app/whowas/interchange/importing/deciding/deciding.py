"""Deciding what becomes of the rows: each as commands of one change, in an order in which values can change hands."""

from __future__ import annotations

from collections.abc import Sequence

from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, begin_phase
from whowas.domain.users import User
from whowas.interchange.importing.deciding.cases import Case, Cases
from whowas.interchange.importing.deciding.handing_over import in_order, needs_of
from whowas.interchange.importing.matching.joining import Joining
from whowas.interchange.importing.matching.matching import Matching
from whowas.interchange.importing.matching.merging import as_given, says_nothing_new, without
from whowas.interchange.importing.people.keys import UNIQUE, name_of
from whowas.interchange.importing.told.differences import differences
from whowas.interchange.importing.told.outcome import What
from whowas.interchange.importing.told.outcomes import Outcomes, Refusal, RowPlace
from whowas.interchange.one_change import OneChange
from whowas.interchange.user_record import Record, creating, updating

REPORT_EVERY = 50

_LEFT_OPEN = (
    "Whether this new user is active is left blank.",
    "Fill it in, or say what blank cells mean, as --status =suspended or --status =active.",
)


class DecidingRows:
    """Decides all rows that are not refused, and tells what becomes of them.

    ``unchanged`` are the ids of those whom it met and did not change, but for deleted users, who cannot be missing one
    day; ``merged`` counts the rows that say of a user what another row says as well, ``never_there`` the users whom a
    dated list says are deleted, and of whom nothing was known before.
    """

    def __init__(
        self,
        matching: Matching,
        joining: Joining,
        change: OneChange,
        outcomes: Outcomes,
        progress: Progress,
        *,
        skip_refused: bool,
    ) -> None:
        self.unchanged: set[str] = set()
        self.merged = 0
        self.never_there = 0
        self._matching = matching
        self._joining = joining
        self._rows = matching.rows
        self._change = change
        self._outcomes = outcomes
        self._progress = progress
        self._skip_refused = skip_refused
        self._groups = joining.groups()
        self._needs: dict[int, set[int]] = {}
        self._cases = Cases(matching, self._groups, skip_refused=skip_refused)

    def decide_all(self) -> None:
        """Decide the rows in their order, and then those that wait for others. Raises CancelledError or StoreError."""
        begin_phase(self._progress, "comparing")
        self._needs = needs_of(self._matching, self._joining)
        total = len(self._rows)
        later = self._groups.later()
        for number in self._needs:
            later[number] = True
        for number, live in enumerate(self._matching.live.tobytes()):
            if number % REPORT_EVERY == 0:
                self._progress(number, total)
            if not later[number] and (live or number in self._groups):
                self._decide_one(number)
        for count, waiting in enumerate(in_order(self._needs)):
            if count % REPORT_EVERY == 0:
                self._progress(total, total)
            if len(waiting) == 1:
                self._decide_one(waiting[0], waited=True)
            else:
                self._decide_circle(waiting)

    def _decide_one(self, first: int, *, waited: bool = False) -> None:
        case = self._cases.of(first)
        if case is None or (waited and not self._is_free(case)):
            return
        try:
            self._dispatch(case)
        except RefusedError as error:
            self._take_without(case, error)
        else:
            self._tell(case)

    def _decide_circle(self, firsts: Sequence[int]) -> None:
        """Decide groups that hand values to each other, all of them or none."""
        found = map(self._cases.of, self._matching.watched(firsts))
        cases = [case for case in found if case is not None]
        refused: Sequence[int] = [first for first in firsts if not self._matching.live[first]]
        if not refused:
            at_fault = cases[0]
            try:
                with self._change.together(progress=self._progress):
                    for at_fault in self._matching.watched(cases):
                        self._dispatch(at_fault)
                    for contested in self._change.contested(self._progress):
                        at_fault = next(case for case in cases if case.user_id == contested.user_id)
                        raise contested.refusal()
            except RefusedError as error:
                self._refuse(at_fault, self._refusal(at_fault, error))
                refused = at_fault.numbers
            else:
                for case in self._matching.watched(cases):
                    self._tell(case)
                return
        for case in self._matching.watched(cases):
            place = self._rows.place(case.numbers[0], refused[0])
            reason = f"This row and {place} exchange what only one user may have, and {place} is refused."
            self._refuse(case, Refusal(0, "", reason))

    def _is_free(self, case: Case) -> bool:
        """Say whether what a case waited for is free now; else that is told, or the field left out."""
        for key in UNIQUE:
            value = case.record.texts.get(key)
            if not value:
                continue
            reservations = self._change.reservations
            owners = (
                reservations.owners_of_email(value) if key == "email" else reservations.owners_of_external_id(value)
            )
            owner = min(owners - {case.user_id}, default=None)
            if owner is None or (key == "email" and case.record.status == "deleted"):
                continue
            holder = self._change.user(owner)
            name = "" if holder is None else shortened(holder.name)
            reason = f"{shortened(value)} still belongs to {name}, whose row is refused."
            refusal = Refusal(case.row.columns.get(key, 0), key, reason)
            rest = without(case.record, key) if key not in self._matching.keys and self._skip_refused else None
            if rest is None or case.fault.reason:
                self._refuse(case, refusal)
                return False
            case.record, case.fault = rest, refusal
        return True

    def _dispatch(self, case: Case) -> None:
        before = self._change.events
        user, presence = case.user, self._matching.presence
        if user is None:
            if case.record.status == "deleted" and presence.dated:
                return
            if case.record.status is None and case.record.status_left_open:
                raise RefusedError("status", *_LEFT_OPEN)
            self._change.dispatch(*creating(self._change, case.user_id, case.record))
        else:
            status = presence.status(user, case.record)
            record = case.record if status == case.record.status else case.record._replace(status=status)
            if user.status != "deleted":
                self._change.dispatch(*updating(self._change, user, record))
            elif status in ("active", "suspended"):
                with self._change.together():  # so that the email they had and the one they get are one change of it
                    self._change.dispatch(*updating(self._change, user, record, together=True))
            else:
                self._leave_deleted(user, record)
        case.events = self._change.events - before

    def _leave_deleted(self, user: User, record: Record) -> None:
        if record.status is None:
            reason = "Bring this user back first, or let the row say that they are active."
            raise RefusedError("status", f"{shortened(user.name)} is deleted. {reason}")
        if not says_nothing_new(record, user, self._change.directory()):
            raise RefusedError("status", f"{shortened(user.name)} is deleted, and what is deleted cannot be changed.")

    def _take_without(self, case: Case, error: RefusedError) -> None:
        """Take a case without the one field at fault, where that is allowed; else refuse it."""
        refusal = self._refusal(case, error)
        optional = error.field not in ("status", *self._matching.keys)
        field = as_given(case.record, error.field)
        rest = without(case.record, field) if optional and self._skip_refused and not case.fault.reason else None
        if rest is not None:
            whole, case.record = case.record, rest
            try:
                self._dispatch(case)
            except RefusedError:
                case.record = whole
            else:
                case.fault = refusal
                self._tell(case)
                return
        self._refuse(case, refusal)

    def _refusal(self, case: Case, error: RefusedError) -> Refusal:
        field, columns = as_given(case.record, error.field), case.row.columns
        column = columns.get(field) or columns.get({"password": "password_hash"}.get(field, ""), 0)
        return Refusal(column, field, str(error), error.advice)

    def _refuse(self, case: Case, refusal: Refusal) -> None:
        self._refuse_all(case.numbers, refusal)

    def _refuse_all(self, numbers: Sequence[int], refusal: Refusal) -> None:
        for number in self._matching.watched(numbers):
            self._matching.refuse(number, refusal)

    def _tell(self, case: Case) -> None:
        after = self._change.user(case.user_id)
        if after is None:
            self._tell_unknown(case)
            return
        changed = differences(case.user, after, self._change.directory()) if case.events else {}
        first, *others = case.numbers
        place = RowPlace(self._rows.file_of(first), case.row.line, case.row.raw)
        what: What = "created" if case.user is None else "changed" if case.events else "unchanged"
        met = 0 if case.user is None else case.user.version
        self._outcomes.tell(first, place, what, case.user_id, after.name, changed, case.fault, met)
        if what == "unchanged" and after.status != "deleted":
            self.unchanged.add(case.user_id)
        for number in self._matching.watched(others):
            row, _ = self._rows.row(number)
            place = RowPlace(self._rows.file_of(number), row.line, row.raw)
            self._outcomes.tell(number, place, "unchanged", case.user_id, after.name, met=met)
            self.merged += 1

    def _tell_unknown(self, case: Case) -> None:
        """Tell that somebody whom nobody knows is said to be deleted, and so is not made."""
        self.never_there += 1
        for number in self._matching.watched(case.numbers):
            row, _ = self._rows.row(number)
            place = RowPlace(self._rows.file_of(number), row.line, row.raw)
            self._outcomes.tell(number, place, "unchanged", "", name_of(case.record))
