"""Changes that a server had acknowledged and no longer has, as after a failover to a standby that lagged behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.store.recorded_event import RecordedEvent


class LostChangesError(StoreError):
    """The server no longer has changes that this computer saw; opening the directory again tells which."""


@dataclass(frozen=True, slots=True)
class LostChange:
    """One of them: its events, in recorded order, of which there is at least one."""

    change_id: str
    actor: str
    recorded_at: int
    events: Sequence[RecordedEvent]


@dataclass(frozen=True, slots=True)
class LostChanges:
    """All of them: what lies behind position ``through`` in the file ``kept``, an ordinary directory file."""

    kept: Path
    through: int
    count: int
    """How many changes."""

    def changes(self) -> Iterator[LostChange]:
        """Yield them in recorded order. Raises StoreError."""
        raise NotImplementedError

    def let_go(self) -> None:
        """Do not tell of them again; the file stays where it is."""
        raise NotImplementedError
