"""Rows about nobody who is known, which no key tells apart from somebody of the same name: perhaps the same person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, watched
from whowas.domain.users import User
from whowas.interchange.importing.matching.joining import Joining
from whowas.interchange.importing.matching.matching import Matching
from whowas.interchange.importing.matching.rows import NOBODY
from whowas.interchange.importing.people.everybody import Everybody
from whowas.interchange.importing.people.keys import TELLING, UNIQUE, comparison_form, hashed, kept_owners, key_of_user
from whowas.interchange.importing.told.outcomes import Refusal
from whowas.interchange.one_change import OneChange

_ADVICE = "Say --key name if it is the same person, or --similar new if it is another one."

REPORT_EVERY = 50

MOST_PERHAPS = 20
"""How many users of the directory are told of each row that may be about one of them."""

Has = int
"""Which of the telling keys somebody has, a bit each."""


class _Found(NamedTuple):
    """Why a row is not taken, and the ids of the users whom it may be about."""

    reason: str
    perhaps: tuple[str, ...] = ()


class Resembling:
    """Refuses rows that resemble somebody; ``users`` are the ids of those in the directory who are resembled."""

    def __init__(
        self,
        matching: Matching,
        joining: Joining,
        change: OneChange,
        everybody: Callable[[], Everybody],
        progress: Progress,
    ) -> None:
        self._is_anybody_there = change.head_position > 0
        self.users: set[str] = set()
        self._matching = matching
        self._first = joining.first
        self._rows = matching.rows
        self._change = change
        self._everybody = everybody
        self._progress = progress
        self._telling = tuple(dict.fromkeys((*TELLING, *(key for key in matching.keys if key != "name"))))
        self._present: dict[int, dict[Has, list[User]]] = {}
        self._has = matching.has(self._telling)

    def refuse(self) -> None:
        """Tell of all rows that resemble somebody in the directory, or in another row. Raises CancelledError."""
        found: dict[int, _Found] = {}
        for number in watched(self._matching.unknown() if self._is_anybody_there else (), 0, self._progress):
            if number in self._rows.decided.new:
                continue
            users = list(islice(self._resembled(number), MOST_PERHAPS))
            if users:
                reason = f"{shortened(users[0].name)} is in the directory, and no key tells the two apart."
                there = (user.id for user in users if user.status != "deleted")
                found[number] = _Found(reason, tuple(dict.fromkeys(there)))
                self.users.update(user.id for user in users)
        for run in self._matching.same_names():
            self._compare(run, found)
        for number, (reason, perhaps) in watched(found.items(), 0, self._progress):
            self._matching.refuse(number, Refusal(0, "", reason, _ADVICE), "similar", perhaps)

    def _resembled(self, number: int) -> Iterator[User]:
        """Yield the users whom a row may be about, perhaps one of them twice, the likeliest first."""
        name = self._rows.hashes["name"][number]
        if not name:
            return
        yield from self._former_holders(number)
        yield from self._alike(name, self._has[number])
        if self._rows.have_other_emails:
            yield from self._holders_of_other_emails(number)

    def _compare(self, run: list[int], found: dict[int, _Found]) -> None:
        """Find the rows of one name that another row of it may be about as well."""
        first = self._first
        examples: dict[Has, dict[int, int]] = {}
        for number in watched(run, 0, self._progress):
            of_two = examples.setdefault(self._has[number], {})
            if len(of_two) < 2:
                of_two.setdefault(first(number), number)
        for number in watched(run, 0, self._progress):
            if number in found or number in self._rows.decided.new or self._matching.user[number] != NOBODY:
                continue
            has, own = self._has[number], first(number)
            others = (
                other
                for known, of_two in examples.items()
                if not known & has
                for group, other in of_two.items()
                if group != own
            )
            if (other := next(others, None)) is not None:
                place = self._rows.place(number, other)
                found[number] = _Found(f"The same name stands in {place}, and no key tells the two apart.")

    def _holders_of_other_emails(self, number: int) -> Iterator[User]:
        """Yield the users of that name who have an email that stands in the row behind the one that is taken."""
        row, _ = self._rows.row(number)
        for email in row.record.other_emails:
            with suppress(RefusedError):  # of what is no email it does not matter, as it is not taken
                for owner in kept_owners(self._change, "email", comparison_form("email", email)):
                    user = self._change.user(owner)
                    if user is not None and hashed(key_of_user(user, "name")) == self._rows.hashes["name"][number]:
                        yield user

    def _former_holders(self, number: int) -> Iterator[User]:
        """Yield the users of that name who give up a value in these files that the row takes: who moved, perhaps."""
        for key in UNIQUE:
            owner = self._rows.owners[key][number]
            if owner >= 0:
                user = self._matching.known(owner)
                if hashed(key_of_user(user, "name")) == self._rows.hashes["name"][number]:
                    yield user

    def _alike(self, name: int, has: Has) -> Iterator[User]:
        """Yield those of that name, by its hash, whom nothing tells apart from a row that has these keys."""
        if name not in self._present:
            self._progress(len(self._present), 0)
            ids = watched(self._everybody().owners("name", name), 0, self._progress, REPORT_EVERY)
            by_keys = self._present[name] = {}
            for user in map(self._change.user, ids):
                if user is not None and len(alike := by_keys.setdefault(self._bits(user), [])) < MOST_PERHAPS:
                    alike.append(user)
        for known, users in self._present[name].items():
            if not known & has:
                yield from users

    def _bits(self, user: User) -> Has:
        return sum(1 << at for at, key in enumerate(self._telling) if key_of_user(user, key))
