"""What a server promises for the directory on it, and what it does not, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whowas.store.event_log import EventLog
from whowas.store.server.server_log import ServerLog

FindingState = Literal["fine", "to know", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the server: "fine", something that people have "to know", or "wrong"."""

    state: FindingState
    sentence: str


def check(server: ServerLog, follower: EventLog | None = None) -> list[Finding]:
    """Look at all that can be seen of the server and the directory on it, and compare it with what ``follower`` saw.

    What this account may not see is a finding to know. Raises StoreError where the connection is lost.
    """
    raise NotImplementedError  # the sentences follow
