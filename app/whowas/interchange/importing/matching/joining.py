"""Which rows of a list are about one user, whether or not that user is in the directory already."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from whowas.domain.fields import shortened
from whowas.interchange.importing.matching.groups import Groups
from whowas.interchange.importing.matching.matching import Matching
from whowas.interchange.importing.matching.rows import NOBODY
from whowas.interchange.importing.people.keys import TELLING, UNIQUE, hashed, key_label, key_of_user
from whowas.interchange.importing.told.outcomes import Refusal


class Joining:
    """Joins the rows of a list that are about one user to a group, which is called by its first row.

    Refused rows are among them: whether what the others say agrees with them is not known.
    """

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._rows = matching.rows
        self._parents = array("i", range(len(matching.rows)))

    def join(self) -> None:
        """Join rows, and refuse those that cannot be about one user. Raises CancelledError."""
        users = self._matching.user
        for run in self._matching.runs(np.where(users == NOBODY, 0, users + 1), refused=True):
            self._join(run)
        for level, key in enumerate(self._matching.keys):
            self._join_alike(level, key)
        self._refuse_mixed_groups()
        for key in UNIQUE:
            self._refuse_contested(key)

    def first(self, number: int) -> int:
        """Return the group of a row: the first row that is about the same user."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def groups(self) -> Groups:
        """Return the rows of each group that has several."""
        return Groups(self._parents)

    def _join_alike(self, level: int, key: str) -> None:
        """Join rows that give one value of a key, unless another key tells them apart."""
        matching = self._matching
        telling = [other for other in dict.fromkeys((*matching.keys[:level], "id", "external_id")) if other != key]
        # Of a name it does not follow that a row is about whom another one is about.
        for alike in matching.runs(matching.hashes(key), refused=key != "name"):
            run = alike
            if key not in TELLING and self._rows.decided.new:
                run = [number for number in alike if number not in self._rows.decided.new]
            users = {int(matching.user[number]) for number in run} - {NOBODY}
            if len(run) < 2 or len(users) > 1 or any(self._differ(run, other) for other in telling):
                continue
            owner = users.pop() if users else NOBODY
            new = (
                [number for number in matching.watched(run) if matching.user[number] == NOBODY]
                if owner != NOBODY
                else []
            )
            if not any(matching.disagreement(number, matching.known(owner), key, telling) for number in new):
                self._join(run)

    def _differ(self, run: Sequence[int], key: str) -> bool:
        hashes = self._rows.hashes[key]
        return len({hashes[number] for number in run} - {0}) > 1

    def _join(self, run: Sequence[int]) -> None:
        roots = {self.first(number) for number in self._matching.watched(run)}
        root = min(roots)
        for number in (*roots, *run):
            self._parents[number] = root

    def _refuse_mixed_groups(self) -> None:
        """Refuse groups whose rows name two users; else let all rows of a group be about the one it names."""
        for group in self._matching.watched(self.groups()):
            users = {int(self._matching.user[number]) for number in group} - {NOBODY}
            if len(users) > 1:
                names = " and ".join(sorted(shortened(self._matching.known(user).name) for user in users)[:2])
                reason = f"The rows that share keys with this one name two users: {names}."
                for number in self._matching.watched(group):
                    self._matching.refuse(number, Refusal(0, "", reason))
            elif users and not self._rows.decided.new.isdisjoint(group):
                name = shortened(self._matching.known(users.pop()).name)
                reason = (
                    f"The rows that share keys with this one name {name}, but one of them is said to be a new user."
                )
                for number in self._matching.watched(group):
                    self._matching.refuse(number, Refusal(0, "", reason))
            elif users:
                self._matching.user[group] = users.pop()

    def _has_it(self, number: int, key: str) -> bool:
        """Say whether a row gives a user what they have already: in files of older versions two may have it."""
        user = int(self._matching.user[number])
        if user == NOBODY:
            return False
        return hashed(key_of_user(self._matching.known(user), key)) == self._rows.hashes[key][number]

    def _restored_emails(self) -> Iterator[tuple[int, int]]:
        """Yield the rows that bring a deleted user back and give no email, and the hash of the one that comes back."""
        matching = self._matching
        silent = (matching.user != NOBODY) & (matching.hashes("email") == 0)
        silent &= ~np.frombuffer(self._rows.gives_up_email, dtype=np.bool_)
        for number in matching.watched(np.flatnonzero(silent).tolist()):
            user = matching.known(int(matching.user[number]))
            if user.status == "deleted" and user.email:
                row, _ = self._rows.row(number)
                if matching.presence.status(user, row.record) in ("active", "suspended"):
                    yield number, hashed(key_of_user(user, "email"))

    def _refuse_contested(self, key: str) -> None:
        """Refuse rows that give one value to several users, of whom only one can have it; refused rows give it too."""
        values = self._matching.hashes(key)
        if key == "email":
            values = np.where(np.frombuffer(self._rows.gives_up_email, dtype=np.bool_), 0, values)
            for number, email in self._restored_emails():
                values[number] = email
        for run in self._matching.runs(values, refused=True):
            first = self.first(run[0])
            second = next((number for number in run if self.first(number) != first), None)
            if second is None or all(self._has_it(number, key) for number in run):
                continue
            for number in self._matching.watched(run):
                other = second if self.first(number) == first else run[0]
                place = self._rows.place(number, other)
                before = f"{place[0].upper()}{place[1:]} gives the {key_label(key).lower()} "
                self._matching.fault(number, key, " to somebody else.", before)
