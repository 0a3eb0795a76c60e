"""Rows about nobody who is known, which no key tells apart from somebody of the same name: perhaps the same person."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from whowas.command_bus.unit_of_work import Change
from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, watched
from whowas.domain.users import User
from whowas.interchange.importing.everybody import Everybody
from whowas.interchange.importing.joining import Joining
from whowas.interchange.importing.keys import TELLING, UNIQUE, comparison_form, hashed, kept_owners, key_of_user
from whowas.interchange.importing.matching import Matching
from whowas.interchange.importing.outcomes import Refusal
from whowas.interchange.importing.rows import NOBODY

_ADVICE = "Say --key name if it is the same person, or --similar new if it is another one."

REPORT_EVERY = 50

Has = int
"""Which of the telling keys somebody has, a bit each."""


class Resembling:
    """Refuses rows that resemble somebody; ``users`` are the ids of those in the directory who are resembled."""

    def __init__(
        self,
        matching: Matching,
        joining: Joining,
        change: Change,
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
        self._present: dict[int, dict[Has, User]] = {}
        self._has = matching.has(self._telling)

    def refuse(self) -> None:
        """Tell of all rows that resemble somebody in the directory, or in another row. Raises CancelledError."""
        names = self._rows.hashes["name"]
        found: dict[int, str] = {}
        for number in watched(self._matching.unknown() if self._is_anybody_there else (), 0, self._progress):
            user = None
            if names[number]:
                user = self._former_holder(number) or self._alike(names[number], self._has[number])
                if user is None and self._rows.have_other_emails:
                    user = self._holder_of_other_email(number)
            if user is not None:
                found[number] = f"{shortened(user.name)} is in the directory, and no key tells the two apart."
                self.users.add(user.id)
        for run in self._matching.same_names():
            self._compare(run, found)
        for number, reason in watched(found.items(), 0, self._progress):
            self._matching.refuse(number, Refusal(0, "", f"{reason} {_ADVICE}"), "similar")

    def _compare(self, run: list[int], found: dict[int, str]) -> None:
        """Find the rows of one name that another row of it may be about as well."""
        first = self._first
        examples: dict[Has, dict[int, int]] = {}
        for number in watched(run, 0, self._progress):
            of_two = examples.setdefault(self._has[number], {})
            if len(of_two) < 2:
                of_two.setdefault(first(number), number)
        for number in watched(run, 0, self._progress):
            if number in found or self._matching.user[number] != NOBODY:
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
                found[number] = f"The same name stands in {place}, and no key tells the two apart."

    def _holder_of_other_email(self, number: int) -> User | None:
        """Return the user of that name who has an email that stands in the row behind the one that is taken."""
        row, _ = self._rows.row(number)
        for email in row.record.other_emails:
            with suppress(RefusedError):  # of what is no email it does not matter, as it is not taken
                for owner in kept_owners(self._change, "email", comparison_form("email", email)):
                    user = self._change.user(owner)
                    if user is not None and hashed(key_of_user(user, "name")) == self._rows.hashes["name"][number]:
                        return user
        return None

    def _former_holder(self, number: int) -> User | None:
        """Return the user of that name who gives up a value in these files that the row takes: who moved, perhaps."""
        for key in UNIQUE:
            owner = self._rows.owners[key][number]
            if owner >= 0:
                user = self._matching.known(owner)
                if hashed(key_of_user(user, "name")) == self._rows.hashes["name"][number]:
                    return user
        return None

    def _alike(self, name: int, has: Has) -> User | None:
        """Return somebody of that name, by its hash, whom nothing tells apart from a row that has these keys."""
        if name not in self._present:
            self._progress(len(self._present), 0)
            ids = watched(self._everybody().owners("name", name), 0, self._progress, REPORT_EVERY)
            users = [self._change.user(user_id) for user_id in ids]
            self._present[name] = {self._bits(user): user for user in users if user is not None}
        return next((user for known, user in self._present[name].items() if not known & has), None)

    def _bits(self, user: User) -> Has:
        return sum(1 << at for at, key in enumerate(self._telling) if key_of_user(user, key))
