"""What decisions read: events of a stream, owners of unique values, earlier commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from whowas.domain.events import Event
from whowas.store.chain import Head


class StreamReader(Protocol):
    """What a change is decided on: the real log, or the imagined one of a what-if."""

    directory_id: str
    head: Head
    last_recorded_at: int

    def stream_events(self, stream: str) -> Sequence[tuple[int, Event]]:
        """Return (occurred_at, event) of one user, or of the directory itself, in recorded order."""

    def change_of_command(self, command_id: str) -> tuple[str, int, int] | None:
        """Return (change id, first position, last position) of a command that was carried out before, or None."""

    def owner_of_email(self, key: str) -> str | None:
        """Return the id of the user who holds the email with that comparison key, or None."""

    def users_of_source(self, source: str) -> set[str]:
        """Return the ids of all whom earlier imports of a list of that source created, changed or met."""

    def owner_of_external_id(self, external_id: str) -> str | None:
        """Return the id of the user who has that external id, deleted or not, or None."""
