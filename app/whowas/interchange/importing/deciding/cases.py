"""What the rows about one user say together, before it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import uuid_utils

from whowas.domain.fields import listed
from whowas.domain.users import User
from whowas.interchange.importing.matching.groups import Groups
from whowas.interchange.importing.matching.matching import BY_DECISION, Matching
from whowas.interchange.importing.matching.merging import merged, without
from whowas.interchange.importing.matching.rows import NOBODY
from whowas.interchange.importing.people.keys import key_label
from whowas.interchange.importing.told.outcomes import NO_REFUSAL, Refusal
from whowas.interchange.mapping.list_mapping import ListRow
from whowas.interchange.user_record import Record


@dataclass(slots=True)
class Case:
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


class Cases:
    """Makes a case of each group of rows, or refuses them."""

    def __init__(self, matching: Matching, groups: Groups, *, skip_refused: bool) -> None:
        self._matching = matching
        self._rows = matching.rows
        self._groups = groups
        self._skip_refused = skip_refused

    def of(self, first: int) -> Case | None:
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
                    self._refuse(numbers, wrong)
                    return None
                record, fault = rest, wrong
        known = int(self._matching.user[first])
        user = None if known == NOBODY else self._matching.known(known)
        user_id = user.id if user is not None else record.user_id or str(uuid_utils.uuid7())
        wrong = self._external_id_differs(numbers, user) if user is not None else None
        if wrong is not None:
            self._refuse(numbers, wrong)
            return None
        return Case(numbers, row, record, user, user_id, fault or NO_REFUSAL)

    def _together(self, numbers: Sequence[int]) -> tuple[Record, Refusal | None] | None:
        refused = next((number for number in numbers if not self._matching.live[number]), None)
        if refused is not None:
            for number in self._matching.watched(numbers):
                place = self._rows.place(number, refused)
                self._matching.refuse(number, Refusal(0, "", f"The same user stands in {place}, which is refused."))
            return None
        rows = [self._rows.row(number) for number in self._matching.watched(numbers)]
        record, differing = merged([row.record for row, _ in rows])
        if not differing:
            return record, next((fault for _, fault in rows if fault is not None), None)
        what = listed(key_label(field) for field in differing)
        for number, (row, _) in self._matching.watched(zip(numbers, rows, strict=True)):
            other = self._rows.place(number, numbers[0] if number != numbers[0] else numbers[1])
            reason = f"This is the same user as in {other}, and the rows about this user differ: {what}."
            self._matching.refuse(number, Refusal(row.columns.get(differing[0], 0), differing[0], reason))
        return None

    def _external_id_differs(self, numbers: Sequence[int], user: User) -> Refusal | None:
        """Return why a user found by another key cannot be meant: their external id, tried later, is another one."""
        keys = self._matching.keys
        for number in numbers:
            level = int(self._matching.level[number])
            if level != BY_DECISION and "external_id" in keys[level + 1 :] and keys[level] != "id":
                wrong = self._matching.disagreement(number, user, keys[level], ("external_id",))
                if wrong is not None:
                    return wrong
        return None

    def _refuse(self, numbers: Sequence[int], refusal: Refusal) -> None:
        for number in numbers:
            self._matching.refuse(number, refusal)
