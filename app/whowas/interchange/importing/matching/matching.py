"""Whether a record names a user who is there: one answer for the records of every format.

The keys are tried in order, and the first one of a row that names a user decides. What belongs to somebody who gives it
up in the same files names nobody: addresses that change hands are judged by the result, whatever the order of the rows.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, watched
from whowas.domain.users import User
from whowas.interchange.importing.matching.rows import NOBODY, SEVERAL, Rows
from whowas.interchange.importing.people.keys import (
    UNIQUE,
    hashed,
    key_label,
    key_of_user,
    name_of,
    shown_key,
    shown_key_of_user,
)
from whowas.interchange.importing.people.presence import UNDATED, Presence
from whowas.interchange.importing.told.outcome import What
from whowas.interchange.importing.told.outcomes import Outcomes, Refusal, RowPlace
from whowas.interchange.one_change import OneChange

T = TypeVar("T")
Numbers = npt.NDArray[np.int64]

REPORT_EVERY = 200

BY_DECISION = -1
"""The level of a key that counts more than all others: that somebody said whom a row is about."""


class Matching:
    """Who is meant by each row: ``user`` has the number of a user who is there, or NOBODY, for each row.

    ``live`` says which rows are not refused so far; ``level`` which of the keys decided, the number of them for none,
    BY_DECISION where a person did; ``faults`` maps rows to what is wrong with a field that is no key. ``left_out`` says
    which rows somebody decided to leave out: they are never live, and say nothing of what other rows mean. ``same_as``
    maps rows to the numbers of the users whom somebody said they are about, as far as these are there.
    """

    def __init__(
        self,
        rows: Rows,
        keys: Sequence[str],
        change: OneChange,
        outcomes: Outcomes,
        progress: Progress,
        presence: Presence = UNDATED,
    ) -> None:
        self.rows = rows
        self.keys = keys
        self.outcomes = outcomes
        self.presence = presence
        self.left_out = np.zeros(len(rows), dtype=np.bool_)
        self.left_out[list(rows.decided.left_out)] = True
        decided = rows.decided.same_as.items()
        # As those whom keys name, they need a number before there is an array of them.
        self.same_as = {row: rows.users.number(user) for row, user in decided if change.user(user) is not None}
        self.user = np.full(len(rows), NOBODY, dtype=np.int32)
        self.live = np.fromiter((not outcomes.told(number) for number in range(len(rows))), np.bool_, len(rows))
        self.live &= ~self.left_out
        self.faults: dict[int, Refusal] = {}
        self.level = np.full(len(rows), len(keys), dtype=np.int8)
        self._claims = np.full(len(rows.users), NOBODY, dtype=np.int64)
        # What the rows about a user give for each unique key, by its hash.
        self._given: dict[str, Numbers] = {key: np.zeros(len(rows.users), dtype=np.int64) for key in UNIQUE}
        self._without_email = np.zeros(len(rows.users), dtype=np.uint8)
        # Rows that one key says are about somebody, and another one are not, who may have left.
        self._disagreeing: list[tuple[int, int, str, Refusal]] = []
        self._change = change
        self._progress = progress

    def match(self) -> None:
        """Find who is meant by each row alone. Raises CancelledError."""
        for level in range(len(self.keys)):
            self._bind(level)
        for number, owner, key, refusal in self.watched(self._disagreeing):
            stays = self.claimed_by(owner) != NOBODY and not self.gives_up(owner, key, self.rows.hashes[key][number])
            if stays or ("name" in self.keys and self._is_called(number, owner)):
                self.refuse(number, refusal)

    def _is_called(self, number: int, user: int) -> bool:
        """Say whether a row gives the name of a user, by its number."""
        name = self.rows.hashes["name"][number]
        return bool(name) and name == hashed(key_of_user(self.known(user), "name"))

    def claimed_by(self, user: int) -> int:
        """Return the first row that is about a user, NOBODY for none."""
        return int(self._claims[user])

    def unknown(self) -> list[int]:
        """Return the live rows that are about nobody who is there."""
        return np.flatnonzero(self.live & (self.user == NOBODY)).tolist()

    def has(self, keys: Sequence[str]) -> Sequence[int]:
        """Return for each row which of the keys it gives, the first one as the lowest bit."""
        bits = np.zeros(len(self.rows), dtype=np.int32)
        for at, key in enumerate(keys):
            bits |= (self.hashes(key) != 0).astype(np.int32) << at
        return array("i", bits.tobytes())

    def same_names(self) -> Iterator[list[int]]:
        """Yield the live rows of each name that stands in several."""
        return self.runs(self.hashes("name"))

    def refuse(self, number: int, refusal: Refusal, what: What = "refused", perhaps: Sequence[str] = ()) -> None:
        """Tell that a row is not taken, unless that is told; ``perhaps`` are the ids of whom it may be about."""
        if self.live[number]:
            self.live[number] = False
            row, _ = self.rows.row(number)
            user = self.known(int(self.user[number])) if self.user[number] != NOBODY else None
            place = RowPlace(self.rows.file_of(number), row.line, row.raw)
            named = (user.id, user.name) if user is not None else ("", name_of(row.record))
            self.outcomes.tell(number, place, what, *named, refusal=refusal, perhaps=perhaps)

    def fault(self, number: int, field: str, behind: str, before: str = "") -> None:
        """Refuse a row for the value of a unique field, or only that field where it is no key.

        The sentence has the value between ``before`` and ``behind``: that of the row, or of the user whom it is about.
        """
        row, _ = self.rows.row(number)
        value = shown_key(row.record, field)
        if not value and self.user[number] != NOBODY:
            value = shown_key_of_user(self.known(int(self.user[number])), field)
        refusal = Refusal(row.columns.get(field, 0), field, f"{before}{shortened(value)}{behind}")
        if field in self.keys:
            self.refuse(number, refusal)
        else:
            self.faults.setdefault(number, refusal)

    def gives_up(self, owner: int, key: str, value: int) -> bool:
        """Say whether the rows about a user, by its number, take a value, by its hash, from them."""
        if key == "email" and self._without_email[owner]:
            return True
        given = self._given.get(key)
        return given is not None and int(given[owner]) not in (0, value)

    def _bind(self, level: int) -> None:
        key, earlier = self.keys[level], self.keys[:level]
        owners, hashes = np.frombuffer(self.rows.owners[key], dtype=np.intc), self.rows.hashes[key]
        open_rows = self.live & (self.user == NOBODY)
        open_rows[list(self.rows.decided.new)] = False
        for number in self.watched(np.flatnonzero(open_rows & (owners == SEVERAL)).tolist()):
            self.refuse(number, self._several(number, key))
        claimed: list[tuple[int, int]] = []
        for count, number in enumerate(np.flatnonzero(open_rows & (owners >= 0)).tolist()):
            if count % REPORT_EVERY == 0:
                self._progress(count, 0)
            owner = int(owners[number])
            claim = self.claimed_by(owner)
            if claim != NOBODY and self.gives_up(owner, key, hashes[number]):
                continue
            others = [other for other in earlier if self.rows.hashes[other][number]]
            refusal = self.disagreement(number, self.known(owner), key, others) if others else None
            if refusal is None:
                self.user[number] = owner
                self.level[number] = level
                claimed.append((owner, number))
            elif self.rows.users.ids[owner] in self.presence.leaving:
                self._disagreeing.append((number, owner, key, refusal))
            else:
                self.refuse(number, refusal)
        self.claim(claimed)

    def claim(self, claimed: Iterable[tuple[int, int]]) -> None:
        """Keep which rows are about which users, and what they give them."""
        for owner, number in self.watched(claimed):
            if self._claims[owner] == NOBODY:
                self._claims[owner] = number
            for unique, given in self._given.items():
                given[owner] = given[owner] or self.rows.hashes[unique][number]
            self._without_email[owner] |= self.rows.gives_up_email[number]

    def disagreement(self, number: int, user: User, key: str, others: Iterable[str]) -> Refusal | None:
        """Return why a row cannot be about a user whom ``key`` names: one of the other keys says another one."""
        for other in others:
            given = self.rows.hashes[other][number]
            theirs = key_of_user(user, other) if given else ""
            if theirs and hashed(theirs) != given:
                row, _ = self.rows.row(number)
                wanted, shown = (shortened(shown_key(row.record, each)) for each in (other, key))
                reason = (
                    f"{shown} belongs to {shortened(user.name)}, whose {key_label(other).lower()} is "
                    f"{shortened(shown_key_of_user(user, other))}, not {wanted}."
                )
                return Refusal(row.columns.get(key, 0), key, reason)
        return None

    def differ(self, number: int, user: User, keys: Iterable[str]) -> bool:
        """Say whether a row gives another value than a user has for one of some keys."""
        for key in keys:
            given, theirs = self.rows.hashes[key][number], hashed(key_of_user(user, key))
            if given and theirs and given != theirs:
                return True
        return False

    def _several(self, number: int, key: str) -> Refusal:
        row, _ = self.rows.row(number)
        names = " and ".join(shortened(self.known(user).name) for user in self.rows.several[number, key][:2])
        value = shortened(shown_key(row.record, key))
        reason = f"Two users have the {key_label(key).lower()} {value}: {names}."
        return Refusal(row.columns.get(key, 0), key, reason, "Choose another --key.")

    def runs(self, values: Numbers, *, refused: bool = False) -> Iterator[list[int]]:
        """Yield the rows that share a value other than 0, where there are several, in their order.

        Only live ones, or with ``refused`` all of them but those left out.
        """
        numbers = np.flatnonzero((values != 0) & (~self.left_out if refused else self.live))
        if len(numbers) < 2:
            return
        ordered = numbers.astype(np.int32)[np.argsort(values[numbers], kind="stable")]
        del numbers
        same = values[ordered[1:]] == values[ordered[:-1]]
        ends = np.flatnonzero(~same).astype(np.int32) + 1
        del same
        bounds = np.concatenate(([0], ends, [len(ordered)])).astype(np.int32)
        del ends
        for count, at in enumerate(np.flatnonzero(np.diff(bounds) > 1).tolist()):
            if count % REPORT_EVERY == 0:
                self._progress(count, 0)
            yield ordered[bounds[at] : bounds[at + 1]].tolist()

    def watched(self, items: Iterable[T]) -> Iterator[T]:
        """Yield items, and report so often that a cancelled import ends at once. Raises CancelledError."""
        return watched(items, 0, self._progress)

    def hashes(self, key: str) -> Numbers:
        """Return the hash of each row's value of a key, 0 for none."""
        return np.frombuffer(self.rows.hashes[key], dtype=np.int64)

    def known(self, number: int) -> User:
        """Return the user of a number, as they are after what is decided so far."""
        user = self._change.user(self.rows.users.ids[number])
        assert user is not None, "only users who are there are numbered"
        return user
