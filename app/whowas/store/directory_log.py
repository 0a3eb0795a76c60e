"""What writes the log of a directory: the contract of its implementations, and of their tests.

Reading is not part of it. Everything reads an ``EventLog``, a file: the directory's own, or the follower that a
window keeps of a log on a server.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from whowas.domain.progress import Progress, unwatched
from whowas.store.decided import Committed, Decided, Moved
from whowas.store.stream_reader import StreamReader

if TYPE_CHECKING:
    from whowas.store.event_log import EventLog
    from whowas.store.owner_folding import Shared


class Reading(StreamReader, Protocol):
    """The log as it is at one moment."""

    def watched_by(self, progress: Progress) -> None:
        """Let ``progress`` be told while much is read at once; it may cancel that."""


class Deciding(Reading, Protocol):
    """The log while one change is being decided on it, and the way to append that change."""

    is_renewed: bool
    """Whether the owners of a file of an older version were stored anew for it, see ``former_keys``."""
    copy: Path | None
    """The copy that was made of the file before that."""

    def append(
        self, decided: Decided, about_to_commit: Callable[[], None], progress: Progress = unwatched
    ) -> Committed | Moved:
        """Append a change that was decided here; it is durable when the block of ``deciding`` has ended.

        ``decided`` may have been decided elsewhere, and earlier. ``about_to_commit`` is the last that is called before
        it is written for good: what it raises is passed on, and nothing is written. ``progress`` may cancel before
        that. To be called once. Raises CancelledError, RefusedError where whoever asks has no right to it, or
        StoreError; UncertainError where it is unknown whether it was written.

        ``head`` is then the head behind the change; or, where others have appended meanwhile, as it was.
        """

    def shared(self) -> list[Shared]:
        """Return the values that several users have; to be asked only where ``is_renewed``."""


class DirectoryLog(Protocol):
    """The write side of a directory: a file, or a server."""

    directory_id: str

    def reading(self) -> AbstractContextManager[Reading]:
        """Yield the log as it is now, to find out what a change would do; nobody is kept from writing meanwhile."""

    def deciding(
        self, *, locked: bool, copied: Callable[[EventLog], Path] | None = None
    ) -> AbstractContextManager[Deciding]:
        """Yield the log as it is now, to decide a change on.

        If ``locked``, nobody else can write during the block, so that ``append`` is never answered by Moved. ``copied``
        makes a verified copy of a file before its owners are stored anew.
        """
