"""What a read side is folded from: the event log, or one that is only imagined."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Protocol

from whowas.store.chain import Head
from whowas.store.recorded_event import RecordedEvent


class EventSource(Protocol):
    """Events in recorded order; every method raises StoreError as the event log does, see there."""

    @property
    def path(self) -> Path:
        """The directory file that errors are about."""
        ...

    @property
    def directory_id(self) -> str:
        """The id of the directory, which is that of its own stream as well."""
        ...

    def head(self) -> Head:
        """Return the last position and the chain value there."""
        ...

    def chain_at(self, position: int) -> bytes | None:
        """Return the chain value after ``position``, or None when there is no such position."""
        ...

    def read(self, after: int = 0, through: int | None = None) -> Generator[RecordedEvent]:
        """Yield the events after position ``after``, up to and including ``through``."""
        ...

    def timeline_keys_of_change(self, first: int) -> list[tuple[int, int]]:
        """Return (occurred_at, position) of all events of the change that begins at position ``first``."""
        ...

    def stream(self, stream: str) -> list[RecordedEvent]:
        """Return all events of one user, or of the directory itself."""
        ...
