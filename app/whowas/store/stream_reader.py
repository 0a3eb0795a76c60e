"""What decisions read: events of a stream, owners of unique values, earlier commands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from whowas.domain.events import Event
from whowas.store.chain import Head
from whowas.store.former_keys import FormerKeys


class StreamReader(Protocol):
    """What a change is decided on: the real log, or the imagined one of a what-if."""

    directory_id: str
    head: Head
    last_recorded_at: int
    former_keys: FormerKeys | None
    """What is to be asked first of a file whose owners are stored under the comparison keys of former versions."""

    def stream_events(self, stream: str) -> Sequence[tuple[int, Event]]:
        """Return (occurred_at, event) of one user, or of the directory itself, in recorded order."""

    def users_holding(self, field_id: str) -> Iterable[str]:
        """Return the ids of all users who may ever have had a value in a custom field; taking them can be cancelled."""

    def change_of_command(self, command_id: str) -> tuple[str, int, int] | None:
        """Return (change id, first position, last position) of a command that was carried out before, or None."""

    def owners_of_email(self, key: str) -> Collection[str]:
        """Return the ids of the users who hold an email with that comparison key."""

    def owners_of_external_id(self, key: str) -> Collection[str]:
        """Return the ids of the users, deleted or not, who have an external id with that comparison key."""

    def users_of_source(self, source: str) -> set[str]:
        """Return the ids of all whom earlier imports of a list of that source created, changed or met."""
