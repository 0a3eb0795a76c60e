"""The users that were folded lately, whose last rows the projector then need not read again."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.domain.users import User
from whowas.store.gc_pauses import let_go

HELD_BYTES = 128_000_000
"""When the users take more bytes, they are let go before the next batch."""

_A_USER = 700
"""Bytes of a user without texts, as measured."""


@dataclass(slots=True)
class Latest:
    """A user's last version row: its number and the user's, the step it begins with and when, and the state."""

    row: int
    number: int
    begins: int
    occurred_at: int
    user: User


class LatestUsers:
    """The last rows of users, by id, in one read model, for as long as nobody else has committed to it.

    ``held_bytes`` estimates how much memory they take.
    """

    __slots__ = ("_commits", "held_bytes", "latest")

    def __init__(self) -> None:
        self.latest: dict[str, Latest] = {}
        self.held_bytes = 0
        self._commits = 0

    def begin(self, commits: int) -> None:
        """Let go of all where the count of commits is another than after the last batch, or too much is held."""
        if commits != self._commits or self.held_bytes > HELD_BYTES:
            self.forget()
        self._commits = commits + 1

    def add(self, latest: Latest, text_bytes: int = 0) -> Latest:
        """Keep the last row of a user whose texts take so many bytes, as far as they are not counted yet."""
        self.latest[latest.user.id] = latest
        self.held_bytes += _A_USER + text_bytes
        return latest

    def forget(self) -> None:
        """Let go of all."""
        let_go(self.latest)
        self.held_bytes = 0
