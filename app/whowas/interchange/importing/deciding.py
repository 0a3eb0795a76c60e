"""Deciding what becomes of the rows: each as commands of one change, in an order in which values can change hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import uuid_utils

from whowas.command_bus.unit_of_work import Change
from whowas.domain.errors import RefusedError
from whowas.domain.fields import listed, shortened
from whowas.domain.progress import Progress
from whowas.domain.unique import taken
from whowas.domain.users import User
from whowas.interchange.importing.differences import differences
from whowas.interchange.importing.handing_over import in_order, needs_of
from whowas.interchange.importing.keys import UNIQUE, key_label
from whowas.interchange.importing.matching import Matching
from whowas.interchange.importing.merging import merged, says_nothing_new, without
from whowas.interchange.importing.outcome import What
from whowas.interchange.importing.outcomes import NO_REFUSAL, Outcomes, Place, Refusal
from whowas.interchange.importing.rows import NOBODY
from whowas.interchange.mapping.list_mapping import ListRow
from whowas.interchange.user_record import Record, creating, updating

REPORT_EVERY = 50


@dataclass(slots=True)
class _Case:
    """A user whom rows are about: the numbers of the rows, the first of them, and what they say together.

    ``user`` is who is there before; ``fault`` is why a field was left out already.
    """

    numbers: Sequence[int]
    row: ListRow
    record: Record
    user: User | None
    user_id: str
    fault: Refusal
    events: int = 0


class Deciding:
    """Decides all rows that are not refused, and tells what becomes of them.

    ``unchanged`` are the ids of those whom it met and did not change; ``merged`` counts the rows that say of a user
    what another row says as well.
    """

    def __init__(
        self, matching: Matching, change: Change, outcomes: Outcomes, progress: Progress, *, skip_refused: bool
    ) -> None:
        self.unchanged: set[str] = set()
        self.merged = 0
        self._matching = matching
        self._rows = matching.rows
        self._change = change
        self._outcomes = outcomes
        self._progress = progress
        self._skip_refused = skip_refused
        self._groups = matching.groups()
        self._needs: dict[int, set[int]] = {}

    def decide_all(self) -> None:
        """Decide the rows in their order, and then those that wait for others. Raises CancelledError or StoreError."""
        self._needs = needs_of(self._matching)
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
        case = self._case(first)
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
        cases = [case for first in firsts if (case := self._case(first)) is not None]
        refused: Sequence[int] = [first for first in firsts if not self._matching.live[first]]
        if not refused:
            at_fault = cases[0]
            try:
                with self._change.together():
                    for at_fault in cases:
                        self._dispatch(at_fault)
                    for contested in self._change.contested():
                        at_fault = next(case for case in cases if case.user_id == contested.user_id)
                        raise taken(contested.field, contested.value)
            except RefusedError as error:
                self._refuse(at_fault, self._refusal(at_fault, error))
                refused = at_fault.numbers
            else:
                for case in cases:
                    self._tell(case)
                return
        for case in cases:
            place = self._rows.place(case.numbers[0], refused[0])
            reason = f"This row and {place} exchange what only one user may have, and {place} is refused."
            self._refuse(case, Refusal(0, "", reason))

    def _case(self, first: int) -> _Case | None:
        """Return what a group is about, or None where its rows cannot be taken, which is told then."""
        numbers: Sequence[int] = (first,)
        row, fault = self._rows.row(first)
        record = row.record
        if first in self._groups:
            numbers = self._groups[first]
            together = self._together(numbers)
            if together is None:
                return None
            record, fault = together
        for number in numbers if self._matching.faults else ():
            if (wrong := self._matching.faults.get(number)) is not None:
                rest = without(record, wrong.field)
                if not self._skip_refused or fault is not None or rest is None:
                    self._refuse_all(numbers, wrong)
                    return None
                record, fault = rest, wrong
        known = int(self._matching.user[first])
        user = None if known == NOBODY else self._matching.known(known)
        user_id = user.id if user is not None else record.user_id or str(uuid_utils.uuid7())
        case = _Case(numbers, row, record, user, user_id, fault or NO_REFUSAL)
        wrong = self._external_id_differs(case) if user is not None else None
        if wrong is not None:
            self._refuse(case, wrong)
            return None
        return case

    def _together(self, numbers: Sequence[int]) -> tuple[Record, Refusal | None] | None:
        refused = next((number for number in numbers if not self._matching.live[number]), None)
        if refused is not None:
            for number in numbers:
                place = self._rows.place(number, refused)
                self._matching.refuse(number, Refusal(0, "", f"The same user stands in {place}, which is refused."))
            return None
        rows = [self._rows.row(number) for number in numbers]
        record, differing = merged([row.record for row, _ in rows])
        if not differing:
            return record, next((fault for _, fault in rows if fault is not None), None)
        what = listed(key_label(field) for field in differing)
        for number, (row, _) in zip(numbers, rows, strict=True):
            other = self._rows.place(number, numbers[0] if number != numbers[0] else numbers[1])
            reason = f"This is the same user as in {other}, but the two differ: {what}."
            self._matching.refuse(number, Refusal(row.columns.get(differing[0], 0), differing[0], reason))
        return None

    def _external_id_differs(self, case: _Case) -> Refusal | None:
        """Return why a user found by another key cannot be meant: their external id, tried later, is another one."""
        keys, level = self._matching.keys, int(self._matching.level[case.numbers[0]])
        if case.user is None or "external_id" not in keys[level + 1 :] or keys[level] == "id":
            return None
        return self._matching.disagreement(case.numbers[0], case.user, keys[level], ("external_id",), giver=case.record)

    def _is_free(self, case: _Case) -> bool:
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

    def _dispatch(self, case: _Case) -> None:
        before = self._change.events
        user = case.user
        if user is None:
            self._change.dispatch(*creating(self._change, case.user_id, case.record))
        elif user.status == "deleted" and case.record.status not in ("active", "suspended"):
            self._leave_deleted(user, case.record)
        else:
            self._change.dispatch(*updating(self._change, user, case.record))
        case.events = self._change.events - before

    def _leave_deleted(self, user: User, record: Record) -> None:
        if record.status is None:
            reason = "Restore this user first, or let the row say that they are active."
            raise RefusedError("status", f"{shortened(user.name)} is deleted. {reason}")
        if not says_nothing_new(record, user, self._change.directory()):
            raise RefusedError("status", f"{shortened(user.name)} is deleted, and what is deleted cannot be changed.")

    def _take_without(self, case: _Case, error: RefusedError) -> None:
        """Take a case without the one field at fault, where that is allowed; else refuse it."""
        refusal = self._refusal(case, error)
        optional = error.field not in ("status", *self._matching.keys)
        rest = without(case.record, error.field) if optional and self._skip_refused and not case.fault.reason else None
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

    def _refusal(self, case: _Case, error: RefusedError) -> Refusal:
        field = error.field
        columns = case.row.columns
        return Refusal(
            columns.get(field) or columns.get({"password": "password_hash"}.get(field, ""), 0), field, str(error)
        )

    def _refuse(self, case: _Case, refusal: Refusal) -> None:
        self._refuse_all(case.numbers, refusal)

    def _refuse_all(self, numbers: Sequence[int], refusal: Refusal) -> None:
        for number in numbers:
            self._matching.refuse(number, refusal)

    def _tell(self, case: _Case) -> None:
        after = self._change.user(case.user_id)
        assert after is not None, "who was created or met is there"
        changed = differences(case.user, after, self._change.directory()) if case.events else {}
        first, *others = case.numbers
        place = Place(self._rows.file_of(first), case.row.line, case.row.raw)
        what: What = "created" if case.user is None else "changed" if case.events else "unchanged"
        met = 0 if case.user is None else case.user.version
        self._outcomes.tell(first, place, what, case.user_id, after.name, changed, case.fault, met)
        if what == "unchanged":
            self.unchanged.add(case.user_id)
        for number in others:
            row, _ = self._rows.row(number)
            place = Place(self._rows.file_of(number), row.line, row.raw)
            self._outcomes.tell(number, place, "unchanged", case.user_id, after.name, met=met)
            self.merged += 1
