"""Writing to a directory on a server: decided on the follower, appended on the server.

Nothing is asked of the server before a change is sent: it answers Moved where the follower was behind in what counts,
and only then the follower is brought up and the change decided again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.errors import StoreError
from whowas.store.directory_log import Deciding, Reading
from whowas.store.follower.shared_deciding import NOT_SAVED, SharedDeciding
from whowas.store.server.errors import NotConnectedError

if TYPE_CHECKING:
    from whowas.store.event_log import EventLog
    from whowas.store.follower.follower import Follower
    from whowas.store.follower.link import Link
    from whowas.store.server.rows.decided_rows import Appended
    from whowas.store.server.server_log import ServerLog

NOT_COPIED = "Saved on the server, not yet copied to the second one."
"""What is said where a save is on the server, but was not waited for until a second one has it too."""

_FRESH_S = 1.0
"""How long the follower counts as up to the server: what is refused then is refused rightly but for a moment."""


class SharedLog:
    """The write side of a shared directory, see ``DirectoryLog``."""

    def __init__(self, link: Link, follower: Follower, followed: Callable[[], None]) -> None:
        """``followed`` is called whenever the follower was brought up to the server."""
        self.directory_id = follower.log.directory_id
        self._link = link
        self._follower = follower
        self._followed = followed
        self._fresh_until = 0.0
        self.not_copied = False
        """Whether that is so of the last save which ``NOT_COPIED`` says."""

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Yield the log as it is now; as it was seen last while the server is away."""
        if time.monotonic() > self._fresh_until:
            with suppress(NotConnectedError):
                self._link.asked(self._follow)
        with self._follower.log.reading() as reading:
            yield reading

    @contextmanager
    def deciding(self, *, locked: bool, copied: Callable[[EventLog], Path] | None = None) -> Iterator[Deciding]:
        """See ``DirectoryLog``. Raises NotConnectedError while the server is away: nothing can be saved then."""
        del copied
        with self._link.in_use, ExitStack() as held:
            try:
                if locked:
                    self._hold(held)
                elif time.monotonic() > self._fresh_until:
                    self._link.asked(self._follow)
            except NotConnectedError as error:
                raise NotConnectedError(f"{error}{NOT_SAVED}") from error
            deciding = SharedDeciding(self._link, held, self._follower.log.reading(), is_locked=locked)
            try:
                yield deciding
                deciding.commit()
            finally:
                deciding.end_reading()
                if deciding.has_moved:
                    self._fresh_until = 0.0
            if deciding.answer is not None:
                self.not_copied = deciding.answer.not_copied
                self._take(deciding.answer)

    def note_fresh(self) -> None:
        """Note that the follower is up to the server just now."""
        self._fresh_until = time.monotonic() + _FRESH_S

    def note_stale(self) -> None:
        """Note that the follower cannot be brought up: nothing is decided on it before it was."""
        self._fresh_until = 0.0

    def _hold(self, held: ExitStack) -> None:
        """Have nobody else write until ``held`` is closed, and bring the follower up."""

        def begin(server: ServerLog) -> None:
            self._follow(server)  # so that little is left to be read while others wait
            with ExitStack() as begun:
                begun.enter_context(server.locked())
                self._follow(server)
                held.push(begun.pop_all())

        self._link.asked(begin)

    def _follow(self, server: ServerLog) -> None:
        self._follower.follow(server)
        self.note_fresh()
        self._followed()

    def _take(self, answer: Appended) -> None:
        """Bring the follower up to what was saved; where that fails, following later does it."""
        try:
            if not answer.rows or not self._follower.take(answer.rows):
                self._link.asked(lambda server: self._follower.follow(server, at_least=answer.last_position))
        except StoreError:
            self._fresh_until = 0.0
            return
        self.note_fresh()
        self._followed()
