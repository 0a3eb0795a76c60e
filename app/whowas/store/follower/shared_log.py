"""Writing to a directory on a server: decided on the follower, appended on the server.

Nothing is asked of the server before a change is sent: it answers Moved where the follower was behind in what counts,
and only then the follower is brought up and the change decided again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.errors import StoreError
from whowas.store.directory_log import Deciding, Reading
from whowas.store.follower.shared_deciding import NOT_SAVED, SharedDeciding
from whowas.store.server.errors import NotConnectedError

if TYPE_CHECKING:
    from whowas.store.chain import ChainedRow
    from whowas.store.event_log import EventLog
    from whowas.store.follower.follower import Follower
    from whowas.store.follower.link import Link
    from whowas.store.server.server_log import ServerLog

NOT_COPIED = "Saved on the server, not yet copied to the second one."
"""What is said where a save is on the server, but was not waited for until a second one has it too."""

_FRESH_S = 1.0
"""How long the follower counts as up to the server: what is refused then is refused rightly but for a moment."""

_CROWDED_S = 10.0
"""How long after others were found to be writing their changes are asked for with each save."""


class SharedLog:
    """The write side of a shared directory, see ``DirectoryLog``."""

    def __init__(self, link: Link, follower: Follower, followed: Callable[[], None]) -> None:
        """``followed`` is called whenever the follower was brought up to the server."""
        self.directory_id = follower.log.directory_id
        self._link = link
        self._follower = follower
        self._followed = followed
        self._fresh_until = 0.0
        self._crowded_until = 0.0
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
            looks = not locked and time.monotonic() < self._crowded_until
            reading = self._follower.log.reading()
            deciding = SharedDeciding(self._link, held, reading, is_locked=locked, looks=looks)
            try:
                yield deciding
                deciding.commit()
            finally:
                deciding.end_reading()
                if deciding.has_moved:
                    self._fresh_until = 0.0
                    self._crowded_until = time.monotonic() + _CROWDED_S
            if deciding.answer is not None:
                self.not_copied = deciding.answer.not_copied
                self._take(deciding.came or deciding.answer.rows, deciding.answer.last_position)
            elif deciding.came:
                self._take(deciding.came, deciding.came[-1][0][0])

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

    def _take(self, rows: Sequence[ChainedRow], through: int) -> None:
        """Bring the follower up to what was saved; where that fails, following later does it."""
        try:
            if not rows or not self._follower.take(rows):
                self._crowded_until = time.monotonic() + _CROWDED_S
                self._link.asked(lambda server: self._follower.follow(server, at_least=through))
            elif rows[0][0][9] != rows[-1][0][9]:
                self._crowded_until = time.monotonic() + _CROWDED_S
        except StoreError:
            self._fresh_until = 0.0
            return
        self.note_fresh()
        self._followed()
