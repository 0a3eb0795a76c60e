"""What it says of somebody to stand in a dated list, or not to, beyond what their row says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from whowas.domain.users import Status, User
from whowas.interchange.user_record import Record


@dataclass(frozen=True, slots=True)
class Presence:
    """Of lists that are not dated, nothing follows.

    ``leaving`` are the ids of those who are deleted if the list does not have them; ``returns`` says that deleted users
    whom it has are there again. ``suspended`` are the ids of those whom earlier lists of the import had not, and who
    were suspended for that: they are active again when a list has them. Whoever is unknown when a ``dated`` list says
    that they are deleted was never there as far as anybody knows, and is not made.
    """

    leaving: Collection[str] = ()
    returns: bool = False
    suspended: Collection[str] = ()
    dated: bool = False

    def status(self, user: User, record: Record) -> Status | None:
        """Return the status that a row gives a user, None for the one they have."""
        if record.status is None and self._is_back(user):
            return "active"
        return record.status

    def _is_back(self, user: User) -> bool:
        return (user.status == "deleted" and self.returns) or (user.status == "suspended" and user.id in self.suspended)


UNDATED = Presence()
